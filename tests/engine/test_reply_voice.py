"""One voice: figures, days, times, names, wording and causes agree with the lines to take."""

import pytest

from huiying.engine.reply import claims, voice
from huiying.engine.reply.check import mend
from huiying.engine.reply.lines import read_fields, read_lines
from huiying.engine.reply.model import Context, DraftText, Figure, Lines, NotYet, Wording
from tests.engine.reply_drafts import NOW, WATER


def found(text: str, lines: Lines = WATER, stage: str = "progress") -> list[str]:
    context, draft = Context(now=NOW, lines=lines), DraftText(text=text, stage=stage)
    told = [*voice.check(draft, context), *claims.check(draft, context)]
    return [one.code.removeprefix("reply.") for one in told if one.level != "hint"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("受影响学生共321人。", "voice.figure"),
        ("受影响学生三百二十人。", "voice.figure"),
        ("11月21日18时20分3号宿舍楼热水停供。", "voice.date"),
        ("11月22日18时50分3号宿舍楼热水停供。", "voice.time"),
        ("11月22日18时20分5号宿舍楼热水停供。", "voice.name"),
        ("3号宿舍楼热水断供。", "voice.wording"),
        ("锅炉供应商的赔偿是三万元。", "voice.not-yet"),
        ("热水停供的原因是值班员误操作。", "cause.unverified"),
        ("停供系管道老化所致。", "cause.unverified"),
    ],
)
def test_a_text_that_disagrees(text: str, code: str) -> None:
    assert code in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "受影响学生共312人。",
        "受影响学生三百一十二人。",
        "11月22日18时起3号宿舍楼热水停供。",
        "11月22日傍晚6时20分3号宿舍楼热水停供。",
        "11月22日晚3号宿舍楼热水停供。",
        "3号宿舍楼热水暂停供应。",
        "锅炉供应商的赔偿还在商谈，另行公布。",
        "停供的原因正在调查。",
        "停供系循环泵轴承磨损所致。",
        "北区浴室每天接待200人。",
        "教务处11月30日召开家长会。",
    ],
)
def test_a_text_that_agrees_or_speaks_of_something_else(text: str) -> None:
    assert found(text) == []


def test_the_mend_is_what_the_lines_say() -> None:
    text = "受影响学生共321人。"
    (one,) = (
        f for f in voice.check(DraftText(text=text), Context(now=NOW, lines=WATER)) if f.level == "error"
    )
    assert mend(text, one) == "受影响学生共312人。"


def test_a_figure_that_nobody_agreed_on_is_a_hint() -> None:
    told = list(voice.check(DraftText(text="已花费5000元。"), Context(now=NOW, lines=WATER)))
    assert [(one.code, one.level) for one in told] == [("reply.voice.new-figure", "hint")]


def test_without_lines_nothing_is_held_against_them() -> None:
    assert list(voice.check(DraftText(text="受影响321人。"), Context(now=NOW))) == []
    assert list(claims.check(DraftText(text="原因是误操作。"), Context(now=NOW))) == []


def test_an_unverified_cause_weighs_most_in_the_first_answer() -> None:
    text = DraftText(text="停供的原因是值班员误操作。", stage="first")
    (one,) = claims.check(text, Context(now=NOW, lines=WATER))
    assert one.level == "error"


def test_fields_become_lines() -> None:
    lines = read_fields(
        facts="- 11月22日停供\n\n11月24日换泵",
        figures="受影响学生 = 312人\n费用：8600元",
        wording="断供 => 暂停供应\n“停水” → “暂停供水”\n热水暂停供应",
        not_yet="赔偿：还在谈",
    )
    assert lines.facts == ("11月22日停供", "11月24日换泵")
    assert lines.figures == (Figure("受影响学生", "312人"), Figure("费用", "8600元"))
    assert lines.wording[:2] == (Wording("暂停供应", "断供"), Wording("暂停供水", "停水"))
    assert lines.not_yet == (NotYet("赔偿", "还在谈"),)


def test_a_file_becomes_lines_or_says_what_is_wrong_where() -> None:
    lines, findings = read_lines('version = 3\nfacts = ["甲"]\n[figures]\n"人数" = "3人"\n', "l.toml")
    assert lines and lines.version == 3 and lines.figures == (Figure("人数", "3人"),) and findings == []
    lines, findings = read_lines('facts = "甲"\n', "l.toml")
    assert lines is None and [one.place.path for one in findings] == ["facts"]
    lines, findings = read_lines("facts = [", "l.toml")
    assert lines is None and findings[0].code == "lines.toml"
    lines, findings = read_lines('fact = ["甲"]\n', "l.toml")
    assert lines is not None and findings[0].code == "lines.unknown"
