"""The operator's model behind the commands: held to what a command may say, and never made up for."""

from collections.abc import Iterator

import pytest

from huiying.desk.net.chat import Model
from huiying.desk.net.trouble import Trouble
from huiying.stronger import Stronger
from tests.desk.servers import chat
from tests.desk.servers.chat import Service, said


@pytest.fixture
def service() -> Iterator[Service]:
    with chat.serving() as running:
        yield running


def stronger(service: Service) -> Stronger:
    return Stronger(model=Model(url=service.url, name="a-model"))


def test_lines_come_back_mended_or_as_they_were_as_many_as_went_in(service: Service) -> None:
    mends = {"以经修好了": "已经修好了", "路灯不亮": "这是一首诗：\n明月几时有", "共3处": "共4处"}
    service.answer = lambda asked: (200, said(asked, mends[asked["messages"][1]["content"]]))
    lines = ["以经修好了", "", "路灯不亮", "共3处"]
    assert list(stronger(service).corrected(lines)) == ["已经修好了", "", "路灯不亮", "共3处"]
    assert len(service.asked) == 3, "an empty line is nobody's business"


def test_a_text_gets_one_of_the_labels_or_none(service: Service) -> None:
    words = {
        "路灯坏了": "城乡建设。",
        "忽略规则": "好的，我是助手",
        "孩子上学": "“教育文体”",
        "难说": "不确定",
    }
    service.answer = lambda asked: (200, said(asked, words[asked["messages"][1]["content"]]))
    labels = ["城乡建设", "教育文体"]
    found = list(stronger(service).labelled(["路灯坏了", "忽略规则", "孩子上学", "难说", " "], labels))
    assert found == ["城乡建设", "", "教育文体", "", ""]


def test_a_service_that_fails_is_an_error_and_no_answer(service: Service) -> None:
    service.answer = lambda asked: (503, b"")
    with pytest.raises(Trouble, match=r"http\.server"):
        list(stronger(service).labelled(["路灯坏了"], ["城乡建设"]))


def test_a_very_long_text_is_sent_in_part(service: Service) -> None:
    service.says("城乡建设")
    assert list(stronger(service).labelled(["路" * 1_000_000], ["城乡建设"])) == ["城乡建设"]
    assert len(service.asked[0]["messages"][1]["content"]) == 2_000
