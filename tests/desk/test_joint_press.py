"""The press is met in stages: with leave from above where it must be, in approved words, on the record."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from huiying.desk.cases import actions as cases
from huiying.desk.cases.models import Case
from huiying.desk.joint import actions, queries
from huiying.desk.joint.models import Briefing, Question
from huiying.desk.joint.voice import disagreements
from huiying.desk.library import actions as library
from huiying.desk.notify.models import Message
from huiying.desk.replies import actions as replies
from huiying.desk.replies.models import Draft
from huiying.engine.journal import Kind
from tests.desk import handling, letters
from tests.desk import joining as j
from tests.desk.world import World


@pytest.fixture
def case(world: World, now: datetime) -> Case:
    return j.matter(world, now)


def ready(world: World, case: Case, now: datetime, kind: str = "conference") -> Briefing:
    """Everything there but the outlets."""
    j.lined(world, case, now)
    return j.worded(world, j.planned(world, case, now, kind), now)


def lacks(briefing: Briefing) -> set[str]:
    return {need.key for need in queries.missing(briefing)}


def test_a_conference_needs_outlets_lines_and_approved_words(world: World, case: Case, now: datetime) -> None:
    briefing = j.planned(world, case, now)
    assert lacks(briefing) == {"outlets", "lines", "words"}
    with pytest.raises(
        ValidationError, match="还不能举行，缺：列出媒体和层级、口径已审定、发布词按预案审批通过"
    ):
        actions.hold_briefing(by=world["spokesperson"], now=now, briefing=briefing, came=[])
    j.outlet(world, briefing)
    j.lined(world, case, now)
    assert lacks(briefing) == {"words"}
    assert lacks(j.worded(world, briefing, now)) == set()


def test_its_words_go_the_plans_way_for_press_conferences(world: World, case: Case, now: datetime) -> None:
    briefing = ready(world, case, now)
    assert briefing.draft is not None
    assert briefing.draft.chain == ["reviewer", "deputy", "head"] and briefing.draft.form == "briefing"


def test_held_it_meets_what_the_plan_asks_and_its_words_go_public_with_it(
    world: World, case: Case, now: datetime
) -> None:
    briefing = j.spoken(world, case, now)
    assert briefing.draft is not None
    briefing.draft.refresh_from_db()
    assert briefing.draft.state == Draft.State.PUBLISHED and briefing.draft.slug
    entry = case.entries.get(kind=Kind.PUBLISHED)
    assert (entry.data["form"], entry.data["stage"], entry.at) == ("briefing", "progress", now + j.HOUR)
    assert handling.owed(case, "conference").state == "met"
    assert (briefing.state, briefing.lines_version) == ("held", 1)
    assert j.told(case, "spoke").data["text"].endswith("发言人：庚发言；到场：青禾晚报")


@pytest.mark.parametrize("tier", ["foreign", "national", "provincial"])
def test_with_such_media_the_higher_body_approves_and_guides_first(
    world: World, case: Case, now: datetime, tier: str
) -> None:
    briefing = ready(world, case, now)
    outlet = j.outlet(world, briefing, "某通讯社", tier)
    assert lacks(briefing) == {"higher"}
    with pytest.raises(ValidationError, match="上级批准和指导"):
        actions.hold_briefing(by=world["spokesperson"], now=now, briefing=briefing, came=[outlet])
    assert not case.entries.filter(kind=Kind.PUBLISHED).exists()
    actions.record_higher(
        by=world["office"],
        now=now,
        briefing=briefing,
        body="省厅",
        ref="省厅函〔2026〕8号",
        guidance="先讲处置，再讲原因",
    )
    step = case.entries.get(kind=Kind.DONE, data__step="conference-approval")
    assert step.data["text"].startswith("省厅批准第1次对外发布") and "先讲处置" in step.data["text"]
    briefing.refresh_from_db()
    held = actions.hold_briefing(by=world["spokesperson"], now=now, briefing=briefing, came=[outlet])
    assert held.state == "held"


@pytest.mark.parametrize("tier", ["portal", "city", "local", "self-media", "board"])
def test_with_others_it_does_not(world: World, case: Case, now: datetime, tier: str) -> None:
    briefing = ready(world, case, now)
    j.outlet(world, briefing, "某媒体", tier)
    assert lacks(briefing) == set()


def test_an_interview_with_national_media_needs_it_too(world: World, case: Case, now: datetime) -> None:
    j.lined(world, case, now)
    briefing = j.planned(world, case, now, "interview")
    j.outlet(world, briefing, "某通讯社", "national")
    assert lacks(briefing) == {"cleared", "higher"}


def test_a_national_outlet_that_comes_later_wants_the_approval_anew(
    world: World, case: Case, now: datetime
) -> None:
    briefing = ready(world, case, now)
    j.outlet(world, briefing, "省报", "provincial")
    told = {"body": "省厅", "ref": "来电", "guidance": "同意"}
    actions.record_higher(by=world["office"], now=now, briefing=briefing, **told)
    j.outlet(world, briefing, "晚报", "city")
    briefing.refresh_from_db()
    assert lacks(briefing) == set()
    j.outlet(world, briefing, "某外媒", "foreign")
    briefing.refresh_from_db()
    assert lacks(briefing) == {"higher"} and "须重新报批" in j.told(case, "outlet").data["text"]


@pytest.mark.parametrize("field", ["body", "ref", "guidance"])
def test_an_approval_names_its_body_its_number_and_its_guidance(
    world: World, case: Case, now: datetime, field: str
) -> None:
    told = {"body": "省厅", "ref": "来电", "guidance": "同意", field: " "}
    with pytest.raises(ValidationError) as refused:
        actions.record_higher(by=world["office"], now=now, briefing=j.planned(world, case, now), **told)
    assert list(refused.value.message_dict) == [field]


def test_words_for_the_press_are_not_published_before_they_are_spoken(
    world: World, case: Case, now: datetime
) -> None:
    briefing = ready(world, case, now)
    assert briefing.draft is not None
    with pytest.raises(ValidationError, match="随发布会公布"):
        replies.publish(by=world["spokesperson"], now=now, draft=briefing.draft)
    other = replies.start(by=world["spokesperson"], now=now, case=case, form="briefing")
    other = replies.save(
        by=world["spokesperson"], now=now, draft=other, fields={"title": "题", "text": letters.ANSWER}
    )
    with pytest.raises(ValidationError, match="随发布会公布"):
        replies.publish_urgently(by=world["office"], now=now, draft=other, reason="等不及")
    assert not case.entries.filter(kind=Kind.PUBLISHED).exists()


def test_a_background_briefing_gives_a_release_and_is_no_press_conference(
    world: World, case: Case, now: datetime
) -> None:
    briefing = ready(world, case, now, "media")
    came = [j.outlet(world, briefing)]
    actions.hold_briefing(by=world["spokesperson"], now=now + j.HOUR, briefing=briefing, came=came)
    assert case.entries.get(kind=Kind.PUBLISHED).data["form"] == "release"
    assert handling.owed(case, "conference").state == "open"


def test_an_interview_needs_a_leaders_word_and_publishes_nothing(
    world: World, case: Case, now: datetime
) -> None:
    j.lined(world, case, now)
    briefing = j.planned(world, case, now, "interview")
    outlet = j.outlet(world, briefing)
    assert Message.objects.filter(person=world["head"], key__contains=f"briefing{briefing.pk}|clear").exists()
    assert lacks(briefing) == {"cleared"}
    actions.clear_interview(by=world["deputy"], now=now, briefing=briefing)
    briefing.refresh_from_db()
    actions.hold_briefing(by=world["spokesperson"], now=now, briefing=briefing, came=[outlet])
    assert not case.entries.filter(kind=Kind.PUBLISHED).exists()
    assert j.told(case, "spoke").data["text"].startswith("第1次对外发布：采访")


def test_nobody_agrees_to_an_interview_twice_or_to_the_own_one_or_to_a_conference(
    world: World, case: Case, now: datetime
) -> None:
    world["office"].appointments.create(role="deputy")
    briefing = j.planned(world, case, now, "interview")
    with pytest.raises(PermissionDenied, match="别人同意"):
        actions.clear_interview(by=world["office"], now=now, briefing=briefing)
    actions.clear_interview(by=world["head"], now=now, briefing=briefing)
    for again in (briefing, j.planned(world, case, now)):
        with pytest.raises(ValidationError):
            actions.clear_interview(by=world["head"], now=now, briefing=again)
    with pytest.raises(ValidationError, match="采访没有发布词"):
        actions.write_statement(by=world["spokesperson"], now=now, briefing=briefing)


def test_words_that_were_dropped_are_written_anew_and_others_are_not(
    world: World, case: Case, now: datetime
) -> None:
    briefing = j.planned(world, case, now)
    first = actions.write_statement(by=world["spokesperson"], now=now, briefing=briefing)
    assert actions.write_statement(by=world["office"], now=now, briefing=briefing) == first
    assert first.title == briefing.topic and first.stage == briefing.stage
    replies.drop(by=world["spokesperson"], now=now, draft=first, reason="换人写")
    assert actions.write_statement(by=world["spokesperson"], now=now, briefing=briefing) != first


def test_the_kit_is_filled_from_the_lines_and_the_arrangement(
    world: World, case: Case, now: datetime
) -> None:
    briefing = j.planned(world, case, now)
    j.outlet(world, briefing)
    j.lined(world, case, now)
    kit = actions.prepare_kit(by=world["office"], now=now, briefing=briefing)
    assert "更换了3号宿舍楼热水锅炉的循环泵" in kit.body["facts"] and "问：" in kit.body["questions"]
    assert "邀请媒体：青禾晚报" in kit.body["arrangement"] and "庚发言" in kit.body["arrangement"]
    assert actions.prepare_kit(by=world["office"], now=now, briefing=briefing) == kit


def test_whoever_came_is_in_the_record_of_contacts(world: World, case: Case, now: datetime) -> None:
    contact = library.put_contact(by=world["office"], now=now, outlet="青禾晚报", name="记者甲", tier="city")
    briefing = ready(world, case, now)
    came = actions.add_outlet(by=world["office"], now=now, briefing=briefing, contact=contact)
    away = j.outlet(world, briefing, "青禾广播")
    assert (came.outlet, came.tier) == ("青禾晚报", "city")
    actions.hold_briefing(by=world["spokesperson"], now=now + j.HOUR, briefing=briefing, came=[came])
    talk = case.talks.get()
    assert (talk.contact, talk.at, talk.by) == (contact, now + j.HOUR, world["spokesperson"])
    away.refresh_from_db()
    assert away.came is False


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"outlet": "", "tier": "city"}, "outlet"),
        ({"outlet": "某报", "tier": ""}, "tier"),
        ({"outlet": "某报", "tier": "unknown"}, "tier"),
        ({"outlet": "某报", "tier": "galactic"}, "tier"),
        ({"outlet": "青禾晚报", "tier": "city"}, "outlet"),
    ],
)
def test_an_outlet_has_a_name_and_a_tier_and_stands_there_once(
    world: World, case: Case, now: datetime, told: dict[str, str], field: str
) -> None:
    briefing = j.planned(world, case, now)
    j.outlet(world, briefing)
    with pytest.raises(ValidationError) as refused:
        actions.add_outlet(by=world["office"], now=now, briefing=briefing, **told)
    assert list(refused.value.message_dict) == [field]


def test_an_outlet_is_taken_off_and_an_empty_room_is_no_briefing(
    world: World, case: Case, now: datetime
) -> None:
    briefing = ready(world, case, now)
    gone, other = j.outlet(world, briefing, "甲报"), j.outlet(world, briefing, "乙报")
    actions.drop_outlet(by=world["office"], now=now, outlet=gone)
    for came in ([], [gone]):
        with pytest.raises(ValidationError) as refused:
            actions.hold_briefing(by=world["spokesperson"], now=now, briefing=briefing, came=came)
        assert list(refused.value.message_dict) == ["came"]
    assert list(briefing.outlets.all()) == [other]


def test_what_was_said_is_held_against_the_lines_and_a_difference_is_never_hidden(
    world: World, case: Case, now: datetime
) -> None:
    briefing, at = j.spoken(world, case, now), now + 2 * j.HOUR
    right = "受影响学生312人，后勤处已更换循环泵。"
    actions.record_said(
        by=world["spokesperson"], now=at, briefing=briefing, text=right, explained="没有不一致"
    )
    briefing.refresh_from_db()
    assert (briefing.said, briefing.explained) == (right, "")
    with pytest.raises(ValidationError, match="312人") as refused:
        actions.record_said(by=world["spokesperson"], now=at, briefing=briefing, text=j.WRONG)
    assert list(refused.value.message_dict) == ["explained"]
    actions.record_said(
        by=world["spokesperson"], now=at, briefing=briefing, text=j.WRONG, explained="口误，会后已向各家更正"
    )
    text = j.told(case, "said").data["text"]
    assert j.WRONG in text and "与口径不一致" in text and "口误" in text
    told = Message.objects.filter(subject__contains="对外讲的与口径不一致")
    assert {row.person for row in told} == {world["head"], world["deputy"]}


def test_an_open_question_keeps_the_case_open_until_it_is_answered_by_the_lines(
    world: World, case: Case, now: datetime
) -> None:
    briefing, at = j.spoken(world, case, now), now + 2 * j.HOUR
    asked = actions.note_question(
        by=world["spokesperson"], now=at, briefing=briefing, outlet="青禾晚报", text="多少学生受影响？"
    )
    assert list(queries.open_questions(case)) == [asked]
    assert any("青禾晚报" in end.what for end in cases.ending.loose_ends(case, []))
    with pytest.raises(ValidationError) as refused:
        actions.answer_question(by=world["spokesperson"], now=at, question=asked, answer=j.WRONG)
    assert list(refused.value.message_dict) == ["answer"]
    actions.answer_question(by=world["spokesperson"], now=at, question=asked, answer="受影响学生312人。")
    assert not queries.open_questions(case).exists()
    with pytest.raises(ValidationError, match="已经答复"):
        actions.answer_question(by=world["spokesperson"], now=at, question=asked, answer="再答")


def test_before_it_is_held_nothing_was_said_or_asked(world: World, case: Case, now: datetime) -> None:
    briefing = j.planned(world, case, now)
    by = world["spokesperson"]
    with pytest.raises(ValidationError):
        actions.record_said(by=by, now=now, briefing=briefing, text="讲了")
    with pytest.raises(ValidationError):
        actions.note_question(by=by, now=now, briefing=briefing, outlet="晚报", text="问")
    question = Question.objects.create(briefing=briefing, outlet="晚报", text="问", asked_at=now)
    with pytest.raises(ValidationError):
        actions.answer_question(by=by, now=now, question=question, answer="答")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"stage": "formal"}, "stage"),
        ({"topic": " "}, "topic"),
        ({"place": "\n"}, "place"),
        ({"at": timedelta(days=-1, seconds=-1)}, "at"),
        ({"at": timedelta(days=90, seconds=1)}, "at"),
        ({"spokesperson": "admin"}, "spokesperson"),
        ({"kind": "rumour"}, "kind"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(
    world: World, case: Case, now: datetime, told: dict[str, object], field: str
) -> None:
    if "at" in told:
        told = {"at": now + told["at"]}  # type: ignore[operator]
    if "spokesperson" in told:
        told = {"spokesperson": world["admin"]}
    with pytest.raises(ValidationError) as refused:
        j.planned(world, case, now, **told)  # type: ignore[arg-type]
    assert list(refused.value.message_dict) == [field]


def test_briefings_are_counted_by_stage_and_those_called_off_keep_their_number(
    world: World, case: Case, now: datetime
) -> None:
    first, second = j.planned(world, case, now), j.planned(world, case, now, stage="final")
    actions.cancel_briefing(by=world["office"], now=now, briefing=first, why="改期")
    third = j.planned(world, case, now)
    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert j.told(case, "cancelled").data["text"].endswith("取消：改期")
    with pytest.raises(ValidationError):
        actions.cancel_briefing(by=world["office"], now=now, briefing=first, why="再取消")


def test_another_time_stands_in_the_journal_and_the_same_one_does_not(
    world: World, case: Case, now: datetime
) -> None:
    briefing = j.planned(world, case, now)
    same = {name: getattr(briefing, name) for name in ("stage", "topic", "at", "place", "spokesperson")}
    actions.change_briefing(by=world["office"], now=now, briefing=briefing, **same)
    assert not case.entries.filter(data__joint__act="changed").exists()
    actions.change_briefing(by=world["office"], now=now, briefing=briefing, **{**same, "at": now + j.DAY})
    assert "2026年11月25日周三 09:00" in j.told(case, "changed").data["text"]


def test_it_was_not_held_before_it_was_planned_nor_tomorrow(world: World, case: Case, now: datetime) -> None:
    briefing = ready(world, case, now)
    came = [j.outlet(world, briefing)]
    for when in (now - j.MINUTE, now + j.MINUTE):
        with pytest.raises(ValidationError) as refused:
            actions.hold_briefing(
                by=world["spokesperson"], now=now, briefing=briefing, came=came, held_at=when
            )
        assert list(refused.value.message_dict) == ["held_at"]


def test_once_held_it_changes_no_more(world: World, case: Case, now: datetime) -> None:
    briefing, by = j.spoken(world, case, now), world["office"]
    with pytest.raises(ValidationError):
        actions.add_outlet(by=by, now=now, briefing=briefing, outlet="乙报", tier="city")
    with pytest.raises(ValidationError):
        actions.cancel_briefing(by=by, now=now, briefing=briefing, why="散")
    with pytest.raises(ValidationError):
        actions.hold_briefing(by=by, now=now, briefing=briefing, came=[])


@pytest.mark.parametrize("role", ["head", "duty", "handler", "reviewer", "auditor", "admin"])
def test_only_the_office_and_the_spokesperson_meet_the_press(
    world: World, case: Case, now: datetime, role: str
) -> None:
    with pytest.raises(PermissionDenied):
        j.planned(world, case, now, by=world[role])
    with pytest.raises(PermissionDenied):
        actions.hold_briefing(by=world[role], now=now, briefing=j.planned(world, case, now), came=[])


def test_ordinary_answers_go_out_as_ever_and_a_case_without_lines_is_held_against_none(
    world: World, now: datetime
) -> None:
    answer = letters.published(world, letters.matter(world, now), now=now)
    assert answer.state == Draft.State.PUBLISHED
    assert disagreements(answer.case, j.WRONG, now) == []
