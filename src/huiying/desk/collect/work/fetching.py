"""Visiting the sources that are due: several at once, each on its own, each recorded as it ends."""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DataError, IntegrityError
from django.db.models import Min

from huiying.desk.collect.house import open_client as house_client
from huiying.desk.collect.models import Source
from huiying.desk.collect.periods import counting
from huiying.desk.collect.sources.kinds import SCHEDULED
from huiying.desk.collect.trouble import Trouble
from huiying.desk.collect.work import leases, visits
from huiying.desk.collect.work.heightened import hasten
from huiying.desk.collect.work.leases import Lease
from huiying.desk.collect.work.outcomes import record
from huiying.desk.collect.work.visits import OpenClient, Outcome

log = logging.getLogger(__name__)
AT_ONCE = 8
BEGIN_FOR = (
    30.0  # seconds for which a call begins visits: then it comes to its end, so that a worker can stop
)
LOOK_AGAIN = 0.5  # seconds after which a free place is offered again


def fetch_due(*, now: datetime, worker: str, most: int, open_client: OpenClient = house_client) -> int:
    """Visits at most `most` sources that are due; returns how many were visited.

    Fetching goes on in threads that touch no database; each result is recorded as it comes, and its place is given to
    the next source that is due: a slow site delays nobody else. The call ends with the slowest of its visits.
    """
    hasten(now)
    rounds = _Round(now=now, worker=worker, most=most, open_client=open_client)
    with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="visit") as pool:
        rounds.begin(pool)
        while rounds.going:
            rounds.write()
            rounds.begin(pool)
    return rounds.begun


@dataclass(slots=True, kw_only=True)
class _Round:
    """The visits of one call."""

    now: datetime
    worker: str
    most: int
    open_client: OpenClient
    begun: int = 0
    going: dict[Future[Outcome], tuple[Lease, datetime]] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def begin(self, pool: ThreadPoolExecutor) -> None:
        """Gives free places to sources that are due by now."""
        passed = time.monotonic() - self.started
        free = min(AT_ONCE - len(self.going), self.most - self.begun)
        if free <= 0 or passed > BEGIN_FOR:
            return
        at = self.now + timedelta(seconds=passed)
        for lease in leases.take(at, self.worker, free):
            visit = pool.submit(visits.go, visits.plan(lease.source, at), self.open_client)
            self.going[visit] = (lease, at)
            self.begun += 1

    def write(self) -> None:
        """Records the visits that have ended; waits a moment when none has."""
        ended, _still = wait(self.going, timeout=LOOK_AGAIN, return_when=FIRST_COMPLETED)
        for visit in ended:
            lease, at = self.going.pop(visit)
            _write(lease, visit.result(), at)


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
    begins = counting().filter(applied_at=None, ends_at__gt=now)
    instants: Sequence[datetime | None] = (
        waiting.aggregate(at=Min("next_fetch_at"))["at"],
        begins.aggregate(at=Min("starts_at"))["at"],
    )
    return min((at for at in instants if at is not None), default=None)
