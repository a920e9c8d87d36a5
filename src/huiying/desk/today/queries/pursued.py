"""What is followed to its end: instructions, urgings, letters to other bodies, messages of boards, notices to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import board
from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Owed
from huiying.desk.cases.queries import asked
from huiying.desk.notify import receipts


@dataclass(frozen=True, slots=True, kw_only=True)
class Pursued:
    """One kind of thing that is followed up: how many are open, how many are late, and where they stand."""

    what: str | Promise
    icon: str
    address: str  # where all of them stand, or the only one
    open: int
    late: int = 0
    due_at: datetime | None = None  # the next deadline, or the one missed longest ago
    first: str = ""  # the one that it belongs to


def pursued(person: Person, now: datetime) -> list[Pursued]:
    """What the person may see of it; a kind of which nothing is open is left out. Drills are not counted."""
    return [one for one in _kinds(person, now) if one.open]


def _kinds(person: Person, now: datetime) -> Iterator[Pursued]:
    if can(person, Right.SEE_CASES):
        yield _instructions(person, now)
        yield _ledger(_("催办、督办"), "bell", reverse("cases:urges"), asked.urges(person, now))
        yield _ledger(_("协调函"), "send", reverse("cases:requests"), asked.requests(person, now))
    if can(person, Right.OPEN_CASE):
        messages = board.waiting(now)
        yield Pursued(
            what=_("留言待分办"), icon="mention", address=reverse("cases:board"), open=messages.count()
        )
    yield _notices(person, now)


def _instructions(person: Person, now: datetime) -> Pursued:
    rows = Owed.objects.filter(rule="instruction", state__in=(Owed.State.OPEN, Owed.State.MISSED))
    rows = rows.filter(case__in=visible(person), case__drill=False, case__merged_into=None)
    listed = list(rows.select_related("case").order_by("due_at", "pk"))
    late = sum(one.due_at is not None and one.due_at <= now for one in listed)
    first = listed[0] if listed else None
    return Pursued(
        what=_("批示待落实"),
        icon="flag",
        address=reverse("cases:case", args=[first.case.number]) if first else "",
        open=len(listed),
        late=late,
        due_at=first.due_at if first else None,
        first=first.case.number if first else "",
    )


def _ledger(what: str | Promise, icon: str, address: str, rows: Sequence[asked.Asked]) -> Pursued:
    waiting = [row for row in rows if row.waiting and not row.case.drill]
    late = sum(row.state == "overdue" for row in waiting)
    timed = [(row.due_at, row.whom) for row in waiting if row.due_at is not None]
    due_at, whom = min(timed, default=(None, ""))
    address = f"{address}?tab=overdue" if late else address
    return Pursued(
        what=what, icon=icon, address=address, open=len(waiting), late=late, due_at=due_at, first=whom
    )


def _notices(person: Person, now: datetime) -> Pursued:
    rows = receipts.waiting_for(person)
    first = rows[0].circular if rows else None
    return Pursued(
        what=_("通知待签收"),
        icon="check",
        address=reverse("notify:read_circular", args=[first.pk]) if first else "",
        open=len(rows),
        late=sum(row.circular.due_at <= now for row in rows),
        due_at=first.due_at if first else None,
        first=first.subject if first else "",
    )
