"""Who has read a notice of the standing channel, and who has not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from huiying.desk.accounts.models import Person
from huiying.desk.notify.models import Circular, Message, Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One person to whom a notice went."""

    receipt: Receipt
    person: Person
    read_at: datetime | None  # on its page, or by the link in the message
    reached: bool  # some way delivered it
    late: bool  # the time for receipts had passed when it was read, or has passed


def receipts_of(it: Circular, now: datetime) -> list[Read]:
    """Everybody to whom it went: who has not read it first, by unit."""
    rows = list(it.receipts.select_related("person", "unit"))
    acks, reached = _acknowledged(it), _reached(it)
    found = [_read(row, acks.get(row.person_id), row.person_id in reached, it, now) for row in rows]
    return sorted(found, key=lambda one: (one.read_at is not None, _place(one)))


def _place(one: Read) -> tuple[str, int]:
    unit = one.receipt.unit
    return (unit.name if unit else "", one.receipt.pk)


def _read(row: Receipt, acked: datetime | None, reached: bool, it: Circular, now: datetime) -> Read:
    times = [at for at in (row.read_at, acked) if at is not None]
    read_at = min(times, default=None)
    late = (read_at or now) > it.due_at
    return Read(receipt=row, person=row.person, read_at=read_at, reached=reached or bool(read_at), late=late)


def _messages(it: Circular) -> QuerySet[Message]:
    return Message.objects.filter(key__startswith=f"circular|{it.pk}|", person__isnull=False)


def _acknowledged(it: Circular) -> dict[int, datetime]:
    """Person -> when the link in a message was used first."""
    rows = _messages(it).filter(acknowledged_at__isnull=False).order_by("-acknowledged_at")
    return {person: at for person, at in rows.values_list("person_id", "acknowledged_at") if person and at}


def _reached(it: Circular) -> set[int]:
    rows = _messages(it).filter(state=Message.State.SENT)
    return {pk for pk in rows.values_list("person_id", flat=True) if pk}


def unread(it: Circular) -> list[Receipt]:
    """Whose receipt is still missing."""
    acks = _acknowledged(it)
    rows = it.receipts.filter(read_at=None, person__is_active=True).select_related("person", "unit")
    return [row for row in rows if row.person_id not in acks]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A notice in the list."""

    it: Circular
    people: int
    read: int
    late: bool  # the time has passed and somebody has not read it

    @property
    def missing(self) -> int:
        """How many have not read it."""
        return self.people - self.read


def counted(rows: Sequence[Circular], now: datetime) -> list[Counted]:
    """Notices with how many have read them."""
    out = []
    for it in rows:
        people, missing = it.receipts.count(), len(unread(it))
        out.append(
            Counted(it=it, people=people, read=people - missing, late=missing > 0 and now >= it.due_at)
        )
    return out


def waiting_for(person: Person) -> list[Receipt]:
    """Notices that wait for this person's receipt, the oldest first."""
    rows = Receipt.objects.filter(person=person, read_at=None).select_related("circular")
    return [row for row in rows.order_by("circular__sent_at") if person.pk not in _acknowledged(row.circular)]
