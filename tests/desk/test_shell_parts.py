"""The parts of every page: levels, small curves, masks, findings, forms, pages of a list, colours."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils import timezone, translation

import huiying.desk
from huiying.desk.shell import levels, spark
from huiying.desk.shell.mask import mask
from huiying.desk.shell.samples import SampleForm
from huiying.engine.findings import Finding, Place
from huiying.engine.text import Text

CSS = Path(huiying.desk.__file__).parent / "static" / "css"


def written(source: str, **context: Any) -> str:
    request = context.pop("request", None) or RequestFactory().get("/")
    return Template(source).render(RequestContext(request, context))


@pytest.mark.parametrize(("number", "word", "numeral"), [(1, "特别重大", "I"), (4, "一般", "IV")])
def test_a_level_is_shape_numeral_and_word(number: int, word: str, numeral: str) -> None:
    drawn = written("{% level n %}", n=number)
    assert f">{numeral}</text>" in drawn
    assert word in drawn
    assert len({levels.look(n).shape for n in (1, 2, 3, 4)}) == 4


def test_a_level_that_is_not_set_says_so() -> None:
    assert "未定级" in written("{% level n %}", n=None)


def test_there_is_no_fifth_level() -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        levels.look(5)


def test_a_curve_rises_only_when_its_end_does() -> None:
    assert ' up"' in spark.draw([1, 1, 2, 9], "走势")
    assert ' up"' not in spark.draw([9, 2, 1, 1], "走势")
    assert spark.draw([], "走势") == ""
    assert "走势：最低 0，最高 0，最近 0" in written("{% spark v %}", v=[0, 0, 0])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打 13812345678 找我", "打 138****5678 找我"),
        ("打 138 1234 5678 找我", "打 138******5678 找我"),
        ("身份证 110101199003074258", "身份证 110*************58"),
        ("卡号 6222 0200 1234 5678 901", "卡号 6222*************** 901"),
        ("邮箱 zhang.san@school.example", "邮箱 z***@school.example"),
        ("座机 0571-87654321", "座机 0571*******21"),
        ("车 浙A12345 停门口", "车 浙A****5 停门口"),
        ("订单 20261124 共 15 件", "订单 20261124 共 15 件"),
    ],
)
def test_personal_data_is_covered_and_other_numbers_are_not(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_a_masked_text_is_still_escaped() -> None:
    assert written("{{ t|mask }}", t="<b>13812345678</b>") == "&lt;b&gt;138****5678&lt;/b&gt;"


def test_a_deadline_once_met_says_whether_in_time() -> None:
    now = timezone.now()
    assert "按时" in written("{% due at met %}", at=now, met=now)
    assert "迟 1 小时" in written("{% due at met %}", at=now, met=now + timedelta(hours=1))
    assert "已超时" in written("{% due at %}", at=now - timedelta(hours=1))
    assert "is-soon" in written("{% due at %}", at=now + timedelta(minutes=50))


def test_a_finding_says_what_where_and_how_to_mend() -> None:
    finding = Finding(
        code="x.y",
        level="error",
        message=Text("没有时限", "no deadline"),
        mend=Text("写上时限", "give one"),
        place=Place(file="school.toml", line=7),
    )
    drawn = written("{% findings f %}", f=[finding])
    assert all(word in drawn for word in ("没有时限", "写上时限", "school.toml:7"))
    with translation.override("en"):
        assert "no deadline" in written("{% findings f %}", f=[finding])


def test_a_wrong_field_is_tied_to_its_error_for_screen_readers() -> None:
    form = SampleForm({"name": ""})
    form.is_valid()
    drawn = written("{% error_summary f %}{% field f.name %}", f=form)
    assert 'href="#id_name"' in drawn
    assert 'id="id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert re.search(r'aria-describedby="[^"]*id_name_error', drawn)


def test_pages_and_sorting_keep_the_filters_of_the_address() -> None:
    request = RequestFactory().get("/cases/", {"level": "1", "sort": "due", "page": "2"})
    context = {"request": request, "page": Paginator(range(100), 20).page(2)}
    drawn = written('{% pages page %}{% sort "due" "时限" %}', **context)
    assert "level=1" in drawn
    assert "page=3" in drawn
    assert "sort=-due" in drawn
    assert 'aria-sort="ascending"' in drawn


# Colours: WCAG 2.2 AA, both lights.


def tokens(dark: bool) -> dict[str, str]:
    """The colours of one light; the dark ones lie over the light ones."""
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    light, rest = text.split(':root[data-theme="dark"]', 1)
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", light))
    if dark:
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", rest.split("@media", 1)[0]))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("paper", "surface", "sunken", "hover")
TEXTS = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent") for ground in GROUNDS] + [
    ("accent-strong", "accent-soft"),
    ("ink", "accent-soft"),
    ("ink", "mark"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("rail-ink", "rail-bg"),
    ("rail-on", "rail-hover"),
    ("rail-mark", "rail-bg"),
    *((f"l{n}-text", ground) for n in (1, 2, 3, 4) for ground in ("surface", "paper", "hover", f"l{n}-soft")),
    *((f"on-l{n}", f"l{n}") for n in (1, 2, 3, 4)),
    *((name, ground) for name in ("ok", "warn", "bad") for ground in ("surface", "paper", f"{name}-soft")),
]
SHAPES = [("line-strong", ground) for ground in ("surface", "paper")] + [
    ("focus", ground) for ground in ("surface", "paper", "sunken")
]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_words_stand_out_from_their_ground(ink: str, ground: str, dark: bool) -> None:
    colours = tokens(dark)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), SHAPES)
def test_edges_of_fields_and_the_focus_stand_out(line: str, ground: str, dark: bool) -> None:
    colours = tokens(dark)
    assert contrast(colours[line], colours[ground]) >= 3


def test_dark_is_the_same_by_choice_and_by_device() -> None:
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    chosen, device = text.split(':root[data-theme="dark"]', 1)[1].split("@media", 1)
    assert re.findall(r"--[\w-]+:[^;]+", chosen) == re.findall(r"--[\w-]+:[^;]+", device)
