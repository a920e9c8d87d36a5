"""Nothing of a drill gets outside: with one, however far it went, the world looks from there as it looked before."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from huiying.desk.accounts.actions import make_token
from huiying.desk.accounts.models import Role
from huiying.desk.accounts.scopes import Scope
from huiying.desk.api.views import api
from huiying.desk.cases import actions as cases
from huiying.desk.cases import feed, wake
from huiying.desk.cases.assessing import evidence_of
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Mention, Source
from huiying.desk.library import actions as library
from huiying.desk.library.models import Knowledge, Talk
from huiying.desk.library.queries import earlier_like, filed
from huiying.desk.library.queries.appraisal import appraise
from huiying.desk.listen import work as listening
from huiying.desk.listen.models import Hearing, Story
from huiying.desk.net.client import Client as Fetcher
from huiying.desk.notify import delivery
from huiying.desk.notify.actions import try_again
from huiying.desk.notify.models import Message
from huiying.desk.plans import queries as plans
from huiying.desk.public.queries import transparency
from huiying.desk.replies.models import Draft
from huiying.desk.reports import actions as reports
from huiying.desk.today.queries import day, now
from huiying.desk.today.queries.wall import wall
from huiying.desk.today.views.today import context
from tests.desk import letters, papers, rehearsing
from tests.desk.rehearsing import DAY, HOUR, MARK
from tests.desk.samples import SAMPLES
from tests.desk.test_rights import by_kind
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
LATER = NOW + 10 * DAY
CHANGES = re.compile(
    r"csrfmiddlewaretoken\" value=\"[^\"]+|X-CSRFToken\": \"[^\"]+|\b\d{2}:\d{2}:\d{2}\b|nonce-[\w-]+"
)


@pytest.fixture(autouse=True)
def _later(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def real(world: World) -> Case:
    """A real matter, of which something may be seen outside."""
    case = letters.matter(world)
    letters.published(world, case)
    return case


# The ways out. Each gives what a stranger, a program, a figure or a colleague who asks for real cases would find.


def public_pages(world: World) -> object:
    """Every page that is open to everybody."""
    found = {}
    for route in by_kind("everybody"):
        if route.name.startswith("api:") or route.name in SAMPLES:
            continue
        answer = Client().get(route.path(world))
        words = "" if answer.streaming else answer.content.decode("utf-8", "replace")
        found[route.name] = (answer.status_code, CHANGES.sub("", words))
    return found


def answers_in_every_feed_and_page(world: World) -> object:
    """The public page with its lists, its feed and its years."""
    slug = Draft.objects.get(case__drill=False).slug
    addresses = (
        "/public/",
        f"/public/{slug}/",
        "/public/?q=热水",
        "/public/feed.atom",
        "/public/transparency/",
        "/public/transparency/?year=2026",
    )
    return [CHANGES.sub("", Client().get(one).content.decode()) for one in addresses]


def the_interface(world: World) -> object:
    """Every operation that reads, with a key that may everything."""
    _row, key = make_token(
        by=world["admin"], now=LATER, name="程序", person=world["office"], scopes=list(Scope.values)
    )
    found = {}
    for path, operations in api.get_openapi_schema()["paths"].items():
        if "get" not in operations or "{" in path:
            continue
        answer = Client().get(path, {"limit": 200}, headers={"authorization": f"Bearer {key}"})
        found[path] = (answer.status_code, json.loads(answer.content))
    return found


def figures(world: World) -> object:
    """What the institution tells the public about itself."""
    return transparency.figures(2026, LATER), transparency.years(LATER)


def appraisal(world: World) -> object:
    """How each unit kept its deadlines."""
    return appraise(NOW - DAY, LATER, LATER)


def the_library(world: World) -> object:
    """Filed cases, and earlier ones like the one at hand."""
    case = Case.objects.filter(drill=False).get()
    return list(filed(world["office"])), earlier_like(case, world["office"])


def first_screens(world: World) -> object:
    """What each person has to do, how many cases run, what happened today."""
    found: dict[str, object] = {}
    for role in Role:
        seen = context(world[role], LATER, everything=True)
        found[role] = [
            seen[key]
            for key in ("needs", "needs_all", "late", "decisions", "marks", "open", "events", "seen")
        ]
        found[f"{role} then"] = day.events(world[role], NOW + HOUR, NOW - HOUR, most=99)
    return found


def the_wall(world: World) -> object:
    """What a room sees."""
    return wall(world["office"], NOW + HOUR), wall(world["office"], LATER)


def books_of_work(world: World) -> object:
    """The books of urging and of letters, as pages and as they are exported."""
    paths = ("/cases/urges/?tab=all", "/cases/requests/?tab=all")
    sheets = ("/cases/urges/export/csv/?tab=all", "/cases/requests/export/csv/?tab=all")
    return [world_page(world, path) for path in (*paths, *sheets)]


def daily_papers(world: World) -> object:
    """What papers about a stretch of time would say."""
    return [reports.start(by=world["office"], now=LATER, kind=kind).body for kind in ("daily", "weekly")]


def what_is_heard(world: World) -> object:
    """The ear takes everything that waits, and stories feed their cases."""
    listening.hear_next(now=LATER, worker="w")
    feed.feed_due(now=LATER)
    counted = (
        Mention.objects.count(),
        Source.objects.count(),
        Hearing.objects.count(),
        Story.objects.count(),
    )
    pages = [world_page(world, path) for path in ("/listen/mentions/", "/sources/", "/listen/")]
    return counted, pages


def world_page(world: World, path: str, role: str = "office") -> str:
    client = Client()
    client.force_login(world[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(path)
    assert answer.status_code == 200
    return CHANGES.sub("", answer.content.decode())


WAYS: tuple[Callable[[World], object], ...] = (
    public_pages,
    answers_in_every_feed_and_page,
    the_interface,
    figures,
    appraisal,
    the_library,
    first_screens,
    the_wall,
    books_of_work,
    daily_papers,
    what_is_heard,
)


def test_with_a_drill_the_world_looks_as_it_did_without(world: World, real: Case) -> None:
    """Every way out is looked at before and after; what shows a drill, or anything else than before, is a hole."""
    letters.also(world, "又一位", "deputy", "deputy2")
    wake.wake_due(LATER)
    before = {way.__name__: way(world) for way in WAYS}
    rehearsing.run_through(world)
    rehearsing.opened(
        world, mentions=[rehearsing.made_up(key="2")]
    )  # and one that is still being handled, late
    wake.wake_due(LATER)
    after = {way.__name__: way(world) for way in WAYS}
    assert [name for name, seen in after.items() if MARK in repr(seen)] == []
    assert [name for name, seen in after.items() if seen != before[name]] == []


def test_the_interface_does_not_know_a_drill_by_its_number(world: World, real: Case) -> None:
    drill = rehearsing.opened(world)
    _row, key = make_token(
        by=world["admin"], now=LATER, name="程序", person=world["office"], scopes=list(Scope.values)
    )
    headers = {"authorization": f"Bearer {key}"}
    ask = Client().get
    for path in (
        f"/api/cases/{drill.number}",
        f"/api/cases/{drill.number}/journal",
        f"/api/cases?after={drill.number}",
    ):
        assert ask(path, headers=headers).status_code == 404
    mention = drill.mentions.get()
    assert ask(f"/api/mentions/{mention.pk}", headers=headers).status_code == 404
    assert ask(f"/api/cases/{real.number}", headers=headers).status_code == 200


def test_no_message_of_a_drill_is_ever_taken_out(world: World) -> None:
    """Every row waits for nobody, has no address to go to, says what it is, and the worker finds nothing to send."""
    Message.objects.all().delete()
    case = rehearsing.run_through(world)
    rehearsing.opened(world, mentions=[rehearsing.made_up(key="2")])
    wake.wake_due(LATER)
    rows = list(Message.objects.all())
    assert len(rows) > 10
    assert {row.state for row in rows} == {Message.State.HELD}
    told = [row.subject for row in rows if row.person]
    assert [words for words in told if not words.startswith(("【演练】", "[DRILL]"))] == []
    assert not any(row.contact or row.channel for row in rows if row.person)

    def nobody() -> Fetcher:
        raise AssertionError("something was sent")

    assert delivery.deliver_due(now=LATER + DAY, worker="w", on_outcome=delivery.nobody, client=nobody) == 0
    assert case.entries.filter(kind="told").count() == 0


def test_a_held_message_cannot_be_tried_again(world: World) -> None:
    rehearsing.opened(world)
    wake.wake_due(LATER)
    for row in Message.objects.filter(state=Message.State.HELD):
        with pytest.raises(ValidationError):
            try_again(by=world["office"], now=LATER, message=row)


def test_a_drills_notice_is_read_and_acknowledged_at_the_desk(world: World) -> None:
    case = rehearsing.opened(world)
    wake.wake_due(LATER)
    row = Message.objects.filter(case_number=case.number, person=world["duty"]).first()
    assert row is not None
    client = Client()
    client.force_login(world["duty"], backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/notices/mine/").content.decode()
    assert row.subject in page
    assert row.ack_path in page
    assert client.post(row.ack_path).status_code in {200, 302}
    assert case.entries.filter(kind="acknowledged").count() == 1


# What is made up and what is real never meet


def test_a_drill_is_not_opened_on_what_people_said(world: World, real: Case) -> None:
    story = Story.objects.create(key="s", title="真的", first_at=NOW, last_at=NOW)
    for told in ({"mentions": list(real.mentions.all())}, {"story": story}):
        with pytest.raises(ValidationError) as refused:
            cases.open_case(by=world["office"], now=NOW, title="演练", drill=True, **told)
        assert "drill" in refused.value.message_dict
    story.refresh_from_db()
    assert story.status == Story.Status.OPEN


def test_scripted_posts_join_no_real_case_and_real_ones_no_drill(world: World, real: Case) -> None:
    drill = rehearsing.opened(world)
    with pytest.raises(ValidationError):
        cases.add_mentions(by=world["duty"], now=NOW, case=real, mentions=[rehearsing.made_up(key="3")])
    with pytest.raises(ValidationError):
        cases.add_mentions(
            by=world["duty"], now=NOW, case=drill, mentions=[letters.post(address="https://a.example/9")]
        )
    with pytest.raises(ValidationError):
        cases.open_case(by=world["duty"], now=NOW, title="真", mentions=[rehearsing.made_up(key="4")])
    cases.add_mentions(by=world["office"], now=NOW, case=drill, mentions=[rehearsing.made_up(key="5")])
    assert drill.mentions.count() == 2


def test_what_a_drill_said_is_no_knowledge_and_no_talk_with_the_media(world: World) -> None:
    case = rehearsing.run_through(world)
    draft = Draft.objects.get(case=case, published_at__isnull=False)
    with pytest.raises(ValidationError):
        library.put_knowledge(
            by=world["office"], now=LATER, title="答", text="答", check_on=(LATER + DAY).date(), draft=draft
        )
    contact = library.put_contact(by=world["office"], now=LATER, outlet="晚报", name="记者甲", tier="city")
    with pytest.raises(ValidationError):
        library.note_talk(by=world["office"], now=LATER, contact=contact, about="演练", case=case)
    assert (Knowledge.objects.count(), Talk.objects.count()) == (0, 0)


def test_numbers_of_drills_leave_no_gap_and_their_texts_have_no_address(world: World, real: Case) -> None:
    drill = rehearsing.run_through(world)
    assert (drill.number, drill.referrals.get().number) == ("D2026-0001", "DR2026-001")
    again = cases.open_case(by=world["duty"], now=NOW, title="真的一件")
    assert again.number == "2026-0002"
    draft = Draft.objects.get(case=drill, published_at__isnull=False)
    assert Client().get(f"/public/{draft.slug}/").status_code == 404


# It is marked wherever it is seen


@pytest.mark.parametrize(
    "path",
    [
        "/cases/{number}/",
        "/cases/{number}/verify/",
        "/cases/",
        "/cases/?drill=1",
        "/replies/?tab=all",
        "/reports/",
    ],
)
def test_every_page_that_shows_a_drill_says_so(world: World, real: Case, path: str) -> None:
    case = rehearsing.opened(world)
    letters.written(world, case)
    papers.begun(world, "flash", case)
    page = world_page(world, path.format(number=case.number))
    assert case.number in page or MARK in page
    assert "演练" in page


def test_the_post_of_a_drill_says_that_nobody_said_it(world: World) -> None:
    case = rehearsing.opened(world)
    page = world_page(world, f"/sources/mentions/{case.mentions.get().pk}/")
    assert "没有人真的这样说" in page
    assert "立案" not in page.split("page-head")[1].split("</div>")[0]


def test_the_first_screen_lists_a_drill_apart(world: World, real: Case) -> None:
    case = rehearsing.opened(world)
    rows = now.rehearsed(world["duty"], NOW + HOUR)
    assert rows
    assert all(case.number in row.about for row in rows)
    page = world_page(world, "/?all", "duty")
    assert "不计入上面的数" in page


def test_a_level_is_proposed_from_what_the_script_said(world: World) -> None:
    case = rehearsing.opened(world, mentions=[rehearsing.made_up(extra={"tone": "complaint"})])
    assert case.plan is not None
    evidence = evidence_of(case, plans.engine_plan(case.plan), plans.calendar_in_force(), LATER)
    assert (evidence.mentions, evidence.tiers, evidence.reach) == (1, {"national": 1}, 900_000)
    assert (evidence.negative_share, evidence.concern) == (1.0, 1.0)
