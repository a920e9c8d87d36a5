"""Reading long files in, step by step; an interruption goes on where it stopped."""

import logging
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from huiying.desk.collect.actions.uploading import ordered, read_step
from huiying.desk.collect.models import Upload
from huiying.desk.collect.trouble import Trouble

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=3)  # renewed at every step


def read_in_next(*, now: datetime, worker: str, most: int = 20) -> int:
    """Reads at most `most` steps of the file that waits longest; returns how many steps were done."""
    upload = _take(now, worker)
    if upload is None:
        return 0
    try:
        whole = ordered(upload, now)
    except Trouble as trouble:
        _give_up(upload, trouble, now)
        return 1
    done = 0
    while done < most and _renewed(upload, now):
        done += 1
        if read_step(upload, whole, now):
            break
    Upload.objects.filter(pk=upload.pk, leased_by=upload.leased_by).update(leased_until=None, leased_by="")
    return done


def _take(now: datetime, worker: str) -> Upload | None:
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    for waiting in Upload.objects.filter(free, state=Upload.State.READING).order_by("pk")[:5]:
        token = f"{worker[:80]}#{secrets.token_hex(6)}"
        row = Upload.objects.filter(free, pk=waiting.pk, state=Upload.State.READING)
        if row.update(leased_until=now + LEASE, leased_by=token):
            return Upload.objects.select_related("source").get(pk=waiting.pk)
    return None


def _renewed(upload: Upload, now: datetime) -> bool:
    """Whether the lease is still ours, for another while."""
    return bool(
        Upload.objects.filter(pk=upload.pk, leased_by=upload.leased_by).update(leased_until=now + LEASE)
    )


def _give_up(upload: Upload, trouble: Trouble, now: datetime) -> None:
    upload.state, upload.finished_at = Upload.State.FAILED, now
    upload.error_zh, upload.error_en = trouble.message.zh[:500], trouble.message.en[:500]
    upload.leased_until, upload.leased_by = None, ""
    upload.save()
