"""Who may take a step of an approval chain: its roles, never the writers, stand-ins only where nobody else is there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.queries import holders
from huiying.desk.accounts.queries.people import STAND_INS
from huiying.desk.accounts.rights import Right
from huiying.desk.replies.models import Approval, Draft


@dataclass(frozen=True, slots=True)
class Seat:
    """A person who may take a step, and in which role; `stood_in_for` names the roles whose holders are all away."""

    person: Person
    role: str
    stood_in_for: str = ""


def waiting_now(draft: Draft) -> list[Approval]:
    """The step that waits now, each part that is not given yet; empty where none waits."""
    if draft.state != Draft.State.SUBMITTED:
        return []
    waiting = draft.approvals.filter(round=draft.round, verdict=Approval.Verdict.WAITING)
    rows = list(waiting.order_by("step", "part"))
    return [row for row in rows if row.step == rows[0].step]


def my_part(draft: Draft, by: Person, now: datetime) -> tuple[Approval, Seat] | None:
    """The part of the waiting step that `by` may take, and the seat in which; None where there is none."""
    for row in waiting_now(draft):
        seat = my_seat(draft, row.any_of, by, now)
        if seat is not None:
            return row, seat
    return None


def barred(draft: Draft) -> set[int]:
    """Ids of those who may not approve: everybody who wrote the text, and who has approved it in this round."""
    approved = draft.approvals.filter(round=draft.round, verdict=Approval.Verdict.APPROVED)
    ids = {pk for pk in approved.values_list("by_id", flat=True) if pk}
    return ids | set(draft.writers.values_list("pk", flat=True)) | {draft.written_by_id}


def seats(draft: Draft, roles: Iterable[str], now: datetime) -> list[Seat]:
    """Everybody who may take a step of `roles` now: holders who are there, else those who stand in for them."""
    roles, without, unit = tuple(roles), barred(draft), draft.case.lead
    found = list(_present(roles, without, unit, now))
    if found:
        return found
    acting = [other for role in roles for other in STAND_INS.get(role, ())]
    for role in dict.fromkeys(acting):
        stand_ins = list(_present((role,), without, None, now, "|".join(roles)))
        if stand_ins:
            return stand_ins
    return []


def _present(
    roles: Iterable[str], without: set[int], unit: Unit | None, now: datetime, instead_of: str = ""
) -> Iterator[Seat]:
    seen = set(without)
    for role in roles:
        for person in holders(role, unit, now):
            if person.pk not in seen and can(person, Right.APPROVE):
                seen.add(person.pk)
                yield Seat(person, role, instead_of)


def my_seat(draft: Draft, roles: Iterable[str], by: Person, now: datetime) -> Seat | None:
    """The seat in which `by` may take a step of `roles`; a holder marked as away may still act."""
    roles = tuple(roles)
    if by.pk in barred(draft) or not can(by, Right.APPROVE):
        return None
    units = [draft.case.lead_id, None]
    held = by.appointments.filter(role__in=roles)
    for appointment in held.order_by("pk"):
        if appointment.unit_id in units:
            return Seat(by, appointment.role)
    return next((seat for seat in seats(draft, roles, now) if seat.person.pk == by.pk), None)


def due_people(draft: Draft, now: datetime) -> list[Person]:
    """Those whom the step that waits now is asked of, its parts in order."""
    found = [seat.person for row in waiting_now(draft) for seat in seats(draft, row.any_of, now)]
    return list({person.pk: person for person in found}.values())
