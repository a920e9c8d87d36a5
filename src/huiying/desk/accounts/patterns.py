"""Patterns by which a roster is filled: who has which stretch, in turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import cycle
from zoneinfo import ZoneInfo

from huiying.desk.accounts.models import Person


class Pattern(StrEnum):
    """How a day is cut into shifts; clock times are those of the institution's zone."""

    DAY = "day"  # one shift a day, 08:00 to 08:00
    TWO = "two"  # 08:00 to 20:00, 20:00 to 08:00
    THREE = "three"  # 08:00, 16:00, 00:00, eight hours each
    WEEK = "week"  # one person a week, Monday 08:00 to Monday 08:00


#: Hours at which a shift begins on each day, counted from the day's midnight; the last one ends 24 h after the first.
STARTS: dict[Pattern, tuple[int, ...]] = {
    Pattern.DAY: (8,),
    Pattern.TWO: (8, 20),
    Pattern.THREE: (8, 16, 24),
    Pattern.WEEK: (8,),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One stretch of duty that a pattern gives to a person."""

    person: Person
    starts_at: datetime
    ends_at: datetime


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The wall clock at `hour` of `day`; 24 and more belong to the next day."""
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), zone)


def rotation(
    people: Sequence[Person], pattern: Pattern, first_day: date, days: int, zone: ZoneInfo
) -> list[Turn]:
    """The turns of `people`, in their order, over `days` days from `first_day`.

    Shifts follow each other without a gap, also over a change to summer time. A week's turn ends on Mondays.
    """
    turn, turns = cycle(people), []
    starts = STARTS[pattern]
    person = next(turn)
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        if pattern is Pattern.WEEK and offset and day.weekday() == 0:
            person = next(turn)
        for begins, ends in zip(starts, (*starts[1:], starts[0] + 24), strict=True):
            turns.append(Turn(person, _at(day, begins, zone), _at(day, ends, zone)))
            if pattern is not Pattern.WEEK:
                person = next(turn)
    return turns
