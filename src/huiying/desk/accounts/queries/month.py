"""The roster of one month as pages draw it: weeks from Monday, who is on duty each day, and what is left open."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huiying.desk.accounts.models import Shift
from huiying.desk.accounts.queries.roster import shifts_between, uncovered


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What a day shows of a shift: its clock times within that day."""

    shift: Shift
    starts: str
    ends: str
    begins_here: bool  # false when it goes on from the day before
    goes_on: bool  # past the end of the day
    at: tuple[int, int]  # minutes after the day's midnight, and how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of a day in which nobody is on duty."""

    starts: str
    ends: str
    at: tuple[int, int]  # minutes after the day's midnight, and how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the roster."""

    date: date
    inside: bool  # of the month shown
    today: bool
    past: bool
    slots: tuple[Slot, ...]
    gaps: tuple[Gap, ...]  # in which nobody is on duty, from now on


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _clock(at: datetime, day: date, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    if local.date() > day:
        return "24:00"
    return "00:00" if local.date() < day else f"{local:%H:%M}"


def _minutes(starts: datetime, ends: datetime, begins: datetime, closes: datetime) -> tuple[int, int]:
    """Where a stretch lies in the day from `begins` to `closes`: minutes after its start, and how many."""
    first, last = max(starts, begins), min(ends, closes)
    return int((first - begins).total_seconds()) // 60, int((last - first).total_seconds()) // 60


def _day(day: date, month: int, shifts: Sequence[Shift], zone: ZoneInfo, now: datetime) -> Day:
    begins, ends = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    here = [shift for shift in shifts if shift.starts_at < ends and shift.ends_at > begins]
    slots = tuple(
        Slot(
            shift=shift,
            starts=_clock(shift.starts_at, day, zone),
            ends=_clock(shift.ends_at, day, zone),
            begins_here=shift.starts_at >= begins,
            goes_on=shift.ends_at > ends,
            at=_minutes(shift.starts_at, shift.ends_at, begins, ends),
        )
        for shift in here
    )
    spans = [(shift.starts_at, shift.ends_at) for shift in here if shift.person.is_active]
    holes = uncovered(spans, max(begins, now), ends) if ends > now else []
    return Day(
        date=day,
        inside=day.month == month,
        today=day == now.astimezone(zone).date(),
        past=ends <= now,
        slots=slots,
        gaps=tuple(
            Gap(
                starts=_clock(start, day, zone),
                ends=_clock(end, day, zone),
                at=_minutes(start, end, begins, ends),
            )
            for start, end in holes
        ),
    )


def month_of(year: int, month: int, zone: ZoneInfo, now: datetime) -> list[list[Day]]:
    """The weeks of a month in one read; the days of the neighbouring months that fill them are not `inside`."""
    weeks = Calendar().monthdatescalendar(year, month)
    ends = _midnight(weeks[-1][-1] + timedelta(days=1), zone)
    shifts = shifts_between(_midnight(weeks[0][0], zone), ends)
    return [[_day(day, month, shifts, zone, now) for day in week] for week in weeks]
