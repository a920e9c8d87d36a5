"""The worker's life on record: its beats, the stretches without any, and which of its jobs fail."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max

from huiying.desk.notify.models import Downtime, Heartbeat, Job

#: How often a worker gives a sign of life, and after how long without one it counts as dead.
BEAT = timedelta(seconds=20)
SILENCE = timedelta(seconds=90)
KEPT = timedelta(days=30)


@transaction.atomic
def begin(*, worker: str, now: datetime) -> None:
    """A worker starts: if none lived until now, the stretch without any is put on record."""
    _note_gap(now)
    Heartbeat.objects.update_or_create(
        worker=worker, defaults={"started_at": now, "last_beat": now, "stopped_at": None}
    )
    Heartbeat.objects.filter(last_beat__lt=now - KEPT).delete()


@transaction.atomic
def beat(*, worker: str, now: datetime) -> None:
    """A sign of life. A long gap before it (the machine slept, the clock jumped) is put on record."""
    _note_gap(now)
    Heartbeat.objects.filter(worker=worker).update(last_beat=now, stopped_at=None)


@transaction.atomic
def end(*, worker: str, now: datetime) -> None:
    """A worker stops in order."""
    Heartbeat.objects.filter(worker=worker).update(last_beat=now, stopped_at=now)


def _note_gap(now: datetime) -> None:
    last = Heartbeat.objects.aggregate(last=Max("last_beat"))["last"]
    if last is None or now - last <= SILENCE:
        return
    ordered = not Heartbeat.objects.filter(last_beat=last, stopped_at=None).exists()
    Downtime.objects.get_or_create(starts_at=last, defaults={"ends_at": now, "ordered": ordered})


@transaction.atomic
def job_failed(*, name: str, now: datetime, error: str) -> bool:
    """Note that a job failed; True when this is news: the first failure in a row, or another fault than before."""
    job, _made = Job.objects.get_or_create(name=name)
    news = job.failing_since is None or job.error != error[:400]
    Job.objects.filter(pk=job.pk).update(
        failing_since=job.failing_since or now, failures=F("failures") + 1, error=error[:400]
    )
    return news


@transaction.atomic
def job_well(*, name: str, now: datetime) -> None:
    """Note that a job went well."""
    Job.objects.update_or_create(
        name=name, defaults={"last_ok_at": now, "failing_since": None, "failures": 0, "error": ""}
    )
