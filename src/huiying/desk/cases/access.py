"""The gate of cases: which ones a person sees, and in which role a person acts on one."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from huiying.desk.accounts import access
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.queries import stand_in
from huiying.desk.accounts.rights import TABLE, Right
from huiying.desk.cases.models import Case

Widening = Callable[[Person], Q]
_widenings: list[Widening] = []


def register(widening: Widening) -> None:
    """A room above says which cases somebody may read besides those of the own units; from its `AppConfig.ready()`."""
    if widening not in _widenings:
        _widenings.append(widening)


def visible(person: Person) -> QuerySet[Case]:
    """The cases that `person` may read: all with a role of the whole institution, else those of the person's units.

    Rooms above may add single cases for somebody who may read cases at all.
    """
    units = access.units_for(person, Right.SEE_CASES)
    if units is None:
        return Case.objects.all()
    rows = Q(units__in=units)
    for widening in _widenings if access.can(person, Right.SEE_CASES) else ():
        rows |= widening(person)
    return Case.objects.filter(rows).distinct()


def get_case(person: Person, number: str) -> Case:
    """The case by its number. Raises Http404 when there is none or it is none of the person's business."""
    found = visible(person).filter(number=number).select_related("plan", "lead", "asked_first", "merged_into")
    case = found.first()
    if case is None:
        raise Http404(_("没有这一件，或者不归你看。"))
    return case


def acting(by: Person, right: Right, case: Case) -> str:
    """The role in which `by` uses `right` on this case. Raises PermissionDenied, saying which roles may.

    A role in one unit counts only on the cases of that unit.
    """
    units = access.units_for(by, right)
    if units is None:
        held = by.appointments.filter(unit=None, role__in=TABLE[right]).order_by("pk").first()
        return held.role if held else ""
    unit = case.units.filter(pk__in=units).order_by("pk").first()
    if unit is None:
        raise PermissionDenied(access.refusal(right))
    return access.role_for(by, right, unit)


def own_unit(by: Person, right: Right, code: str) -> None:
    """Whoever works in units only speaks for those: raises PermissionDenied unless one of them has this code."""
    units = access.units_for(by, right)
    if units is None:
        return
    unit = Unit.objects.filter(code=code).first() if code else None
    if unit is None or unit.pk not in units:
        who = unit or _("舆情办")
        raise PermissionDenied(_("这一项由%(unit)s办理。") % {"unit": who})


def roles_on(person: Person, case: Case) -> tuple[set[str], set[str]]:
    """The roles that `person` holds in the whole institution, and those held in a unit of this case or one above it."""
    if not person.is_active:
        return set(), set()
    above = {unit.pk: unit.parent_id for unit in Unit.objects.only("pk", "parent_id")}
    reached = set(case.units.values_list("pk", flat=True))
    for unit in list(reached):
        step = above.get(unit)
        while step is not None and step not in reached:
            reached.add(step)
            step = above.get(step)
    held = list(person.appointments.values_list("role", "unit_id"))
    return {role for role, unit in held if unit is None}, {role for role, unit in held if unit in reached}


def holds(person: Person, roles: Iterable[str], now: datetime) -> bool:
    """True when `person` holds one of these roles in the whole institution, or stands in for one at `now`."""
    named = list(roles)
    if person.appointments.filter(role__in=named, unit=None).exists():
        return True
    return any(person in stand_in(role, now) for role in named)
