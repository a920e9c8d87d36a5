"""A plan proved with the desk's own people: who is missing, away or out of reach, and when nobody is on duty."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from huiying.desk.accounts.models import Appointment, Contact, Person, Role, Shift, Unit
from huiying.desk.accounts.rights import TABLE, Right
from huiying.desk.plans import people
from huiying.engine.findings import Finding
from huiying.engine.plan.vocabulary import PROPOSERS
from tests.desk.handling import with_plan
from tests.desk.world import World

Sign = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _at_that_time(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def staffed(world: World, now: datetime) -> World:
    """Everybody can be reached, every unit has a handler, somebody is on duty at every instant."""
    with_plan(world, now)
    for person in Person.objects.all():
        Contact.objects.get_or_create(person=person, channel="mail", address=f"{person.pk}@example.org")
    for unit in Unit.objects.all():
        Appointment.objects.get_or_create(person=world["handler"], role=Role.HANDLER, unit=unit)
    Shift.objects.all().delete()
    Shift.objects.create(person=world["duty"], starts_at=now, ends_at=now + timedelta(days=31))
    return world


def found(now: datetime) -> dict[str, list[Finding]]:
    version = with_plan_in_force()
    findings, _proofs = people.proved(version, now, "第九中学")
    codes: dict[str, list[Finding]] = {}
    for one in findings:
        codes.setdefault(one.code, []).append(one)
    return codes


def with_plan_in_force() -> people.PlanVersion:
    return people.PlanVersion.objects.get(active=True)


def test_a_house_where_everybody_is_there_has_nothing_to_mend(staffed: World, now: datetime) -> None:
    assert set(found(now)) <= {"plan.calendar-ends"}


def test_a_role_that_nobody_holds_is_named(staffed: World, now: datetime) -> None:
    Appointment.objects.filter(role=Role.SPOKESPERSON).delete()
    (one,) = found(now)["plan.role-without-holder"]
    assert "spokesperson" in one.message.en


def test_a_contact_that_fails_is_no_contact(staffed: World, now: datetime) -> None:
    Contact.objects.filter(person=staffed["deputy"]).update(failing_since=now)
    (one,) = found(now)["roster.no-contact"]
    assert staffed["deputy"].name in one.message.zh


def test_somebody_who_left_counts_for_nothing(staffed: World, now: datetime) -> None:
    Person.objects.filter(pk=staffed["spokesperson"].pk).update(is_active=False)
    assert "plan.role-without-holder" in found(now)


def test_a_night_without_anybody_on_duty_is_named_with_its_hours(staffed: World, now: datetime) -> None:
    Shift.objects.update(ends_at=now + timedelta(days=3))
    because = [str(one.because) for one in found(now)["plan.nobody-there"]]
    assert any("2026-11-27（周五）09:00" in words for words in because)


def test_no_shift_at_all_means_nobody_on_duty(staffed: World, now: datetime) -> None:
    Shift.objects.all().delete()
    assert "plan.nobody-there" in found(now)


def away(world: World, now: datetime, *roles: str) -> None:
    for role in roles:
        Person.objects.filter(pk=world[role].pk).update(away_until=now + timedelta(days=4))


def test_a_leader_who_is_away_is_stood_in_for_as_at_the_desk(staffed: World, now: datetime) -> None:
    away(staffed, now, "deputy")
    assert set(found(now)) <= {"plan.calendar-ends"}


def test_when_all_who_may_do_it_are_away_the_gap_is_named(staffed: World, now: datetime) -> None:
    """The office stands in for the leaders, but the right to grant more time is theirs alone."""
    away(staffed, now, "deputy", "head")
    gaps = found(now)["plan.nobody-there"]
    assert any("decide on more time" in one.message.en for one in gaps), gaps
    assert not any("confirm the level" in one.message.en for one in gaps)
    assert all("4 天" in str(one.because) for one in gaps)


def test_who_stands_in_has_the_right_for_it(staffed: World, now: datetime) -> None:
    roster = people.roster(now, "第九中学")
    assert roster.acting("head") == ("deputy", "office")
    assert roster.acting("office", "approved") == ("deputy",)
    assert roster.acting("office", "reported") == ("duty", "deputy")
    assert roster.acting("deputy", "lines_set") == ("head",)


def test_those_who_propose_are_those_who_may(staffed: World) -> None:
    assert {str(role) for role in TABLE[Right.PROPOSE_LEVEL]} == set(PROPOSERS)


def test_a_unit_is_served_by_the_handler_of_the_unit_above(staffed: World, now: datetime) -> None:
    hqc = staffed.units["hqc"]
    Unit.objects.create(name="一食堂", code="yst", parent=hqc)
    assert "roster.unit-without-holder" not in found(now)
    Unit.objects.create(name="校史馆", code="xsg")
    (one,) = found(now)["roster.unit-without-holder"]
    assert "校史馆" in one.message.zh


def test_the_page_shows_findings_with_their_reasons_and_what_is_proved(
    staffed: World, now: datetime, as_role: Sign
) -> None:
    Shift.objects.update(ends_at=now + timedelta(days=3))
    page = unescape(as_role("auditor").get("/plans/school/1/check/").content.decode())
    assert "没有人" in page
    assert "2026-11-27（周五）09:00" in page
    assert "证据增加，等级不会变轻" in page
    client = as_role("auditor")
    client.cookies["django_language"] = "en"
    english = unescape(client.get("/plans/school/1/check/").content.decode())
    assert "More evidence never gives a lower level" in english


def test_the_page_is_for_those_who_see_plans(staffed: World, as_role: Sign) -> None:
    assert as_role("").get("/plans/school/1/check/").status_code == 302
    assert as_role("auditor").get("/plans/school/8/check/").status_code == 404
