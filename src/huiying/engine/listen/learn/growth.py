"""Whether a story at least doubles: boosted trees over when its mentions were posted.

That the times alone tell most of it is the finding of Cheng et al. (WWW 2014). Beside the ages of mentions by rank there
are their ages in busy time (`clock`), gaps, counts of the last minutes and hours, and how strongly mentions call for
mentions if each calls with a memory that fades by a power of its age (a self-exciting process after Zhao et al., SEISMIC,
KDD 2015). `growth_fit` learns it; `benchmarks.growth` says how well it does on cascades that it did not see.
"""

import math
import pkgutil
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from huiying.engine.listen.learn.clock import Busy, Floats
from huiying.engine.listen.learn.trees import Trees, read_trees
from huiying.engine.text import Text

#: Below so many mentions the measures mean nothing.
FEWEST = 10
_RANKS = (
    0, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85,
    0.9, 0.93, 0.96, 0.98,
)  # fmt: skip
_WINDOWS = (60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800)  # seconds
_FADING = (0.24, 0.6, 1.0)  # exponents of the memory; SEISMIC found 0.24 for another service
_FRESH = 300.0  # seconds for which the memory is whole
_AHEAD = (1, 3, 6, 12, -1, -6)  # hours


def measures(times: Floats, busy: Busy) -> Floats:
    """What is known at the last of the mentions: wall-clock seconds [stories, mentions], ascending, to [stories, measures].

    ValueError for fewer than FEWEST mentions.
    """
    if times.ndim != 2 or times.shape[1] < FEWEST:
        raise ValueError(f"stories need {FEWEST} mentions")
    count = times.shape[1]
    rank = np.minimum((np.array(_RANKS) * (count - 1)).astype(np.intp), count - 2)
    age = times[:, -1:] - times
    worn = busy.time(times)
    worn = worn[:, -1:] - worn
    parts = [
        np.log(60 + age[:, rank]),
        np.log(60 + worn[:, rank]),
        _hours(times, busy),
        _gaps(np.diff(times, axis=1)),
        _slowing(np.log(10 + age[:, rank])),
        np.log1p(worn[:, :1]) - np.log1p(age[:, :1]),
        np.stack([np.log(0.5 + (age < window).sum(axis=1) * 100 / count) for window in _WINDOWS], axis=1),
        *(_calling(worn, fading) for fading in _FADING),
        np.full((len(times), 1), math.log(count)),
    ]
    return np.concatenate(parts, axis=1)


