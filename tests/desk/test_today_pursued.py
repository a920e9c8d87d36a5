"""On the first screen: what waits for a signature or an approval, and what is followed to its end."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.test import Client

from huiying.desk.cases import actions as cases
from huiying.desk.collect import actions as collect
from huiying.desk.collect.models import Mention
from huiying.desk.library import actions as library
from huiying.desk.notify.actions import send_circular
from huiying.desk.reports import actions as reports
from huiying.desk.today.queries import now as today
from huiying.desk.today.queries.pursued import Pursued, pursued
from tests.desk.handling import HOUR, handed
from tests.desk.papers import begun, issued, worked
from tests.desk.test_cases_board import message
from tests.desk.test_collect_periods import SECOND, plan_of
from tests.desk.world import World


def words(world: World, role: str, now: datetime) -> list[str]:
    return [need.what for need in today.decisions(world[role], now)]


def followed(world: World, role: str, now: datetime) -> dict[str, Pursued]:
    return {str(one.what): one for one in pursued(world[role], now)}


# What waits for a word


def test_a_paper_waits_for_whoever_may_sign_it_until_it_is_signed(world: World, now: datetime) -> None:
    paper = begun(world, "coordination", worked(world, now), now + HOUR)
    row = f"签发：{paper.title}"
    assert row in words(world, "head", now + HOUR)
    assert row not in words(world, "office", now + HOUR)
    assert row not in words(world, "handler", now + HOUR)
    reports.sign(by=world["head"], now=now + HOUR, paper=paper)
    assert row not in words(world, "head", now + HOUR)


def test_an_answer_to_be_used_again_waits_for_a_second_person(world: World, now: datetime) -> None:
    it = library.put_knowledge(
        by=world["office"], now=now, title="热水几点停", text="二十三点。", check_on=date(2027, 1, 1)
    )
    row = "审定知识：热水几点停"
    assert row in words(world, "head", now)
    assert row not in words(world, "office", now)
    library.approve_knowledge(by=world["head"], now=now, it=it)
    assert row not in words(world, "head", now)


def test_a_key_period_of_our_own_waits_for_the_second_person_until_it_is_over(
    world: World, now: datetime
) -> None:
    plan_of(world, now, SECOND)
    ends = now + HOUR
    collect.heighten(by=world["office"], now=now, name="校庆", starts_at=now, ends_at=ends)
    row = "批准重点时段：校庆"
    assert row in words(world, "head", ends - timedelta(microseconds=1))
    assert row not in words(world, "head", ends)
    assert row not in words(world, "office", now)


# What is followed to its end


def test_an_overdue_urging_leads_to_the_ledger_at_the_very_instant(world: World, now: datetime) -> None:
    case = handed(world, now)
    cases.urge(by=world["office"], now=now, case=case, text="请报进展", due_at=now + HOUR)
    early = followed(world, "office", now + HOUR - timedelta(microseconds=1))["催办、督办"]
    assert (early.open, early.late, early.due_at) == (1, 0, now + HOUR)
    late = followed(world, "office", now + HOUR)["催办、督办"]
    assert (late.open, late.late, late.address) == (1, 1, "/cases/urges/?tab=overdue")
    cases.answer_urge(by=world["handler"], now=now + HOUR, case=case, number=1, text="在办")
    assert "催办、督办" not in followed(world, "office", now + HOUR)


def test_a_unit_sees_only_the_urgings_of_its_own_cases(world: World, now: datetime) -> None:
    case = handed(world, now)
    cases.urge(by=world["office"], now=now, case=case, text="请报进展", due_at=now + HOUR)
    assert followed(world, "handler", now)["催办、督办"].open == 1
    assert "催办、督办" not in followed(world, "admin", now)


def test_a_letter_without_answer_is_followed_until_its_answer_is_late(world: World, now: datetime) -> None:
    case = worked(world, now)
    issued(world, "coordination", case, now + HOUR, due_at=now + 3 * HOUR)
    assert followed(world, "office", now + 2 * HOUR)["协调函"].late == 0
    assert followed(world, "office", now + 3 * HOUR)["协调函"].late == 1


def test_an_instruction_is_followed_until_it_is_carried_out(world: World, now: datetime) -> None:
    case = handed(world, now)
    cases.record_instruction(by=world["office"], now=now, case=case, **said(now))
    row = followed(world, "office", now + 2 * HOUR)["批示待落实"]
    assert (row.open, row.late, row.first) == (1, 1, case.number)


def said(now: datetime) -> dict[str, object]:
    return {"text": "请后勤处查清。", "leader": "分管校领导", "due_at": now + HOUR}


def test_messages_of_the_board_and_notices_to_sign_for(
    world: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    message(now)
    it = send_circular(by=world["office"], now=now, subject="元旦值守", body="请核对。", roles=["handler"])
    assert followed(world, "duty", now)["留言待分办"].open == 1
    row = followed(world, "handler", it.due_at)["通知待签收"]
    assert (row.open, row.late, row.first) == (1, 1, "元旦值守")
    assert "留言待分办" not in followed(world, "handler", now)
    handler = as_role("handler")
    page = handler.get("/").content.decode()
    assert "跟踪督办" in page and "元旦值守" in page
    assert handler.get(row.address).status_code == 200


def test_where_nothing_is_open_there_is_no_panel(world: World, as_role: Callable[[str], Client]) -> None:
    assert not Mention.objects.exists()
    assert "跟踪督办" not in as_role("office").get("/").content.decode()
