"""Stories as lists ask for them; every filter stands in the address bar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OrderBy, Q, QuerySet

from huiying.desk.listen.models import Story
from huiying.desk.listen.search import search

Status = Story.Status
#: Word in the address -> how far back.
SPANS: Mapping[str, timedelta] = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}
#: Word in the address -> order; a minus turns it round.
SORTS: Mapping[str, str] = {
    "heat": "warmth",
    "growth": "growth",
    "forecast": "forecast",
    "mentions": "mentions_count",
    "last": "last_at",
    "first": "first_at",
    "level": "level",
    "negative": "negative_share",
}
#: So many finds of a word search are listed.
MOST_FOUND = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFilter:
    """What a reader wants to see; empty fields do not restrict."""

    words: str = ""
    status: str = "open"  # of Story.Status, or "all"
    level: int | None = None
    unit: int | None = None
    watch: int | None = None
    topic: str = ""
    span: str = ""  # of SPANS
    awaits: bool = False  # only those with a proposal that waits
    sort: str = ""

    @property
    def narrow(self) -> bool:
        """True when something besides the usual is asked for."""
        return self != StoryFilter(sort=self.sort)


def stories(asked: StoryFilter, now: datetime) -> QuerySet[Story]:
    """The stories that a reader asked for, hottest first unless sorted otherwise."""
    rows = Story.objects.select_related("unit").filter(_where(asked, now))
    if asked.words:
        found = search(asked.words, MOST_FOUND, kinds=("story", "mention"))
        ids = {one.kind: one.refs for one in found}
        by_title, by_mention = Q(pk__in=ids.get("story", ())), Q(hearings__mention__in=ids.get("mention", ()))
        rows = rows.filter(by_title | by_mention).distinct()
    return rows.order_by(*_order(asked.sort))


def _where(asked: StoryFilter, now: datetime) -> Q:
    where = ~Q(status=Status.MERGED) if asked.status == "all" else Q(status=asked.status)
    if asked.level:
        where &= Q(level=asked.level)
    if asked.unit:
        where &= Q(unit=asked.unit)
    if asked.watch:
        where &= Q(watches=asked.watch)
    if asked.topic:
        where &= Q(topic=asked.topic)
    if asked.span in SPANS:
        where &= Q(last_at__gt=now - SPANS[asked.span])
    if asked.awaits:
        where &= Q(proposed_at__isnull=False, assessed_at__isnull=True)
    return where


def _order(sort: str) -> list[str | OrderBy]:
    name = SORTS.get(sort.removeprefix("-"), "warmth")
    if sort and not sort.startswith("-"):
        return [F(name).asc(nulls_last=True), "-pk"]
    return [F(name).desc(nulls_last=True), "-pk"]


def awaiting(now: datetime) -> QuerySet[Story]:
    """Stories whose proposed level waits for a person, soonest due first."""
    rows = Story.objects.filter(status=Status.OPEN, proposed_at__isnull=False, assessed_at__isnull=True)
    return rows.select_related("unit").order_by(F("assess_due_at").asc(nulls_last=True), "level", "-warmth")


def rising(now: datetime, most: int = 5) -> list[Story]:
    """Stories that are talked about now, those that grow before those that do not."""
    rows = Story.objects.filter(status__in=[Status.OPEN, Status.CASED], last_at__gt=now - timedelta(days=2))
    hot = list(rows.select_related("unit").order_by("-warmth")[: most * 6])
    hot.sort(key=lambda story: ((story.forecast or 0.0) < 0.4 and story.growth < 1.2, -story.warmth))
    return hot[:most]
