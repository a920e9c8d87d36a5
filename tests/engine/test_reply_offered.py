"""A model's correction is taken only where it is one."""

import pytest

from huiying.engine.reply.offered import taken

LINE = "我局以于11月23日安装12台路灯。"


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        ("我局已于11月23日安装12台路灯。", "我局已于11月23日安装12台路灯。"),
        ("“我局已于11月23日安装12台路灯。”", "我局已于11月23日安装12台路灯。"),
        ("  我局已于11月23日安装12台路灯。\n", "我局已于11月23日安装12台路灯。"),
        (LINE, LINE),
        ("", LINE),
        ("我局已于11月24日安装12台路灯。", LINE),
        ("我局已于11月23日安装12台路灯。\n说明：改了“以”。", LINE),
        ("我局已于11月23日完成12台路灯的安装工作。", LINE),
        ("好的，下面是改好的句子：我局已于11月23日安装12台路灯。", LINE),
        ("你局己与十一月廿三日按装十二抬路灯。", LINE),
    ],
)
def test_a_few_characters_are_mended_and_nothing_else(offered: str, kept: str) -> None:
    assert taken(LINE, offered) == kept


def test_blanks_around_the_line_stay() -> None:
    assert taken("　　以经修好  ", "已经修好") == "　　已经修好  "


def test_a_short_line_may_change_by_one_character_only() -> None:
    assert taken("以经修好", "已经修好") == "已经修好"
    assert taken("以经修号", "已经修好") == "以经修号"
