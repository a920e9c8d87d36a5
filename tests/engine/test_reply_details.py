"""Which detail of a draft is the same detail of the lines: by what stands around it, not by being the only number."""

from datetime import date

import pytest

from huiying.engine.reply import voice
from huiying.engine.reply.check import mend
from huiying.engine.reply.details import details, nearest, other_names
from huiying.engine.reply.model import Context, DraftText, Lines
from tests.engine.reply_drafts import NOW

TODAY = date(2026, 11, 24)


def told(text: str, *facts: str) -> list[str]:
    context = Context(now=NOW, lines=Lines(facts=facts))
    found = [one for one in voice.check(DraftText(text=text), context) if one.level != "hint"]
    return [mend(text, one) for one in found]


SCALES = "市场监管所检定电子罐装秤10台，电子公平秤2台，均合格。"


def test_each_figure_is_held_against_its_own_whatever_the_unit() -> None:
    assert told("经查，检定电子罐装秤20台，电子公平秤2台，均合格。", SCALES) == [
        "经查，检定电子罐装秤10台，电子公平秤2台，均合格。"
    ]
    assert told("检定电子罐装秤10台，电子公平秤10台。", SCALES) == ["检定电子罐装秤10台，电子公平秤2台。"]
    assert told(SCALES, SCALES) == []


def test_other_figures_of_the_same_unit_are_no_disagreement() -> None:
    fact = "公司已通过收缴租金收回成本180万元。"
    text = "公司共计投入资金2000万元，定期存款900万元，目前通过收缴租金收回成本180万元。"
    assert told(text, fact) == []
    assert told(text.replace("180", "280"), fact) == [text]


def test_days_in_a_row_of_like_steps_are_told_apart() -> None:
    fact = "11月20日下发了行政处罚告知书"
    text = "11月15日下发了停止违法行为通知书，11月20日下发了行政处罚告知书，11月24日下发了行政处罚决定书。"
    assert told(text, fact) == []
    assert told(text.replace("20日", "21日"), fact) == [text]


def test_a_month_holds_its_days() -> None:
    assert told("循环泵11月完成更换，热水恢复供应。", "循环泵11月22日完成更换，热水恢复供应") == []


@pytest.mark.parametrize(
    ("text", "fact", "name"),
    [
        ("城管二中队到东风巷口劝离摊贩。", "", ""),
        ("滨湖路与东四路交叉口将建人行天桥。", "滨湖路与东三路交叉口将建人行天桥", ""),
        ("泉福村的学生到白塘小学读书。", "泉福村的学生到坝塘小学读书", "坝塘小学"),
        ("项目由圆明设计有限公司承担设计。", "项目由圆方设计有限公司承担设计", "圆方设计有限公司"),
        ("福水驾校同意退还报名费。", "福桥驾校同意退还报名费", "福桥驾校"),
        ("我校与县教育局商定方案。", "我校与市教育局商定方案", "市教育局"),
    ],
)
def test_names_of_places_and_institutions(text: str, fact: str, name: str) -> None:
    found = [right for _span, right in other_names(text, fact, fact)]
    assert found == ([name] if name else [])


def test_a_name_that_the_lines_hold_elsewhere_may_stand() -> None:
    assert list(other_names("白塘小学读书", "坝塘小学读书", "坝塘小学读书；白塘小学扩建")) == []


def test_the_nearest_is_the_one_in_the_same_words() -> None:
    (right,) = details("路面宽度3.5米", TODAY)
    found = nearest(right, details("路基宽度4.5米，路面宽度3.8米", TODAY))
    assert found and found.span.text == "3.8米"


def test_a_length_of_years_is_a_figure_a_year_is_not() -> None:
    assert [(one.kind, one.span.text) for one in details("缴费满15年，2018年动工，三年级停课。", TODAY)] == [
        ("年", "15年")
    ]
