"""People, their roles and their ways in."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from huiying.desk.accounts import access, actions, queries
from huiying.desk.accounts.actions.doors import invited
from huiying.desk.accounts.models import Appointment, AuditLog, Door, Person, Role, Unit
from huiying.desk.accounts.rights import Right
from tests.desk.world import World

GOOD = "correct-horse-battery-2"


def add(world: World, now: datetime, name: str = "新来的人", **more: object) -> Person:
    return actions.add_person(by=world["admin"], now=now, name=name, **more)  # type: ignore[arg-type]


def test_a_sign_in_name_is_made_from_the_pinyin_and_numbered(world: World, now: datetime) -> None:
    assert [add(world, now, "林某").username, add(world, now, "林某").username] == ["linmou", "linmou2"]


def test_a_sign_in_name_is_taken_whatever_its_case(world: World, now: datetime) -> None:
    with pytest.raises(ValidationError) as refused:
        add(world, now, username="HEAD")
    assert "username" in refused.value.message_dict


def test_a_new_person_cannot_sign_in_until_invited(world: World, now: datetime) -> None:
    person = add(world, now)
    assert not person.has_usable_password()
    token = actions.invite(by=world["admin"], now=now, person=person)
    actions.accept_invitation(token=token, password=GOOD, now=now)
    assert Client().login(request=None, username=person.username, password=GOOD)


def test_an_invitation_works_once(world: World, now: datetime) -> None:
    token = actions.invite(by=world["admin"], now=now, person=world["duty"])
    actions.accept_invitation(token=token, password=GOOD, now=now)
    with pytest.raises(ValidationError):
        actions.accept_invitation(token=token, password=GOOD, now=now)


def test_an_invitation_ends_at_its_instant(world: World, now: datetime) -> None:
    token = actions.invite(by=world["admin"], now=now, person=world["duty"])
    week = now + timedelta(days=7)
    assert invited(token=token, now=week - timedelta(seconds=1)) == world["duty"]
    assert invited(token=token, now=week) is None


def test_only_the_newest_invitation_works(world: World, now: datetime) -> None:
    first = actions.invite(by=world["admin"], now=now, person=world["duty"])
    actions.invite(by=world["admin"], now=now, person=world["duty"])
    assert invited(token=first, now=now) is None


def test_a_weak_password_leaves_the_invitation_open(world: World, now: datetime) -> None:
    token = actions.invite(by=world["admin"], now=now, person=world["duty"])
    with pytest.raises(ValidationError):
        actions.accept_invitation(token=token, password="12345", now=now)
    assert invited(token=token, now=now) == world["duty"]


def test_the_operator_at_the_machine_lets_an_administrator_back_in(world: World, now: datetime) -> None:
    token = actions.invite_from_console(now=now, person=world["admin"])
    assert invited(token=token, now=now) == world["admin"]
    line = AuditLog.objects.latest("pk")
    assert (line.actor, line.verb, line.target) == ("system", "door.invite_console", "壬管理")


def test_of_a_token_only_the_hash_is_kept(world: World, now: datetime) -> None:
    token = actions.invite(by=world["admin"], now=now, person=world["duty"])
    assert token not in str(list(Door.objects.values()))
    assert token not in str(list(AuditLog.objects.values()))


def test_the_desk_never_loses_its_last_administrator(world: World, now: datetime) -> None:
    for act in (
        lambda: actions.let_go(by=world["admin"], now=now, person=world["admin"]),
        lambda: actions.set_roles(
            by=world["admin"], now=now, person=world["admin"], posts=[("office", None)]
        ),
        lambda: actions.dismiss(by=world["admin"], now=now, person=world["admin"], role="admin"),
    ):
        with pytest.raises(ValidationError):
            act()
    assert access.can(world["admin"], Right.EDIT_PEOPLE)


def test_an_administrator_in_one_unit_does_not_count(world: World, now: datetime) -> None:
    actions.appoint(by=world["admin"], now=now, person=world["head"], role="admin", unit=world.units["hqc"])
    with pytest.raises(ValidationError):
        actions.let_go(by=world["admin"], now=now, person=world["admin"])


def test_letting_go_ends_sign_in_duty_keys_and_invitations(world: World, now: datetime) -> None:
    duty = world["duty"]
    actions.make_token(by=world["admin"], now=now, name="热线", person=duty, scopes=["mentions:read"])
    token = actions.invite(by=world["admin"], now=now, person=duty)
    actions.let_go(by=world["admin"], now=now, person=duty)
    assert not access.can(duty, Right.SEE_TODAY)
    assert queries.on_duty(now) == []
    assert duty.tokens.get().revoked_at == now
    assert invited(token=token, now=now) is None
    assert duty.shifts.get().ends_at == now


def test_coming_back_brings_the_roles_back(world: World, now: datetime) -> None:
    actions.let_go(by=world["admin"], now=now, person=world["duty"])
    actions.take_back(by=world["admin"], now=now, person=world["duty"])
    assert access.can(Person.objects.get(pk=world["duty"].pk), Right.OPEN_CASE)


def test_a_role_is_held_once(world: World) -> None:
    for unit in (None, world.units["hqc"]):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appointment.objects.bulk_create(
                Appointment(person=world["head"], role=Role.REVIEWER, unit=unit) for _ in range(2)
            )


def test_a_role_in_a_unit_counts_below_it_too_but_not_beside(world: World, now: datetime) -> None:
    canteen = actions.add_unit(by=world["admin"], now=now, name="食堂", parent=world.units["hqc"])
    assert access.can(world["handler"], Right.ACCEPT_ASSIGNMENT, canteen)
    assert not access.can(world["handler"], Right.ACCEPT_ASSIGNMENT, world.units["jwc"])
    assert access.units_for(world["handler"], Right.SEE_CASES) == {world.units["hqc"].pk, canteen.pk}
    assert access.units_for(world["office"], Right.SEE_CASES) is None


def test_the_holder_of_a_role_is_looked_for_upward(world: World, now: datetime) -> None:
    canteen = actions.add_unit(by=world["admin"], now=now, name="食堂", parent=world.units["hqc"])
    assert queries.holders("handler", canteen) == [world["handler"]]
    assert queries.holders("handler", world.units["jwc"]) == []


def test_when_every_holder_is_away_the_next_stands_in(world: World, now: datetime) -> None:
    until = now + timedelta(days=3)
    actions.set_away(by=world["head"], now=now, person=world["head"], until=until)
    assert queries.stand_in("head", now) == [world["deputy"]]
    actions.set_away(by=world["deputy"], now=now, person=world["deputy"], until=until)
    assert queries.stand_in("head", now) == [world["office"]]
    assert queries.stand_in("head", until) == [world["head"]]


def test_others_are_noted_away_only_by_who_keeps_the_roster(world: World, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        actions.set_away(by=world["reviewer"], now=now, person=world["head"], until=None)
    actions.set_away(by=world["office"], now=now, person=world["head"], until=None)


def test_a_refusal_says_who_may(world: World) -> None:
    with pytest.raises(PermissionDenied, match=r"改人员与角色.*管理员"):
        access.require(world["office"], Right.EDIT_PEOPLE)


def test_a_unit_gets_a_code_from_its_initials(world: World, now: datetime) -> None:
    names = ("保卫处", "帮困处")
    units = [actions.add_unit(by=world["admin"], now=now, name=name) for name in names]
    assert [unit.code for unit in units] == ["bwc", "bkc"]
    assert actions.add_unit(by=world["admin"], now=now, name="报务处").code == "bwc-2"


def test_units_do_not_stand_in_a_circle(world: World, now: datetime) -> None:
    top = world.units["hqc"]
    below = actions.add_unit(by=world["admin"], now=now, name="食堂", parent=top)
    with pytest.raises(ValidationError) as refused:
        actions.change_unit(by=world["admin"], now=now, unit=top, name=top.name, parent=below)
    assert "parent" in refused.value.message_dict


@pytest.mark.parametrize("name", ["", "  ", "教务处"])
def test_a_unit_needs_a_name_of_its_own(world: World, now: datetime, name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.add_unit(by=world["admin"], now=now, name=name)
    assert "name" in refused.value.message_dict
    assert Unit.objects.count() == 3


def test_the_institution_keeps_a_known_zone(world: World, now: datetime) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.describe(by=world["admin"], now=now, name="九中", zone="Mars/Olympus")
    assert "zone" in refused.value.message_dict


def test_a_language_that_the_desk_does_not_speak_is_refused(world: World, now: datetime) -> None:
    with pytest.raises(ValidationError):
        actions.choose_language(by=world["duty"], now=now, language="tlh")


def test_every_write_leaves_a_line_that_names_who_and_what(world: World, now: datetime) -> None:
    before = AuditLog.objects.count()
    person = add(world, now, "林某", posts=[("reviewer", None)])
    lines = queries.spoken_lines(queries.audit_log()[: AuditLog.objects.count() - before])
    assert [(line.who, str(line.verb), line.target) for line in lines] == [
        ("壬管理", "改角色", "林某"),
        ("壬管理", "加人员", "林某"),
    ]
    assert person.appointments.get().role == "reviewer"
