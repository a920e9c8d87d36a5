"""What lists show of a text: personal data covered, found words marked, everything from outside escaped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiying.desk.listen.words import covered, marked
from huiying.desk.shell.mask import mask


@pytest.mark.parametrize(
    "text",
    [
        "电话 13812345678",
        "邮箱 zhang.san@mail.example 谢谢",
        "身份证 11010519491231002X，车 京A12345",
        "没有什么",
    ],
)
def test_what_is_covered_is_what_the_mask_covers(text: str) -> None:
    shown, origins = covered(text)
    assert shown == mask(text)
    assert len(origins) == len(shown)
    assert origins == sorted(origins)


@given(st.text("停水ab<>&@.13890 京A", max_size=60))
def test_covering_agrees_with_the_mask_on_any_text(text: str) -> None:
    shown, origins = covered(text)
    assert shown == mask(text)
    assert len(origins) == len(shown)
    assert all(0 <= place < len(text) for place in origins)


def test_words_are_marked_after_what_was_covered() -> None:
    text = "请联系 zhang.san@mail.example，小区停水"
    start = text.index("停水")
    assert marked(text, [(start, start + 2)]) == "请联系 z***@mail.example，小区<mark>停水</mark>"


def test_a_mark_counts_from_the_title_when_it_is_told_to() -> None:
    assert marked("正文停水", [(5, 7)], shift=3) == "正文<mark>停水</mark>"


def test_a_found_phone_number_stays_covered() -> None:
    assert marked("打13812345678", [(1, 12)]) == "打<mark>138****5678</mark>"


def test_long_texts_are_cut_around_the_first_mark() -> None:
    text = "前" * 200 + "停水" + "后" * 200
    shown = marked(text, [(200, 202)], most=40)
    assert "<mark>停水</mark>" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) < 70


def test_short_texts_are_not_cut() -> None:
    assert marked("停水", [], most=40) == "停水"


def test_text_from_outside_is_escaped_inside_and_outside_of_marks() -> None:
    text = "<script>alert(1)</script>停<b>水"
    shown = marked(text, [(text.index("停"), len(text))])
    assert "<script>" not in shown
    assert "<mark>停&lt;b&gt;水</mark>" in shown
