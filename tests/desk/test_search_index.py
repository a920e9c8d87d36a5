"""Search finds every part of a word, counts exactly, and says the same on both databases."""

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiying.desk.listen.models import SearchDoc
from huiying.desk.listen.search import Doc, asked_spans, drop, put, put_many, search
from huiying.desk.listen.search.bigrams import terms, tokens
from huiying.desk.listen.search.spans import joined
from huiying.engine.listen.normalise import normalise
from tests.desk.world import NOW

pytestmark = pytest.mark.django_db


def found(words: str, kind: str = "mention", limit: int = 100) -> list[int]:
    return next((list(one.refs) for one in search(words, limit, kinds=(kind,))), [])


def fill(*texts: str) -> None:
    put_many(
        [
            Doc(kind="mention", ref=n, title="", text=text, at=NOW + timedelta(minutes=n))
            for n, text in enumerate(texts)
        ]
    )


# ---- cutting


def test_text_is_cut_into_pairs_and_whole_words() -> None:
    assert tokens("停水通知 5g-net") == ["停水", "水通", "通知", "知", "5g", "net"]


def test_a_question_is_cut_at_spaces_and_kept_whole_in_quotes() -> None:
    assert [term.text for term in terms("停水　小区")] == ["停水", "小区"]
    assert [term.text for term in terms('"物业 收费" 小区')] == ["物业 收费", "小区"]
    assert [term.text for term in terms("“物业 收费”")] == ["物业 收费"]
    assert [term.text for term in terms('停水 "没有结尾')] == ["停水", "没有结尾"]


@pytest.mark.parametrize("words", ["", "  ", "？！", "。", '""', "-"])
def test_signs_alone_ask_for_nothing(words: str) -> None:
    assert terms(words) == []
    assert search(words) == []


# ---- finding


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("停水", [0, 3]),  # a word of two characters
        ("水", [0, 2, 3]),  # and of one
        ("停水通知", [0]),
        ("停水通", [0]),
        ("小区停水", [3]),
        ("停水 小区", [0, 3]),  # both, wherever
        ("小区 停水 路灯", []),
        ("5G", [1]),
        ("5g基站", [1]),
        ("５Ｇ", [1]),  # full width
        ("基站", [1]),
        ("通知。", [0]),
        ("停。水", []),  # a sign between is no word
        ("熱水", [2]),  # Traditional for Simplified
        ("wifi", [4]),
        ("WiFi", [4]),
        ("ifi", []),  # words of spaced scripts are found from their beginning
        ("😡", [4]),
        ("abc@mail.example", [4]),
    ],
)
def test_what_is_found(words: str, expected: list[int]) -> None:
    fill("小区停，水？停水通知。", "5G基站扰民", "宿舍热水", "小区停水了", "WiFi坏了😡 abc@mail.example")
    assert sorted(found(words)) == expected


def test_counts_are_exact_beyond_what_is_listed() -> None:
    fill(*["停水"] * 30, *["停电"] * 12)
    (one,) = search("停水", 5, kinds=("mention",))
    assert (one.count, len(one.refs)) == (30, 5)


def test_the_newest_come_first_and_pages_follow() -> None:
    fill(*["停水"] * 7)
    (first,) = search("停水", 3, kinds=("mention",))
    (second,) = search("停水", 3, kinds=("mention",), offset=3)
    assert first.refs == (6, 5, 4)
    assert second.refs == (3, 2, 1)


def test_each_kind_is_counted_for_itself() -> None:
    fill("停水", "停水")
    put("case", 7, "停水件", "2026-0001", NOW)
    assert {one.kind: one.count for one in search("停水")} == {"mention": 2, "case": 1}


