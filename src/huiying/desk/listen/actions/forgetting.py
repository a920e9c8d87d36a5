"""The words of old mentions go for good, what was counted stays: retention is limited and enforced.

Spared is what a correction names, for a re-hearing needs it to follow the officer again, and what the caller names.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from huiying.desk.accounts.audit import record
from huiying.desk.collect.actions.blanking import blank
from huiying.desk.collect.models import Mention
from huiying.desk.listen import search
from huiying.desk.listen.models import Correction, Fold, Hearing, Match, Rehearing, Story

CHUNK = 400
_BEGAN = re.compile(r"s(\d+)(?:\.|$)")  # a story is named by its first mention


def purge_texts(*, now: datetime, spared: QuerySet[Mention] | None = None, most: int = CHUNK) -> int:
    """Purge up to `most` mentions captured longer ago than the operator keeps texts; returns how many. The system acts.

    One transaction with one line in the audit log. Nothing while what is stored is being heard again, and nothing that the
    fold's written state does not hold yet: it would be heard again from its words.
    """
    days = settings.HUIYING_KEEP_TEXTS_DAYS
    if days <= 0:
        return 0
    with transaction.atomic():
        fold = Fold.objects.select_for_update().defer("state").first()
        if Rehearing.objects.filter(phase=Rehearing.Phase.RUNNING).exists():
            return 0
        limit = now - timedelta(days=days)
        ids = _due(limit, fold, spared, most)
        if ids:
            _forget(ids, now)
            data = {"count": len(ids), "before": limit.isoformat(), "days": days}
            record(by=None, now=now, verb="mention.purge", target=f"{len(ids)}", data=data)
        return len(ids)


def _due(limit: datetime, fold: Fold | None, spared: QuerySet[Mention] | None, most: int) -> list[int]:
    held = Q(hearing__isnull=True, drill=True)
    if fold is not None:
        held |= Q(hearing__batch__lte=fold.state_batch) | Q(hearing__isnull=True, pk__lte=fold.settled)
    old = Mention.every.filter(held, purged_at=None, captured_at__lt=limit)
    if spared is not None:
        old = old.exclude(pk__in=spared.order_by().values("pk"))
    named = set(_named())
    found: list[int] = []
    for pk in old.order_by("captured_at", "pk").values_list("pk", flat=True).iterator():
        if pk not in named:
            found.append(pk)
        if len(found) >= most:
            break
    return _still_free(found, spared)


def _still_free(ids: Sequence[int], spared: QuerySet[Mention] | None) -> list[int]:
    """Hold the mentions until the transaction ends, without those that a case took up meanwhile."""
    held = list(Mention.every.select_for_update().filter(pk__in=ids).values_list("pk", flat=True))
    taken = set(spared.filter(pk__in=held).values_list("pk", flat=True)) if spared is not None else set()
    return [pk for pk in held if pk not in taken]


def _named() -> Iterator[int]:
    """The mentions that corrections name, themselves or as the first of a story."""
    for data in Correction.objects.values_list("data", flat=True):
        yield from map(int, data.get("mentions") or ())
        if data.get("mention"):
            yield int(data["mention"])
        for name in ("story", "into", "to"):
            began = _BEGAN.match(str(data.get(name) or ""))
            if began:
                yield int(began[1])


def _forget(ids: Sequence[int], now: datetime) -> None:
    """Take mentions out of what was heard; their stories keep them in their counts."""
    hearings = Hearing.objects.filter(mention__in=ids)
    counts = Counter(hearings.exclude(story=None).values_list("story", flat=True))
    for story, count in counts.items():
        Story.objects.filter(pk=story).update(purged_count=F("purged_count") + count)
    search.drop("mention", ids)
    Match.objects.filter(mention__in=ids).delete()
    hearings.delete()
    _lead_copies(ids)
    blank(ids, now)


def _lead_copies(ids: Sequence[int]) -> None:
    """Copies of a mention that is gone are folded under the first of them."""
    for original in set(Hearing.objects.filter(copy_of__in=ids).values_list("copy_of", flat=True)):
        copies = Hearing.objects.filter(copy_of=original)
        first = copies.order_by("pk")[0]
        copies.exclude(pk=first.pk).update(copy_of=first.mention_id)
        Hearing.objects.filter(pk=first.pk).update(copy_of=None)
