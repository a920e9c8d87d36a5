"""Wrong characters that no correct text holds; marks; and the texts that only look wrong."""

import pytest

from huiying.engine.reply.model import Context, DraftText
from huiying.engine.reply.proofread import proofread
from huiying.engine.reply.spelling import check, confusions, slips
from tests.engine.reply_drafts import NOW


def codes(text: str) -> list[str]:
    return [one.code for one in check(DraftText(text=text), Context(now=NOW))]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("已按装新泵", "已安装新泵"),
        ("请拔打电话", "请拨打电话"),
        ("截止目前，已完成", "截至目前，已完成"),
        ("您反应的问题", "您反映的问题"),
        ("己收悉", "已收悉"),
        ("尚末完成", "尚未完成"),
        ("一如继往", "一如既往"),
        ("峻工验收", "竣工验收"),
        ("给于大力支持", "给予大力支持"),
        ("责任部们", "责任部门"),
    ],
)
def test_a_slip_is_put_right(wrong: str, right: str) -> None:
    assert proofread(wrong) == right


@pytest.mark.parametrize(
    "text",
    [
        "按装饰设计图施工",
        "营造平安祥和的环境",
        "所有设备按照标准检查",
        "少数民族成份登记",
        "自己经过调查",
        "以经济建设为中心",
        "周末经批准可外出",
        "干部们都到了",
        "学生会在校领导至现场后开始",
        "一贯策略不变",
        "准驾不符和无证驾驶",
        "化学反应的问题",
        "知己于心",
        "上市场调查",
        "股分红",
    ],
)
def test_what_only_looks_wrong_is_left_alone(text: str) -> None:
    assert slips(text) == []


def test_every_entry_of_the_list_changes_something_and_settles() -> None:
    for one in confusions():
        assert one.wrong != one.right
        assert proofread(one.right) == one.right, one.right


def test_a_word_written_twice() -> None:
    assert codes("您反映的的问题") == ["reply.typo.twice"]
    assert codes("以解决皮肤病为目的的手术，实实在在的效果，不了了之，不是是否的问题，现在在家") == []


def test_marks_are_hints() -> None:
    assert codes("已完成。。请查收") == ["reply.typo.marks"]
    assert codes("已完成,请查收") == ["reply.typo.narrow"]
    assert codes("根据《条例办理") == ["reply.typo.unpaired"]
    assert codes("1,200元，12:30开始") == []


def test_lines_stay_as_they_are_where_nothing_is_certain() -> None:
    line = "各乡镇人民政府、县直有关单位："
    assert proofread(line) == line
    assert proofread("") == ""
