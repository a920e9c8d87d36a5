"""The wall: levels, hottest stories, deadlines and sources for a room. Matters and units, never people."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from huiying.desk.cases import actions as cases
from huiying.desk.collect.models import Source
from huiying.desk.listen import ledger
from huiying.desk.listen.models import Story
from huiying.desk.today.queries.wall import wall
from tests.desk.handling import graded, handed, opened, with_plan
from tests.desk.listen_world import CANTEEN, hear_all, posts, source, watch
from tests.desk.world import NAMES, NOW, World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
SOON = NOW + timedelta(minutes=20)


@pytest.fixture(autouse=True)
def _soon() -> object:
    ledger.forget()
    with time_machine.travel(SOON, tick=False):
        yield


def test_levels_are_counted_as_the_plan_has_them(world: World) -> None:
    graded(world, NOW, 3)
    graded(world, NOW, 2)
    opened(world, NOW)
    cases.open_case(by=world["office"], now=NOW, title="演练", drill=True)
    it = wall(world["office"], SOON)
    assert dict(it.levels)[3] == 1
    assert dict(it.levels)[2] == 1
    assert dict(it.levels)[None] == 1
    assert it.open == 3


def test_deadlines_of_the_next_day_stand_soonest_first(world: World) -> None:
    opened(world, NOW - timedelta(hours=6))
    opened(world, NOW)
    it = wall(world["office"], SOON, deadlines=3)
    assert [row.due_at for row in it.owed] == sorted(row.due_at for row in it.owed)
    assert len(it.owed) == 3
    assert it.owed_more > 0
    assert it.overdue == sum(row.due_at <= SOON for row in wall(world["office"], SOON, deadlines=99).owed)
    assert all(row.due_at <= SOON + timedelta(hours=24) for row in it.owed)


def test_the_three_hottest_stories_are_shown_and_no_dismissed_one(world: World) -> None:
    with_plan(world, NOW)
    watch("食堂", "食堂")
    posts(CANTEEN)
    hear_all()
    assert len(wall(world["office"], SOON).stories) == 1
    Story.objects.update(status="dismissed")
    assert wall(world["office"], SOON).stories == ()


def test_sources_that_cannot_be_read_are_counted(world: World, as_role: SignIn) -> None:
    source("校园论坛")
    source("晚报")
    Source.objects.filter(name="晚报").update(failing_since=NOW, failures=2)
    it = wall(world["office"], SOON)
    assert (it.sources.all, it.sources.failing) == (2, 1)
    assert "2 个信源里 1 个读不成" in as_role("office").get("/wall/").content.decode()


def test_units_are_ranked_by_answers_in_time(world: World) -> None:
    case = handed(world, NOW - timedelta(days=3))
    case.owed.update(unit=None)
    rows = case.owed.all()
    for number, row in enumerate(rows[:4]):
        row.unit, row.due_at = world.units["hqc"], NOW - timedelta(days=1)
        row.state = "met" if number else "late"
        row.save()
    (one,) = wall(world["office"], SOON).units
    assert (one.unit, one.met, one.due) == ("后勤处", 3, 4)
    assert one.share == 0.75


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_name_of_a_person_stands_on_the_wall(world: World, as_role: SignIn, language: str) -> None:
    handed(world, NOW)
    client = as_role("office")
    client.cookies["django_language"] = language
    page = client.get("/wall/").content.decode()
    assert not [name for name in NAMES.values() if name in page]


def test_the_wall_asks_for_itself_again_with_and_without_a_script(world: World, as_role: SignIn) -> None:
    page = as_role("office").get("/wall/").content.decode()
    assert 'hx-trigger="every 30s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    part = as_role("office").get("/wall/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<main")


def test_the_wall_of_a_handler_shows_the_own_unit(world: World, as_role: SignIn) -> None:
    case = handed(world, NOW)
    other = cases.open_case(by=world["duty"], now=NOW, title="别的部门的事")
    page = as_role("handler").get("/wall/").content.decode()
    assert case.title in page
    assert other.title not in page


def test_the_administrators_wall_shows_no_matter(world: World, as_role: SignIn) -> None:
    case = opened(world, NOW)
    assert case.title not in as_role("admin").get("/wall/").content.decode()


def test_an_empty_wall_says_so(world: World, as_role: SignIn) -> None:
    page = as_role("duty").get("/wall/").content.decode()
    assert "三天内没有被谈论的话题" in page
    assert "二十四小时内没有到期的事" in page
