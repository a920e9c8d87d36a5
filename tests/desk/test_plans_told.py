"""A plan as a flow chart and in sentences, what a new version says differently, and a case's way on its own page."""

from collections.abc import Callable, Iterator
from datetime import datetime
from html import unescape

import pytest
import time_machine
from django.test import Client

from huiying.desk.cases import actions as cases
from huiying.desk.plans import actions, queries
from huiying.engine.plan.explain import told
from tests.desk.handling import PLAN, graded, opened, with_plan
from tests.desk.test_plans_actions import changed, second
from tests.desk.world import World

Sign = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _at_that_time(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def in_english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def test_a_plan_is_told_in_sentences_beside_its_chart(world: World, now: datetime, as_role: Sign) -> None:
    plan = queries.engine_plan(with_plan(world, now))
    words = unescape(page(as_role("auditor"), "/plans/school/1/told/"))
    for section in told(plan):
        assert f'id="told-{section.id}"' in words
        for line in section.lines:
            assert line.text.zh in words
    assert words.count('<svg xmlns="http://www.w3.org/2000/svg" class="flow" role="img"') == 1


def test_it_is_told_in_english_too(world: World, now: datetime, as_role: Sign) -> None:
    plan = queries.engine_plan(with_plan(world, now))
    words = unescape(page(in_english(as_role("auditor")), "/plans/school/1/told/"))
    for section in told(plan):
        assert section.title.en in words
    assert "The flow chart in words" in words
    assert ">confirmed by " in words


def test_the_chart_carries_no_style_that_the_content_policy_would_refuse(
    world: World, now: datetime, as_role: Sign
) -> None:
    with_plan(world, now)
    words = page(as_role("auditor"), "/plans/school/1/told/")
    chart = words[words.index("<svg xmlns") : words.index("</svg>", words.index("<svg xmlns"))]
    assert "style" not in chart
    assert "<script" not in chart


def test_what_a_plan_is_called_cannot_become_markup(world: World, now: datetime, as_role: Sign) -> None:
    with_plan(world, now)
    text = changed(PLAN, 'zh = "重大"', 'zh = "<img src=x>"')
    actions.upload(by=world["office"], now=now, text=text)
    words = page(as_role("auditor"), "/plans/school/2/told/")
    assert "<img src=x>" not in words
    assert "&lt;img src=x&gt;" in words


def test_who_may_see_plans_may_read_it_and_nobody_else(world: World, now: datetime, as_role: Sign) -> None:
    with_plan(world, now)
    assert as_role("").get("/plans/school/1/told/").status_code == 302
    assert as_role("auditor").get("/plans/school/9/told/").status_code == 404


def test_a_new_version_says_in_words_what_it_changes(world: World, now: datetime, as_role: Sign) -> None:
    with_plan(world, now)
    answer = as_role("office").post("/plans/upload/", {"text": changed(PLAN), "note": "改"}, follow=True)
    words = unescape(answer.content.decode())
    assert "“5 小时”改为“3 小时”（收紧）" in words
    assert "逐行对照" in words
    english = unescape(page(in_english(as_role("deputy")), "/plans/school/2/"))
    assert 'from "5 hours" to "3 hours" (stricter)' in english


def test_a_version_that_changes_only_its_comments_says_so(world: World, now: datetime, as_role: Sign) -> None:
    with_plan(world, now)
    actions.upload(by=world["office"], now=now, text=f"# 抄正\n{PLAN}")
    assert "规定没有差异。" in page(as_role("deputy"), "/plans/school/2/")


def test_a_case_shows_how_far_it_has_come(world: World, now: datetime, as_role: Sign) -> None:
    case = graded(world, now, 1)
    words = page(as_role("head"), f"/cases/{case.number}/")
    assert "流程图：走到哪一步" in words
    assert 'class="grade l1 is-done"' in words
    assert 'class="lane l3 off"' in words
    assert ">待办</text>" in words


def test_a_case_keeps_the_chart_of_the_plan_that_governs_it(
    world: World, now: datetime, as_role: Sign
) -> None:
    case = graded(world, now, 1)
    actions.activate(by=world["deputy"], now=now, version=second(world, now))
    words = page(as_role("head"), f"/cases/{case.number}/")
    assert "自发现起 5 小时内" in words
    assert "自发现起 3 小时内" not in words


def test_a_case_not_yet_graded_shows_all_levels(world: World, now: datetime, as_role: Sign) -> None:
    case = opened(world, now)
    cases.verify(by=world["duty"], now=now, case=case, outcome="true", facts="属实")
    words = page(as_role("head"), f"/cases/{case.number}/")
    assert " off" not in words[words.index("<svg xmlns") : words.index("</svg>", words.index("<svg xmlns"))]
