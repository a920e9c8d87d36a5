"""One walk over everything: every route and every act, as a stranger and in every role, against the written table."""

import ast
import inspect
from collections.abc import Callable
from unittest.mock import MagicMock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from huiying.desk.accounts.models import Appointment, Person, Role
from huiying.desk.accounts.rights import GROUPS, IN_A_UNIT, LABELS, TABLE, Right
from tests.desk.samples import OPEN_API, SAMPLES
from tests.desk.walk import Act, Route, acts, routes
from tests.desk.world import World

#: Routes of allauth, whose views carry no right, and who may come there.
ALLAUTH = {
    "account_login": "everybody",
    "account_logout": "everybody",
    "account_change_password": "signed_in",
    "account_reauthenticate": "signed_in",
    "mfa_index": "signed_in",
    "mfa_authenticate": "everybody",  # the second step of signing in; without a first one it leads back to it
    "mfa_reauthenticate": "signed_in",
    "mfa_activate_totp": "signed_in",
    "mfa_deactivate_totp": "signed_in",
    "mfa_view_recovery_codes": "signed_in",
    "mfa_generate_recovery_codes": "signed_in",
    "mfa_download_recovery_codes": "signed_in",
    "mfa_list_webauthn": "signed_in",
    "mfa_add_webauthn": "signed_in",
    "mfa_reauthenticate_webauthn": "signed_in",
    "mfa_remove_webauthn": "signed_in",
    "mfa_edit_webauthn": "signed_in",
}
#: Acts that concern only the person who does them: whoever works here may.
OWN = frozenset({"accounts.actions.people.own_account", "accounts.actions.people.choose_language"})
ROUTES = list(routes())
ACTS = list(acts())
SIGN_IN = "/accounts/login/"


def kind(route: Route) -> str:
    """Who may come: a Right, or everybody, key, signed_in, founding, api; empty when the route does not say."""
    if route.name.startswith("api:"):
        return "everybody" if route.name in OPEN_API or route.right == "everybody" else "api"
    return route.right or ALLAUTH.get(route.name, "")


def by_kind(*kinds: str) -> list[Route]:
    return [route for route in ROUTES if kind(route) in kinds]


RIGHTS = [right.value for right in Right]


