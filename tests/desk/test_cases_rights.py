"""Who may what on a case: every verb against every role, and roles of one unit against cases of another."""

from collections.abc import Callable
from datetime import datetime
from inspect import signature
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from huiying.desk.accounts.models import Role
from huiying.desk.accounts.rights import TABLE, Right
from huiying.desk.cases import actions
from huiying.desk.cases.access import get_case, visible
from huiying.desk.cases.forms import VERBS, VerbForm
from tests.desk.handling import handed, opened, owed, somebody
from tests.desk.world import World

RIGHTS = {
    "accept": Right.ACCEPT_ASSIGNMENT,
    "add_mentions": Right.OPEN_CASE,
    "add_note": Right.ADD_NOTE,
    "add_progress": Right.ADD_NOTE,
    "answer_asker": Right.ADD_NOTE,
    "answer_request": Right.WRITE_REPORTS,
    "answer_urge": Right.ADD_NOTE,
    "ask_extension": Right.ASK_EXTENSION,
    "assign": Right.ASSIGN,
    "call_back": Right.CALL_BACK,
    "close": Right.CLOSE_CASE,
    "confirm_level": Right.CONFIRM_LEVEL,
    "correct": Right.ADD_NOTE,
    "decline": Right.ACCEPT_ASSIGNMENT,
    "do_step": Right.ADD_NOTE,
    "grant_extension": Right.GRANT_EXTENSION,
    "instruction_done": Right.CARRY_OUT,
    "join_message": Right.OPEN_CASE,
    "keep_promise": Right.PROMISE,
    "merge": Right.MERGE_CASES,
    "no_relapse": Right.REOPEN,
    "offline_fix": Right.ADD_NOTE,
    "open_case": Right.OPEN_CASE,
    "promise": Right.PROMISE,
    "propose_level": Right.PROPOSE_LEVEL,
    "put_aside": Right.OPEN_CASE,
    "record_instruction": Right.RECORD_INSTRUCTION,
    "refuse_extension": Right.GRANT_EXTENSION,
    "reopen": Right.REOPEN,
    "report_up": Right.REPORT_UP,
    "request": Right.WRITE_REPORTS,
    "request_again": Right.WRITE_REPORTS,
    "route_message": Right.OPEN_CASE,
    "tell_of_extension": Right.ADD_NOTE,
    "unit_report": Right.ACCEPT_ASSIGNMENT,
    "urge": Right.URGE,
    "verify": Right.VERIFY,
    "waive": Right.WAIVE,
}


def test_the_table_names_every_verb() -> None:
    assert set(RIGHTS) == set(actions.__all__)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("verb", sorted(RIGHTS))
def test_the_wrong_role_is_refused_before_anything_is_read(
    world: World, now: datetime, verb: str, role: str
) -> None:
    if Role(role) in TABLE[RIGHTS[verb]]:
        return
    act: Callable[..., object] = getattr(actions, verb)
    nothing: dict[str, Any] = {name: None for name in signature(act).parameters if name not in {"by", "now"}}
    with pytest.raises(PermissionDenied, match="由这些角色办理"):
        act(by=world[role], now=now, **nothing)


def test_a_handler_works_only_on_cases_of_the_own_unit(world: World, now: datetime) -> None:
    case = opened(world, now)
    with pytest.raises(PermissionDenied):
        actions.verify(by=world["handler"], now=now, case=case, outcome="true", facts="看过了")
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["hqc"])
    actions.verify(by=world["handler"], now=now, case=case, outcome="true", facts="看过了")
    assert case.entries.get(kind="verified").role == "handler"


def test_a_handler_accepts_only_for_the_own_unit(world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["jwc"])
    with pytest.raises(PermissionDenied):
        actions.accept(by=world["handler"], now=now, case=case, unit=world.units["jwc"])


def test_a_handler_sees_only_cases_that_the_unit_was_asked_for(world: World, now: datetime) -> None:
    asked, other = opened(world, now), opened(world, now, title="别的事")
    assert list(visible(world["handler"])) == []
    actions.assign(by=world["office"], now=now, case=asked, unit=world.units["hqc"])
    assert list(visible(world["handler"])) == [asked]
    assert other in visible(world["auditor"])


def test_a_unit_that_gave_it_back_can_still_read_it(world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["hqc"])
    actions.decline(by=world["handler"], now=now, case=case, unit=world.units["hqc"], reason="不归我们")
    assert get_case(world["handler"], case.number) == case


def test_a_handler_of_the_unit_above_sees_the_cases_below(world: World, now: datetime) -> None:
    case = opened(world, now)
    below = world.units["jwc"]
    below.parent = world.units["hqc"]
    below.save()
    actions.assign(by=world["office"], now=now, case=case, unit=below)
    assert list(visible(world["handler"])) == [case]


def test_nobody_confirms_a_level_that_the_plan_gives_to_another_role(world: World, now: datetime) -> None:
    case = opened(world, now)
    with pytest.raises(PermissionDenied, match="负责人"):
        actions.confirm_level(by=world["deputy"], now=now, case=case, level=1, reason="重大")
    with pytest.raises(PermissionDenied):
        actions.confirm_level(by=world["office"], now=now, case=case, level=3, reason="一般")
    actions.confirm_level(by=world["deputy"], now=now, case=case, level=2, reason="较大")
    assert case.level == 2


def test_who_stands_in_for_the_head_confirms_while_the_head_is_away(world: World, now: datetime) -> None:
    case = opened(world, now)
    head = world["head"]
    head.away_until = now.replace(hour=23)
    head.save()
    actions.confirm_level(by=world["deputy"], now=now, case=case, level=1, reason="负责人外出，代为定级")
    assert case.level == 1


def test_nobody_decides_on_the_own_request(world: World, now: datetime) -> None:
    case = handed(world, now)
    both = somebody("both", "deputy")
    both.appointments.create(role=Role.OFFICE, unit=None)
    row = owed(case, "unit_report:hqc")
    new = row.due_at.replace(year=2027)
    actions.ask_extension(by=both, now=now, case=case, obligation=row.key, new_due_at=new, reason="要等检测")
    with pytest.raises(Exception, match="不能批自己提的"):
        actions.grant_extension(by=both, now=now, case=case, obligation=row.key)


def test_only_who_may_rehearse_opens_a_drill(world: World, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        opened(world, now, drill=True)
    assert opened(world, now, drill=True, by=world["head"]).number == "D2026-0001"


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.slug)
@pytest.mark.parametrize("role", ["", *Role.values])
def test_every_form_is_behind_the_right_of_its_verb(
    world: World, now: datetime, as_role: Callable[[str], Client], verb: type[VerbForm], role: str
) -> None:
    case = handed(world, now)
    answer = as_role(role).get(f"/cases/{case.number}/{verb.slug}/")
    if not role:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")
    elif Role(role) in TABLE[verb.right]:
        assert answer.status_code in {200, 302}
    else:
        assert answer.status_code == 403


def test_a_case_of_another_unit_does_not_exist_for_a_handler(
    world: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    case = opened(world, now)
    for address in ("", "journal/", "note/", "verify/", f"files/{'0' * 64}/"):
        assert as_role("handler").get(f"/cases/{case.number}/{address}").status_code == 404
