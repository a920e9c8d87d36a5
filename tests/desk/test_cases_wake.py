"""Being told: before and at each deadline, when it is missed, once each, whatever the worker went through."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.test import Client

from huiying.desk.accounts.models import Appointment, Contact, Role, Shift
from huiying.desk.cases import actions, told
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries import timeline
from huiying.desk.cases.wake import wake, wake_due
from huiying.desk.notify.actions import acknowledge
from huiying.desk.notify.channels.base import Outcome, Result
from huiying.desk.notify.models import Message
from huiying.desk.notify.tokens import ack_token
from huiying.engine.text import Text
from tests.desk.handling import HOUR, graded, handed, opened, owed, published, somebody
from tests.desk.world import World

MINUTE = timedelta(minutes=1)


def stages(case: Case, obligation: str) -> list[tuple[str, str]]:
    """(stage, to whom) of what was told about an obligation, in order of time."""
    rows = Message.objects.filter(case_number=case.number, obligation=obligation).order_by("created_at", "pk")
    return [(row.stage, row.person.username) for row in rows if row.person]


def run(start: datetime, end: datetime, step: timedelta = MINUTE) -> None:
    """The worker, looking every `step`."""
    at = start
    while at <= end:
        wake_due(at)
        at += step


def test_reminders_go_out_before_at_and_after_a_deadline(world: World, now: datetime) -> None:
    case = graded(world, now)
    run(now, now + 7 * HOUR)
    told_first = stages(case, "first")
    assert ("before:60", "spokesperson") in told_first
    assert ("before:15", "spokesperson") in told_first
    assert ("due", "spokesperson") in told_first
    assert ("late:1", "deputy") in told_first
    assert ("late:2", "head") in told_first


def test_each_notice_goes_out_at_its_instant(world: World, now: datetime) -> None:
    case = graded(world, now)
    wake_due(now)
    due = owed(case, "first").due_at
    wake_due(due - HOUR - timedelta(microseconds=1))
    assert stages(case, "first") == []
    wake_due(due - HOUR)
    assert stages(case, "first") == [("before:60", "spokesperson")]


def test_looking_again_tells_nobody_twice(world: World, now: datetime) -> None:
    case = graded(world, now)
    run(now, now + 6 * HOUR)
    before = Message.objects.count()
    for _turn in range(3):
        Case.objects.update(wake_at=now)
        wake_due(now + 6 * HOUR)
    assert Message.objects.count() == before
    assert stages(case, "first")


def test_what_was_done_in_time_is_not_reminded_of(world: World, now: datetime) -> None:
    case = graded(world, now)
    published(case, world, now + HOUR, "first")
    run(now + HOUR, now + 7 * HOUR, 10 * MINUTE)
    assert stages(case, "first") == []


def test_an_entry_written_at_the_instant_of_a_reminder_does_not_swallow_it(
    world: World, now: datetime
) -> None:
    case = graded(world, now)
    wake_due(now)
    at = owed(case, "first").due_at - HOUR
    actions.add_note(by=world["office"], now=at + timedelta(milliseconds=5), case=case, text="正在写")
    wake_due(at + timedelta(seconds=1))
    assert stages(case, "first") == [("before:60", "spokesperson")]


def test_after_ten_days_of_outage_people_hear_what_is_so_and_nothing_is_lost(
    world: World, now: datetime
) -> None:
    case = graded(world, now)
    wake_due(now)
    wake_due(now + timedelta(days=10))
    assert set(stages(case, "first")) == {("due", "spokesperson"), ("late:1", "deputy"), ("late:2", "head")}
    assert case.owed.filter(state="missed").count() > 1


def test_a_clock_that_jumps_back_tells_nobody_again(world: World, now: datetime) -> None:
    case = graded(world, now)
    run(now, now + 6 * HOUR, 15 * MINUTE)
    before = stages(case, "first")
    Case.objects.update(wake_at=now)
    run(now + 5 * HOUR, now + 6 * HOUR, 15 * MINUTE)
    assert stages(case, "first") == before


def test_a_moved_deadline_is_reminded_of_anew(world: World, now: datetime) -> None:
    case = handed(world, now)
    due = owed(case, "unit_report:hqc").due_at
    wake_due(due - HOUR)
    actions.ask_extension(
        by=world["handler"],
        now=due - HOUR,
        case=case,
        obligation="unit_report:hqc",
        new_due_at=due + timedelta(days=1),
        reason="等检测",
    )
    actions.grant_extension(by=world["deputy"], now=due - HOUR, case=case, obligation="unit_report:hqc")
    run(due - HOUR, due + timedelta(days=1), 15 * MINUTE)
    reminded = [stage for stage, _who in stages(case, "unit_report:hqc")]
    assert reminded.count("before:60") == 2
    assert reminded.count("due") == 1


def test_a_unit_hears_at_once_that_it_is_asked(world: World, now: datetime) -> None:
    case = graded(world, now)
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["hqc"])
    wake_due(now)
    assert ("new", "handler") in stages(case, "accept:hqc")


def test_the_stand_in_hears_while_the_holder_is_away(world: World, now: datetime) -> None:
    case = graded(world, now)
    world["spokesperson"].away_until = now + timedelta(days=2)
    world["spokesperson"].save()
    wake_due(owed(case, "first").due_at - HOUR)
    assert stages(case, "first") == [("before:60", "office")]


def test_duty_notices_go_to_who_is_on_duty(world: World, now: datetime) -> None:
    somebody("evening", "duty")
    case = opened(world, now)
    wake_due(now)
    wake_due(owed(case, "verify").due_at)
    assert {who for _stage, who in stages(case, "verify")} == {"duty", "deputy"}


def test_when_nobody_holds_the_role_somebody_hears_all_the_same(world: World, now: datetime) -> None:
    case = graded(world, now)
    Appointment.objects.exclude(role=Role.ADMIN).delete()
    Shift.objects.all().delete()
    wake_due(owed(case, "first").due_at - HOUR)
    assert stages(case, "first") == [("before:60", "admin")]


def test_a_person_whom_nothing_reaches_leaves_a_gap_on_record(world: World, now: datetime) -> None:
    case = graded(world, now)
    Contact.objects.filter(person=world["spokesperson"]).delete()
    wake_due(owed(case, "first").due_at - HOUR)
    (row,) = Message.objects.filter(case_number=case.number, obligation="first")
    assert (row.state, row.error_zh) == (Message.State.FAILED, "没有可用的联系方式")


def test_a_drill_keeps_its_notices_in_the_house(world: World, now: datetime) -> None:
    case = opened(world, now, drill=True, by=world["head"])
    wake_due(now + 5 * HOUR)
    rows = Message.objects.filter(case_number=case.number)
    assert rows.exists()
    assert {row.state for row in rows} == {Message.State.HELD}
    assert all(row.subject.startswith("【演练】") for row in rows)


def test_a_notice_says_what_by_when_and_by_which_rule(world: World, now: datetime) -> None:
    case = graded(world, now)
    wake_due(owed(case, "first").due_at - HOUR)
    row = Message.objects.get(case_number=case.number, obligation="first")
    assert row.subject == "[2026-0001] 将到时限：作首次公开回应"
    assert "时限：2026年11月24日周二 14:00" in row.body
    assert "5 小时" in row.body
    assert row.link == f"/cases/{case.number}/"


def test_a_case_that_has_been_looked_at_is_left_alone(world: World, now: datetime) -> None:
    case = graded(world, now)
    at = owed(case, "first").due_at
    assert wake(case.pk, at) is True
    assert wake(case.pk, at) is False, "it has been looked at"
    assert wake(987654, at) is False


def test_an_open_case_without_anything_due_sleeps_until_the_next_instant(world: World, now: datetime) -> None:
    case = graded(world, now)
    wake_due(now)
    case.refresh_from_db()
    assert case.wake_at is not None
    assert case.wake_at > now
    assert wake_due(case.wake_at - timedelta(microseconds=1)) == 0
    assert wake_due(case.wake_at) == 1


ARRIVED = Outcome(result=Result.SENT, said=Text("已送达", "Delivered"))


def notice(world: World, now: datetime) -> tuple[Case, Message]:
    """A case, and the reminder to its spokesperson."""
    case = graded(world, now)
    wake_due(owed(case, "first").due_at - HOUR)
    return case, Message.objects.get(case_number=case.number, obligation="first")


def test_a_delivery_stands_in_the_journal(world: World, now: datetime) -> None:
    case, row = notice(world, now)
    told.record_outcome(row, ARRIVED, now + 5 * HOUR)
    entry = case.entries.get(kind="told")
    assert entry.actor == "system"
    assert entry.data == {
        "obligation": "first",
        "stage": "before:60",
        "recipient": world["spokesperson"].actor,
        "channel": "mail",
        "message": row.pk,
        "repeat": False,
    }


def test_a_possible_repeat_is_labelled(world: World, now: datetime) -> None:
    case, row = notice(world, now)
    row.possible_repeats = 1
    told.record_outcome(row, ARRIVED, now + 5 * HOUR)
    assert case.entries.get(kind="told").data["repeat"] is True


def test_a_notice_that_was_given_up_stands_in_the_journal_with_its_reason(
    world: World, now: datetime
) -> None:
    case, row = notice(world, now)
    gone = Outcome(result=Result.FAILED, said=Text("地址不存在", "No such address"), final=True)
    told.record_outcome(row, gone, now + 4.5 * HOUR)
    assert case.entries.get(kind="telling_failed").data["error"]["zh"] == "地址不存在"
    assert timeline(case)[-1].sentence == "通知：未送达 1"


def test_messages_about_no_case_are_passed_over(world: World, now: datetime) -> None:
    told.record_outcome(Message(key="x", case_number=""), ARRIVED, now)
    told.record_outcome(Message(key="x", case_number="2026-9999"), ARRIVED, now)
    told.record_ack(Message(key="x", case_number=""), None, now)


def test_an_acknowledgement_is_written_once(world: World, now: datetime) -> None:
    case, row = notice(world, now)
    for _turn in range(2):
        told.record_ack(acknowledge(token=ack_token(row.key), now=now + 5 * HOUR), None, now + 5 * HOUR)
    entry = case.entries.get(kind="acknowledged")
    assert (entry.actor, entry.data["message"]) == (world["spokesperson"].actor, row.pk)


def test_the_link_shows_what_was_told_and_acknowledges_on_a_press(
    world: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    case, row = notice(world, now)
    stranger, address = as_role(""), f"/a/{ack_token(row.key)}/"
    page = stranger.get(address)
    assert page.status_code == 200
    assert row.subject in page.content.decode()
    assert case.entries.filter(kind="acknowledged").count() == 0, "looking is not acknowledging"
    assert stranger.post(address).status_code == 302
    assert "已签收" in stranger.get(address).content.decode()
    assert case.entries.filter(kind="acknowledged").count() == 1


def test_the_link_tells_no_more_than_the_notice(
    world: World, now: datetime, as_role: Callable[[str], Client]
) -> None:
    case, row = notice(world, now)
    page = as_role("").get(f"/a/{ack_token(row.key)}/").content.decode()
    assert case.summary not in page
    assert world["spokesperson"].name not in page


def test_a_link_that_nobody_was_given_leads_nowhere(world: World, as_role: Callable[[str], Client]) -> None:
    for token in ("x", "A" * 24, "..", "%00"):
        assert as_role("").get(f"/a/{token}/").status_code == 404
        assert as_role("").post(f"/a/{token}/").status_code == 404