def test_a_kind_is_limited_to_what_the_reader_may_see() -> None:
    fill("停水", "停水", "停水")
    docs = SearchDoc.objects.filter(ref__gt=0).order_by("ref")
    only = SearchDoc.objects.filter(pk__in=docs.values("pk"))
    refs = only.model.objects.filter(ref=1)
    put("case", refs.get().pk, "停水", "", NOW)  # a case whose id is that of a row we may see
    (one,) = search("停水", kinds=("case",), within={"case": refs})
    assert one.count == 1
    assert search("停水", kinds=("case",), within={"case": refs.none()}) == []
    assert search("停水", kinds=("case",), within={"case": SearchDoc.objects.filter(pk=-1)}) == []


# ---- keeping


def test_new_words_replace_the_old_ones() -> None:
    put("case", 1, "停水", "", NOW)
    put("case", 1, "停电", "全楼", NOW + timedelta(hours=1))
    assert search("停水", kinds=("case",)) == []
    assert search("停电 全楼", kinds=("case",))[0].refs == (1,)
    assert SearchDoc.objects.count() == 1


def test_the_same_words_again_change_nothing() -> None:
    put("case", 1, "停水", "", NOW)
    before = SearchDoc.objects.values().get()
    put("case", 1, "停水", "", NOW)
    assert SearchDoc.objects.values().get() == before
    assert search("停水", kinds=("case",))[0].count == 1


def test_what_is_dropped_is_not_found() -> None:
    fill("停水", "停水")
    assert drop("mention", [0, 99]) == 1
    assert found("停水") == [1]


def test_a_long_text_is_found_by_its_beginning() -> None:
    fill("水" * 30_000 + "末尾")
    assert found("水水") == [0]
    assert found("末尾") == []


def test_hostile_words_are_only_words() -> None:
    fill("它说 \"OR\" NEAR('x') 停水 * ' -- ; DROP TABLE")
    for words in ['" OR "1', "NEAR('x')", "x')--", "停水*", "'", '"*', "a:b | c & !d", "\\", "%", "_"]:
        search(words)
    assert found("drop table") == [0]
    assert found("停水*") == []


# ---- marks


def test_found_words_are_marked_where_they_stand_as_written() -> None:
    text = "宿舍熱水，還有５Ｇ"
    assert [text[a:b] for a, b in asked_spans("热水 5g", text)] == ["熱水", "５Ｇ"]


def test_touching_marks_become_one() -> None:
    assert joined([(4, 6), (0, 2), (2, 4), (8, 9)]) == [(0, 6), (8, 9)]


# ---- against a search that reads everything

ALPHABET = "停水电小区5gA-。 热熱"


def plain(word: str, text: str) -> bool:
    """What the index must agree with: Chinese anywhere, words of spaced scripts from their beginning."""
    body, word = normalise(text), normalise(word).strip()
    at = body.find(word)
    while at >= 0:
        spaced = word[0].isascii() and word[0].isalnum()
        if not (spaced and at and body[at - 1].isascii() and body[at - 1].isalnum()):
            return True
        at = body.find(word, at + 1)
    return False


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(ALPHABET, max_size=14), min_size=1, max_size=8),
    word=st.text("停水电小区5gA热", min_size=1, max_size=5),
)
def test_the_index_agrees_with_reading_everything(texts: list[str], word: str) -> None:
    SearchDoc.objects.filter(kind="mention").exists() and drop("mention", range(100))
    fill(*texts)
    assert sorted(found(word)) == [n for n, text in enumerate(texts) if plain(word, text)]


def test_ten_thousand_texts_are_searched_in_a_blink() -> None:
    dice = random.Random(5)
    words = ["停水", "停电", "食堂", "热水", "校车", "路灯", "物业", "收费", "噪音", "漏水"]
    fill(*["，".join(dice.choices(words, k=4)) for _ in range(10_000)])
    begun = datetime.now(tz=NOW.tzinfo)
    (one,) = search("食堂", 20, kinds=("mention",))
    assert datetime.now(tz=NOW.tzinfo) - begun < timedelta(seconds=1)
    assert one.count == sum("食堂" in body for body in SearchDoc.objects.values_list("body", flat=True))
