"""A month of key periods: which days lie in one, who is on duty, and when nobody is, or nobody leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huiying.desk.accounts.models import Shift
from huiying.desk.accounts.queries import month_of, uncovered
from huiying.desk.accounts.queries.month import Day
from huiying.desk.collect import periods
from huiying.desk.collect.key_dates import AHEAD
from huiying.desk.collect.models import Heightened
from huiying.desk.plans.reading import changes
from huiying.engine.calendar import Calendar
from huiying.engine.plan.model import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A key period on a day."""

    name: str
    own: bool
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDay:
    """One day of the calendar."""

    day: Day
    holiday: str  # its name, where it is a public one
    periods: tuple[Marked, ...]
    leaderless: bool  # a period wants somebody in the lead, and for some stretch from now on nobody is

    @property
    def heightened(self) -> bool:
        """Some period covers it."""
        return any(not one.waits for one in self.periods)

    @property
    def bad(self) -> bool:
        """In a key period, and something is left open."""
        return self.heightened and (bool(self.day.gaps) or self.leaderless)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all days of a month are looked at by."""

    zone: ZoneInfo
    now: datetime
    plan: Plan | None
    table: Calendar | None
    own: Sequence[Heightened]


def month(year: int, number: int, zone: ZoneInfo, now: datetime) -> list[list[PeriodDay]]:
    """The weeks of a month, each day with its periods and its duty."""
    weeks = month_of(year, number, zone, now)
    start = datetime.combine(weeks[0][0].date, time(), zone)
    end = datetime.combine(weeks[-1][-1].date, time(), zone) + timedelta(days=1)
    on = Ground(
        zone=zone,
        now=now,
        plan=periods.active_plan(),
        table=periods.calendar(),
        own=periods.overlapping(start, end),
    )
    return [[_day(day, on) for day in week] for week in weeks]


def _day(day: Day, on: Ground) -> PeriodDay:
    begins = datetime.combine(day.date, time(), on.zone)
    ends = datetime.combine(day.date + timedelta(days=1), time(), on.zone)
    found = periods.of_plan(on.plan, on.table, begins + timedelta(hours=12)) if on.plan else ()
    ours = [row for row in on.own if row.starts_at < ends and row.ends_at > begins]
    leads = any(one.lead for one in found) or any(
        periods.of_ours(row, on.plan).lead for row in ours if not row.waits
    )
    marked = [Marked(name=one.name, own=False) for one in map(periods.named, found)]
    marked += [Marked(name=row.name, own=True, waits=row.waits) for row in ours]
    return PeriodDay(
        day=day,
        holiday=periods.holiday(on.table, day.date),
        periods=tuple(marked),
        leaderless=leads and _leaderless([slot.shift for slot in day.slots], begins, ends, on.now),
    )


def _leaderless(shifts: Sequence[Shift], begins: datetime, ends: datetime, now: datetime) -> bool:
    """Whether from now on some stretch of the day is led by nobody."""
    if ends <= now:
        return False
    spans = sorted((one.starts_at, one.ends_at) for one in shifts if one.lead and one.person.is_active)
    return bool(uncovered(spans, max(begins, now), ends))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A key period of the plan that is on or comes, and what is otherwise in it."""

    name: str
    first: date
    last: date
    on: bool
    changes: tuple[str, ...]


def coming(now: datetime, zone: ZoneInfo) -> list[Coming]:
    """The plan's key periods from today on, within a hundred days, soonest first; one that was cut off ends at the last day looked at."""
    plan, table = periods.active_plan(), periods.calendar()
    if plan is None:
        return []
    today = now.astimezone(zone).date()
    runs: dict[str, list[list[date]]] = {}
    for number in range(AHEAD.days):
        day = today + timedelta(days=number)
        for one in periods.of_plan(plan, table, datetime.combine(day, time(12), zone)):
            row = runs.setdefault(one.id, [])
            if row and row[-1][-1] == day - timedelta(days=1):
                row[-1].append(day)
            else:
                row.append([day])
    names = {one.id: periods.named(one).name for one in plan.key_periods}
    found = [
        Coming(
            name=names[period],
            first=run[0],
            last=run[-1],
            on=run[0] == today,
            changes=tuple(changes(plan, period)),
        )
        for period, row in runs.items()
        for run in row
    ]
    return sorted(found, key=lambda one: (one.first, one.last))


def changes_of(row: Heightened, plan: Plan | None) -> list[str]:
    """What is otherwise in a period of our own."""
    return changes(plan, periods.of_ours(row, plan).id) if plan else []
