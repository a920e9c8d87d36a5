"""The journal as people read it."""

from datetime import datetime

import pytest
from django.utils import translation

from huiying.desk.cases import actions
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries import Line, timeline
from huiying.engine.journal import Kind
from tests.desk.handling import HOUR, graded, handed, opened, published, wrote
from tests.desk.world import World


def sentences(case: Case) -> list[str]:
    return [line.sentence for line in timeline(case)]


def the(case: Case, kind: Kind) -> Line:
    (line,) = [line for line in timeline(case) if line.kind == kind]
    return line


def test_a_matter_is_told_from_its_opening(world: World, now: datetime) -> None:
    case = handed(world, now)
    assert sentences(case) == ["人工立件", "核实：属实", "定为一般", "交办后勤处牵头", "后勤处接办"]


def test_in_english_it_is_told_in_english(world: World, now: datetime) -> None:
    case = handed(world, now)
    with translation.override("en"):
        assert sentences(case)[1:3] == ["Verified: True", "Level: Ordinary"]


def test_each_line_says_who_in_which_role(world: World, now: datetime) -> None:
    line = the(handed(world, now), Kind.ACCEPTED)
    assert (line.who, line.role) == ("戊承办", "承办处室负责人")


def test_a_line_says_what_it_settled_and_whether_in_time(world: World, now: datetime) -> None:
    case = graded(world, now)
    published(case, world, now + 6 * HOUR, "first")
    (verdict,) = the(case, Kind.PUBLISHED).verdicts
    assert (verdict.what, verdict.late) == ("作首次公开回应", True)
    assert the(case, Kind.VERIFIED).in_time == 1


def test_a_deadline_that_passed_stands_where_it_passed(world: World, now: datetime) -> None:
    case = graded(world, now)
    published(case, world, now + 6 * HOUR, "first")
    told = sentences(case)
    assert told.index("时限已过，未办：作首次公开回应") < told.index("发布首次回应")


def test_an_overruled_level_says_so(world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.propose_level(by=world["duty"], now=now, case=case, level=2, reason="多个平台")
    actions.confirm_level(by=world["deputy"], now=now, case=case, level=3, reason="都是转帖")
    assert the(case, Kind.LEVEL_CONFIRMED).sentence == "定为一般，未采纳建议的较大"


def test_what_was_written_down_later_says_when(world: World, now: datetime) -> None:
    case = graded(world, now)
    actions.report_up(
        by=world["office"], now=now + HOUR, case=case, to="higher", means="phone", text="报过", at=now
    )
    line = the(case, Kind.REPORTED)
    assert (line.at, line.recorded_at, line.sentence) == (now, now + HOUR, "电话报告上级教育主管部门")


def test_a_corrected_line_stays_and_is_marked(world: World, now: datetime) -> None:
    case = graded(world, now)
    actions.add_note(by=world["duty"], now=now, case=case, text="打过电话")
    seq = case.entries.get(kind="note").seq
    actions.correct(by=world["duty"], now=now, case=case, seq=seq, reason="记错", text="没打通")
    assert the(case, Kind.NOTE).wrong
    assert the(case, Kind.CORRECTED).sentence == f"更正第 {seq} 条记录"


def test_notices_that_follow_one_another_are_one_line(world: World, now: datetime) -> None:
    case = graded(world, now)
    base = {"obligation": "first", "stage": "due", "recipient": world["office"].actor, "channel": "mail"}
    for kind in (Kind.TOLD, Kind.TOLD, Kind.TELLING_FAILED, Kind.ACKNOWLEDGED):
        wrote(case, kind, {**base, "message": 1}, now, None)
    line = timeline(case)[-1]
    assert line.sentence == "通知：送达 2，未送达 1，签收 1"
    assert line.late, "one did not arrive"
    assert [one.sentence for one in line.folded] == [
        "已告知丙主任",
        "已告知丙主任",
        "没能告知丙主任",
        "丙主任已签收",
    ]


def test_notices_with_something_between_them_are_not_folded_together(world: World, now: datetime) -> None:
    case = graded(world, now)
    data = {"obligation": "first", "stage": "due", "recipient": "x", "channel": "mail", "message": 1}
    wrote(case, Kind.TOLD, data, now, None)
    actions.add_note(by=world["office"], now=now, case=case, text="中间")
    wrote(case, Kind.TOLD, data, now, None)
    assert sentences(case)[-3:] == ["通知：送达 1", "记事", "通知：送达 1"]


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        (["reviewer|office", "head"], "送审：审核人 或 舆情办公室 → 领导小组组长（校长）"),
        (["reviewer&office", "head"], "送审：审核人 + 舆情办公室 → 领导小组组长（校长）"),
    ],
)
def test_a_chain_names_every_role(world: World, now: datetime, chain: list[str], said: str) -> None:
    case = graded(world, now)
    wrote(case, Kind.SUBMITTED, {"draft": 1, "chain": chain}, now, world["office"])
    assert the(case, Kind.SUBMITTED).sentence == said


@pytest.mark.parametrize("kind", Kind)
def test_a_line_without_its_data_is_told_all_the_same(world: World, now: datetime, kind: Kind) -> None:
    """A journal of an earlier or later desk may say less: its page must still open."""
    case = opened(world, now)
    if kind in {
        Kind.OPENED,
        Kind.LEVEL_CONFIRMED,
        Kind.ASSIGNED,
        Kind.ACCEPTED,
        Kind.DECLINED,
        Kind.UNIT_REPORTED,
    }:
        return  # these are the projection's own: their data are checked when they are written
    if kind in {Kind.EXTENSION_ASKED, Kind.EXTENSION_GRANTED, Kind.EXTENSION_REFUSED, Kind.MERGED}:
        return
    wrote(case, kind, {}, now, None)
    assert len(timeline(case)) == 2
