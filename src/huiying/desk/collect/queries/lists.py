"""Sources with their health and their last day, for the list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncHour

from huiying.desk.collect.models import Fetch, Heightened, Mention, Source
from huiying.desk.collect.queries.health import ORDER, Health, State, health
from huiying.desk.collect.sources.kinds import Kind, kind_of

HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One row of the list."""

    health: Health
    kind: Kind
    hours: Sequence[int]  # new mentions in each of the last 24 hours, oldest first

    @property
    def source(self) -> Source:
        """The source itself."""
        return self.health.source

    @property
    def day(self) -> int:
        """New mentions in the last 24 hours."""
        return sum(self.hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The line above the list."""

    sources: int
    failing: int
    paused: int
    day: int


SORTS: Mapping[str, Callable[[Listed], Any]] = {
    "name": lambda row: row.source.name,
    "kind": lambda row: (row.source.kind, row.source.name),
    "day": lambda row: row.day,
    "new": lambda row: row.source.last_new_at or row.source.created_at,
}


def listed(now: datetime, *, state: str = "", kind: str = "", word: str = "", sort: str = "") -> list[Listed]:
    """Sources, those that need a person first; filtered by state, kind, and a word in name, site or host.

    `sort` is a key of SORTS, with a minus before it for the other way round.
    """
    rows = Source.objects.all()
    if kind:
        rows = rows.filter(kind=kind)
    hours = new_by_hour(now)
    found = [
        Listed(health=health(source, now), kind=kind_of(source.kind), hours=hours.get(source.pk, [0] * HOURS))
        for source in rows
        if _answers(source, word)
    ]
    chosen = [one for one in found if not state or _in(one.health, state)]
    gravest = sorted(chosen, key=lambda one: (ORDER[one.health.state], one.source.name))
    by = SORTS.get(sort.removeprefix("-"))
    return sorted(gravest, key=by, reverse=sort.startswith("-")) if by else gravest


def _in(one: Health, state: str) -> bool:
    return one.mark == "bad" if state == "failing" else one.state == state


def _answers(source: Source, word: str) -> bool:
    said = f"{source.name}\n{source.site}\n{source.host}".casefold()
    return word.casefold() in said


def new_by_hour(now: datetime) -> Mapping[int, list[int]]:
    """New mentions of each source in each of the last 24 hours, by the attempts that brought them."""
    start = now - timedelta(hours=HOURS)
    brought = Fetch.objects.filter(at__gt=start, new__gt=0).order_by()
    rows = brought.annotate(hour=TruncHour("at")).values("source", "hour").annotate(new=Sum("new"))
    found: dict[int, list[int]] = {}
    for row in rows:
        place = HOURS - 1 - int((now - row["hour"]) / timedelta(hours=1))
        found.setdefault(row["source"], [0] * HOURS)[max(place, 0)] += row["new"]
    return found


def totals(rows: Sequence[Listed]) -> Totals:
    """What the list says in four figures."""
    return Totals(
        sources=len(rows),
        failing=sum(1 for one in rows if one.health.mark == "bad"),
        paused=sum(1 for one in rows if one.health.state == State.PAUSED),
        day=sum(one.day for one in rows),
    )


def recent_mentions(source: Source, most: int = 12) -> Sequence[Mention]:
    """The newest mentions of a source."""
    return list(source.mentions.select_related("capture").order_by("-id")[:most])


def periods(now: datetime) -> tuple[list[Heightened], list[Heightened]]:
    """Periods of heightened watch that are or will be, soonest first; and those that were, latest first."""
    rows = Heightened.objects.select_related("created_by")
    ahead = list(rows.filter(ends_at__gt=now).order_by("starts_at"))
    return ahead, list(rows.filter(ends_at__lte=now).order_by("-ends_at")[:10])
