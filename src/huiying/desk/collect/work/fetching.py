"""Visiting the sources that are due: several at once, each on its own, each recorded as it ends."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime

from django.db import DataError, IntegrityError
from django.db.models import Min

from huiying.desk.collect.house import open_client as house_client
from huiying.desk.collect.models import Heightened, Source
from huiying.desk.collect.sources.kinds import SCHEDULED
from huiying.desk.collect.trouble import Trouble
from huiying.desk.collect.work import leases, visits
from huiying.desk.collect.work.heightened import hasten
from huiying.desk.collect.work.leases import Lease
from huiying.desk.collect.work.outcomes import record
from huiying.desk.collect.work.visits import OpenClient, Outcome

log = logging.getLogger(__name__)
AT_ONCE = 4


def fetch_due(*, now: datetime, worker: str, most: int, open_client: OpenClient = house_client) -> int:
    """Visits at most `most` sources that are due; returns how many were visited.

    Fetching goes on in threads that touch no database; each result is recorded as it comes, so a slow source delays
    nobody else's mentions. The call itself ends with the slowest, at most net.client.Limits.visit and .total later.
    """
    hasten(now)
    taken = leases.take(now, worker, most)
    if not taken:
        return 0
    with ThreadPoolExecutor(max_workers=min(len(taken), AT_ONCE), thread_name_prefix="visit") as pool:
        going = {pool.submit(visits.go, visits.plan(one.source, now), open_client): one for one in taken}
        for done in as_completed(going):
            _write(going[done], done.result(), now)
    return len(taken)


def _write(lease: Lease, outcome: Outcome, now: datetime) -> None:
    """Records an outcome; what the database refuses is a trouble of this source, and the others go on."""
    try:
        record(lease, outcome, now)
    except (DataError, IntegrityError, ValueError, TypeError) as fault:
        log.exception("what a source brought could not be written")
        trouble = Trouble("internal", type(fault).__name__)
        record(lease, Outcome(seconds=outcome.seconds, trouble=trouble), now)


def fetch_one(
    source: Source, *, now: datetime, worker: str, open_client: OpenClient = house_client
) -> Outcome | None:
    """Visits this source now, due or not; None when somebody else is visiting it or its site."""
    lease: Lease | None = leases.take_one(source, now, worker)
    if lease is None:
        return None
    outcome = visits.go(visits.plan(lease.source, now), open_client)
    _write(lease, outcome, now)
    return outcome


def next_due(now: datetime) -> datetime | None:
    """When the worker is needed next: a visit, or the beginning of a heightened watch; None for never."""
    waiting = Source.objects.filter(kind__in=SCHEDULED, paused=False, next_fetch_at__isnull=False)
    begins = Heightened.objects.filter(applied_at=None, ends_at__gt=now)
    instants: Sequence[datetime | None] = (
        waiting.aggregate(at=Min("next_fetch_at"))["at"],
        begins.aggregate(at=Min("starts_at"))["at"],
    )
    return min((at for at in instants if at is not None), default=None)
