"""Learns the early warning of `climb` from listings of one list in order of time."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from huiying.engine.listen.learn.climb import AHEAD, Climb, grams_of, without_heat
from huiying.engine.listen.learn.hotlist import TOP, History, Listing, hours
from huiying.engine.listen.learn.hotlist_measures import GROUPS, Measured, measured
from huiying.engine.listen.learn.trees import Floats, Trees, of_boosting

ENOUGH = 4  # listings of the following hours, or it is not known what became of a title
LEAST_ARRIVALS = 50
_BLOCKS = 5
_OFTEN, _OFTEN_CATEGORY = 100, 500  # titles that hold a gram, rows that have a category
_CALM = 10  # rows with which the rate of a category begins
_FADES = 4_000  # listings, half a year of hours, after which an example counts half: lists change
Flags = NDArray[np.bool_]


class TooFew(ValueError):
    """Not enough titles that arrived to learn from."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Measured titles and what became of them, in order of time."""

    seen: Measured
    listing: NDArray[np.int64]  # the number of each row's listing
    arrived: Flags


def outcomes(listings: Sequence[Listing]) -> Iterator[frozenset[str] | None]:
    """For each listing the titles among the first ten in one of the following AHEAD hours; None where too few follow."""
    tops = [
        frozenset(title for title, place in one.places.items() if place.number <= TOP) for one in listings
    ]
    instants = [hours(one.at) for one in listings]
    for number, now in enumerate(instants):
        later = [
            at
            for at in range(number + 1, min(number + AHEAD + 2, len(listings)))
            if instants[at] - now <= AHEAD
        ]
        yield frozenset().union(*(tops[at] for at in later)) if len(later) >= ENOUGH else None


def examples(listings: Sequence[Listing]) -> Examples:
    """Every title below the tenth place at every listing whose outcome is known."""
    history = History()
    titles, categories, rows, number, arrived = (
        list[str](),
        list[str](),
        list[NDArray[np.float32]](),
        list[int](),
        list[bool](),
    )
    for at, (listing, came) in enumerate(zip(listings, outcomes(listings), strict=True)):
        history.add(listing)
        if came is None:
            continue
        seen = measured(history)
        titles += seen.titles
        categories += seen.categories
        rows.append(np.asarray(seen.rows, dtype=np.float32))  # half the memory
        number += [at] * len(seen)
        arrived += [title in came for title in seen.titles]
    table: Any = np.concatenate(rows) if rows else np.zeros((0, sum(GROUPS.values())))
    return Examples(
        Measured(tuple(titles), tuple(categories), table), np.array(number), np.array(arrived, dtype=np.bool_)
    )


def learn(known: Examples, words: Container[str], seed: int = 0) -> Climb:
    """The early warning from examples. Raises TooFew.

    `words`: the runs of two and three characters that may have a weight, beside every single character. A list that is
    taken from what citizens write keeps the names of the famous out: what is learnt is of matters, not of people.
    """
    came = int(known.arrived.sum())
    if came < LEAST_ARRIVALS:
        raise TooFew(f"{came} times a title arrived: {LEAST_ARRIVALS} are needed")
    rates, rate = _rates(known)
    titles, when, ever = _titles(known)
    grams, held = _words(titles, words)
    says = dict(zip(titles, _blockwise(held, when, ever).tolist(), strict=True))
    weights, bias = _formula(held, ever)
    rows = np.column_stack([
        known.seen.rows,
        np.array([says[title] for title in known.seen.titles], dtype=np.float32),
        np.array([rates.get(category, rate) for category in known.seen.categories], dtype=np.float32),
    ])  # fmt: skip
    return Climb(
        grams=dict(zip(grams, weights.tolist(), strict=True)),
        bias=bias,
        rates=rates,
        rate=rate,
        whole=_trees(rows, known, seed),
        bare=_trees(without_heat(rows), known, seed),
        usual=np.median(rows, axis=0).astype(np.float64),
    )


def _rates(known: Examples) -> tuple[dict[str, float], float]:
    rate = float(known.arrived.mean())
    rows = Counter(known.seen.categories)
    came = Counter(c for c, yes in zip(known.seen.categories, known.arrived, strict=True) if yes)
    often = {category for category, count in rows.items() if category and count >= _OFTEN_CATEGORY}
    return {c: (came[c] + _CALM * rate) / (rows[c] + _CALM) for c in sorted(often)}, rate


def _titles(known: Examples) -> tuple[list[str], NDArray[np.int64], Flags]:
    """Each title once, when it was first seen, and whether it ever arrived."""
    first: dict[str, int] = {}
    ever = set[str]()
    for title, number, came in zip(
        known.seen.titles, known.listing.tolist(), known.arrived.tolist(), strict=True
    ):
        first.setdefault(title, number)
        if came:
            ever.add(title)
    titles = list(first)
    return (
        titles,
        np.array(list(first.values())),
        np.array([title in ever for title in titles], dtype=np.bool_),
    )


def _blockwise(held: Any, when: NDArray[np.int64], ever: Flags) -> Floats:
    """What the words of each title say by formulas that saw no title of its time: else the trees would trust words too much."""
    span = max(1, int(when.max() - when.min() + 1))
    block = np.minimum((when - when.min()) * _BLOCKS // span, _BLOCKS - 1)
    says = np.zeros(len(when))
    for number in np.unique(block):
        inside = block == number
        weights, bias = _formula(held[~inside], ever[~inside])
        says[inside] = bias + held[inside] @ weights
    return says


def _words(titles: Sequence[str], words: Container[str]) -> tuple[list[str], Any]:
    """The allowed grams that many titles hold, and which title holds which: a sparse table [titles, grams]."""
    grams = [tuple(grams_of(title)) for title in titles]
    counts = Counter(gram for one in grams for gram in one)
    often = sorted(g for g, count in counts.items() if count >= _OFTEN and (len(g) == 1 or g in words))
    column = {gram: at for at, gram in enumerate(often)}
    places = [[column[gram] for gram in one if gram in column] for one in grams]
    ends = np.cumsum([0, *(len(one) for one in places)])
    flat = np.array([at for one in places for at in one], dtype=np.int32)
    return often, csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(titles), len(often)))


def _formula(held: Any, ever: Flags) -> tuple[Floats, float]:
    """Weights of the grams and the bias; none where there is nothing to tell apart."""
    if not held.shape[1] or ever.all() or not ever.any():
        return np.zeros(held.shape[1]), 0.0
    model = LogisticRegression(C=0.03, max_iter=300).fit(held, ever)
    return np.round(model.coef_[0], 4), float(model.intercept_[0])


def _trees(rows: Any, known: Examples, seed: int) -> Trees:
    counts = 0.5 ** ((known.listing.max() - known.listing) / _FADES)
    model = HistGradientBoostingClassifier(
        max_iter=160, learning_rate=0.07, max_leaf_nodes=12, min_samples_leaf=150, l2_regularization=20.0,
        max_features=0.2, early_stopping=False, random_state=seed,
    )  # fmt: skip
    return of_boosting([model.fit(rows, known.arrived, sample_weight=counts)])
