"""Whether a title below the tenth place of a ranked list will be among the first ten within six hours.

Boosted trees over `hotlist_measures`, over what the title's words say (a logistic formula over its characters and pieces of
two and three), and over how often titles of its category arrive. A list that tells no heat has trees of its own.
`climb_fit` learns it; `benchmarks.warn` says how well it does at a later time of the list than it learnt from.
"""

import pkgutil
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from huiying.engine.listen.learn.hotlist_measures import GROUPS, Measured
from huiying.engine.listen.learn.trees import Floats, Trees, read_trees

AHEAD = 6  # hours
#: From this probability on a title is worth telling a person.
TELL = 0.15
_NO_HEAT = 12  # place in the group "heat" of what says that a title has none
_CATEGORY_COUNTS = (4, 5)  # places in the group "wording"


@dataclass(frozen=True, slots=True)
class Climb:
    """A learnt early warning."""

    grams: Mapping[str, float]  # weights of what stands in a title, see `grams_of`
    bias: float
    rates: Mapping[str, float]  # by category, the share of its titles' hours that were followed by an arrival
    rate: float  # of categories that are not known
    whole: Trees
    bare: Trees  # for lists that tell no heat
    usual: Floats  # the middle of each measure

    def says(self, title: str) -> float:
        """What the words of a title say: higher where titles with them arrived."""
        return self.bias + sum(self.grams.get(gram, 0.0) for gram in grams_of(title))

    def rows(self, seen: Measured) -> Floats:
        """The measures with those of words and category."""
        words = [self.says(title) for title in seen.titles]
        rates = [self.rates.get(category, self.rate) for category in seen.categories]
        return np.column_stack([seen.rows, words, rates])

    def chances(self, seen: Measured) -> Floats:
        """The probability of each measured title to be among the first ten within AHEAD hours."""
        return self.chances_of(self.rows(seen)) if len(seen) else np.zeros(0)

    def chances_of(self, rows: Floats) -> Floats:
        """The same, of rows as `rows` makes them for one or more listings of one list."""
        told = tells_heat(rows)
        logit = (self.whole if told else self.bare).scores(rows if told else without_heat(rows))
        return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def grams_of(title: str) -> Iterator[str]:
    """Runs of one, two and three characters, each once; `^` and `$` stand for its ends."""
    ended = f"^{title}$"
    return iter(
        dict.fromkeys(ended[at : at + size] for size in (1, 2, 3) for at in range(len(ended) - size + 1))
    )


def group(name: str) -> slice:
    """Where a group of measures stands in a row."""
    names = list(GROUPS)
    start = sum(GROUPS[one] for one in names[: names.index(name)])
    return slice(start, start + GROUPS[name])


def tells_heat(rows: Floats) -> bool:
    """Whether any title of the list has a heat."""
    return bool(len(rows)) and not rows[:, group("heat").start + _NO_HEAT].all()


def without_heat(rows: Floats) -> Floats:
    """Rows as a list without heat and categories gives them."""
    bare = rows.copy()
    heat = group("heat")
    bare[:, heat] = 0.0
    bare[:, heat.start + _NO_HEAT] = 1.0
    start = group("wording").start
    bare[:, [start + at for at in _CATEGORY_COUNTS]] = 0.0
    bare[:, -1] = 0.0
    return bare


def texts_of(model: Climb) -> dict[str, str]:
    """What `read_climb` reads beside the trees, which have tables of their own: toml and grams."""
    rates = "\n".join(f'"{category}" = {rate:.5f}' for category, rate in sorted(model.rates.items()))
    usual = ", ".join(f"{value:.6g}" for value in model.usual)
    rows = [
        f"bias = {model.bias:.6f}", f"rate = {model.rate:.6f}", f"whole = {model.whole.base:.6f}",
        f"bare = {model.bare.base:.6f}", f"usual = [{usual}]", f"\n[rates]\n{rates}",
    ]  # fmt: skip
    grams = "".join(f"{gram}\t{weight:.4f}\n" for gram, weight in model.grams.items())
    return {"toml": "\n".join(rows) + "\n", "grams": grams}


def read_climb(toml: str, grams: str, whole: str, bare: str) -> Climb:
    """An early warning from its texts. Raises ValueError, NotTrees, KeyError for texts that are none."""
    data = tomllib.loads(toml)
    weights = (line.rsplit("\t", 1) for line in grams.split("\n") if line)
    return Climb(
        grams={gram: float(weight) for gram, weight in weights},
        bias=float(data["bias"]),
        rates=data["rates"],
        rate=float(data["rate"]),
        whole=read_trees(whole, float(data["whole"])),
        bare=read_trees(bare, float(data["bare"])),
        usual=np.array(data["usual"], dtype=np.float64),
    )


@cache
def shipped() -> Climb:
    """What `benchmarks.train_climb` learnt from a national hot-search list."""
    names = ("climb.toml", "climb_grams.tsv", "climb_whole.tsv", "climb_bare.tsv")
    return read_climb(*((pkgutil.get_data(__name__, name) or b"").decode() for name in names))
