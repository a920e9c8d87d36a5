"""A matter from opening to closing, and each of the ways in which it may turn."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from huiying.desk.cases import actions
from huiying.desk.cases.models import Case
from huiying.desk.notify.models import Message
from huiying.engine.journal import Kind
from tests.desk.handling import (
    HOUR,
    answered,
    closed,
    graded,
    handed,
    opened,
    owed,
    published,
    somebody,
    with_plan,
    wrote,
)
from tests.desk.world import World


def open_keys(case: Case) -> set[str]:
    return set(case.owed.filter(state="open").values_list("key", flat=True))


def test_a_matter_is_opened_verified_graded_handed_over_answered_closed_and_kept(
    world: World, now: datetime
) -> None:
    case = opened(world, now)
    assert {"verify", "grade", "first", "formal"} <= open_keys(case)
    actions.verify(
        by=world["duty"], now=now + HOUR, case=case, outcome="partly", facts="汤有酸味，没有人就医"
    )
    actions.propose_level(by=world["duty"], now=now + HOUR, case=case, level=3, reason="个别反映")
    assert (case.level, case.proposed_level) == (None, 3)
    actions.confirm_level(by=world["deputy"], now=now + 2 * HOUR, case=case, level=3)
    assert (case.level, case.proposed_level, case.step) == (3, None, "report")
    actions.assign(by=world["office"], now=now + 2 * HOUR, case=case, unit=world.units["hqc"], text="查留样")
    actions.accept(by=world["handler"], now=now + 3 * HOUR, case=case, unit=world.units["hqc"])
    assert (case.step, case.lead) == ("handle", world.units["hqc"])
    published(case, world, now + 4 * HOUR, "formal")
    actions.offline_fix(by=world["handler"], now=now + 5 * HOUR, case=case, text="换了灶具，重做了汤")
    actions.unit_report(
        by=world["handler"], now=now + 5 * HOUR, case=case, unit=world.units["hqc"], text="已换灶具"
    )
    actions.close(by=world["office"], now=now + 6 * HOUR, case=case, summary="已解决并答复")
    assert (case.step, case.overdue) == ("closed", 0)
    assert open_keys(case) == {"archive"}
    wrote(case, Kind.ARCHIVED, {"package_sha256": "0" * 64}, now + 7 * HOUR, world["office"])
    assert (case.step, open_keys(case), case.next_due_at) == ("archived", set(), None)


def test_from_grading_on_the_case_shows_who_owes_what_by_when(world: World, now: datetime) -> None:
    case = graded(world, now, level=1)
    row = owed(case, "report-higher")
    assert (row.role, row.to, row.means, row.due_at) == ("office", "higher", "phone", now + HOUR)
    assert "1 小时" in row.why_zh
    actions.report_up(
        by=world["office"], now=now + HOUR / 2, case=case, to="higher", means="phone", text="已报"
    )
    row.refresh_from_db()
    assert (row.state, row.met_at) == ("met", now + HOUR / 2)


def test_a_report_by_the_wrong_means_settles_nothing(world: World, now: datetime) -> None:
    case = graded(world, now, level=1)
    actions.report_up(by=world["office"], now=now, case=case, to="higher", means="paper", text="书面")
    assert owed(case, "report-higher").state == "open"


def test_a_transfer_carries_its_own_deadline_and_is_settled_by_its_result(
    world: World, now: datetime
) -> None:
    due = now + timedelta(days=3)
    case = opened(world, now, how="transfer", due_at=due, addressee="市长信箱")
    assert owed(case, "transfer").due_at == due
    actions.report_up(
        by=world["office"], now=now, case=case, to="higher", means="paper", text="办理结果", result=True
    )
    assert owed(case, "transfer").state == "met"


def test_a_transfer_that_came_too_late_is_overdue_from_the_start(world: World, now: datetime) -> None:
    case = opened(world, now, how="transfer", due_at=now - HOUR)
    assert owed(case, "transfer").state == "missed"
    assert case.overdue == 1


def test_an_instruction_is_owed_by_its_date_and_carried_out_once(world: World, now: datetime) -> None:
    case = handed(world, now)
    due = now + timedelta(days=1)
    ref = actions.record_instruction(
        by=world["office"], now=now, case=case, leader="甲校长", text="先停售", due_at=due
    )
    assert owed(case, f"instruction:{ref}").due_at == due
    actions.instruction_done(by=world["office"], now=now, case=case, ref=ref, text="已停售")
    assert owed(case, f"instruction:{ref}").state == "met"
    with pytest.raises(ValidationError, match="已经落实"):
        actions.instruction_done(by=world["office"], now=now, case=case, ref=ref, text="再记一次")


def test_a_promise_is_a_deadline_and_keeping_it_settles_it(world: World, now: datetime) -> None:
    case = handed(world, now)
    due = now + timedelta(days=2)
    ref = actions.promise(by=world["office"], now=now, case=case, text="公布检测结果", due_at=due)
    assert (owed(case, f"promise:{ref}").due_at, owed(case, f"promise:{ref}").state) == (due, "open")
    actions.keep_promise(by=world["handler"], now=due, case=case, ref=ref, text="已公布")
    assert owed(case, f"promise:{ref}").state == "met"


def test_a_unit_gives_it_back_and_the_office_gives_it_on(world: World, now: datetime) -> None:
    case = graded(world, now)
    colleague = somebody("jwc", "handler", world.units["jwc"])
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["hqc"])
    actions.decline(by=world["handler"], now=now, case=case, unit=world.units["hqc"], reason="不归后勤")
    assert (case.lead, case.returns, case.returned) == (world.units["hqc"], 1, True)
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["jwc"], reason="教务主管")
    assert (case.lead, case.returned) == (world.units["hqc"], False)
    actions.accept(by=colleague, now=now, case=case, unit=world.units["jwc"])
    assert (case.asked_first, case.lead) == (world.units["hqc"], world.units["jwc"])


def test_an_urging_notice_is_numbered_copied_upward_and_closed_by_a_reply(
    world: World, now: datetime
) -> None:
    case = handed(world, now)
    first = actions.urge(by=world["office"], now=now, case=case, text="请报进展", due_at=now + HOUR)
    second = actions.urge(by=world["office"], now=now, case=case, text="再催", supervision=True)
    assert (first, second) == (1, 2)
    told = Message.objects.filter(case_number=case.number, key__contains="urge|")
    assert {message.person for message in told} == {world["deputy"], world["head"]}
    actions.answer_urge(by=world["handler"], now=now, case=case, number=1, text="已送检")
    assert (owed(case, "urge:1").state, owed(case, "urge:2").state) == ("met", "open")


def test_repeated_requests_are_merged_and_every_asker_is_still_answered(world: World, now: datetime) -> None:
    case = answered(world, now)
    other = opened(world, now, title="又有人反映异味")
    actions.merge(by=world["duty"], now=now, case=case, other=other, reason="同一件事")
    assert (other.merged_into, other.step, other.wake_at) == (case, "closed", None)
    assert set(other.owed.values_list("state", flat=True)) == {"void"}
    with pytest.raises(ValidationError, match=f"{other.number} 的诉求人还没有答复"):
        actions.close(by=world["office"], now=now, case=case, summary="好了")
    actions.answer_asker(by=world["office"], now=now, case=other, text="在原帖下回复")
    actions.close(by=world["office"], now=now, case=case, summary="好了")
    assert case.step == "closed"


def test_a_call_back_that_says_not_solved_opens_the_case_again(world: World, now: datetime) -> None:
    case = closed(world, now)
    actions.call_back(
        by=world["duty"], now=now + HOUR, case=case, solved=True, satisfied=False, text="不太满意"
    )
    assert case.step == "closed"
    actions.call_back(
        by=world["duty"], now=now + HOUR, case=case, solved=False, satisfied=False, text="还有味"
    )
    assert (case.step, case.closed_at) == ("handle", None)
    assert case.entries.get(kind="reopened").actor == "system"


def test_a_relapse_reopens_and_is_counted(world: World, now: datetime) -> None:
    case = closed(world, now)
    actions.reopen(by=world["duty"], now=now + HOUR, case=case, reason="又有人反映", relapse=True)
    assert (case.step, case.relapses) == ("handle", 1)


def test_closing_a_grave_case_starts_the_watch_for_a_relapse(world: World, now: datetime) -> None:
    case = closed(world, now, level=1)
    assert case.watch_until == now.replace(hour=16) + timedelta(days=7)
    assert closed(world, now, level=3).watch_until is None


def test_raising_the_level_keeps_what_was_met_and_begins_what_is_new(world: World, now: datetime) -> None:
    case = graded(world, now, level=3)
    published(case, world, now + HOUR, "first")
    actions.confirm_level(by=world["head"], now=now + 2 * HOUR, case=case, level=1, reason="媒体介入")
    assert (owed(case, "first").state, owed(case, "report-higher").due_at) == ("met", now + 3 * HOUR)


def test_a_case_that_is_graded_keeps_its_plan_when_another_version_counts(
    world: World, now: datetime
) -> None:
    case = graded(world, now)
    before = case.plan
    version = with_plan(world, now)
    assert before == version
    actions.confirm_level(by=world["head"], now=now, case=case, level=2, reason="升级")
    assert case.plan == before


def test_what_was_done_before_may_be_written_down_later_with_a_reason(world: World, now: datetime) -> None:
    case = graded(world, now, level=1)
    at = now + HOUR / 2
    actions.report_up(
        by=world["office"], now=now + 2 * HOUR, case=case, to="higher", means="phone", text="报过", at=at
    )
    assert owed(case, "report-higher").state == "late"
    other = graded(world, now, level=1)
    actions.report_up(
        by=world["office"],
        now=now + 2 * HOUR,
        case=other,
        to="higher",
        means="phone",
        text="报过",
        at=at,
        recorded_late="现场没有网络",
    )
    assert owed(other, "report-higher").state == "met"


def test_correcting_an_entry_makes_what_it_settled_owed_again(world: World, now: datetime) -> None:
    case = graded(world, now, level=1)
    actions.report_up(by=world["office"], now=now, case=case, to="higher", means="phone", text="报过")
    seq = case.entries.get(kind="reported").seq
    actions.correct(by=world["office"], now=now, case=case, seq=seq, reason="记错了件", text="没有报")
    assert owed(case, "report-higher").state == "open"


def test_drills_have_numbers_of_their_own(world: World, now: datetime) -> None:
    real = opened(world, now)
    drill = opened(world, now, drill=True, by=world["head"])
    assert (real.number, drill.number, drill.drill) == ("2026-0001", "D2026-0001", True)


def test_numbers_begin_again_with_the_year_of_the_institution(world: World, now: datetime) -> None:
    opened(world, now)
    new_year = datetime.fromisoformat("2026-12-31T16:30:00+00:00")
    assert opened(world, new_year).number == "2027-0001"
