"""What is very likely miswritten is put right; what is right, or only unusual, stays as it is."""

import pytest

from huiying.engine.reply.miswritten import corrections
from huiying.engine.reply.proofread import proofread
from huiying.engine.reply.reader import shipped

CLEAN = [
    "经核实，该路段路灯损坏情况属实，我局已安排专人于11月23日前修复。",
    "感谢您对城市管理工作的关注与支持。",
    "请各单位于每周五前将整改情况报送办公室。",
    "村民反映的饮水问题，镇政府正在协调解决。",
]


@pytest.mark.parametrize("line", CLEAN)
def test_a_clean_line_stays(line: str) -> None:
    assert proofread(line) == line


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("各部门要认真惯彻落实会议精神。", "各部门要认真贯彻落实会议精神。"),
        ("切实维护人民群众的合法权意。", "切实维护人民群众的合法权益。"),
        ("有关部门正在布署防汛工作。", "有关部门正在部署防汛工作。"),
    ],
)
def test_a_slip_is_put_right(written: str, right: str) -> None:
    assert proofread(written) == right


def test_each_correction_says_where_and_how_sure() -> None:
    line = "各部门要认真惯彻落实会议精神。"
    (one,) = corrections(line, shipped(), 0.5)
    assert (line[one.span.start : one.span.end], one.right) == ("惯", "贯")
    assert 0.5 <= one.sure <= 1


@pytest.mark.parametrize("line", ["", " ", "abc 123", "😡😡", "\u0000\u0007", "Ａ１，。", "𠮷" * 3])
def test_what_is_no_chinese_is_left_alone(line: str) -> None:
    assert proofread(line) == line


def test_a_very_long_line_keeps_its_length() -> None:
    line = "认真贯彻落实会议精神，" * 500
    assert len(proofread(line)) == len(line)
