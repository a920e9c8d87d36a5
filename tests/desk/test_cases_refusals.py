"""What a case refuses, and that a refusal changes nothing and says what to do."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from huiying.desk.cases import actions
from huiying.desk.cases.models import Case
from tests.desk.handling import HOUR, answered, closed, graded, handed, opened, somebody
from tests.desk.world import World

Act = Callable[[World, datetime, Case], Any]


def refused(act: Act, world: World, now: datetime, case: Case) -> str:
    before = case.entries.count()
    with pytest.raises(ValidationError) as refusal:
        act(world, now, case)
    case.refresh_from_db()
    assert case.entries.count() == before, "a refusal leaves no entry"
    return "；".join(refusal.value.messages)


OPEN: dict[str, tuple[str, Act]] = {
    "no outcome": (
        "请选核实结论",
        lambda w, now, c: actions.verify(by=w["duty"], now=now, case=c, outcome="perhaps", facts="x"),
    ),
    "no facts": (
        "请写明核实到的事实",
        lambda w, now, c: actions.verify(by=w["duty"], now=now, case=c, outcome="true", facts="  "),
    ),
    "facts without end": (
        "最多 4000 字",
        lambda w, now, c: actions.verify(by=w["duty"], now=now, case=c, outcome="true", facts="长" * 4001),
    ),
    "a level that the plan lacks": (
        "没有第 4 级",
        lambda w, now, c: actions.propose_level(by=w["duty"], now=now, case=c, level=4, reason="x"),
    ),
    "a proposal without evidence or reason": (
        "请写明理由",
        lambda w, now, c: actions.propose_level(by=w["duty"], now=now, case=c, level=3),
    ),
    "a level without proposal or reason": (
        "请写明理由",
        lambda w, now, c: actions.confirm_level(by=w["head"], now=now, case=c, level=3),
    ),
    "a kind of matter that the plan lacks": (
        "没有这一类",
        lambda w, now, c: actions.confirm_level(
            by=w["head"], now=now, case=c, level=3, reason="x", matter="nonsense"
        ),
    ),
    "a report by smoke": (
        "请选报送方式",
        lambda w, now, c: actions.report_up(
            by=w["duty"], now=now, case=c, to="group", means="smoke", text="x"
        ),
    ),
    "a report to nobody": (
        "请写报给谁",
        lambda w, now, c: actions.report_up(by=w["duty"], now=now, case=c, to=" ", means="phone", text="x"),
    ),
    "a report in the future": (
        "不能晚于现在",
        lambda w, now, c: actions.report_up(
            by=w["duty"], now=now, case=c, to="group", means="phone", text="x", at=now + HOUR
        ),
    ),
    "a report before the case": (
        "早于立件时间",
        lambda w, now, c: actions.report_up(
            by=w["duty"], now=now, case=c, to="group", means="phone", text="x", at=now - HOUR
        ),
    ),
    "an instruction of nobody": (
        "是谁的批示",
        lambda w, now, c: actions.record_instruction(by=w["office"], now=now, case=c, leader="", text="x"),
    ),
    "an instruction due before it is written": (
        "时限要晚于现在",
        lambda w, now, c: actions.record_instruction(
            by=w["office"], now=now, case=c, leader="甲", text="x", due_at=now
        ),
    ),
    "an instruction that nobody gave": (
        "没有这条批示",
        lambda w, now, c: actions.instruction_done(by=w["office"], now=now, case=c, ref="i9", text="x"),
    ),
    "a promise for yesterday": (
        "时限要晚于现在",
        lambda w, now, c: actions.promise(by=w["office"], now=now, case=c, text="x", due_at=now - HOUR),
    ),
    "a promise beyond what the plan allows": (
        "承诺最迟到 2026年12月2日",
        lambda w, now, c: actions.promise(
            by=w["office"], now=now, case=c, text="x", due_at=now + timedelta(days=9)
        ),
    ),
    "a promise that nobody made": (
        "没有这条承诺",
        lambda w, now, c: actions.keep_promise(by=w["office"], now=now, case=c, ref="p9", text="x"),
    ),
    "a step that the plan lacks": (
        "没有这一步",
        lambda w, now, c: actions.do_step(by=w["office"], now=now, case=c, step="nonsense", text="x"),
    ),
    "a waiver of what is not owed": (
        "已办结、已免办或不存在",
        lambda w, now, c: actions.waive(by=w["head"], now=now, case=c, obligation="nonsense", reason="x"),
    ),
    "a waiver without a reason": (
        "免办的理由",
        lambda w, now, c: actions.waive(by=w["head"], now=now, case=c, obligation="verify", reason=""),
    ),
    "urging nobody": (
        "还没有交办",
        lambda w, now, c: actions.urge(by=w["office"], now=now, case=c, text="快"),
    ),
    "an answer to no letter": (
        "没有第 3 号协调函",
        lambda w, now, c: actions.answer_request(
            by=w["office"], now=now, case=c, number=3, outcome="none", text="x"
        ),
    ),
    "a letter that went out nohow": (
        "请选送出方式",
        lambda w, now, c: actions.request(by=w["office"], now=now, case=c, to="局", text="x", means="pigeon"),
    ),
    "an answer to no urging": (
        "没有第 3 号催办",
        lambda w, now, c: actions.answer_urge(by=w["office"], now=now, case=c, number=3, text="x"),
    ),
    "a result of a unit that was not asked": (
        "没有等着办的交办",
        lambda w, now, c: actions.unit_report(
            by=somebody("x", "handler"), now=now, case=c, unit=w.units["jwc"], text="x"
        ),
    ),
    "merging into itself": (
        "不能并入自己",
        lambda w, now, c: actions.merge(by=w["duty"], now=now, case=c, other=c),
    ),
    "merging a drill into a real case": (
        "演练件与真件",
        lambda w, now, c: actions.merge(
            by=w["duty"], now=now, case=c, other=opened(w, now, drill=True, by=w["head"])
        ),
    ),
    "answering an asker who has a case": (
        "没有并入别的件",
        lambda w, now, c: actions.answer_asker(by=w["office"], now=now, case=c, text="x"),
    ),
    "reopening what is open": (
        "只有已办结的件",
        lambda w, now, c: actions.reopen(by=w["office"], now=now, case=c, reason="x"),
    ),
    "judging a relapse that is none": (
        "没有等决定的复发提示",
        lambda w, now, c: actions.no_relapse(by=w["office"], now=now, case=c, reason="x"),
    ),
    "an extension that nobody asked": (
        "没有等批复的延期申请",
        lambda w, now, c: actions.grant_extension(by=w["deputy"], now=now, case=c, obligation="first"),
    ),
    "correcting an entry that is not there": (
        "没有第 9 条记录",
        lambda w, now, c: actions.correct(by=w["office"], now=now, case=c, seq=9, reason="x", text="x"),
    ),
    "correcting the opening": (
        "不能这样更正",
        lambda w, now, c: actions.correct(by=w["office"], now=now, case=c, seq=1, reason="x", text="x"),
    ),
    "adding no posts": (
        "没有选帖文",
        lambda w, now, c: actions.add_mentions(by=w["office"], now=now, case=c),
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_an_open_case_refuses(world: World, now: datetime, name: str) -> None:
    words, act = OPEN[name]
    assert words in refused(act, world, now, opened(world, now))


AFTER_CLOSING: dict[str, Act] = {
    "verify": lambda w, now, c: actions.verify(by=w["duty"], now=now, case=c, outcome="true", facts="x"),
    "propose": lambda w, now, c: actions.propose_level(by=w["duty"], now=now, case=c, level=3, reason="x"),
    "confirm": lambda w, now, c: actions.confirm_level(by=w["head"], now=now, case=c, level=2, reason="x"),
    "instruct": lambda w, now, c: actions.record_instruction(
        by=w["office"], now=now, case=c, leader="x", text="x"
    ),
    "assign": lambda w, now, c: actions.assign(
        by=w["office"], now=now, case=c, unit=w.units["jwc"], reason="x"
    ),
    "accept": lambda w, now, c: actions.accept(by=w["handler"], now=now, case=c, unit=w.units["hqc"]),
    "decline": lambda w, now, c: actions.decline(
        by=w["handler"], now=now, case=c, unit=w.units["hqc"], reason="x"
    ),
    "report": lambda w, now, c: actions.unit_report(
        by=w["handler"], now=now, case=c, unit=w.units["hqc"], text="x"
    ),
    "progress": lambda w, now, c: actions.add_progress(by=w["office"], now=now, case=c, text="x"),
    "fix": lambda w, now, c: actions.offline_fix(by=w["office"], now=now, case=c, text="x"),
    "promise": lambda w, now, c: actions.promise(
        by=w["office"], now=now, case=c, text="x", due_at=now + HOUR
    ),
    "extend": lambda w, now, c: actions.ask_extension(
        by=w["office"], now=now, case=c, obligation="archive", new_due_at=now + HOUR, reason="x"
    ),
    "urge": lambda w, now, c: actions.urge(by=w["office"], now=now, case=c, text="x"),
    "request": lambda w, now, c: actions.request(
        by=w["office"], now=now, case=c, to="局", text="x", means="fax"
    ),
    "close again": lambda w, now, c: actions.close(by=w["office"], now=now, case=c, summary="x"),
}


@pytest.mark.parametrize("name", AFTER_CLOSING)
def test_a_closed_case_refuses_until_it_is_opened_again(world: World, now: datetime, name: str) -> None:
    assert "已办结" in refused(AFTER_CLOSING[name], world, now, closed(world, now))


@pytest.mark.parametrize(
    "name", [name for name in AFTER_CLOSING if name not in {"accept", "decline", "report"}]
)
def test_a_case_that_joined_another_refuses_and_names_the_other(
    world: World, now: datetime, name: str
) -> None:
    into, case = opened(world, now), opened(world, now)
    actions.merge(by=world["duty"], now=now, case=into, other=case)
    assert into.number in refused(AFTER_CLOSING[name], world, now, case)


def test_notes_go_on_after_closing(world: World, now: datetime) -> None:
    case = closed(world, now)
    actions.add_note(by=world["office"], now=now, case=case, text="诉求人来电致谢")
    assert case.entries.filter(kind="note").count() == 1


def test_closing_is_refused_while_anything_is_owed_and_names_each(world: World, now: datetime) -> None:
    case = handed(world, now)
    words = refused(
        lambda w, n, c: actions.close(by=w["office"], now=n, case=c, summary="好了"), world, now, case
    )
    for row in case.owed.filter(state="open", closing=False):
        assert row.what_zh in words
    assert "2026年11月24日" in words


def test_closing_is_refused_while_something_is_missed(world: World, now: datetime) -> None:
    case = answered(world, now)
    actions.promise(by=world["office"], now=now, case=case, text="公布结果", due_at=now + HOUR)
    words = refused(
        lambda w, n, c: actions.close(by=w["office"], now=n, case=c, summary="好了"),
        world,
        now + 2 * HOUR,
        case,
    )
    assert "兑现承诺：公布结果" in words


def test_closing_is_refused_without_a_level(world: World, now: datetime) -> None:
    case = opened(world, now)
    for row in case.owed.filter(state="open"):
        actions.waive(by=world["head"], now=now, case=case, obligation=row.key, reason="x")
    words = refused(
        lambda w, n, c: actions.close(by=w["office"], now=n, case=c, summary="好了"), world, now, case
    )
    assert words == "还没有定级。"


def test_duties_that_begin_at_closing_do_not_stand_in_its_way(world: World, now: datetime) -> None:
    case = closed(world, now, level=1)
    assert set(case.owed.filter(state="open").values_list("act", flat=True)) == {"reviewed", "archived"}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"title": "  "}, "一句话"),
        ({"title": "长" * 301}, "最多 300 字"),
        ({"discovered_at": datetime.fromisoformat("2026-11-24T01:00:01+00:00")}, "不能晚于现在"),
        ({"discovered_at": datetime.fromisoformat("2024-11-24T01:00:00+00:00")}, "早于一年前"),
        ({"subject": "nonsense"}, "没有这一类"),
        ({"matter": "nonsense"}, "没有这一类"),
        ({"how": "by-magic"}, "请选来源"),
    ],
)
def test_a_case_is_not_opened_with(world: World, now: datetime, told: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        opened(world, now, **told)
    assert not Case.objects.exists()


def test_no_case_is_opened_without_a_plan(world: World, now: datetime) -> None:
    with pytest.raises(ValidationError, match="还没有启用预案"):
        actions.open_case(by=world["duty"], now=now, title="事")


def test_a_unit_is_not_asked_twice_for_the_same(world: World, now: datetime) -> None:
    case = handed(world, now)
    hqc = world.units["hqc"]
    for part in ("lead", "cooperating"):
        with pytest.raises(ValidationError, match=r"已经在办|牵头单位"):
            actions.assign(by=world["office"], now=now, case=case, unit=hqc, part=part, reason="x")


def test_reassigning_wants_a_reason(world: World, now: datetime) -> None:
    case = handed(world, now)
    with pytest.raises(ValidationError, match="改派要写明理由"):
        actions.assign(by=world["office"], now=now, case=case, unit=world.units["jwc"])


def test_a_unit_out_of_use_is_not_asked(world: World, now: datetime) -> None:
    case = graded(world, now)
    world.units["jwc"].active = False
    world.units["jwc"].save()
    with pytest.raises(ValidationError, match="已停用"):
        actions.assign(by=world["office"], now=now, case=case, unit=world.units["jwc"])


def test_a_unit_reports_only_after_it_accepted(world: World, now: datetime) -> None:
    case = graded(world, now)
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["hqc"])
    with pytest.raises(ValidationError, match="没有等着办的交办"):
        actions.unit_report(by=world["handler"], now=now, case=case, unit=world.units["hqc"], text="好了")


def test_others_do_not_correct_what_somebody_wrote(world: World, now: datetime) -> None:
    case = handed(world, now)
    actions.add_note(by=world["duty"], now=now, case=case, text="打过电话")
    seq = case.entries.get(kind="note").seq
    with pytest.raises(ValidationError, match="别人的记录"):
        actions.correct(by=world["handler"], now=now, case=case, seq=seq, reason="x", text="x")
    actions.correct(by=world["duty"], now=now, case=case, seq=seq, reason="记错", text="没打通")
    with pytest.raises(ValidationError, match="已经更正过"):
        actions.correct(by=world["office"], now=now, case=case, seq=seq, reason="x", text="x")


def test_a_promise_may_reach_exactly_as_far_as_the_plan_allows(world: World, now: datetime) -> None:
    case = graded(world, now)
    last = datetime.fromisoformat("2026-12-01T16:00:00+00:00")  # 24:00 of the fifth working day after Tuesday
    actions.promise(by=world["office"], now=now, case=case, text="公布", due_at=last)
    with pytest.raises(ValidationError, match="预案规定承诺最迟到"):
        actions.promise(
            by=world["office"], now=now, case=case, text="公布", due_at=last + timedelta(microseconds=1)
        )


def test_a_promise_into_a_year_that_the_calendar_lacks_names_the_year(world: World) -> None:
    late = datetime.fromisoformat("2026-12-29T01:00:00+00:00")
    case = graded(world, late)
    with pytest.raises(ValidationError, match="工作日历没有 2027 年"):
        actions.promise(by=world["office"], now=late, case=case, text="公布", due_at=late + HOUR)