def _hours(times: Floats, busy: Busy) -> Floats:
    """Hour of the day now and at the beginning, day of rest, and how busy the hours before and after are."""
    now, turn = times[:, -1], 2 * np.pi / 24
    hour, began = now / 3600 % 24, times[:, 0] / 3600 % 24
    rest = (now // 86_400 + 3) % 7 >= 5
    waves = [np.sin(turn * hour), np.cos(turn * hour), np.sin(2 * turn * hour), np.cos(2 * turn * hour)]
    return np.stack([*waves, hour, began, *(busy.ahead(now, hours) for hours in _AHEAD), rest], axis=1)


def _gaps(gaps: Floats) -> Floats:
    """Sizes of the gaps between mentions: over all, of late, the longest, and whether they widen."""
    logs, count = np.log1p(gaps), gaps.shape[1]

    def late(share: float) -> Floats:
        return np.asarray(logs[:, -max(1, int(share * count)) :].mean(axis=1))

    third, half, tenth = max(1, int(0.3 * count)), count // 2, max(1, count // 10)
    longest = np.sort(gaps, axis=1)
    return np.stack(
        [
            logs.mean(axis=1), logs.std(axis=1), late(0.1), late(0.25), logs[:, :tenth].mean(axis=1),
            np.log1p(longest[:, -1]), gaps.argmax(axis=1) / count, np.log1p(longest[:, -2]),
            np.log1p(np.median(gaps, axis=1)), np.log1p(gaps[:, -third:].max(axis=1)),
            logs[:, -third:].mean(axis=1) - logs[:, -2 * third : -third].mean(axis=1),
            logs[:, half:].mean(axis=1) - logs[:, :half].mean(axis=1),
        ],
        axis=1,
    )  # fmt: skip


def _slowing(logs: Floats) -> Floats:
    """From rank to rank, by how much the age falls."""
    return np.asarray(np.diff(logs, axis=1))


def _calling(ages: Floats, fading: float) -> Floats:
    """How many mentions each has called for so far, how much memory is left, and what that will call for."""
    old = np.maximum(ages, _FRESH) / _FRESH
    used = np.where(ages <= _FRESH, ages / _FRESH, 1 + (1 - old**-fading) / fading)
    left = (1 + 1 / fading - used).sum(axis=1)
    called = ages.shape[1] / np.maximum(used.sum(axis=1), 1e-6)
    return np.stack([np.log(called), np.log(left), np.log(left * called)], axis=1)


@dataclass(frozen=True, slots=True)
class Growth:
    """A learnt forecast."""

    busy: Busy
    trees: Trees
    usual_counts: Floats  # numbers of mentions, ascending,
    usual_spans: Floats  # and the seconds that so many usually take
    usual_shape: Floats  # age of the mention at each twentieth, as a share of the first one's

    def chances(self, times: Floats) -> Floats:
        """The probability of each story [stories, mentions] to have at least twice as many mentions in the end."""
        logit = self.trees.scores(measures(times, self.busy))
        return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def text_of(model: Growth) -> str:
    """What `read_growth` reads beside the trees, which have a table of their own (`trees.table_of`)."""
    lists = {
        "busy": model.busy.curve, "usual_counts": model.usual_counts,
        "usual_spans": model.usual_spans, "usual_shape": model.usual_shape,
    }  # fmt: skip
    rows = [f"base = {model.trees.base:.6f}"]
    return "\n".join(
        [*rows, *(f"{name} = [{', '.join(f'{x:.6g}' for x in values)}]" for name, values in lists.items())]
    )


def read_growth(numbers: str, trees: str) -> Growth:
    """A forecast from its two texts. Raises ValueError, NotTrees, KeyError for texts that are none."""
    data = tomllib.loads(numbers)
    arrays = {name: np.array(data[name], dtype=np.float64) for name in data if isinstance(data[name], list)}
    return Growth(
        busy=Busy(data["busy"]),
        trees=read_trees(trees, float(data["base"])),
        usual_counts=arrays["usual_counts"],
        usual_spans=arrays["usual_spans"],
        usual_shape=arrays["usual_shape"],
    )


@cache
def shipped() -> Growth:
    """What `benchmarks.train_growth` learnt from public cascades of reposts."""
    numbers, trees = (pkgutil.get_data(__name__, f"growth.{ending}") or b"" for ending in ("toml", "tsv"))
    return read_growth(numbers.decode(), trees.decode())


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a forecast is what it is: what is so, and the probability if that were as usual."""

    what: Text
    otherwise: float
    weight: float  # by how much the logit is higher than otherwise


def reasons(model: Growth, times: Sequence[float], least: float = 0.2) -> tuple[Reason, ...]:
    """What made the forecast of one story, strongest first."""
    return explained(model, times, least)[1]


def explained(model: Growth, times: Sequence[float], least: float = 0.2) -> tuple[float, tuple[Reason, ...]]:
    """The forecast of one story, and what made it: each reason is tried against the same story with that as usual.

    Tried are the hour (as if it were three in the afternoon), the pace (as if the mentions had taken the usual time) and
    the shape (as if they had come as mentions usually come); those that move the logit by less than `least` are left out.
    """
    known = np.asarray(times, dtype=np.float64)
    span, now = float(known[-1] - known[0]), float(known[-1])
    usual_span = float(np.interp(len(known), model.usual_counts, model.usual_spans))
    usual = now - usual_span / max(span, 1.0) * (now - known)
    share = np.interp(
        np.linspace(0, 1, len(known)), np.linspace(0, 1, len(model.usual_shape)), model.usual_shape
    )
    others = np.stack([known, known + _to_afternoon(now), usual, now - span * share])
    here, *instead = model.chances(others).tolist()
    told = (_hour_told(now), _span_told(len(known), span, usual_span), _shape_told(known, model.usual_shape))
    found = [
        Reason(what, otherwise, _logit(here) - _logit(otherwise))
        for what, otherwise in zip(told, instead, strict=True)
    ]
    telling = (one for one in found if abs(one.weight) >= least)
    return here, tuple(sorted(telling, key=lambda one: -abs(one.weight)))


def _to_afternoon(now: float) -> float:
    """Seconds to the nearest three in the afternoon."""
    return (15 * 3600 - now + 43_200) % 86_400 - 43_200


def _logit(chance: float) -> float:
    held = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(held / (1 - held))


def _hour_told(now: float) -> Text:
    hour, minute = divmod(int(now % 86_400) // 60, 60)
    return Text(f"此时是 {hour}:{minute:02}", f"It is {hour}:{minute:02}")


def _span_told(count: int, span: float, usual: float) -> Text:
    zh, en = _long(span)
    usual_zh, usual_en = _long(usual)
    return Text(f"{count} 条用了{zh}，一般是{usual_zh}", f"{count} mentions took {en}, usually {usual_en}")


def _shape_told(times: Floats, usual: Floats) -> Text:
    half = len(times) // 2
    share = (times[-1] - times[half]) / max(times[-1] - times[0], 1.0)
    expected = float(np.interp(0.5, np.linspace(0, 1, len(usual)), usual))
    return Text(
        f"后一半占了全程时间的 {share:.0%}，一般占 {expected:.0%}",
        f"the later half took {share:.0%} of the time, usually {expected:.0%}",
    )


def _long(seconds: float) -> tuple[str, str]:
    if seconds < 5400:
        return f" {max(1, round(seconds / 60))} 分钟", f"{max(1, round(seconds / 60))} min"
    if seconds < 172_800:
        return f" {seconds / 3600:.1f} 小时", f"{seconds / 3600:.1f} h"
    return f" {seconds / 86_400:.1f} 天", f"{seconds / 86_400:.1f} days"
