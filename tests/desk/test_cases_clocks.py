"""Deadlines to the instant: met and missed, moved by an extension, waived, and seen by who owes them."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from huiying.desk.accounts.models import Person
from huiying.desk.cases import actions, queries
from huiying.desk.cases.models import Case
from huiying.desk.cases.wake import wake_due
from huiying.desk.notify.models import Message
from tests.desk.handling import HOUR, closed, graded, handed, opened, owed, published, somebody
from tests.desk.world import World

INSTANT = timedelta(microseconds=1)


def test_an_answer_at_the_very_instant_of_the_deadline_is_in_time(world: World, now: datetime) -> None:
    case = graded(world, now)
    published(case, world, now + 5 * HOUR, "first")
    assert owed(case, "first").state == "met"


def test_an_answer_an_instant_later_is_late(world: World, now: datetime) -> None:
    case = graded(world, now)
    published(case, world, now + 5 * HOUR + INSTANT, "first")
    assert owed(case, "first").state == "late"


def test_from_the_very_instant_of_the_deadline_it_is_missed(world: World, now: datetime) -> None:
    case = graded(world, now)
    due = owed(case, "first").due_at
    actions.add_note(by=world["office"], now=due - INSTANT, case=case, text="还没有")
    assert owed(case, "first").state == "open"
    before = case.overdue
    actions.add_note(by=world["office"], now=due, case=case, text="到点了")
    assert (owed(case, "first").state, case.overdue) == ("missed", before + 1)


def test_the_clock_runs_from_discovery_not_from_opening(world: World, now: datetime) -> None:
    case = opened(world, now, discovered_at=now - 2 * HOUR)
    assert owed(case, "first").due_at == now + 3 * HOUR


def test_five_hours_run_through_the_night_while_working_days_rest(world: World) -> None:
    friday_night = datetime.fromisoformat("2026-11-27T15:00:00+00:00")  # 23:00 in Beijing
    case = handed(world, friday_night)
    assert owed(case, "first").due_at == friday_night + 5 * HOUR
    # accepted late on Friday: three working days end at 24:00 of Wednesday
    assert owed(case, "unit_report:hqc").due_at == datetime.fromisoformat("2026-12-02T16:00:00+00:00")


def asked(world: World, now: datetime, at: datetime) -> Case:
    """A case on which the handler asks at `at` for a day more to report."""
    case = handed(world, now)
    due = owed(case, "unit_report:hqc").due_at
    actions.ask_extension(
        by=world["handler"],
        now=at,
        case=case,
        obligation="unit_report:hqc",
        new_due_at=due + timedelta(days=1),
        reason="检测要三天",
    )
    return case


def test_an_extension_is_asked_up_to_the_instant_before_the_deadline(world: World, now: datetime) -> None:
    due = datetime.fromisoformat("2026-11-27T16:00:00+00:00")
    assert asked(world, now, due - INSTANT).asks == 1


def test_an_extension_is_not_asked_at_the_deadline(world: World, now: datetime) -> None:
    due = datetime.fromisoformat("2026-11-27T16:00:00+00:00")
    with pytest.raises(ValidationError, match="已过时限"):
        asked(world, now, due)


def test_a_granted_extension_moves_the_deadline_and_is_counted(world: World, now: datetime) -> None:
    case = asked(world, now, now)
    due = owed(case, "unit_report:hqc").due_at
    actions.grant_extension(by=world["deputy"], now=now, case=case, obligation="unit_report:hqc")
    assert owed(case, "unit_report:hqc").due_at == due + timedelta(days=1)
    assert (case.extensions, case.asks) == (1, 0)


def test_the_asker_of_us_is_told_of_an_extension_before_the_case_can_close(
    world: World, now: datetime
) -> None:
    case = asked(world, now, now)
    actions.grant_extension(by=world["deputy"], now=now, case=case, obligation="unit_report:hqc")
    with pytest.raises(ValidationError, match="延期还没有告知诉求人"):
        actions.close(by=world["office"], now=now, case=case, summary="好了")
    request = case.entries.get(kind="extension_asked").seq
    actions.tell_of_extension(by=world["office"], now=now, case=case, request=request, text="电话告知")
    with pytest.raises(ValidationError) as refusal:
        actions.close(by=world["office"], now=now, case=case, summary="好了")
    assert "延期" not in "".join(refusal.value.messages)


def test_a_refused_extension_leaves_the_deadline(world: World, now: datetime) -> None:
    case = asked(world, now, now)
    due = owed(case, "unit_report:hqc").due_at
    actions.refuse_extension(
        by=world["deputy"], now=now, case=case, obligation="unit_report:hqc", reason="先报已知的"
    )
    assert (owed(case, "unit_report:hqc").due_at, case.extensions, case.asks) == (due, 0, 0)


def test_a_request_waits_until_it_is_decided(world: World, now: datetime) -> None:
    case = asked(world, now, now)
    row = owed(case, "unit_report:hqc")
    with pytest.raises(ValidationError, match="已有一份延期申请"):
        actions.ask_extension(
            by=world["office"],
            now=now,
            case=case,
            obligation=row.key,
            new_due_at=row.due_at + timedelta(days=2),
            reason="x",
        )


def test_the_new_date_is_later_than_the_old_one(world: World, now: datetime) -> None:
    case = handed(world, now)
    row = owed(case, "unit_report:hqc")
    with pytest.raises(ValidationError, match="新时限要晚于原时限"):
        actions.ask_extension(
            by=world["handler"], now=now, case=case, obligation=row.key, new_due_at=row.due_at, reason="x"
        )


def test_a_deadline_moves_only_as_often_as_the_plan_allows(world: World, now: datetime) -> None:
    case = handed(world, now)
    for turn in range(3):
        row = owed(case, "unit_report:hqc")
        if turn == 2:
            with pytest.raises(ValidationError, match="最多延期 2 次"):
                ask(case, world["handler"], now, row.due_at)
            return
        ask(case, world["handler"], now, row.due_at)
        actions.grant_extension(by=world["deputy"], now=now, case=case, obligation=row.key)


def ask(case: Case, by: Person, now: datetime, due: datetime) -> None:
    new = due + timedelta(days=1)
    actions.ask_extension(by=by, now=now, case=case, obligation="unit_report:hqc", new_due_at=new, reason="x")


def test_a_request_whose_new_date_has_passed_can_only_be_refused(world: World, now: datetime) -> None:
    case = asked(world, now, now)
    late = owed(case, "unit_report:hqc").due_at + timedelta(days=1)
    with pytest.raises(ValidationError, match="只能不同意"):
        actions.grant_extension(by=world["deputy"], now=late, case=case, obligation="unit_report:hqc")


def test_a_waiver_says_why_and_ends_the_duty(world: World, now: datetime) -> None:
    case = graded(world, now)
    actions.waive(by=world["deputy"], now=now, case=case, obligation="first", reason="原帖已删，无处可答")
    row = owed(case, "first")
    assert row.state == "void"
    assert row.why_zh.startswith("已免办：原帖已删")


def test_who_owes_it_sees_it_soonest_first(world: World, now: datetime) -> None:
    case = handed(world, now)
    acts = [
        (due.owed.act, due.button and due.button.address) for due in queries.owed_for(world["handler"], now)
    ]
    assert acts == [("unit_reported", f"/cases/{case.number}/unit-report/?unit=hqc")]
    dues = [due.owed.due_at for due in queries.owed_for(world["office"], now)]
    assert dues == sorted(dues)


def test_others_do_not_see_it_among_their_own(world: World, now: datetime) -> None:
    handed(world, now)
    other = somebody("jwc", "handler", world.units["jwc"])
    assert queries.owed_for(other, now) == []
    assert queries.owed_for(world["auditor"], now) == []


def test_duty_owes_only_while_on_duty(world: World, now: datetime) -> None:
    opened(world, now)
    off_duty = somebody("evening", "duty")
    assert {due.owed.rule for due in queries.owed_for(world["duty"], now)} == {"verify"}
    assert queries.owed_for(off_duty, now) == []


def test_who_stands_in_owes_what_the_absent_owes(world: World, now: datetime) -> None:
    opened(world, now)
    assert "grade" not in {due.owed.rule for due in queries.owed_for(world["head"], now)}
    world["deputy"].away_until = now + HOUR
    world["deputy"].save()
    assert "grade" in {due.owed.rule for due in queries.owed_for(world["head"], now)}


def test_decisions_wait_for_who_may_take_them(world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.propose_level(by=world["duty"], now=now, case=case, level=1, reason="学生受伤")
    assert [d.kind for d in queries.decisions_for(world["head"], now)] == ["level"]
    assert queries.decisions_for(world["deputy"], now) == []
    assert queries.decisions_for(world["office"], now) == []


def test_a_request_for_time_waits_for_another_than_the_asker(world: World, now: datetime) -> None:
    asked(world, now, now)
    (decision,) = queries.decisions_for(world["deputy"], now)
    assert decision.kind == "extension"
    assert decision.button.address.endswith("/decide/?obligation=unit_report%3Ahqc")
    assert queries.decisions_for(world["handler"], now) == []


def test_a_returned_assignment_waits_for_the_office(world: World, now: datetime) -> None:
    case = graded(world, now)
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["hqc"])
    actions.decline(by=world["handler"], now=now, case=case, unit=world.units["hqc"], reason="不归我们")
    (decision,) = queries.decisions_for(world["office"], now)
    assert (decision.kind, decision.button.address) == ("return", f"/cases/{case.number}/assign/")
    assert "第 1 次" in decision.what.zh


def test_the_plan_may_leave_extensions_to_the_head_alone(world: World, now: datetime) -> None:
    case = handed(world, now)
    ask(case, world["handler"], now, owed(case, "unit_report:hqc").due_at)
    with pytest.raises(PermissionDenied):
        actions.grant_extension(by=world["office"], now=now, case=case, obligation="unit_report:hqc")


def test_a_closed_case_owes_its_review_and_its_archive(world: World, now: datetime) -> None:
    closed(world, now, level=1)
    assert {due.owed.act for due in queries.owed_for(world["office"], now)} == {"reviewed", "archived"}


def test_a_deadline_into_an_unknown_year_is_shown_as_such_and_never_missed(world: World) -> None:
    late = datetime.fromisoformat("2026-12-30T01:00:00+00:00")
    case = handed(world, late)
    row = owed(case, "unit_report:hqc")
    assert (row.unknown_year, row.state, case.unknown_year) == (2027, "open", 2027)
    actions.add_note(by=world["office"], now=late + timedelta(days=60), case=case, text="过了年")
    assert owed(case, "unit_report:hqc").state == "open"
    assert owed(case, "first").state == "missed", "what is known goes on"


def test_nobody_is_told_of_a_deadline_that_cannot_be_computed(world: World) -> None:
    late = datetime.fromisoformat("2026-12-30T01:00:00+00:00")
    case = handed(world, late)
    wake_due(late + timedelta(days=3))
    assert not Message.objects.filter(case_number=case.number, obligation="unit_report:hqc").exists()
