"""What points to a private person is found, and covered by one click; what is an office's passes."""

import pytest

from huiying.engine.reply.check import mend
from huiying.engine.reply.model import DraftText
from huiying.engine.reply.personal import check, exposes, identity_holds, luhn_holds


def codes(text: str) -> list[str]:
    return [
        one.code.removeprefix("reply.personal.") for one in check(DraftText(text=text)) if one.level != "hint"
    ]


def test_an_identity_number_is_known_by_its_check_character() -> None:
    assert identity_holds("110101199003074477")
    assert not identity_holds("110101199003074478")
    assert not identity_holds("110101199013074477")
    assert not identity_holds("990101199003074477")
    assert identity_holds("11010119900307803X")


def test_a_card_number_is_known_by_its_check_digit() -> None:
    assert luhn_holds("6222021234567890128")
    assert not luhn_holds("6222021234567890129")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("请联系王老师13812345678。", "mobile"),
        ("请加微信 138 1234 5678。", "mobile"),
        ("身份证110101199003074477已登记。", "identity"),
        ("身份证号110101199003074478有误。", "identity"),
        ("退到卡号6222021234567890128。", "card"),
        ("车牌湘A8K321已处罚。", "plate"),
        ("家住桂苑小区5栋2单元302室。", "address"),
        ("当事人，1956年3月出生。", "birthday"),
        ("投诉人李建国反映属实。", "name"),
        ("学生张小明等人在场。", "minor"),
        ("张小明同学已返校。", "minor"),
    ],
)
def test_each_kind_is_found(text: str, code: str) -> None:
    assert code in codes(text)
    assert exposes(text)


@pytest.mark.parametrize(
    "text",
    [
        "咨询电话0700-6100123。",
        "总务处电话13812345678。",
        "值班手机热线13812345678。",
        "请致电王先生所在的社区。",
        "投诉人王某反映属实。",
        "学生某某的家长来电。",
        "文号长发〔2019〕2号，编号202611240001234567。",
        "项目投资110101199003074478元。",
        "共有10栋460户。",
        "儿童白血病纳入救治。",
        "家长代表参加了会议。",
        "成立于2012年5月。",
    ],
)
def test_what_is_no_private_persons_passes(text: str) -> None:
    assert codes(text) == []


def test_one_click_covers_the_middle() -> None:
    text = "请联系王老师13812345678。"
    (found,) = check(DraftText(text=text))
    assert mend(text, found) == "请联系王老师138****5678。"


def test_a_phone_number_is_not_seen_inside_an_identity_number() -> None:
    assert codes("身份证号110101199003074477。") == ["identity"]
