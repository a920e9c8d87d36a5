"""Reads of institution, people and roles."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from huiying.desk.accounts.models import Contact, Institution, Person, Role, Shift, Unit
from huiying.desk.accounts.queries.roster import on_duty

#: Who stands in for whom when every holder is away: the deputy for the head, then the office.
STAND_INS: dict[str, tuple[str, ...]] = {
    Role.HEAD: (Role.DEPUTY, Role.OFFICE),
    Role.DEPUTY: (Role.HEAD, Role.OFFICE),
    Role.OFFICE: (Role.DUTY, Role.DEPUTY),
    Role.DUTY: (Role.OFFICE, Role.DEPUTY),
    Role.HANDLER: (Role.OFFICE,),
    Role.REVIEWER: (Role.OFFICE, Role.DEPUTY),
    Role.SPOKESPERSON: (Role.OFFICE, Role.DEPUTY),
    Role.AUDITOR: (),
    Role.ADMIN: (),
}


def institution() -> Institution | None:
    """The public body that this desk serves; None before the first run."""
    return Institution.objects.filter(pk=1).first()


def founded() -> bool:
    """True once the first run was finished."""
    return Institution.objects.filter(pk=1, founded_at__isnull=False).exists()


def _here(at: datetime) -> Q:
    """People who are not away at `at`; one is back at the very instant of `away_until`."""
    return Q(away_until__isnull=True) | Q(away_until__lte=at)


def _appointed(role: str, unit: Unit | None) -> QuerySet[Person]:
    people = Person.objects.filter(is_active=True, appointments__role=role, appointments__unit=unit)
    return people.distinct().order_by("pk")


def holders(role: str, unit: Unit | None = None, at: datetime | None = None) -> list[Person]:
    """Who holds `role`, in `unit` or the nearest unit above that has a holder, else in the whole institution.

    With `at` only those who are there: not away, and for duty officers those on duty when the roster names any.
    """
    step: Unit | None = unit
    found = _appointed(role, step)
    while step is not None and not found.exists():
        step = step.parent
        found = _appointed(role, step)
    if at is None:
        return list(found)
    present = list(found.filter(_here(at)))
    if role == Role.DUTY:
        return _there(on_duty(at), at) or present
    return present


def _there(shifts: Iterable[Shift], at: datetime) -> list[Person]:
    """Who of those on duty is not away, each once, those in the lead first."""
    people = {shift.person_id: shift.person for shift in shifts}
    return [person for person in people.values() if person.away_until is None or person.away_until <= at]


def stand_in(role: str, at: datetime, unit: Unit | None = None) -> list[Person]:
    """The holders of `role` who are there at `at`; when none is, those of the first role that stands in for it."""
    for acting, where in ((role, unit), *((other, None) for other in STAND_INS.get(role, ()))):
        people = holders(acting, where, at)
        if people:
            return people
    return []


def reachable(person: Person) -> list[Contact]:
    """Ways of reaching `person` that are switched on and not known to fail, proven ones first."""
    working = [one for one in person.contacts.all() if one.active and one.failing_since is None]
    return sorted(working, key=lambda contact: (contact.verified_at is None, contact.pk))


def administrators() -> list[Person]:
    """Who can send an invitation."""
    return holders(Role.ADMIN)


def everybody() -> QuerySet[Person]:
    """All people with their roles, those who work here first, in the order in which they came."""
    people = Person.objects.prefetch_related("appointments__unit", "contacts")
    return people.order_by("-is_active", "pk")
