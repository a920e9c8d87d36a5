"""Forgetting in time: payloads are emptied after the days that the operator set; their hashes stay as evidence."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from huiying.desk.collect import placings
from huiying.desk.collect.models import Capture, Fetch, Mention, Upload

UNREAD = timedelta(days=2)  # how long a file waits for its confirmation


def purge_due(*, now: datetime, spared: QuerySet[Mention] | None = None, most: int = 200) -> int:
    """Empties old payloads and drops old attempts and places; returns how many rows. The system itself acts.

    `spared`: mentions whose evidence is still needed, as of cases that are open. At most `most` payloads at a call.
    """
    return _captures(now, spared, most) + _fetches(now) + _uploads(now) + placings.forget(now)


@transaction.atomic
def _captures(now: datetime, spared: QuerySet[Mention] | None, most: int) -> int:
    old = Capture.objects.filter(
        purged_at=None, captured_at__lt=now - timedelta(days=settings.HUIYING_KEEP_CAPTURES_DAYS)
    )
    if spared is not None:
        kept = spared.order_by()
        old = old.exclude(pk__in=kept.exclude(capture=None).values("capture"))
        old = old.exclude(attachments__mention__in=kept)
    ids = list(old.order_by("captured_at").values_list("pk", flat=True)[:most])
    return Capture.objects.filter(pk__in=ids).update(payload=b"", purged_at=now)


def _fetches(now: datetime) -> int:
    old = Fetch.objects.filter(at__lt=now - timedelta(days=settings.HUIYING_KEEP_FETCHES_DAYS))
    return old.delete()[0]


def _uploads(now: datetime) -> int:
    waiting = Upload.objects.filter(state=Upload.State.LOOKED_AT, created_at__lt=now - UNREAD)
    return waiting.update(state=Upload.State.DROPPED, payload=b"", finished_at=now)
