"""Whom a message is for: the office, by what tells it, and never by a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiying.engine.addressee import read

SALUTATION, BOARD, ASKS = "The salutation", "The name of the board", "Whom it asks"


@pytest.mark.parametrize(
    ("title", "text", "office"),
    [
        ("路灯不亮", "尊敬的市委书记：\n我们小区门口路灯三个月不亮。", "市委书记"),
        ("路灯不亮", "尊敬的青禾市市长，您好！路灯不亮。", "市长"),
        ("", "甲市长您好，G312 收费站长期拥堵。", "市长"),
        ("书记您好：桥面塌陷", "没人管", "书记"),
        ("", "敬爱的区委书记同志：边坡垮了", "区委书记"),
        ("", "副市长您好，我想反映一件事", "副市长"),
        ("", "县长，请管管超载车", "县长"),
    ],
)
def test_a_salutation_tells_it(title: str, text: str, office: str) -> None:
    found = read(title, text)
    assert found is not None
    assert (found.office, found.why.en, found.said) == (office, SALUTATION, False)


@pytest.mark.parametrize(
    ("title", "text", "office"),
    [
        ("请市长管管这条路", "坑洼三年了", "市长"),
        ("给市委书记的一封信", "路面", "市委书记"),
        ("路面塌陷无人修", "打了十几个电话，恳请省长过问。", "省长"),
        ("", "收费站多收费，只好求助局长处理", "局长"),
    ],
)
def test_whom_it_asks_tells_it(title: str, text: str, office: str) -> None:
    found = read(title, text)
    assert found is not None and (found.office, found.why.en) == (office, ASKS)


def test_the_source_goes_before_the_words_and_the_board_before_a_request() -> None:
    found = read("请市长管管", "市长您好，路坏了", said="市委书记张某某", board="市长信箱")
    assert found is not None and (found.office, found.said) == ("市委书记", True)
    found = read("请市长管管", "路坏了", board="书记留言板")
    assert found is not None and (found.office, found.why.en) == ("书记", BOARD)
    found = read("请市长管管", "县长您好，路坏了", board="书记留言板")
    assert found is not None and found.office == "县长"


def test_what_the_source_says_in_words_of_its_own_is_taken_as_it_is() -> None:
    found = read("", "", said=" 公路分局 ")
    assert found is not None and found.office == "公路分局"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("村书记占了集体地", "我们村支部书记把地租出去了，没人管"),
        ("路灯不亮", "三个月了，谁来管管"),
        ("", "听说市长来视察过，路还是坏的"),
        ("", ""),
        ("", "给支书提过，没用"),
    ],
)
def test_somebody_who_is_only_spoken_of_is_not_addressed(title: str, text: str) -> None:
    assert read(title, text) is None


def test_the_plans_own_words_are_offices_too() -> None:
    assert read("", "总站长您好：收费员态度差") is None
    found = read("", "总站长您好：收费员态度差", offices=["总站长"])
    assert found is not None and found.office == "总站长"


@given(st.text(alphabet="尊敬的市委书记长您好：，请给致村支部省县甲乙 \n", max_size=300))
def test_whatever_is_written_an_office_is_short_and_stands_in_it(text: str) -> None:
    found = read("", text)
    assert found is None or (found.office in text and len(found.office) <= 6)
