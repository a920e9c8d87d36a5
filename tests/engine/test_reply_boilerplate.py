"""Does an answer say anything? Courtesy, formula and passing on are told from substance."""

import pytest

from huiying.engine.reply import boilerplate
from huiying.engine.reply.boilerplate import substance
from huiying.engine.reply.model import Context, DraftText, Earlier
from tests.engine.reply_drafts import NOW


@pytest.mark.parametrize(
    "text",
    [
        "网友：您好！留言已收悉。",
        "您好！您反映的问题已转相关部门调查处理，敬请留意。2026年11月24日",
        "您的留言已收悉。关于您反映的问题，已转交有关单位处理。",
        "您好！我局高度重视，将进一步加强管理。感谢您的理解与支持！",
        "特此回复。",
        "青禾市第九中学 2026年11月24日",
    ],
)
def test_says_nothing(text: str) -> None:
    assert substance(text).empty


@pytest.mark.parametrize(
    "text",
    [
        "您好！居住证有效期为一年，到期前30日到派出所签注。",
        "您好！您咨询的事项请直接向县教育局咨询，电话0700-8822452。",
        "您好！后勤处11月23日更换了循环泵。",
        "您好！因规划没有备用地，垃圾站目前不能搬走。",
        "您好！根据《城市道路管理条例》第三十条，占道须经批准。",
        "您好！您反映的路灯已转市政所，市政所11月23日换好3盏。",
    ],
)
def test_says_something(text: str) -> None:
    assert not substance(text).empty


def codes(text: str, *earlier: Earlier) -> list[str]:
    context = Context(now=NOW, earlier=earlier)
    return [one.code for one in boilerplate.check(DraftText(text=text), context)]


LONG = "后勤处11月23日到3号宿舍楼查看，循环泵轴承磨损，11月24日上午换上新泵，水温恢复到50度，值班电话0700-6100123。"


def test_an_answer_given_before_to_another_matter_is_noticed() -> None:
    assert "reply.same-as-before" in codes(f"您好！{LONG}", Earlier("2026-3", f"同学您好！{LONG}特此回复。"))


def test_likeness_within_one_matter_is_no_fault() -> None:
    assert codes(LONG, Earlier("2026-3", LONG, same_matter=True)) == []
    assert (
        codes(LONG, Earlier("2026-4", "校车11月起改走文昌路，南门站7时05分到站，票价不变，详询总务处。"))
        == []
    )


def test_what_a_full_answer_lacks_is_a_hint() -> None:
    assert "reply.no-when" in codes("总务处已把三盏路灯换成新的，请放心使用。")
    assert "reply.no-owner" in codes("11月23日换了三盏灯，恢复照明。")
