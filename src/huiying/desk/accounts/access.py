"""The gate: may this person do this, here?"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Appointment, Person, Unit
from huiying.desk.accounts.rights import IN_A_UNIT, LABELS, TABLE, Right, roles_with

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def _giving(person: Person | AnonymousUser, right: Right) -> list[Appointment]:
    """The person's appointments whose role gives `right`; none for strangers and for people who left."""
    if not isinstance(person, Person) or not person.is_active:
        return []
    return [post for post in _posts(person) if post.role in TABLE[right]]


def _posts(person: Person) -> list[Appointment]:
    """The person's appointments: those read once for the page, else as they are in the database now."""
    if "appointments" in getattr(person, "_prefetched_objects_cache", {}):
        return list(person.appointments.all())
    return list(person.appointments.select_related("unit"))


def read_posts_once(person: Person) -> None:
    """Let every question of one page about `person` share one read of the appointments."""
    prefetch_related_objects([person], "appointments__unit")


def _line(unit: Unit) -> set[int]:
    """The unit and everything above it, by id."""
    ids: set[int] = set()
    above: Unit | None = unit
    while above is not None and above.pk not in ids:
        ids.add(above.pk)
        above = above.parent
    return ids


def can(person: Person | AnonymousUser, right: Right, unit: Unit | None = None) -> bool:
    """True when a role of `person` gives `right`: anywhere for rights that a unit gives, or in `unit` when it is named.

    An appointment in a unit counts for that unit and those below it, and only for the rights in `IN_A_UNIT`.
    """
    giving = _giving(person, right)
    if any(appointment.unit_id is None for appointment in giving):
        return True
    if right not in IN_A_UNIT or not giving:
        return False
    return unit is None or bool(_line(unit) & {appointment.unit_id for appointment in giving})


def units_for(person: Person, right: Right) -> set[int] | None:
    """Ids of the units in which `person` has `right`, those below included; None when it is the whole institution."""
    giving = _giving(person, right)
    if any(appointment.unit_id is None for appointment in giving):
        return None
    ids = (
        {appointment.unit_id for appointment in giving if appointment.unit_id}
        if right in IN_A_UNIT
        else set()
    )
    fresh = set(ids)
    while fresh:
        below = set(Unit.objects.filter(parent_id__in=fresh).values_list("pk", flat=True))
        fresh = below - ids
        ids |= fresh
    return ids


def role_for(person: Person, right: Right, unit: Unit | None = None) -> str:
    """The role in which `person` acts when using `right` (journals record it); empty when none gives it."""
    for appointment in _giving(person, right):
        if unit is None or appointment.unit_id is None or appointment.unit_id in _line(unit):
            return appointment.role
    return ""


def refusal(right: Right) -> str:
    """The sentence that says who may."""
    who = _("、").join(str(role.label) for role in roles_with(right))
    return _("“%(right)s”由这些角色办理：%(who)s。") % {"right": LABELS[right], "who": who}


def require(person: Person | AnonymousUser, right: Right, unit: Unit | None = None) -> None:
    """Raises PermissionDenied, saying which roles may, unless `can(person, right, unit)`."""
    if not can(person, right, unit):
        raise PermissionDenied(refusal(right))


def require_own(by: Person | AnonymousUser, whose: Person, right: Right) -> None:
    """As `require`, but everybody who works here may do it for themselves."""
    if not isinstance(by, Person) or not by.is_active or by.pk != whose.pk:
        require(by, right)


def require_colleague(by: Person | AnonymousUser) -> None:
    """Raises PermissionDenied for strangers and for people who left; for what concerns only oneself."""
    if not isinstance(by, Person) or not by.is_active:
        raise PermissionDenied(_("请先登录。"))


def requires(right: Right) -> Callable[[View[P]], View[P]]:
    """A view only for those who have `right`: strangers go to sign-in, the wrong role gets the 403 page."""

    def gate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            read_posts_once(request.user)
            require(request.user, right)
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # tests read which right a route asks
        return cast("View[P]", guarded)

    return gate


def open_to_all(view: View[P]) -> View[P]:
    """A view for everybody: the public's pages, the door itself. Marked, so that no route is open by oversight."""
    view.right = "everybody"  # type: ignore[attr-defined]
    return view


def with_key(view: View[P]) -> View[P]:
    """A view whose address or headers carry a secret that it checks itself: acknowledgement links, signed webhooks."""
    view.right = "key"  # type: ignore[attr-defined]
    return view


def for_signed_in(view: View[P]) -> View[P]:
    """A view for anybody who is signed in, whatever the role: one's own profile."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        read_posts_once(request.user)
        return view(request, *args, **kwargs)

    guarded.right = "signed_in"  # type: ignore[attr-defined]
    return cast("View[P]", guarded)


def signed_in(request: HttpRequest) -> Person:
    """The person of a request that passed a gate. Raises PermissionDenied for a stranger."""
    if not isinstance(request.user, Person):
        raise PermissionDenied(_("请先登录。"))
    return request.user
