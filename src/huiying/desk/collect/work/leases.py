"""Taking a source for one visit, so that two workers never visit it, or its site, at once.

A lease is a row updated on the condition that it is free: whoever's update counts has it. The lease of a worker that
was killed runs out by itself, and nothing of its visit was kept.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from huiying.desk.collect.models import Host, Source
from huiying.desk.collect.sources.kinds import SCHEDULED

LEASE = timedelta(minutes=5)  # longer than any visit: see net.client.Limits.visit and .total
HOST_GAP = timedelta(seconds=2)  # between the end of one visit to a site and the beginning of the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A source that is ours until the lease runs out."""

    source: Source
    token: str


def due(now: datetime) -> QuerySet[Source]:
    """Sources to be visited by now that nobody holds, longest due first."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    waiting = Source.objects.filter(free, kind__in=SCHEDULED, paused=False, next_fetch_at__lte=now)
    return waiting.order_by("next_fetch_at", "pk")


def take(now: datetime, worker: str, most: int) -> list[Lease]:
    """Leases on at most `most` due sources, of different sites."""
    taken: list[Lease] = []
    for source in due(now)[: most * 10]:
        lease = take_one(source, now, worker)
        if lease is not None:
            taken.append(lease)
        if len(taken) == most:
            break
    return taken


@transaction.atomic
def take_one(source: Source, now: datetime, worker: str) -> Lease | None:
    """A lease on the source and its site; None when somebody else has either."""
    if not _take_host(source.host, now):
        return None
    token = f"{worker[:80]}#{secrets.token_hex(6)}"
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    ours = Source.objects.filter(free, pk=source.pk, paused=False, kind__in=SCHEDULED)
    won = ours.update(leased_until=now + LEASE, leased_by=token)
    if not won:
        transaction.set_rollback(True)
        return None
    source.refresh_from_db()
    return Lease(source=source, token=token)


def _take_host(name: str, now: datetime) -> bool:
    if not name:
        return True
    Host.objects.get_or_create(name=name, defaults={"free_at": now})
    return bool(Host.objects.filter(name=name, free_at__lte=now).update(free_at=now + LEASE))


def held(lease: Lease) -> bool:
    """Whether the lease is still ours; inside a transaction it then stays ours to the end."""
    rows = Source.objects.select_for_update().filter(pk=lease.source.pk, leased_by=lease.token)
    return rows.exists()


def free_host(name: str, ended: datetime, away: timedelta | None) -> None:
    """The site may be visited again after the gap, or after what it asked for."""
    Host.objects.filter(name=name).update(free_at=ended + max(HOST_GAP, away or timedelta()))
