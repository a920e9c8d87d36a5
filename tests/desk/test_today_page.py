"""The first screen: what needs me now, what waits for my word, what rises, what does not work, and the day so far."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from huiying.desk.accounts.models import Shift
from huiying.desk.cases import actions as cases
from huiying.desk.collect.models import Source
from huiying.desk.listen import actions, ledger
from huiying.desk.listen.models import Fold, Story
from huiying.desk.notify.models import Heartbeat
from huiying.desk.today.queries import day, health, now
from tests.desk.handling import graded, handed, opened, with_plan
from tests.desk.listen_world import CANTEEN, hear_all, post, posts, source, watch
from tests.desk.world import NOW, World

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
SOON = NOW + timedelta(minutes=20)


@pytest.fixture(autouse=True)
def _soon() -> object:
    ledger.forget()
    with time_machine.travel(SOON, tick=False):
        yield


@pytest.fixture
def listening(world: World) -> World:
    """A school with its plan, a watch, a source, and a worker that lives."""
    with_plan(world, NOW)
    watch("食堂", "食堂")
    source()
    Heartbeat.objects.create(worker="w1", started_at=NOW, last_beat=SOON)
    return world


def today(as_role: SignIn, role: str) -> str:
    page = as_role(role).get("/")
    assert page.status_code == 200
    return page.content.decode()


# ---- what needs me


def test_what_is_owed_stands_soonest_first_with_rule_and_button(listening: World) -> None:
    case = opened(listening, NOW)
    rows = now.needs(listening["duty"], SOON)
    assert rows
    instants = [row.due_at for row in rows if row.due_at]
    assert instants == sorted(instants)
    verify = next(row for row in rows if "核实" in row.what)
    assert verify.why
    assert case.number in verify.about
    assert verify.button
    assert case.number in verify.button_address


def test_the_page_says_what_is_overdue(listening: World, as_role: SignIn) -> None:
    opened(listening, NOW - timedelta(days=2))
    page = today(as_role, "duty")
    assert "项已超时" in page
    assert "is-late" in page


def test_a_story_to_assess_is_owed_by_the_duty_and_nobody_without_the_right(listening: World) -> None:
    posts(CANTEEN)
    hear_all()
    story = Story.objects.get()
    row = next(row for row in now.needs(listening["duty"], SOON) if row.icon == "story")
    assert (row.due_at, row.level) == (story.assess_due_at, story.proposed_level)
    assert row.address == f"/listen/stories/{story.pk}/"
    assert not any(row.icon == "story" for row in now.needs(listening["head"], SOON))


def test_an_assessed_story_is_owed_no_more(listening: World) -> None:
    posts(CANTEEN)
    hear_all()
    actions.watch_on(by=listening["duty"], now=SOON, story=Story.objects.get(), note="先看")
    assert now.needs(listening["duty"], SOON) == []


def test_many_light_stories_stand_in_one_row(listening: World) -> None:
    watch("其他", "路灯 OR 集市 OR 漏水 OR 噪音 OR 停电")
    for number, word in enumerate(
        ("南门路灯不亮", "操场边集市太吵", "图书馆漏水", "工地夜里噪音", "实验楼停电")
    ):
        post(f"{word}，请处理", f"{word}已经三天了，请学校尽快处理", at=NOW + timedelta(minutes=number))
    hear_all()
    rows = now.needs(listening["duty"], SOON)
    assert [row.what for row in rows][-1] == "另有 2 个轻的话题待研判"
    assert len(rows) == 4


def test_titles_from_outside_are_covered(listening: World, as_role: SignIn) -> None:
    post("食堂异味 13812345678", "食堂的饭菜有异味，请查 13812345678")
    hear_all()
    assert "13812345678" not in today(as_role, "duty")


# ---- decisions


def test_a_level_to_confirm_waits_for_those_who_may(listening: World) -> None:
    case = opened(listening, NOW)
    cases.propose_level(by=listening["duty"], now=NOW, case=case, level=1, reason="家长反映强烈")
    (row,) = [one for one in now.decisions(listening["head"], SOON) if case.number in one.about]
    assert "等级" in row.what
    assert row.button_address.startswith(f"/cases/{case.number}/")
    assert now.decisions(listening["handler"], SOON) == []


def test_what_is_owed_is_not_listed_as_a_decision_again(listening: World, as_role: SignIn) -> None:
    case = opened(listening, NOW)
    cases.propose_level(by=listening["duty"], now=NOW, case=case, level=3, reason="照预案")
    page = today(as_role, "deputy")
    assert page.count(f"/cases/{case.number}/confirm/") <= 2  # the ruler's mark and the row's button


def test_decisions_come_first_when_nothing_is_owed(listening: World, as_role: SignIn) -> None:
    case = graded(listening, NOW)
    cases.assign(by=listening["office"], now=NOW, case=case, unit=listening.units["hqc"])
    cases.decline(by=listening["handler"], now=NOW, case=case, unit=listening.units["hqc"], reason="归教务处")
    page = today(as_role, "office")
    assert "退办" in page


# ---- by role


def test_a_handler_sees_only_the_cases_of_the_own_unit(listening: World, as_role: SignIn) -> None:
    case = handed(listening, NOW)
    other = cases.open_case(by=listening["duty"], now=NOW, title="别的部门的事")
    page = today(as_role, "handler")
    assert case.number in page
    assert other.number not in page


def test_the_administrator_sees_the_desk_and_no_cases(listening: World, as_role: SignIn) -> None:
    case = opened(listening, NOW)
    page = today(as_role, "admin")
    assert "就绪检查" in page
    assert case.number not in page


def test_the_auditor_reads_and_owes_nothing(listening: World, as_role: SignIn) -> None:
    opened(listening, NOW)
    page = today(as_role, "auditor")
    assert "现在要我办" not in page
    assert "今天发生的" in page


@pytest.mark.parametrize(
    "role", ["head", "deputy", "office", "duty", "handler", "reviewer", "spokesperson", "auditor", "admin"]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_role_has_a_first_screen_on_an_empty_desk(
    world: World, as_role: SignIn, role: str, language: str
) -> None:
    client = as_role(role)
    client.cookies["django_language"] = language
    assert client.get("/").status_code == 200


def test_a_stranger_goes_to_sign_in(world: World, as_role: SignIn) -> None:
    assert as_role("").get("/").status_code == 302


# ---- what to do first


def test_a_new_desk_is_told_its_first_steps(world: World, as_role: SignIn) -> None:
    page = today(as_role, "office")
    assert "还差几步就能用" in page
    assert "/listen/watches/new/" in page
    assert "/sources/add/" in page


def test_the_steps_go_once_they_are_taken(listening: World) -> None:
    assert health.first_steps(listening["office"]) == []
    assert health.first_steps(listening["head"]) == []


# ---- what does not work


def says(world: World, role: str, at: datetime = SOON) -> list[str]:
    return [one.what.zh for one in health.troubles(world[role], at)]


def test_a_well_desk_says_so(listening: World, as_role: SignIn) -> None:
    assert says(listening, "office") == []
    assert "信源都读得成" in today(as_role, "office")


def test_a_source_that_cannot_be_read_is_named_to_those_who_see_sources(listening: World) -> None:
    Source.objects.update(failing_since=NOW, failures=3, error_zh="对方返回 503", error_en="answered 503")
    assert any("校园论坛" in what for what in says(listening, "office"))
    assert not any("校园论坛" in what for what in says(listening, "handler"))


def test_a_dead_worker_is_the_first_thing_said(listening: World) -> None:
    Source.objects.update(failing_since=NOW, failures=3, error_zh="x", error_en="x")
    Heartbeat.objects.all().delete()
    assert "后台程序没有在运行" in says(listening, "duty")[0]


def test_listening_that_stands_still_is_said(listening: World) -> None:
    Fold.objects.create(trouble="too-new: 9")
    assert any("倾听停住" in what for what in says(listening, "head"))


def test_a_gap_in_the_roster_is_said_before_it_comes(listening: World) -> None:
    Shift.objects.update(ends_at=SOON + timedelta(hours=5))
    assert any("两天内" in what for what in says(listening, "head"))
    Shift.objects.all().delete()
    assert any("此刻无人值班" in what for what in says(listening, "head"))


def test_what_keeps_the_house_from_working_is_told_to_the_administrator(listening: World) -> None:
    listening["duty"].contacts.all().delete()
    assert len(says(listening, "admin")) > len(says(listening, "duty"))


# ---- the day


def test_the_day_so_far_is_told_newest_first(listening: World) -> None:
    case = handed(listening, NOW)
    cases.add_note(by=listening["office"], now=SOON, case=case, text="家长来电询问")
    told = day.events(listening["office"], SOON, day.midnight(NOW))
    assert told[0].at == SOON
    assert [event.at for event in told] == sorted((event.at for event in told), reverse=True)
    assert all(case.number in event.about for event in told)


def test_yesterday_is_not_today(listening: World) -> None:
    opened(listening, NOW - timedelta(days=1))
    told = day.events(listening["office"], NOW, day.midnight(NOW))
    assert all(event.at >= day.midnight(NOW) for event in told)


def test_a_deadline_that_passed_today_is_part_of_the_day(listening: World) -> None:
    case = opened(listening, NOW - timedelta(hours=20))
    later = NOW + timedelta(hours=8)
    cases.verify(by=listening["duty"], now=later, case=case, outcome="true", facts="属实")
    told = day.events(listening["office"], later, day.midnight(NOW), most=50)
    assert any(event.late for event in told)


# ---- rising, and the pulse


def test_rising_stories_stand_with_their_forecast_in_words(listening: World, as_role: SignIn) -> None:
    posts(CANTEEN)
    hear_all()
    Story.objects.update(forecast=0.7)
    page = today(as_role, "head")
    assert "正在升温" in page
    assert "很可能翻倍，十次里约 7 次" in page


def test_the_open_page_learns_that_something_changed(listening: World, as_role: SignIn) -> None:
    client = as_role("duty")
    page = client.get("/")
    seen = page.context["seen"]
    assert "点这里刷新" not in client.get(f"/today/pulse/?seen={seen}").content.decode()
    opened(listening, NOW)
    assert "点这里刷新" in client.get(f"/today/pulse/?seen={seen}").content.decode()
