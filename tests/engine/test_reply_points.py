"""A message is split into what it asks; a draft answers, promises, or passes a point by."""

from huiying.engine.reply.points import answers, points
from huiying.engine.reply.promises import find
from tests.engine.reply_drafts import NOW, calendar


def asked(message: str) -> list[tuple[str, str]]:
    return [(point.kind, point.span.text) for point in points(message)]


def test_questions_and_requests_are_points_greetings_are_not() -> None:
    told = asked("尊敬的校长您好！请问热水什么时候修好？希望开放北区浴室。谢谢！")
    assert told == [("question", "请问热水什么时候修好？"), ("request", "希望开放北区浴室。")]


def test_a_question_asked_in_anger_is_a_complaint() -> None:
    (point,) = points("热水停了三天没人管，这样的学校良心何在？")
    assert point.kind == "matter"


def test_the_same_request_in_other_words_is_one_point() -> None:
    assert len(points("希望尽快修好宿舍热水。强烈要求修好宿舍热水！")) == 1


def test_a_message_without_a_question_is_one_matter() -> None:
    (point,) = points("3号宿舍楼热水停了三天。晚上只能用冷水。")
    assert point.kind == "matter"


def test_nothing_asks_nothing() -> None:
    assert points("") == [] and points("谢谢！") == []


def test_places_of_points_are_places_in_the_message() -> None:
    message = "标题\n请问热水什么时候修好？"
    for point in points(message):
        assert message[point.span.start : point.span.end] == point.span.text


def states(message: str, draft: str) -> list[str]:
    return [one.state for one in answers(message, draft, find(draft, NOW, calendar()))]


def test_answered_promised_open() -> None:
    message = "热水循环泵什么时候修好？北区浴室能不能免费洗澡？校车几点到南门？"
    draft = "热水循环泵预计11月26日前修好。北区浴室对3号楼学生免费，凭卡洗澡。"
    assert states(message, draft) == ["promised", "answered", "open"]


def test_a_reason_answers_a_why() -> None:
    assert states("公交102路为什么改线？", "102路改走新华路，是因为老街施工。") == ["answered"]
