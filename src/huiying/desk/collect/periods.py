"""Which key periods are in force at an instant: the plan's, and those that the institution added itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from huiying.desk.accounts.models import Institution
from huiying.desk.collect.models import Heightened
from huiying.desk.plans import queries as plans
from huiying.engine.calendar import Calendar, UnknownYear
from huiying.engine.plan.model import KeyPeriod, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A key period at an instant or on a day."""

    id: str  # of the plan's period whose rules count, or of our own
    name: str
    interval: timedelta | None = None  # how often sources are looked at
    factor: float = 1.0  # by which intervals are divided
    lead: bool = False  # somebody has to lead the shift
    own: Heightened | None = None


def active_plan() -> Plan | None:
    """The plan in force; None before the first run."""
    version = plans.active()
    return plans.engine_plan(version) if version else None


def calendar() -> Calendar | None:
    """The calendar in force; None before the first run and where it cannot be read."""
    body = Institution.objects.filter(pk=1).first()
    try:
        return plans.calendar_for(body) if body else None
    except (KeyError, ValueError):
        return None


def counting() -> QuerySet[Heightened]:
    """Our own periods that count: nobody\'s approval is awaited, and nobody refused."""
    return Heightened.objects.filter(waits=False, refused_at=None)


def in_force(at: datetime, plan: Plan | None, table: Calendar | None) -> list[InForce]:
    """The periods in force at `at`, the plan\'s first; a year without a table has no holidays."""
    found = [named(one) for one in of_plan(plan, table, at)] if plan else []
    rows = counting().filter(starts_at__lte=at, ends_at__gt=at).order_by("starts_at", "pk")
    return [*found, *(of_ours(row, plan) for row in rows)]


def of_plan(plan: Plan, table: Calendar | None, at: datetime) -> Sequence[KeyPeriod]:
    """The plan\'s periods that `at` lies in, by the plan\'s clock."""
    local = at.astimezone(ZoneInfo(plan.zone))
    return plan.key_periods_at(local, holiday(table, local.date()))


def holiday(table: Calendar | None, day: date) -> str:
    """The calendar\'s name of a public holiday; empty for another day and for a year without a table."""
    try:
        return table.holiday(day) if table else ""
    except UnknownYear:
        return ""


def named(one: KeyPeriod) -> InForce:
    """A period of the plan, named in the language of the page."""
    name = one.name.say(get_language() or "zh-hans")
    return InForce(id=one.id, name=name, interval=one.interval, lead=one.lead)


def of_ours(row: Heightened, plan: Plan | None) -> InForce:
    """Our own period, with what the plan says of the one that it is like."""
    like = next((one for one in plan.key_periods if one.id == row.like), None) if plan else None
    return InForce(
        id=like.id if like else f"own:{row.pk}",
        name=row.name,
        interval=like.interval if like else None,
        factor=row.factor,
        lead=like.lead if like else False,
        own=row,
    )


def now_in_force(at: datetime) -> list[InForce]:
    """The periods in force by the plan and the calendar of now."""
    return in_force(at, active_plan(), calendar())


def ids_at(at: datetime, plan: Plan, table: Calendar | None) -> tuple[str, ...]:
    """What a case that is opened at `at` notes: the ids of the periods in force, each once."""
    return tuple(dict.fromkeys(one.id for one in in_force(at, plan, table)))


def quickened(interval_s: int, at: datetime) -> float:
    """By how much a source of this interval is read more often at `at`: the strongest period that covers it, else 1."""
    covering = now_in_force(at)
    wanted = [interval_s / one.interval.total_seconds() for one in covering if one.interval]
    return max([1.0, *(one.factor for one in covering), *wanted])


def overlapping(start: datetime, end: datetime) -> list[Heightened]:
    """Our own periods that touch a stretch, those that wait among them; none that were refused."""
    rows = Heightened.objects.filter(Q(refused_at=None), starts_at__lt=end, ends_at__gt=start)
    return list(rows.select_related("created_by").order_by("starts_at", "pk"))
