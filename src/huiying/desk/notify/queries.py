"""Reads of the outbox, of the ways out, and of the worker's life."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from huiying.desk.accounts.models import Contact, Person
from huiying.desk.notify.models import Downtime, Heartbeat, Job, Message, Outlet
from huiying.desk.notify.pulse import SILENCE
from huiying.desk.notify.tokens import digest

#: A message that has waited longer than this is worth a look.
SLOW = timedelta(minutes=10)
RECENT = timedelta(days=7)


def by_token(token: str) -> Message | None:
    """The notice that an acknowledgement link is for."""
    found = Message.objects.filter(ack_digest=digest(token)).select_related("person", "contact")
    return found.first()


def told_to(person: Person) -> QuerySet[Message]:
    """What `person` was told, newest first."""
    return Message.objects.filter(person=person, purpose=Message.Purpose.NOTICE).select_related("contact")


def outlets() -> list[Outlet]:
    """Places outside where a text can be published by machine."""
    return list(Outlet.objects.filter(active=True))


def worker_alive(now: datetime) -> bool:
    """Whether some worker gave a sign of life lately."""
    return Heartbeat.objects.filter(stopped_at=None, last_beat__gt=now - SILENCE).exists()


def last_beat() -> datetime | None:
    """The last sign of life of any worker."""
    return Heartbeat.objects.order_by("-last_beat").values_list("last_beat", flat=True).first()


def job_troubles() -> list[Job]:
    """Jobs of the worker that fail at present."""
    return list(Job.objects.filter(failing_since__isnull=False))


def downtimes(since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches between `since` and `until` in which no worker lived, in order, each cut to that span."""
    rows = Downtime.objects.filter(starts_at__lt=until, ends_at__gt=since).order_by("starts_at")
    return [(max(row.starts_at, since), min(row.ends_at, until)) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxTroubles:
    """What about the outbox needs a person."""

    failed: int  # given up in the last seven days, and not tried again since
    slow: int  # waiting for longer than `SLOW`, or tried in vain
    ways: Sequence[Contact]  # contacts that fail
    outlets: Sequence[Outlet]

    def __bool__(self) -> bool:
        return bool(self.failed or self.slow or self.ways or self.outlets)


def outbox_troubles(now: datetime) -> OutboxTroubles:
    """What about the outbox needs a person at `now`."""
    failed = Message.objects.filter(state=Message.State.FAILED, created_at__gt=now - RECENT)
    waiting = Message.objects.filter(state=Message.State.WAITING).filter(
        Q(next_try_at__lt=now - SLOW) | Q(failures__gt=0)
    )
    ways = Contact.objects.filter(active=True, failing_since__isnull=False, person__is_active=True)
    return OutboxTroubles(
        failed=failed.exclude(purpose=Message.Purpose.TEST).count(),
        slow=waiting.count(),
        ways=list(ways.select_related("person").order_by("failing_since")),
        outlets=list(Outlet.objects.filter(active=True, failing_since__isnull=False)),
    )


def outbox(state: str = "", channel: str = "", words: str = "") -> QuerySet[Message]:
    """Messages for the list: by state ("trouble" is what needs a look), channel, and case number or words."""
    rows = Message.objects.select_related("person", "contact", "outlet")
    if state == "trouble":
        rows = rows.filter(
            Q(state=Message.State.FAILED) | Q(failures__gt=0, state=Message.State.WAITING)
        ).exclude(purpose=Message.Purpose.TEST)
    elif state:
        rows = rows.filter(state=state)
    if channel:
        rows = rows.filter(channel=channel)
    if words:
        rows = rows.filter(
            Q(case_number__iexact=words) | Q(subject__icontains=words) | Q(person__name__icontains=words)
        )
    return rows
