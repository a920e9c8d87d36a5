"""What a message asks: the clause that asks, items of a list, and the matter where nothing is asked."""

import pytest

from huiying.engine.reply.asked import heading_of, points
from huiying.engine.reply.points import answers


def asked(message: str) -> list[str]:
    return [point.span.text for point in points(message)]


def test_the_clause_that_asks_is_the_point_not_its_long_sentence() -> None:
    told = asked("我们小区住了三百户，晚上回家很黑，请问南门外的路灯什么时候装，谢谢！")
    assert told == ["请问南门外的路灯什么时候装，谢谢！"]


def test_two_questions_in_one_sentence_are_two_points() -> None:
    assert asked("新生儿医保需要什么材料，门诊费用能不能报销？") == [
        "新生儿医保需要什么材料",
        "门诊费用能不能报销？",
    ]


@pytest.mark.parametrize(
    "message",
    [
        "三个问题：1、路灯一直不亮！2、夜里货车太吵。3、井盖松动。",
        "三个问题：（1）路灯一直不亮；（2）夜里货车太吵；（3）井盖松动。",
        "提几点建议，一是路灯早些亮，二是限制货车，三是加固井盖。",
        "三个问题 1 灯一直不亮 2 夜里货车太吵 3井盖松动",
    ],
)
def test_the_items_of_a_list_are_points_however_they_are_marked(message: str) -> None:
    assert [len(points(message)), "灯" in asked(message)[0], "井盖" in asked(message)[2]] == [3, True, True]


def test_numbers_in_the_text_are_no_list() -> None:
    (point,) = points("8栋和6栋之间2023年3月5日装的3盏灯坏了2盏。")
    assert point.kind == "matter"


def test_a_quoted_rule_is_no_list_of_complaints() -> None:
    message = "希望撤销处罚。根据第五十二条规定：（一）让优先的一方先行；（二）让右方来车先行。"
    assert asked(message) == ["希望撤销处罚。"]


def test_a_title_asks_only_where_the_text_does_not() -> None:
    assert asked("咨询路灯问题\n请问南门路灯几点亮？还有井盖何时修？") == [
        "请问南门路灯几点亮？",
        "还有井盖何时修？",
    ]
    (whole,) = points("投诉烧烤摊油烟\n每天半夜都在烤，味道很大。")
    assert whole.kind == "matter" and whole.span.text.startswith("投诉")
    assert heading_of("投诉烧烤摊油烟\n每天半夜都在烤") == "投诉烧烤摊油烟"


def test_a_wish_to_be_heard_is_no_point_of_its_own() -> None:
    told = asked("请问人民路路灯几时修好？希望领导重视！")
    assert told == ["请问人民路路灯几时修好？"]


@pytest.mark.parametrize(
    "message",
    [
        "我上周已经咨询过教务处，当天又打电话要求退费，没有下文。",
        "主任答复我说“这事哪里归我们管？”",
        "难道这样的学校还能放心吗？",
    ],
)
def test_what_was_asked_elsewhere_or_is_asked_in_anger_is_told_not_asked(message: str) -> None:
    assert [point.kind for point in points(message)] == ["matter"]


def states(message: str, draft: str) -> list[str]:
    return [one.state for one in answers(message, draft)]


MESSAGE = "建议扩建文昌公园\n建议扩建文昌公园，公园里建一座地下停车场，再办一所公立幼儿园。"


def test_an_answer_to_the_matter_may_pass_a_point_by() -> None:
    message = "反映文昌公园\n1、文昌公园何时扩建？2、建议建设地下停车场，缓解停车难。3、建议增设公立幼儿园。"
    assert states(message, "文昌公园扩建工程11月30日动工，公园电话0700-8223399。停车位另增40个。") == [
        "answered",
        "answered",
        "open",
    ]


def test_words_that_say_nothing_answer_nothing() -> None:
    assert set(states(MESSAGE, "您好！您的留言已转相关部门处理。")) == {"open"}


def test_a_day_answers_a_when_and_a_sum_a_how_much() -> None:
    assert states(
        "校车什么时候恢复？校服多少钱一套？", "您好！停运到12月3日。冬装每套168元，可自愿购买。"
    ) == [
        "answered",
        "answered",
    ]


def test_a_short_question_wants_its_own_answer() -> None:
    assert states("校服可以自己买吗？", "您好！招标结果贴在校门口公示栏，电话0700-6100155。") == ["open"]
