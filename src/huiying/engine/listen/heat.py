"""Heat: how much a story is talked about now. It cools by half in a day.

A mention adds the weight of its outlet's tier; a copy, or a voice that spoke in the story before, adds much less: many
people count for more than one who repeats. All from hours, so that a list can recompute it at any instant.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from huiying.engine.listen.results import Point

HALF_LIFE = timedelta(hours=24)
TIERS = {
    "national": 8.0,
    "portal": 5.0,
    "provincial": 4.0,
    "city": 3.0,
    "local": 1.5,
    "board": 1.2,
    "internal": 0.5,
}
COPY, REPEAT = 0.25, 0.3  # of the weight, for a copy and for a voice that spoke before
_STRETCH = timedelta(hours=6)
_COLD = timedelta(days=14)  # what is older gives less than one part in ten thousand
_EVEN = 2.0  # added to both stretches, so that a first post is no growth


def weight(tier: str, reach: int, rank: int | None, *, copy: bool, repeat: bool) -> float:
    """What one mention adds to the heat of its story."""
    base = TIERS.get(tier, 1.0) * (1 + 0.15 * math.log1p(max(reach, 0)))
    if rank is not None:
        base += max(0.0, (31 - rank) / 10)
    return base * (COPY if copy else REPEAT if repeat else 1.0)


def heat_at(points: Sequence[Point], now: datetime) -> float:
    """The heat that a story's hours (in order) leave at `now`."""
    total = 0.0
    for point in reversed(points):
        age = now - point.hour
        if age > _COLD:
            break
        total += point.heat * math.pow(0.5, max(age, timedelta()) / HALF_LIFE)
    return total


def growth_at(points: Sequence[Point], now: datetime) -> float:
    """Heat of the last six hours over that of the six before, 2 added to both: 2.0 is about twice as much."""
    last = before = 0.0
    for point in reversed(points):
        age = now - point.hour
        if age >= 2 * _STRETCH:
            break
        if age >= _STRETCH:
            before += point.heat
        else:
            last += point.heat
    return (last + _EVEN) / (before + _EVEN)
