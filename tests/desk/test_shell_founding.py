"""The first run: from an empty desk to one that can tell somebody."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiying.desk.accounts import actions, queries
from huiying.desk.accounts.models import Contact, Institution, Person, Role, Unit
from huiying.desk.plans.queries import active
from tests.desk.world import World

GOOD = "correct-horse-battery"


@pytest.fixture
def founder(db: None, client: Client) -> Client:
    """Somebody who came in by the printed link."""
    client.post(f"/start/enter/{actions.first_run_token(now=timezone.now())}/")
    return client


def account(client: Client) -> None:
    client.post("/start/me/", {"name": "丙主任", "password": GOOD})


def named(client: Client, lines: str = "后勤处：后勤、食堂\n教务处") -> None:
    client.post("/start/institution/", {"name": "青禾市第九中学", "short_name": "九中", "lines": lines})


def rows(client: Client) -> list[dict[str, object]]:
    """The quick table as the page offers it."""
    return [dict(form.initial) for form in client.get("/start/people/").context["rows"]]


def send_rows(client: Client, wanted: list[dict[str, object]]) -> object:
    data: dict[str, object] = {"form-TOTAL_FORMS": len(wanted), "form-INITIAL_FORMS": len(wanted)}
    for number, row in enumerate(wanted):
        data |= {f"form-{number}-{key}": value for key, value in row.items() if value not in (None, "")}
    return client.post("/start/people/", data)


@pytest.mark.parametrize("path", ["/", "/cases/", "/settings/", "/listen/", "/no/such/page/"])
def test_before_founding_every_page_leads_to_how_to_begin(db: None, client: Client, path: str) -> None:
    assert client.get(path)["Location"] == "/start/"
    assert "huiying up" in client.get("/start/").content.decode()


def test_before_founding_programs_are_told_so(db: None, client: Client) -> None:
    answer = client.get("/api/mentions")
    assert (answer.status_code, answer.json()) == (
        503,
        {"error": "This desk is not set up yet: open /start/"},
    )


@pytest.mark.parametrize("step", ["me", "plan", "institution", "people", "roster", "reach", "ready"])
def test_a_stranger_gets_no_further_than_the_door(db: None, client: Client, step: str) -> None:
    assert client.get(f"/start/{step}/")["Location"] == "/start/"
    assert client.post(f"/start/{step}/")["Location"] == "/start/"


def test_looking_at_the_link_does_not_use_it_up(db: None, client: Client) -> None:
    link = f"/start/enter/{actions.first_run_token(now=timezone.now())}/"
    client.get(link)
    client.get(link)
    assert client.post(link)["Location"] == "/start/"


def test_the_sample_is_offered_only_where_its_feeds_are_served(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = f"/start/enter/{actions.first_run_token(now=timezone.now())}/"
    monkeypatch.delenv("HUIYING_SAMPLE", raising=False)
    assert 'name="sample"' not in client.get(link).content.decode()
    monkeypatch.setenv("HUIYING_SAMPLE", "http://127.0.0.1:8610")
    assert 'name="sample"' in client.get(link).content.decode()
    assert client.post(link, {"sample": "1"})["Location"] == "/sample/"


def test_the_link_works_once_and_for_a_day(db: None, client: Client) -> None:
    link = f"/start/enter/{actions.first_run_token(now=timezone.now())}/"
    client.post(link)
    assert Client().post(link).status_code == 410
    old = actions.first_run_token(now=timezone.now() - timedelta(hours=24))
    assert Client().post(f"/start/enter/{old}/").status_code == 410


def test_a_second_link_leads_to_the_same_founder(founder: Client) -> None:
    other = Client()
    other.post(f"/start/enter/{actions.first_run_token(now=timezone.now())}/")
    assert Person.objects.count() == 1


def test_the_first_thing_is_ones_own_account(founder: Client) -> None:
    assert founder.get("/start/")["Location"] == "/start/me/"
    assert founder.get("/start/plan/")["Location"] == "/start/me/"
    weak = founder.post("/start/me/", {"name": "丙主任", "password": "short"})
    assert weak.status_code == 422
    assert "丙主任" in weak.content.decode()
    account(founder)
    assert founder.get("/start/")["Location"] == "/start/plan/"


def test_the_first_run_is_taken_up_where_it_was_left(founder: Client) -> None:
    account(founder)
    founder.post("/start/plan/", {"plan": "school"})
    later = Client()
    later.post("/accounts/login/", {"login": "bingzhuren", "password": GOOD})
    assert later.get("/start/")["Location"] == "/start/institution/"
    assert later.get("/")["Location"] == "/start/"


def test_every_shipped_plan_is_offered_with_what_it_is(founder: Client) -> None:
    account(founder)
    page = founder.get("/start/plan/")
    assert next(choice.id for choice in page.context["choices"]) == "school"
    assert "发现后 5 小时内首次回应" in page.content.decode()
    assert founder.post("/start/plan/", {}).status_code == 422
    assert founder.post("/start/plan/", {"plan": "no-such"}).status_code == 422
    founder.post("/start/plan/", {"plan": "school"})
    version = active()
    assert version is not None
    assert version.name == "school"


def test_another_plan_may_be_chosen_while_founding(founder: Client) -> None:
    account(founder)
    founder.post("/start/plan/", {"plan": "school"})
    assert founder.post("/start/plan/", {"plan": "national"})["Location"] == "/start/institution/"
    version = active()
    assert version is not None
    assert version.name == "national"


def test_units_are_entered_one_a_line_and_mended_the_same_way(founder: Client) -> None:
    account(founder)
    named(founder)
    named(founder, "后勤处: 食堂\n保卫处")
    units = {unit.name: (unit.aliases, unit.active) for unit in Unit.objects.all()}
    assert units == {"后勤处": (["食堂"], True), "教务处": ([], False), "保卫处": ([], True)}
    assert "保卫处" in founder.get("/start/institution/").content.decode()


def test_what_was_typed_is_kept_when_the_name_is_missing(founder: Client) -> None:
    account(founder)
    page = founder.post("/start/institution/", {"name": "", "lines": "后勤处"})
    assert page.status_code == 422
    assert "后勤处" in page.content.decode()
    assert not Unit.objects.exists()


def test_the_quick_table_waits_for_each_role_and_each_unit(founder: Client) -> None:
    account(founder)
    founder.post("/start/plan/", {"plan": "school"})
    named(founder)
    waiting = [row["roles"] for row in rows(founder) if "roles" in row and not row.get("name")]
    assert {"head", "duty", "spokesperson"} <= {role for roles in waiting for role in roles}
    assert waiting.count(["handler"]) == 2


def test_a_row_that_is_wrong_keeps_all_rows_from_being_saved(founder: Client) -> None:
    account(founder)
    named(founder)
    unit = Unit.objects.get(name="后勤处")
    good = {"name": "甲校长", "roles": ["head"]}
    answer = send_rows(founder, [good, {"name": "戊承办", "roles": ["handler"]}])
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert not Person.objects.filter(name="甲校长").exists()
    send_rows(founder, [good, {"name": "戊承办", "roles": ["handler", "reviewer"], "unit": unit.pk}])
    posts = {(post.role, post.unit) for post in Person.objects.get(name="戊承办").appointments.all()}
    assert posts == {("handler", unit), ("reviewer", None)}


def test_the_founder_cannot_write_the_administrator_away(founder: Client) -> None:
    account(founder)
    named(founder)
    me = Person.objects.get()
    answer = send_rows(founder, [{"pk": me.pk, "name": me.name, "roles": ["office"]}])
    assert answer.status_code == 422  # type: ignore[attr-defined]


def test_a_struck_out_row_lets_the_person_go_but_never_the_founder(founder: Client) -> None:
    account(founder)
    named(founder)
    me = Person.objects.get()
    mine = {"pk": me.pk, "name": me.name, "roles": ["admin", "office"]}
    send_rows(founder, [mine, {"name": "甲校长", "roles": ["head"]}])
    head = Person.objects.get(name="甲校长")
    send_rows(founder, [mine | {"name": ""}, {"pk": head.pk, "roles": ["head"]}])
    assert {person.name: person.is_active for person in Person.objects.all()} == {
        "丙主任": True,
        "甲校长": False,
    }


def test_duty_begins_this_very_moment(founder: Client) -> None:
    account(founder)
    founder.post("/start/roster/", {"people": [Person.objects.get().pk], "pattern": "day", "days": 14})
    now = timezone.now()
    assert len(queries.on_duty(now)) == 1
    assert queries.gaps(now, now + timedelta(days=13)) == []


def test_a_wrong_address_keeps_the_right_ones(founder: Client) -> None:
    account(founder)
    me = Person.objects.get()
    data = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2}
    data |= {"form-0-person": me.pk, "form-0-channel": "mail", "form-0-address": "me@school.example"}  # type: ignore[dict-item]
    data |= {"form-1-person": me.pk, "form-1-channel": "sms", "form-1-address": "call me"}  # type: ignore[dict-item]
    page = founder.post("/start/reach/", data)
    assert page.status_code == 422
    assert "call me" in page.content.decode()
    assert Contact.objects.get().address == "me@school.example"


def test_a_test_message_says_whether_it_arrived(founder: Client, mailoutbox: list[object]) -> None:
    account(founder)
    me = Person.objects.get()
    way = actions.add_contact(
        by=me, now=timezone.now(), person=me, channel="mail", address="me@school.example"
    )
    page = founder.post(f"/start/reach/{way.pk}/test/", follow=True)
    way.refresh_from_db()
    assert (way.verified_at is not None) == ("对方接收成功" in page.content.decode())
    assert way.verified_at is not None or way.failing_since is not None


def test_the_last_page_says_plainly_when_nobody_would_be_told(founder: Client) -> None:
    account(founder)
    named(founder)
    assert "谁也不会知道" in founder.get("/start/ready/").content.decode()


def test_what_is_missing_leads_to_the_step_that_mends_it(founder: Client) -> None:
    account(founder)
    named(founder)
    paths = {finding.place.path for finding in founder.get("/start/ready/").context["findings"]}
    assert {"/start/plan/", "/start/people/", "/start/roster/", "/start/reach/"} <= paths
    assert all(path == "" or path.startswith("/start/") for path in paths)


def test_the_whole_first_run(founder: Client) -> None:
    account(founder)
    founder.post("/start/plan/", {"plan": "school"})
    named(founder)
    filled = [
        row | {"name": row.get("name") or f"某{number}"} for number, row in enumerate(rows(founder)) if row
    ]
    assert send_rows(founder, filled)["Location"] == "/start/roster/"  # type: ignore[index]
    duty = Person.objects.get(appointments__role=Role.DUTY)
    founder.post("/start/roster/", {"people": [duty.pk], "pattern": "two", "days": 30})
    for person in Person.objects.all():
        actions.add_contact(
            by=Person.objects.get(username="bingzhuren"),
            now=timezone.now(),
            person=person,
            channel="mail",
            address=f"p{person.pk}@school.example",
        )
    page = founder.get("/start/ready/")
    assert page.context["errors"] == []
    assert founder.post("/start/ready/")["Location"] == "/"
    assert Institution.objects.get().founded_at is not None


def test_an_institution_without_a_name_does_not_begin(founder: Client) -> None:
    account(founder)
    assert founder.post("/start/ready/").status_code == 422


def test_after_founding_the_first_run_is_closed(world: World, as_role: Callable[[str], Client]) -> None:
    pages = ("", "enter/x/", "me/", "plan/", "institution/", "people/", "roster/", "reach/", "ready/")
    assert actions.first_run_token(now=timezone.now()) == ""
    for role in ("", "admin", "head"):
        assert {as_role(role).get(f"/start/{page}").status_code for page in pages} == {404}


def test_every_step_is_said_in_english_too(founder: Client) -> None:
    account(founder)
    named(founder)
    founder.cookies["django_language"] = "en"
    for step in ("me", "institution", "people", "roster", "reach", "ready"):
        text = founder.get(f"/start/{step}/").content.decode()
        words = re.sub(
            r"<[^>]*>|丙主任|bingzhuren|后勤处|教务处|青禾市第九中学|九中|后勤、食堂|中文|：|任", "", text
        )
        assert re.findall(r"[\u3400-\u9fff]+", words) == [], step