def to_sign_in(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith(SIGN_IN)


def may(role: str, right: str) -> bool:
    """What the table says of the world's people: all hold their role everywhere but the handler, who is in a unit."""
    return Role(role) in TABLE[Right(right)] and (role != Role.HANDLER or Right(right) in IN_A_UNIT)


def ask(client: Client, method: str, path: str) -> HttpResponseBase:
    """The answer to a bare request; what it did is taken back, and a failure inside is an answer 500."""
    client.raise_request_exception = False
    with transaction.atomic():
        answer: HttpResponseBase = client.generic(method, path)
        transaction.set_rollback(True)
    return answer


def test_every_route_says_who_may_come() -> None:
    silent = [f"{route} ({route.view.__module__})" for route in ROUTES if not kind(route)]
    assert silent == []


def test_every_route_says_something_that_is_tried() -> None:
    known = {*RIGHTS, "everybody", "key", "signed_in", "founding", "api"}
    assert [str(route) for route in ROUTES if kind(route) not in known] == []


def test_every_listed_exception_still_exists() -> None:
    names = {route.name for route in ROUTES}
    assert ALLAUTH.keys() - names == set()
    assert {name for name in SAMPLES if name not in names} == set()
    assert OWN - {str(act) for act in ACTS} == set()


def test_every_right_is_in_the_table_has_words_and_a_place() -> None:
    placed = [right for _name, rights in GROUPS for right in rights]
    assert set(TABLE) == set(LABELS) == set(Right)
    assert sorted(placed) == sorted(Right)


def test_the_auditor_only_looks() -> None:
    changing = {right for right in Right if Role.AUDITOR in TABLE[right]}
    assert {right for right in changing if not right.startswith("see_")} == {Right.APPRAISE}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("route", by_kind(*RIGHTS, "signed_in"), ids=str)
def test_a_stranger_is_sent_to_sign_in(
    route: Route, method: str, world: World, as_role: Callable[[str], Client]
) -> None:
    assert to_sign_in(ask(as_role(""), method, route.path(world)))


@pytest.mark.parametrize("route", by_kind(*RIGHTS), ids=str)
def test_the_table_decides_who_passes(route: Route, world: World, as_role: Callable[[str], Client]) -> None:
    path, said, wrong = route.path(world), [], []
    for role in Role:
        client = as_role(role)
        looked, sent = ask(client, "GET", path).status_code, ask(client, "POST", path).status_code
        said.append(f"{role.value}: GET {looked}, POST {sent}")
        passes = looked != 403 and looked < 500 and sent < 500
        if passes if not may(role, route.right) else not passes:
            wrong.append(role.value)
        if not may(role, route.right) and (looked, sent) != (403, 403):
            wrong.append(role.value)
    assert wrong == [], "\n".join((f"{path} asks {route.right}", *said))


@pytest.mark.parametrize("route", by_kind("signed_in"), ids=str)
def test_whoever_is_signed_in_is_let_in(route: Route, world: World, as_role: Callable[[str], Client]) -> None:
    path = route.path(world)
    for role in Role:
        client = as_role(role)
        for method in ("GET", "POST"):
            answer = ask(client, method, path)
            assert answer.status_code < 500, f"{role.value} {method}"
            assert not to_sign_in(answer), f"{role.value} {method}"


@pytest.mark.parametrize("route", by_kind("everybody"), ids=str)
def test_open_pages_answer_everybody(route: Route, world: World, as_role: Callable[[str], Client]) -> None:
    path = route.path(world)
    for role in ("", *Role):
        for method in ("GET", "POST"):
            assert ask(as_role(role), method, path).status_code < 500, f"{role} {method}"


@pytest.mark.parametrize("route", by_kind("key"), ids=str)
def test_a_wrong_key_opens_nothing(route: Route, world: World, as_role: Callable[[str], Client]) -> None:
    path = route.path(world)
    for role in ("", *Role):
        for method in ("GET", "POST"):
            assert 400 <= ask(as_role(role), method, path).status_code < 500, f"{role} {method}"


@pytest.mark.parametrize("route", by_kind("founding"), ids=str)
def test_the_first_run_is_closed_once_the_institution_is_founded(
    route: Route, world: World, as_role: Callable[[str], Client]
) -> None:
    path = route.path(world)
    for role in ("", *Role):
        for method in ("GET", "POST"):
            assert ask(as_role(role), method, path).status_code == 404, f"{role} {method}"


@pytest.mark.parametrize("route", by_kind("api"), ids=str)
def test_the_interface_wants_a_key_whoever_is_signed_in(
    route: Route, world: World, as_role: Callable[[str], Client]
) -> None:
    """A method that the route does not know is 405; every other is 401 without a key."""
    path, seen = route.path(world), set()
    for role in ("", *Role):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            seen.add(ask(as_role(role), method, path).status_code)
    assert 401 in seen
    assert seen <= {401, 405}


def gate_of(act: Act) -> tuple[str, str]:
    """The gate that the first statement calls and the right it asks: ("require", "EDIT_PEOPLE"); empty for none."""
    call = act.first.value if isinstance(act.first, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or not call.args:
        return "", ""
    asked = [arg.attr for arg in call.args if isinstance(arg, ast.Attribute) and _is_right(arg)]
    by_first = isinstance(call.args[0], ast.Name) and call.args[0].id == "by"
    return (call.func.id, asked[0] if asked else "") if by_first else ("", "")


def _is_right(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "Right"


def gated(act: Act) -> bool:
    gate, right = gate_of(act)
    if str(act) in OWN:
        return gate == "require_colleague"
    return gate in {"require", "require_own"} and right in Right.__members__


def test_there_are_acts_to_walk() -> None:
    assert len(ACTS) > 20
    assert len(ROUTES) > 40


@pytest.mark.parametrize("act", ACTS, ids=str)
def test_every_act_asks_for_its_right_before_anything_else(act: Act) -> None:
    assert gated(act), "its first statement must be require(by, Right.X...)"


def dummies(act: Act) -> dict[str, object]:
    """A value for each parameter that must be given, good for nothing: a gate must refuse before it is looked at."""
    wanted = inspect.signature(act.call).parameters.values()
    return {
        one.name: MagicMock(name=one.name)
        for one in wanted
        if one.name != "by" and one.default is one.empty and one.kind is not one.VAR_KEYWORD
    }


@pytest.mark.parametrize("act", [act for act in ACTS if gated(act)], ids=str)
def test_an_act_refuses_whoever_the_table_does_not_name(act: Act, world: World) -> None:
    right = gate_of(act)[1]
    refused = [] if str(act) in OWN else [world[role] for role in Role if not may(role, Right[right].value)]
    for who in (AnonymousUser(), gone(world), *refused):
        with pytest.raises(PermissionDenied):
            act.call(by=who, **dummies(act))


def gone(world: World) -> Person:
    """Somebody who held every role and has left."""
    person = Person.objects.create(
        username="gone", name="走了的人", is_active=False, date_joined=world["head"].date_joined
    )
    Appointment.objects.bulk_create(Appointment(person=person, role=role) for role in Role)
    return person
