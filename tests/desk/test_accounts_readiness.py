"""What still keeps the institution from working."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from huiying.desk.accounts import actions, queries
from huiying.desk.accounts.models import Appointment, Contact, Institution, Shift, Unit
from tests.desk.world import World


def codes(now: datetime, roles: tuple[str, ...] = ()) -> dict[str, str]:
    return {finding.code.removeprefix("ready."): finding.level for finding in queries.readiness(now, roles)}


def test_a_school_with_everybody_there_lacks_nothing(world: World, now: datetime) -> None:
    assert codes(now, ("reviewer", "spokesperson", "handler")) == {}


def test_an_empty_desk_lacks_everything(db: None, now: datetime) -> None:
    found = codes(now)
    assert {"unnamed", "no-plan", "no-head", "no-office", "no-duty", "no-admin", "gap"} <= found.keys()
    assert found["no-units"] == "warning"


def test_somebody_on_duty_without_a_working_way_is_an_error(world: World, now: datetime) -> None:
    actions.mark_contact(now=now, contact=world["duty"].contacts.get(), error="550")
    assert codes(now) == {"unreachable": "error", "contact-failing": "warning"}


def test_a_leader_without_a_working_way_is_a_warning(world: World, now: datetime) -> None:
    world["head"].contacts.all().delete()
    assert codes(now) == {"unreachable": "warning"}


def test_an_auditor_need_not_be_reached(world: World, now: datetime) -> None:
    world["auditor"].contacts.all().delete()
    assert codes(now) == {}


@pytest.mark.parametrize(("ahead", "level"), [(timedelta(hours=5), "error"), (timedelta(days=3), "warning")])
def test_a_gap_is_graver_the_nearer_it_is(world: World, now: datetime, ahead: timedelta, level: str) -> None:
    Shift.objects.update(ends_at=now + ahead)
    assert codes(now) == {"gap": level}


def test_a_role_that_the_plan_needs_must_be_held(world: World, now: datetime) -> None:
    Appointment.objects.filter(role="spokesperson").delete()
    assert codes(now) == {}
    assert codes(now, ("spokesperson",)) == {"no-spokesperson": "error"}


def test_what_was_never_tried_is_a_hint(world: World, now: datetime) -> None:
    Contact.objects.filter(person=world["duty"]).update(verified_at=None)
    assert codes(now) == {"untested": "hint"}


def test_mail_without_a_server_is_said(world: World, now: datetime, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert codes(now) == {"no-mail": "warning"}


def test_the_gravest_comes_first_and_each_names_its_mend(world: World, now: datetime) -> None:
    Unit.objects.update(active=False)
    Institution.objects.update(plan_name="")
    Contact.objects.filter(person=world["duty"]).update(verified_at=None)
    found = queries.readiness(now)
    assert [finding.level for finding in found] == ["error", "warning", "hint"]
    assert all(finding.mend and finding.message.en and finding.place.path for finding in found)


def test_the_check_reads_little(world: World, now: datetime, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        queries.readiness(now, ("reviewer",))
