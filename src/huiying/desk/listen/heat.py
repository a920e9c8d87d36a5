"""Heat, which cools with time: half in a day. What the rows keep is the heat at the last mention."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import log2
from typing import Any

from huiying.desk.listen.models import Story
from huiying.engine.listen.fold import HALF_LIFE, growth_at
from huiying.engine.listen.results import Point
from huiying.engine.text import Text

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_COLD = 1e-9
#: A story of which nothing was heard for so long has no trend.
QUIET = timedelta(hours=24)
#: Of fewer mentions no growth is told.
FEW = 3


def heat_now(story: Story, now: datetime) -> float:
    """The heat that is left of a story at `now`."""
    cooling: float = max(timedelta(), now - story.last_at) / HALF_LIFE
    return float(story.heat * 2.0**-cooling)


def growth_now(story: Story, now: datetime) -> float:
    """How many times the last six hours are of the six before, at `now`."""
    points = [
        Point(hour=datetime.fromisoformat(at), mentions=int(count), heat=float(heat))
        for at, count, heat in story.points
    ]
    return growth_at(points, now)


def warmth(heat: float, last_at: datetime) -> float:
    """Orders stories by heat at whatever instant: all cool at one rate, so their order does not depend on it."""
    return log2(max(heat, _COLD)) + (last_at - _EPOCH) / HALF_LIFE


def hours(points: Sequence[Sequence[Any]], end: datetime, most: int) -> list[tuple[datetime, int, float]]:
    """The last `most` hours of a story's points up to `end`, hours without a mention included: (hour, mentions, heat)."""
    known = {datetime.fromisoformat(at): (int(count), float(heat)) for at, count, heat in points}
    last = end.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=most - 1)
    if known:
        first = max(first, min(known))
    span = max(0, int((last - first) / timedelta(hours=1))) + 1
    steps = [first + timedelta(hours=step) for step in range(span)]
    return [(at, *known.get(at, (0, 0.0))) for at in steps]


def curve(points: Sequence[Sequence[Any]], end: datetime, most: int = 48) -> list[int]:
    """Mentions by hour, for a small curve."""
    counts = [count for _at, count, _heat in hours(points, end, most)]
    return counts if len(counts) > 1 else [0, *counts]


_FORECASTS = (
    (0.85, Text("几乎肯定翻倍，十次里约 9 次", "almost sure to double, about 9 in 10")),
    (0.65, Text("很可能翻倍，十次里约 7 次", "likely to double, about 7 in 10")),
    (0.40, Text("可能翻倍，十次里约 5 次", "may double, about 5 in 10")),
    (0.20, Text("不太会翻倍，十次里约 3 次", "not likely to double, about 3 in 10")),
    (0.0, Text("大致到顶，翻倍十次里不到 2 次", "about at its peak, doubles less than 2 times in 10")),
)


def forecast_words(chance: float | None) -> Text | None:
    """The chance that a story at least doubles, in words; None while nothing can be said."""
    if chance is None:
        return None
    return next(words for least, words in _FORECASTS if chance >= least)


def growth_words(growth: float) -> Text:
    """How the last six hours compare with the six before, in words."""
    if growth >= 1.2:
        return Text(f"6 小时涨到 {growth:.1f} 倍", f"×{growth:.1f} in 6 h")
    if growth <= 0.8:
        return Text("正在回落", "cooling")
    return Text("大致持平", "about level")
