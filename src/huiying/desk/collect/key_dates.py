"""Coming holidays and key periods, proposed for a heightened watch; a person decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from huiying.desk.accounts.models import Institution
from huiying.desk.plans.queries import calendar_for
from huiying.engine.calendar import Calendar

AHEAD = timedelta(days=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A stretch of days, both ends counted."""

    name: str
    first: date
    last: date


def coming(body: Institution, now: datetime, besides: Collection[str]) -> Sequence[Proposed]:
    """Holidays of the calendar in the next hundred days; nothing where the table ends, and none that is set already."""
    try:
        calendar = calendar_for(body)
    except (KeyError, ValueError):
        return []
    today = now.astimezone(calendar.zone).date()
    days = [today + timedelta(days=n) for n in range(AHEAD.days)]
    found: dict[str, list[date]] = {}
    for day in days:
        name = _holiday(calendar, day)
        if name and name not in besides:
            found.setdefault(name, []).append(day)
    return [Proposed(name=name, first=listed[0], last=listed[-1]) for name, listed in found.items()]


def _holiday(calendar: Calendar, day: date) -> str:
    year = calendar.years.get(day.year)
    return year.names.get(day, "") if year is not None and day in year.holidays else ""
