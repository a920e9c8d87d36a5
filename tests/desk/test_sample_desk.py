"""The sample fills an empty desk, and only an empty one; stepping into others' shoes exists nowhere else."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from huiying.desk.accounts.actions import enter_first_run, first_run_token
from huiying.desk.accounts.models import Contact, Institution, Person
from huiying.desk.accounts.queries import gaps, readiness
from huiying.desk.cases.models import Case
from huiying.desk.cases.projection import refresh
from huiying.desk.collect.models import Source
from huiying.desk.listen.models import Watch
from huiying.desk.notify.models import Message
from huiying.desk.plans import queries as plans
from huiying.desk.public.queries.answers import answers
from huiying.desk.sample.install import PASSWORD, fill
from huiying.desk.sample.play import Play, read, write
from tests.desk.world import World

SITES = "http://127.0.0.1:8610"


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A home of its own for each test."""
    settings.HOME = tmp_path
    yield tmp_path


@pytest.fixture
def founder(db: None, now: datetime) -> Person:
    """Who came in by the first link."""
    return enter_first_run(token=first_run_token(now=now), now=now)


def test_the_sample_lacks_nothing_that_a_desk_needs(founder: Person, now: datetime) -> None:
    fill(by=founder, now=now, sites=SITES)
    version = plans.active()
    assert version is not None
    grave = [f for f in readiness(now, plans.engine_plan(version).roles) if f.level == "error"]
    assert grave == []
    assert gaps(now, now + timedelta(days=30)) == []
    assert {source.kind for source in Source.objects.all()} == {"feed", "page", "newsnow"}
    assert Watch.objects.filter(active=True).count() == 4
    assert {contact.address.split("/robot/")[0] for contact in Contact.objects.all()} == {SITES}


def test_the_day_before_there_was_a_drill_that_shows_how_one_works_together(
    founder: Person, now: datetime
) -> None:
    fill(by=founder, now=now, sites=SITES)
    case = Case.objects.get()
    assert case.drill and case.level == 1 and case.lead is not None
    assert case.meetings.get().state == "adopted" and case.opinions.count() == 1
    assert case.task_forces.get().members.count() == 5 and case.task_forces.get().stands
    assert case.briefings.get().state == "held" and case.briefings.get().questions.get().answered_at is None
    with transaction.atomic():
        refresh(case, now, woken=True)
    assert not case.owed.filter(state__in=("open", "missed"), closing=False).exists()
    assert case.entries.order_by("-at")[0].at < now
    assert set(Message.objects.values_list("state", flat=True)) == {Message.State.HELD}
    assert not answers().exists()


def test_a_desk_that_was_founded_is_never_mixed_with_the_sample(world: World, now: datetime) -> None:
    with pytest.raises(ValidationError):
        fill(by=world["admin"], now=now, sites=SITES)
    assert Institution.objects.get().name == "青禾市第九中学"


def test_only_who_may_found_fills(world: World, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        fill(by=world["office"], now=now, sites=SITES)


def test_without_the_sites_there_is_no_sample(founder: Person) -> None:
    browser = Client()
    browser.force_login(founder, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/sample/").status_code == 404


def test_from_the_first_link_to_the_page_of_people(
    db: None, now: datetime, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYING_SAMPLE", SITES)
    browser, token = Client(), first_run_token(now=datetime.now(tz=now.tzinfo))
    answer = browser.post(f"/start/enter/{token}/", {"sample": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/sample/"
    answer = browser.post("/sample/", follow=True)
    assert answer.redirect_chain[-1][0] == "/sample/people/"
    assert PASSWORD in answer.content.decode() and read(home) is not None
    answer = browser.post("/sample/as/duty1/", follow=True)
    assert answer.status_code == 200 and answer.context["user"].username == "duty1"


def test_on_a_real_desk_nobody_steps_into_anybodys_shoes(world: World) -> None:
    browser = Client()
    browser.force_login(world["duty"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post("/sample/as/head/").status_code == 404
    assert browser.get("/sample/people/").status_code == 404
    assert browser.get("/").context["user"] == world["duty"]


def test_a_stranger_steps_into_nobodys_shoes(founder: Person, now: datetime, home: Path) -> None:
    fill(by=founder, now=now, sites=SITES)
    write(home, Play(started=now, minutes=6))
    answer = Client().post("/sample/as/head/")
    assert answer.status_code == 302 and "login" in answer.headers["Location"]


def test_the_play_goes_on_where_it_was(home: Path, now: datetime) -> None:
    write(home, Play(started=now, minutes=6))
    again = read(home)
    assert again is not None and again.share(now + timedelta(minutes=3)) == 0.5
    assert again.share(now - timedelta(minutes=1)) == 0 and again.share(now + timedelta(days=1)) == 1
