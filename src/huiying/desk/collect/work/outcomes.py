"""What a visit's end means: mentions, health, and when the next visit is."""

from datetime import datetime, timedelta

from django.db import transaction

from huiying.desk.collect import placings
from huiying.desk.collect.attempts import ill, note, note_failure, well
from huiying.desk.collect.models import Source
from huiying.desk.collect.periods import quickened
from huiying.desk.collect.sources.base import Harvest
from huiying.desk.collect.storing import Stored, store
from huiying.desk.collect.trouble import Trouble
from huiying.desk.collect.work import leases, pace
from huiying.desk.collect.work.leases import Lease
from huiying.desk.collect.work.visits import Outcome

BUSY = frozenset({"http.busy"})


@transaction.atomic
def record(lease: Lease, outcome: Outcome, now: datetime) -> Stored | None:
    """Writes all that a visit brought in one transaction; None when the lease was lost, and somebody else visits.

    `now` is when the visit began.
    """
    if not leases.held(lease):
        return None
    ended = now + timedelta(seconds=outcome.seconds)
    source = Source.objects.get(pk=lease.source.pk)
    source.last_tried_at = ended
    if outcome.trouble is not None:
        stored = _failed(source, outcome.trouble, outcome.seconds, now, ended)
    else:
        stored = _read(source, outcome.harvest or Harvest(), outcome.seconds, now, ended)
    source.leased_until, source.leased_by = None, ""
    source.save()
    if source.host:
        leases.free_host(source.host, ended, outcome.trouble.retry_after if outcome.trouble else None)
    return stored


def _read(source: Source, harvest: Harvest, seconds: float, began: datetime, ended: datetime) -> Stored:
    stored = store(source, harvest, ended)
    placings.note(source, harvest.items, ended)
    if stored.new:
        source.last_new_at = ended
    quick = quickened(source.interval_s, began)
    wait = pace.after_success(source.interval_s, quick, f"{source.pk} {began:%d%H%M}")
    source.cursor, source.next_fetch_at = harvest.cursor, began + wait
    well(source, ended)
    note(source, harvest, stored, began, seconds)
    return stored


def _failed(source: Source, trouble: Trouble, seconds: float, began: datetime, ended: datetime) -> Stored:
    source.failures += 1
    wait = pace.after_failure(
        source.interval_s,
        quickened(source.interval_s, began),
        source.failures,
        trouble.retry_after,
        f"{source.pk} {source.failures}",
        busy=trouble.code in BUSY,
    )
    source.next_fetch_at = ended + wait
    ill(source, trouble, ended)
    note_failure(source, trouble, began, seconds)
    return Stored(new=0, known=0, rejected=0)
