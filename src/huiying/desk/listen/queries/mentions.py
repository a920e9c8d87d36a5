"""Mentions as the feed lists them: everything, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from huiying.desk.collect.models import Mention
from huiying.desk.listen.queries.stories import SPANS
from huiying.desk.listen.search import search

MOST_FOUND = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionFilter:
    """What a reader wants to see; empty fields do not restrict."""

    words: str = ""
    source: int | None = None
    tier: str = ""
    kind: str = ""
    tone: str = ""
    watch: int | None = None
    heard: str = ""  # "watched": answers to a watch; "unwatched": to none; "stray": belongs to no story
    copies: str = ""  # "fold": leave out those that repeat an earlier one
    span: str = ""  # of SPANS

    @property
    def narrow(self) -> bool:
        """True when anything is asked for."""
        return self != MentionFilter()


_HEARD: Mapping[str, Q] = {
    "watched": Q(matches__isnull=False),
    "unwatched": Q(matches__isnull=True),
    "stray": Q(hearing__story__isnull=True),
}


def mentions(asked: MentionFilter, now: datetime) -> QuerySet[Mention]:
    """The mentions that a reader asked for, newest first by when they were captured."""
    rows = Mention.objects.select_related("source", "hearing", "hearing__story", "hearing__copy_of")
    rows = rows.defer("extra").filter(_where(asked, now))
    if asked.heard in _HEARD:
        rows = rows.filter(_HEARD[asked.heard])
    if asked.words:
        found = search(asked.words, MOST_FOUND, kinds=("mention",))
        rows = rows.filter(pk__in=found[0].refs if found else ())
    if asked.watch or asked.heard == "watched":
        rows = rows.distinct()
    return rows.order_by("-captured_at", "-pk")


def _where(asked: MentionFilter, now: datetime) -> Q:
    where = Q()
    for name, value in (
        ("source", asked.source),
        ("tier", asked.tier),
        ("kind", asked.kind),
        ("hearing__tone", asked.tone),
        ("matches__watch", asked.watch),
    ):
        if value:
            where &= Q(**{name: value})
    if asked.copies == "fold":
        where &= Q(hearing__copy_of__isnull=True)
    if asked.span in SPANS:
        where &= Q(captured_at__gt=now - SPANS.get(asked.span, timedelta()))
    return where
