"""Minutes and the handling plan: written, put before the chair, adopted; every decision becomes a deadline of the case."""

import io
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from docx import Document
from docx.oxml.ns import qn

from huiying.desk.cases import actions as cases
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.standing import standing
from huiying.desk.cases.rebuild import rebuild
from huiying.desk.cases.verify import verify_all
from huiying.desk.joint import actions, queries, steps
from huiying.desk.joint.actions.minutes import numeral
from huiying.desk.joint.models import Meeting
from huiying.desk.notify.models import Message
from huiying.desk.reports import actions as reports
from huiying.desk.reports.layout import word
from huiying.desk.reports.layout.make import sheet
from huiying.engine.journal import Kind
from tests.desk import handling
from tests.desk import joining as j
from tests.desk.world import World


@pytest.fixture
def case(world: World, now: datetime) -> Case:
    return j.matter(world, now)


def keys(case: Case, world: World, now: datetime) -> dict[str, tuple[str, ...]]:
    """What a meeting may settle now: key -> steps."""
    on = standing(case, world["head"], now)
    return {one.key: one.steps for one in steps.offers(on.plan, on.facts, on.entries)}


def test_the_joint_meeting_makes_the_plan_and_does_the_plans_step_in_time(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.adopted(world, case, now, steps=("meeting", "activate", "monitoring-plan"))
    assert meeting.state == Meeting.State.ADOPTED and meeting.adopted_by == world["head"]
    done = [row.data for row in case.entries.filter(kind=Kind.DONE).order_by("seq")]
    assert [data["step"] for data in done] == ["meeting", "activate", "monitoring-plan"]
    assert {data["joint"]["id"] for data in done} == {meeting.pk}
    assert handling.owed(case, "step:meeting").state == "met"
    assert handling.owed(case, "step:task-force").due_at == now + 2 * j.HOUR
    plan = queries.plan_in_force(case)
    assert plan == meeting and [text for _name, text in meeting.plan] == list(j.PLAN.values())


def test_the_two_halves_of_a_synchronisation_are_settled_at_one_stroke(
    world: World, case: Case, now: datetime
) -> None:
    offered = keys(case, world, now)
    assert offered["pair:deployed-together"] == ("deploy-incident", "deploy-press")
    assert offered["pair:authorised-together"] == ("authorise-handling", "authorise-publishing")
    assert offered["pair:decided-together"] == ("decide-handling",)
    assert "deploy-incident" not in offered and "task-force" not in offered
    j.adopted(world, case, now, steps=("meeting", "pair:deployed-together"))
    ats = set(case.entries.filter(data__step__startswith="deploy").values_list("at", flat=True))
    assert ats == {now + j.HOUR}
    assert "pair:deployed-together" not in keys(case, world, now)


def test_the_other_half_that_has_an_act_of_its_own_is_named(world: World, case: Case, now: datetime) -> None:
    on = standing(case, world["head"], now)
    (decided,) = [o for o in steps.offers(on.plan, on.facts, on.entries) if o.key == "pair:decided-together"]
    assert decided.note.zh == "同时要办：确定统一口径"
    assert decided.key in steps.proposed("joint", [decided]) and steps.proposed("coordinate", [decided]) == []


def test_a_second_level_case_is_assessed_with_the_department(world: World, now: datetime) -> None:
    case = j.matter(world, now, level=2)
    offered = keys(case, world, now)
    assert "meeting" not in offered and "assess" in offered
    j.adopted(world, case, now, kind="assess", steps=("assess",))
    assert handling.owed(case, "step:assess").state == "met"


def test_a_plan_without_such_steps_gets_a_note(world: World, now: datetime) -> None:
    case = j.matter(world, now, level=3, plan="school")
    j.adopted(world, case, now)
    assert j.told(case, "adopted").kind == Kind.NOTE


def test_a_step_that_was_done_meanwhile_is_chosen_anew(world: World, case: Case, now: datetime) -> None:
    meeting = j.written(world, case, now)
    cases.do_step(by=world["office"], now=now, case=case, step="activate", text="已启动")
    with pytest.raises(ValidationError) as refused:
        actions.adopt_minutes(by=world["head"], now=now + j.HOUR, meeting=meeting, steps=["activate"])
    assert "steps" in refused.value.message_dict
    meeting.refresh_from_db()
    assert (
        meeting.state == Meeting.State.HELD and not case.entries.filter(data__joint__act="adopted").exists()
    )


def test_a_decision_becomes_an_assignment_with_its_own_deadline(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.written(world, case, now)
    at = now + j.HOUR
    for code, text in (("xgc", "到3号楼逐室告知"), ("jwc", "调整晚自习")):
        actions.add_decision(
            by=world["office"],
            now=at,
            meeting=meeting,
            text=text,
            unit=world.units[code],
            due_at=now + 2 * j.DAY,
        )
    actions.adopt_minutes(by=world["head"], now=at, meeting=meeting)
    given = [row.data for row in case.entries.filter(kind=Kind.ASSIGNED).order_by("seq")]
    assert [(data["unit"], data["part"]) for data in given] == [
        ("hqc", "lead"),
        ("xgc", "cooperating"),
        ("jwc", "cooperating"),
    ]
    case.refresh_from_db()
    assert case.lead == world.units["hqc"]
    assert handling.owed(case, "unit_report:hqc").due_at == now + j.DAY
    assert handling.owed(case, "unit_report:xgc").due_at == now + 2 * j.DAY
    first = meeting.decisions.order_by("pk").first()
    assert first is not None and first.became == "assigned"
    assert case.entries.get(seq=first.entry).kind == Kind.ASSIGNED


def test_for_a_unit_that_has_the_case_it_becomes_the_chairs_instruction(
    world: World, case: Case, now: datetime
) -> None:
    cases.assign(by=world["office"], now=now, case=case, unit=world.units["hqc"])
    cases.accept(by=world["handler"], now=now, case=case, unit=world.units["hqc"])
    meeting = j.adopted(world, case, now)
    entry = case.entries.get(kind=Kind.INSTRUCTED)
    assert (entry.data["by"], entry.data["text"]) == ("甲校长", "更换循环泵。")
    owed = handling.owed(case, f"instruction:{entry.data['ref']}")
    assert (owed.state, owed.due_at, owed.unit) == ("open", now + j.DAY, world.units["hqc"])
    assert meeting.decisions.get().entry == entry.seq
    told = Message.objects.filter(person=world["handler"], subject__contains="会议议定")
    assert told.count() == 1
    cases.instruction_done(
        by=world["office"], now=now + j.DAY, case=case, ref=entry.data["ref"], text="泵已换"
    )
    assert handling.owed(case, owed.key).state == "met"


def test_two_decisions_for_one_unit_are_one_assignment_and_one_instruction(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.written(world, case, now)
    actions.add_decision(
        by=world["office"],
        now=now + j.HOUR,
        meeting=meeting,
        text="开北区浴室",
        unit=world.units["hqc"],
        due_at=now + j.DAY,
    )
    actions.adopt_minutes(by=world["head"], now=now + j.HOUR, meeting=meeting)
    assert [one.became for one in meeting.decisions.all()] == ["assigned", "instructed"]


def test_the_plan_is_whole_or_not_at_all(world: World, case: Case, now: datetime) -> None:
    meeting = j.held(world, case, now)
    at = now + j.HOUR
    for missing in j.PLAN:
        parts = {name: "" if name == missing else text for name, text in j.PLAN.items()}
        actions.write_minutes(by=world["office"], now=at, meeting=meeting, minutes="通报", **parts)
        with pytest.raises(ValidationError) as refused:
            actions.submit_minutes(by=world["office"], now=at, meeting=meeting)
        assert list(refused.value.message_dict) == [missing]


def test_the_first_meeting_makes_a_plan_and_later_ones_need_none(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.held(world, case, now)
    actions.write_minutes(by=world["office"], now=now + j.HOUR, meeting=meeting, minutes="只通报了情况")
    with pytest.raises(ValidationError) as refused:
        actions.submit_minutes(by=world["office"], now=now + j.HOUR, meeting=meeting)
    assert list(refused.value.message_dict) == ["handling"]
    first = j.adopted(world, case, now)
    actions.submit_minutes(by=world["office"], now=now + j.HOUR, meeting=meeting)
    actions.adopt_minutes(by=world["head"], now=now + 2 * j.HOUR, meeting=meeting)
    assert queries.plan_in_force(case) == first


def test_a_coordination_meeting_needs_no_plan(world: World, case: Case, now: datetime) -> None:
    meeting = j.held(world, case, now, kind="coordinate")
    actions.write_minutes(by=world["office"], now=now + j.HOUR, meeting=meeting, minutes="与供水公司商定供压")
    assert actions.submit_minutes(by=world["office"], now=now + j.HOUR, meeting=meeting).state == "submitted"


def test_a_decision_has_a_date_ahead_when_it_is_noted_and_when_it_is_adopted(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.written(world, case, now)
    with pytest.raises(ValidationError) as refused:
        actions.add_decision(
            by=world["office"], now=now, meeting=meeting, text="修", unit=world.units["hqc"], due_at=now
        )
    assert "due_at" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        actions.adopt_minutes(by=world["head"], now=now + j.DAY, meeting=meeting)
    assert "decisions" in refused.value.message_dict
    actions.adopt_minutes(by=world["head"], now=now + j.DAY - j.MINUTE, meeting=meeting)


def test_a_decision_is_taken_out_only_while_the_minutes_are_written(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.written(world, case, now)
    actions.drop_decision(by=world["office"], now=now, decision=meeting.decisions.get())
    assert not meeting.decisions.exists()
    adopted = j.adopted(world, case, now)
    with pytest.raises(ValidationError):
        actions.drop_decision(by=world["office"], now=now, decision=adopted.decisions.get())
    assert adopted.decisions.count() == 1


def test_only_the_chair_adopts_and_another_leader_while_the_chair_is_away(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.written(world, case, now)
    at = now + j.HOUR
    for role in ("deputy", "office", "handler"):
        with pytest.raises(PermissionDenied):
            actions.adopt_minutes(by=world[role], now=at, meeting=meeting)
    world["head"].away_until = at + j.MINUTE
    world["head"].save()
    assert actions.adopt_minutes(by=world["deputy"], now=at, meeting=meeting).adopted_by == world["deputy"]


def test_a_chair_who_is_back_at_this_very_instant_adopts_alone(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.written(world, case, now)
    world["head"].away_until = now + j.HOUR
    world["head"].save()
    with pytest.raises(PermissionDenied):
        actions.adopt_minutes(by=world["deputy"], now=now + j.HOUR, meeting=meeting)


def test_minutes_given_back_are_written_on_and_the_reason_is_kept(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.written(world, case, now)
    actions.submit_minutes(by=world["office"], now=now + j.HOUR, meeting=meeting)
    with pytest.raises(ValidationError, match="送审"):
        actions.write_minutes(by=world["office"], now=now + j.HOUR, meeting=meeting, minutes="改")
    back = actions.return_minutes(by=world["head"], now=now + j.HOUR, meeting=meeting, why="时限太松")
    assert (back.state, back.comment) == ("held", "时限太松")
    told = Message.objects.filter(person=world["duty"], subject__contains="退回修改")
    assert told.count() == 1 and j.told(case, "returned").data["text"].endswith("时限太松")
    again = actions.submit_minutes(by=world["office"], now=now + j.HOUR, meeting=meeting)
    assert again.comment == ""
    assert Message.objects.filter(person=world["head"], subject__contains="请审定").count() == 2


def test_adopted_at_the_meeting_and_noted_later_counts_only_with_a_reason(
    world: World, case: Case, now: datetime
) -> None:
    meeting, at = j.written(world, case, now), now + 3 * j.HOUR
    when = now + j.HOUR
    with pytest.raises(ValidationError) as refused:
        actions.adopt_minutes(by=world["head"], now=at, meeting=meeting, steps=["meeting"], at=when)
    assert "recorded_late" in refused.value.message_dict
    actions.adopt_minutes(
        by=world["head"], now=at, meeting=meeting, steps=["meeting"], at=when, recorded_late="现场没有网"
    )
    owed = handling.owed(case, "step:meeting")
    assert (owed.due_at, owed.state, owed.met_at) == (now + 2 * j.HOUR, "met", when)


def test_without_that_it_is_late_after_its_deadline(world: World, case: Case, now: datetime) -> None:
    meeting = j.written(world, case, now)
    actions.adopt_minutes(
        by=world["head"], now=now + 2 * j.HOUR + j.MINUTE, meeting=meeting, steps=["meeting"]
    )
    assert handling.owed(case, "step:meeting").state == "late"


def test_adoption_comes_after_the_meeting(world: World, case: Case, now: datetime) -> None:
    meeting = j.written(world, case, now)
    with pytest.raises(ValidationError) as refused:
        actions.adopt_minutes(
            by=world["head"], now=now + j.HOUR, meeting=meeting, at=now + j.MINUTE, recorded_late="晚"
        )
    assert "at" in refused.value.message_dict


def test_minutes_cannot_be_adopted_twice(world: World, case: Case, now: datetime) -> None:
    meeting = j.adopted(world, case, now)
    with pytest.raises(ValidationError):
        actions.adopt_minutes(by=world["head"], now=now + j.HOUR, meeting=meeting)
    assert case.entries.filter(kind=Kind.ASSIGNED).count() == 1


def test_everybody_who_was_asked_hears_that_they_stand(world: World, case: Case, now: datetime) -> None:
    meeting = j.adopted(world, case, now)
    told = Message.objects.filter(key__contains=f"meeting{meeting.pk}|adopted")
    assert {row.person for row in told} == {world[role] for role in ("deputy", "office", "handler")}


def test_the_record_says_all_that_was_decided(world: World, case: Case, now: datetime) -> None:
    j.adopted(world, case, now)
    assert j.told(case, "adopted").data["text"].splitlines() == [
        "通报了情况。",
        "议定事项：",
        "1．更换循环泵。由后勤处负责，11月25日9时0分前完成。",
        f"线下处置：{j.PLAN['handling']}",
        f"口径与发布：{j.PLAN['wording']}",
        f"监测与信息报送：{j.PLAN['monitoring']}",
        "出席：甲校长（负责人）、丙主任（舆情办）、戊承办（后勤处）",
        "请假：乙副校长",
        "列席：供水公司调度室",
    ]


def test_the_journal_of_a_meeting_is_whole_and_rebuilds_to_the_same(
    world: World, case: Case, now: datetime
) -> None:
    j.adopted(world, case, now, steps=("meeting", "pair:deployed-together"))
    assert verify_all() == [] and rebuild(case, now) == []


def test_adopted_minutes_become_an_official_paper_filled_in(world: World, case: Case, now: datetime) -> None:
    meeting, at = j.adopted(world, case, now), now + 2 * j.HOUR
    paper = actions.minutes_paper(by=world["office"], now=at, meeting=meeting)
    assert actions.minutes_paper(by=world["duty"], now=at, meeting=meeting) == paper
    assert paper.title == "关于3号宿舍楼热水停供的联席会议纪要"
    assert paper.body["meeting"].startswith("2026年11月24日9时30分，甲校长在行政楼一层主持召开联席会议。")
    assert paper.body["decisions"] == "（一）更换循环泵。由后勤处负责，11月25日9时0分前完成。"
    issued = reports.issue(by=world["office"], now=at, paper=paper)
    assert issued.number == "九中舆纪〔2026〕1号"
    kinds = [(block["kind"], block["text"][:3]) for block in issued.sheet["blocks"]]
    assert kinds[-3:] == [("roll", "出席："), ("roll", "请假："), ("roll", "列席：")]
    assert case.entries.filter(data__paper__id=paper.pk).exists()


def test_the_names_behind_a_roll_stand_one_under_the_other_in_word(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.adopted(world, case, now)
    paper = actions.minutes_paper(by=world["office"], now=now + 2 * j.HOUR, meeting=meeting)
    document = Document(io.BytesIO(word.docx(sheet(paper, world.institution, now))))
    (line,) = [one for one in document.paragraphs if one.text.startswith("出席：")]
    assert [run.text for run in line.runs] == [
        "出席",
        "：甲校长（负责人）、丙主任（舆情办）、戊承办（后勤处）",
    ]
    assert line._p.pPr.ind.get(qn("w:hangingChars")) == "300"


def test_a_meeting_decides_forty_things_at_most_and_each_has_its_numeral(
    world: World, case: Case, now: datetime
) -> None:
    meeting = j.written(world, case, now)
    told = {"meeting": meeting, "text": "查", "unit": world.units["hqc"], "due_at": now + j.DAY}
    for _more in range(39):
        actions.add_decision(by=world["office"], now=now, **told)
    with pytest.raises(ValidationError, match="40"):
        actions.add_decision(by=world["office"], now=now, **told)
    counted = [numeral(number) for number in (1, 9, 10, 11, 19, 20, 21, 30, 40)]
    assert counted == ["一", "九", "十", "十一", "十九", "二十", "二十一", "三十", "四十"]


def test_minutes_that_nobody_adopted_are_no_paper(world: World, case: Case, now: datetime) -> None:
    with pytest.raises(ValidationError):
        actions.minutes_paper(by=world["office"], now=now, meeting=j.written(world, case, now))
    with pytest.raises(PermissionDenied):
        actions.minutes_paper(by=world["head"], now=now, meeting=j.adopted(world, case, now))


def test_a_paper_that_was_thrown_away_is_begun_anew(world: World, case: Case, now: datetime) -> None:
    meeting, at = j.adopted(world, case, now), now + 2 * j.HOUR
    reports.discard(
        by=world["office"], now=at, paper=actions.minutes_paper(by=world["office"], now=at, meeting=meeting)
    )
    assert actions.minutes_paper(by=world["office"], now=at, meeting=meeting).pk


def test_a_unit_out_of_use_is_given_nothing(world: World, case: Case, now: datetime) -> None:
    world.units["xgc"].active = False
    told = {"text": "查", "unit": world.units["xgc"], "due_at": now + j.DAY}
    with pytest.raises(ValidationError) as refused:
        actions.add_decision(by=world["office"], now=now, meeting=j.held(world, case, now), **told)
    assert list(refused.value.message_dict) == ["unit"]


def test_minutes_go_to_who_stands_in_while_the_chair_is_away(world: World, case: Case, now: datetime) -> None:
    meeting, at = j.written(world, case, now), now + j.HOUR
    world["head"].away_until = at + j.DAY
    world["head"].save()
    actions.submit_minutes(by=world["office"], now=at, meeting=meeting)
    assert Message.objects.filter(person=world["deputy"], subject__contains="请审定").exists()
    assert meeting in queries.to_adopt(world["deputy"], at) and meeting in queries.to_adopt(world["head"], at)
    assert queries.to_adopt(world["office"], at) == []
