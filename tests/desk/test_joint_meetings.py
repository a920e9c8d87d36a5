"""A meeting is called, people answer, it is held: who was told, who has seen it, who came."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from huiying.desk.accounts.models import Contact
from huiying.desk.cases import actions as cases
from huiying.desk.cases.models import Case
from huiying.desk.joint import actions, queries
from huiying.desk.joint.access import meetings_for
from huiying.desk.notify.models import Message
from huiying.engine.journal import Kind
from tests.desk import handling
from tests.desk import joining as j
from tests.desk.world import World


@pytest.fixture
def case(world: World, now: datetime) -> Case:
    return j.matter(world, now)


def test_whoever_is_asked_is_told_at_once_with_time_place_and_agenda(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.called(world, case, now)
    told = queries.meetings.notices_of(meeting)
    assert {row.person for row in told} == {world[role] for role in ("head", "deputy", "office", "handler")}
    (to_head,) = told.filter(person=world["head"])
    assert to_head.urgent and to_head.link == meeting.get_absolute_url()
    assert "行政楼一层" in to_head.body and "定处置方案" in to_head.body and "09:30" in to_head.subject
    assert j.told(case, "called").data["text"].startswith("联席会议 2026年11月24日周二 09:30")


def test_the_chair_comes_whoever_was_named(world: World, case: Case, now: datetime) -> None:
    meeting = j.called(world, case, now, roles=["office"], units=[], chair=world["deputy"])
    assert [(one.person, one.role) for one in meeting.invitations.all()] == [
        (world["office"], "office"),
        (world["deputy"], "deputy"),
    ]


def test_a_unit_is_asked_by_its_handlers_and_one_without_anybody_by_who_stands_in(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.called(world, case, now, roles=[], units=[world.units["jwc"]])
    came = {str(one.person): one.post for one in meeting.invitations.all()}
    assert came == {"丙主任": "教务处", "甲校长": "负责人"}


def test_somebody_in_two_roles_is_asked_once(world: World, case: Case, now: datetime) -> None:
    world["deputy"].appointments.create(role="office")
    meeting = j.called(world, case, now)
    assert meeting.invitations.filter(person=world["deputy"]).count() == 1


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"way": "pigeon"}, "way"),
        ({"place": " \n"}, "place"),
        ({"agenda": ""}, "agenda"),
        ({"roles": ["auditor"]}, "roles"),
        ({"roles": ["emperor"]}, "roles"),
        ({"place": "长" * 201}, "place"),
    ],
)
def test_what_no_meeting_can_be_is_refused_at_its_field(
    world: World, case: Case, now: datetime, told: dict[str, object], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        j.called(world, case, now, **told)
    assert list(refused.value.message_dict) == [field]
    assert not case.meetings.exists() and not Message.objects.filter(stage__startswith="meeting").exists()


def test_only_a_leader_chairs(world: World, case: Case, now: datetime) -> None:
    with pytest.raises(ValidationError) as refused:
        j.called(world, case, now, chair=world["office"])
    assert "chair" in refused.value.message_dict


def test_a_meeting_lies_between_a_day_ago_and_sixty_days_ahead(
    world: World, case: Case, now: datetime
) -> None:
    for at in (now - j.DAY, now + timedelta(days=60)):
        j.called(world, case, now, at=at)
    for at in (now - j.DAY - j.MINUTE, now + timedelta(days=60, seconds=1)):
        with pytest.raises(ValidationError):
            j.called(world, case, now, at=at)


def test_nobody_is_told_to_come_to_a_meeting_that_was_held_already(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.called(world, case, now, at=now)
    assert not queries.meetings.notices_of(meeting).exists()


def test_a_drill_keeps_its_calls_in_the_house(world: World, now: datetime) -> None:
    meeting = j.called(world, j.matter(world, now, drill=True), now)
    assert {row.state for row in queries.meetings.notices_of(meeting)} == {Message.State.HELD}


@pytest.mark.parametrize("role", ["handler", "reviewer", "spokesperson", "auditor", "admin"])
def test_only_leaders_and_the_desk_call(world: World, case: Case, now: datetime, role: str) -> None:
    with pytest.raises(PermissionDenied):
        j.called(world, case, now, by=world[role])


def test_a_closed_case_calls_no_meeting(world: World, now: datetime) -> None:
    case = handling.closed(world, now)
    with pytest.raises(ValidationError, match="已办结"):
        j.called(world, case, now)


def test_an_answer_acknowledges_the_notice_and_stands_in_the_journal_once(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.called(world, case, now)
    actions.answer_call(by=world["handler"], now=now + j.MINUTE, meeting=meeting, answer="coming")
    actions.answer_call(by=world["handler"], now=now + j.HOUR, meeting=meeting, answer="not", words="在外地")
    (row,) = queries.meetings.notices_of(meeting).filter(person=world["handler"])
    assert row.acknowledged_at == now + j.MINUTE
    seen = case.entries.filter(kind=Kind.ACKNOWLEDGED, actor=world["handler"].actor)
    assert seen.count() == 1 and seen.get().data["message"] == row.pk
    mine = meeting.invitations.get(person=world["handler"])
    assert (mine.answer, mine.said, mine.answered_at) == ("not", "在外地", now + j.HOUR)


def test_whoever_no_notice_reached_acknowledges_at_the_desk(world: World, case: Case, now: datetime) -> None:
    Contact.objects.filter(person=world["handler"]).delete()
    meeting = j.called(world, case, now)
    (called,) = [one for one in queries.called(meeting) if one.it.person == world["handler"]]
    assert called.unreached and called.seen_at is None
    for _again in range(2):
        actions.answer_call(by=world["handler"], now=now, meeting=meeting, answer="coming")
    entry = case.entries.get(kind=Kind.ACKNOWLEDGED, actor=world["handler"].actor)
    assert (entry.data["channel"], entry.data["message"]) == ("desk", None)


def test_whoever_does_not_come_says_why_and_the_caller_hears_of_it(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.called(world, case, now)
    with pytest.raises(ValidationError) as refused:
        actions.answer_call(by=world["deputy"], now=now, meeting=meeting, answer="not", words=" ")
    assert "words" in refused.value.message_dict
    actions.answer_call(by=world["deputy"], now=now, meeting=meeting, answer="sends", words="派丁值班")
    told = Message.objects.get(person=world["duty"], key__contains="answer")
    assert told.subject.endswith("乙副校长派人参加") and told.body == "派丁值班"


def test_an_answer_is_for_those_asked_and_only_until_it_is_held(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.called(world, case, now)
    with pytest.raises(PermissionDenied, match="没有请你"):
        actions.answer_call(by=world["reviewer"], now=now, meeting=meeting, answer="coming")
    for wrong in ("", "perhaps"):
        with pytest.raises(ValidationError):
            actions.answer_call(by=world["head"], now=now, meeting=meeting, answer=wrong)
    held = j.held(world, case, now)
    with pytest.raises(ValidationError, match="已经召开"):
        actions.answer_call(by=world["head"], now=now, meeting=held, answer="coming")


def test_who_came_and_who_did_not_is_noted_with_the_instant_of_the_meeting(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.called(world, case, now)
    actions.answer_call(by=world["deputy"], now=now, meeting=meeting, answer="not", words="开市里的会")
    came = [one for one in meeting.invitations.all() if one.person != world["deputy"]]
    at = now + j.HOUR / 2
    actions.hold_meeting(
        by=world["office"], now=now + j.HOUR, meeting=meeting, came=came, guests="供水公司", held_at=at
    )
    entry = j.told(case, "held")
    assert (entry.at, entry.recorded_at) == (at, now + j.HOUR)
    lines = entry.data["text"].splitlines()
    assert lines[1:] == [
        "出席：甲校长（负责人）、丙主任（舆情办）、戊承办（后勤处）",
        "请假：乙副校长（开市里的会）",
        "列席：供水公司",
    ]


def test_a_meeting_to_which_nobody_came_was_none(world: World, case: Case, now: datetime) -> None:
    meeting = j.called(world, case, now)
    stranger = j.called(world, case, now).invitations.first()
    assert stranger is not None
    for came in ([], [stranger]):
        with pytest.raises(ValidationError):
            actions.hold_meeting(by=world["duty"], now=now, meeting=meeting, came=came)


@pytest.mark.parametrize("late", [j.MINUTE, -2 * j.DAY])
def test_a_meeting_is_not_held_in_the_future_nor_long_before_its_call(
    world: World, case: Case, now: datetime, late: timedelta
) -> None:
    meeting = j.called(world, case, now)
    came = list(meeting.invitations.all())
    with pytest.raises(ValidationError) as refused:
        actions.hold_meeting(by=world["duty"], now=now, meeting=meeting, came=came, held_at=now + late)
    assert "held_at" in refused.value.message_dict


def test_a_meeting_called_off_says_why_to_everybody_and_only_before_it_is_held(
    world: World, case: Case, now: datetime
) -> None:
    meeting = actions.cancel_meeting(
        by=world["office"], now=now, meeting=j.called(world, case, now), why="改到明天"
    )
    told = Message.objects.filter(key__contains=f"meeting{meeting.pk}|cancelled")
    assert {row.person for row in told} == {world[role] for role in ("head", "deputy", "handler")}
    assert j.told(case, "cancelled").data["text"].endswith("取消：改到明天")
    for gone in (meeting, j.held(world, case, now)):
        with pytest.raises(ValidationError):
            actions.cancel_meeting(by=world["office"], now=now, meeting=gone, why="再取消")


def test_a_merged_case_can_still_call_its_meeting_off(world: World, case: Case, now: datetime) -> None:
    meeting, other = j.called(world, case, now), handling.opened(world, now)
    cases.merge(by=world["office"], now=now, case=other, other=case, reason="同一件事")
    assert (
        actions.cancel_meeting(by=world["office"], now=now, meeting=meeting, why="并单").state == "cancelled"
    )


def test_whoever_is_asked_sees_the_meeting_and_not_the_case(world: World, case: Case, now: datetime) -> None:
    other = handling.somebody("teacher", "handler", world.units["jwc"])
    meeting = j.called(world, case, now, units=[world.units["jwc"]])
    j.called(world, case, now, roles=["head"], units=[])
    assert list(meetings_for(other)) == [meeting]
    assert list(meetings_for(world["handler"])) == []
    assert meetings_for(world["auditor"]).count() == 2


def test_a_unit_for_which_nobody_can_come_is_named(world: World, case: Case, now: datetime) -> None:
    for role in ("handler", "office"):
        world[role].appointments.all().delete()
    with pytest.raises(ValidationError, match="后勤处 没有人") as refused:
        j.called(world, case, now, roles=[])
    assert list(refused.value.message_dict) == ["units"]
