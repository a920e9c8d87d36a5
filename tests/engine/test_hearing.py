"""The ear: times read right, words matched whatever their script, copies folded, stories the same however they are cut."""

import itertools
import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiying.desk.sample.posts import posts
from huiying.engine.listen.dates import read_instant
from huiying.engine.listen.fold import (
    Config,
    Correction,
    Mention,
    Move,
    NotOurs,
    State,
    StateBroken,
    Topic,
    Unit,
    correct,
    hear,
)
from huiying.engine.listen.gazetteer import Gazetteer, Known
from huiying.engine.listen.match import Matcher
from huiying.engine.listen.query import parse
from huiying.engine.listen.query_parts import All, Near, Not, Query, Term
from huiying.engine.listen.query_parts import Any as AnyOf
from huiying.engine.listen.senses import Senses
from huiying.engine.listen.texts import lay
from huiying.engine.listen.watches import read_toml

CHINA = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 09:00 in Beijing
EIGHT = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    [
        "2026年11月23日 08:00",
        "2026-11-23 08:00",
        "2026/11/23 8:00",
        "11-23 08:00",
        "昨天 08:00",
        "2026-11-23T08:00:00+08:00",
        "2026-11-23T00:00:00Z",
        "Mon, 23 Nov 2026 08:00:00 +0800",
        "Mon, 23 Nov 2026 08:00:00 CST",
        "1795392000",
        "1795392000000",
    ],
)
def test_a_time_is_read_as_it_is_meant(words: str) -> None:
    assert read_instant(words, now=NOW, zone=CHINA) == EIGHT


@pytest.mark.parametrize("words", ["", "那天", "2026年13月1日", "hello", "2026-02-30 08:00"])
def test_what_names_no_instant_gives_none(words: str) -> None:
    assert read_instant(words, now=NOW, zone=CHINA) is None


@pytest.mark.parametrize(
    ("query", "text", "answers"),
    [
        ("停水", "小区停水三天", True),
        ("停水", "小區停水三天", True),
        ("食堂 AND 异味", "食堂有異味", True),
        ("食堂 AND 异味", "食堂很好", False),
        ("停水 OR 停电", "又停电了", True),
        ("学校 NOT 招生", "学校招生简章", False),
        ('"热水停供"', "宿舍热水停供两天", True),
        ('"热水停供"', "热水又停供", False),
        ("食堂 NEAR/5 异味", "食堂的饭有异味", True),
        ("食堂 NEAR/2 异味", "食堂门口排了很长的队，操场有异味", False),
        ("ＡＢＣ", "abc 公司", True),
    ],
)
def test_a_query_answers_whatever_the_script_and_width(query: str, text: str, answers: bool) -> None:
    parsed, findings = parse(query)
    assert parsed is not None and not [one for one in findings if one.level == "error"]
    assert bool(Matcher([("w", parsed)]).match("", text)) is answers


def test_what_is_found_by_chosen_words_is_what_reading_every_query_finds() -> None:
    """Queries that ask for one word, several, any, near ones or refuse some, among many others that share their words."""
    words = ["食堂", "热水", "校车", "异味", "家长", "学校", "停", "孩子", "后勤处", "宿舍"]
    dice = random.Random(5)
    forms = ("{0}", "{0} {1}", "{0} OR {1}", "{0} ({1} OR {2})", "({0} OR {1}) ({2} OR {3})", "{0} NEAR/6 {1}",
             "({0} OR {1}) NEAR/9 {2}", "{0} {1} NOT {2}", "({0} {1}) OR ({2} {3})")  # fmt: skip
    sources = [form.format(*dice.sample(words, 4)) for form in forms for _ in range(30)]
    queries = [(source, query) for source in sources if (query := parse(source)[0])]
    assert len(queries) == len(sources)
    texts = lay([f"{one.title}\n{one.text}" for one in sample(120)])
    alone = [Matcher([query]).which(texts) for query in queries]
    for index, found in enumerate(Matcher(queries).which(texts)):
        plain = [number for number, which in enumerate(alone) if which[index]]
        assert (
            found == plain == [n for n, (_, query) in enumerate(queries) if holds(query, texts.each[index])]
        )


def holds(query: Query, text: str) -> bool:
    """The query read plainly, as its words say."""
    match query:
        case Term(word):
            return word in text
        case Near(left, right, distance):
            a, b = (
                [m.span() for t in side for m in re.finditer(re.escape(t.text), text)]
                for side in (left, right)
            )
            return any(max(0, q[0] - p[1], p[0] - q[1]) <= distance for p in a for q in b if p != q)
        case All(parts):
            return all(holds(part, text) for part in parts)
        case AnyOf(parts):
            return any(holds(part, text) for part in parts)
        case Not(part):
            return not holds(part, text)


def test_marked_words_stand_where_they_are_in_the_text_as_written() -> None:
    parsed, _findings = parse("停水")
    assert parsed is not None
    (hit,) = Matcher([("w", parsed)]).match("通知", "😀明天 停水")
    whole = "通知\n😀明天 停水"
    assert [whole[start:end] for start, end in hit.spans] == ["停水"]


@pytest.mark.parametrize("text", ["(停水", "AND", '"没有收尾'])
def test_a_query_that_cannot_be_read_says_where(text: str) -> None:
    _query, findings = parse(text)
    assert any(one.level == "error" for one in findings)


def test_a_watch_file_with_a_slip_names_its_line() -> None:
    named, findings = read_toml('[[watch]]\nname = "水"\nquery = "停水"\nqurey = "x"\n', "w.toml")
    assert [one.name for one in named] == ["水"]
    assert findings and all(one.place.line for one in findings)


def sample(most: int = 465) -> list[Mention]:
    """The sample's posts as mentions."""
    return [
        Mention(
            id=number,
            at=NOW - timedelta(hours=72 - post.hour),
            title=post.title,
            text=post.text,
            voice=post.author,
        )
        for number, post in enumerate(posts()[:most], 1)
    ]


ALL = Config(group_unmatched=True)


def stories(batches: list[list[Mention]]) -> dict[object, str | None]:
    """Which story each mention is in, at the end."""
    state, found = State(), dict[object, str | None]()
    for batch in batches:
        state, results = hear(state, batch, ALL)
        found.update({one.mention_id: one.story for one in (*results.heard, *results.moved)})
    return found


@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(1, 199), max_size=6))
def test_stories_are_the_same_however_the_stream_is_cut(cuts: list[int]) -> None:
    heard, edges = sample(200), [0, *sorted(set(cuts)), 200]
    pieces = [heard[a:b] for a, b in itertools.pairwise(edges)]
    assert stories(pieces) == stories([heard])
    assert kept(pieces) == kept([heard])


def kept(batches: list[list[Mention]]) -> bytes:
    """The state after all of them."""
    state = State()
    for batch in batches:
        state, _results = hear(state, batch, ALL)
    return state.to_bytes()


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_of_mentions_with_one_id_the_first_is_heard_however_the_stream_is_cut(cut: int) -> None:
    first, between, again = sample(3)
    batch = [first, between, replace(again, id=first.id)]
    assert kept([batch[:cut], batch[cut:]]) == kept([batch]) == kept([[first, between]])


def drawn() -> list[Mention]:
    """Two posts about the hot water of two dormitories that share too little, and a third that is strongly like both."""
    return [
        Mention(id=1, at=NOW, title="九中男生宿舍北楼热水又停了",
                text="我儿子住九中男生宿舍北楼，天天用冷水，请后勤处给个恢复热水的时间，有没有人知道怎么回事？", voice="a"),
        Mention(id=2, at=NOW, title="天桥广场夜市占道经营", text="晚上走不过去，城管来了又走，摊子还在原处。", voice="b"),
        Mention(id=3, at=NOW, title="九中五号宿舍楼洗澡水是凉的",
                text="降温了，九中五号宿舍楼还没有热水，宿管说锅炉在修，修到哪天，有没有人知道怎么回事？", voice="c"),
        Mention(id=4, at=NOW, title="九中五号宿舍楼热水又停了",
                text="同事的孩子住九中五号宿舍楼，天天用冷水，锅炉修到哪天，请后勤处给个恢复热水的时间！", voice="d"),
    ]  # fmt: skip


def test_a_mention_strongly_like_two_small_stories_makes_one_of_them() -> None:
    batch = drawn()
    state, before = hear(State(), batch[:3], ALL)
    assert [one.story for one in before.heard] == ["s1", "s2", "s3"]
    _state, after = hear(state, batch[3:], ALL)
    assert [one.story for one in after.heard] == ["s1"]
    assert [(one.mention_id, one.story) for one in after.moved] == [(3, "s1")]
    gone, one = after.stories
    assert (gone.key, gone.merged_into, gone.mentions) == ("s3", "s1", 0)
    assert (one.key, one.mentions, one.voices) == ("s1", 3, 3)
    _state, at_once = hear(State(), batch, ALL)
    assert [one.story for one in at_once.heard] == ["s1", "s2", "s1", "s1"] and at_once.moved == ()


@pytest.mark.parametrize("said", [NotOurs("s3"), Unit("s1", "property"), Topic("s3", "lift")])
def test_a_story_of_which_an_officer_spoke_is_not_drawn_into_another(said: Correction) -> None:
    batch = drawn()
    state, _results = hear(State(), batch[:3], ALL)
    state, _results = correct(state, said)
    _state, after = hear(state, batch[3:], ALL)
    assert after.moved == () and [one.merged_into for one in after.stories] == [None]


def test_what_an_officer_parted_is_not_drawn_together_again() -> None:
    batch = drawn()
    state, _results = hear(State(), batch, ALL)
    state, _results = correct(state, Move(3, ""))
    _state, after = hear(state, [replace(batch[3], id=5, title="九中五号宿舍楼热水还是没有", voice="e")], ALL)
    assert after.moved == ()


def test_a_kept_state_goes_on_as_if_nothing_had_happened() -> None:
    heard = sample(200)
    state, _results = hear(State(), heard[:100], ALL)
    again, results = hear(State.from_bytes(state.to_bytes()), heard[100:], ALL)
    straight, other = hear(State.from_bytes(state.to_bytes()), heard[100:], ALL)
    assert results == other and again.to_bytes() == straight.to_bytes()


def test_a_state_that_was_damaged_says_so() -> None:
    state, _results = hear(State(), sample(20), ALL)
    kept = bytearray(state.to_bytes())
    kept[len(kept) // 2] ^= 0xFF
    with pytest.raises(StateBroken):
        State.from_bytes(bytes(kept))


def test_a_mention_heard_twice_counts_once() -> None:
    heard = sample(50)
    state, _results = hear(State(), heard, ALL)
    _state, results = hear(state, heard, ALL)
    assert results.heard == ()


@pytest.mark.parametrize("rewrite", ["{}", "转：{}", "{}👀", "@某某 {}", "【转】{}"])
def test_a_copy_is_folded_under_the_first(rewrite: str) -> None:
    text = "二楼三号窗口打的红烧鸡块吃到嘴里有一股怪味，好几个同学都说有异味，阿姨说是调料的问题"
    first = Mention(id=1, at=NOW, title="食堂的饭有味道", text=text, voice="a")
    later = Mention(id=2, at=NOW, title="食堂的饭有味道", text=rewrite.format(text), voice="b")
    _state, results = hear(State(), [first, later], ALL)
    assert results.heard[1].copy_of == 1


def test_the_matters_of_one_school_stay_apart() -> None:
    """The canteen, the hot water and the bus share the school's name and its people; no story may mix them."""
    canteen = {"smell-first", "smell-evening", "rumour", "press", "anger", "calm"}
    kind = {}
    for number, post in enumerate(posts(), 1):
        act = (
            post.id.rsplit("-copy", 1)[0].rsplit("-", 1)[0]
            if "-copy" not in post.id
            else post.id.split("-copy")[0]
        )
        kind[number] = "canteen" if act in canteen else act
    found: dict[str, list[str]] = {}
    for mention, story in stories([sample()]).items():
        if story and kind[int(str(mention))] in {"canteen", "hot-water", "bus"}:
            found.setdefault(story, []).append(kind[int(str(mention))])
    pure = sum(max(map(members.count, set(members))) for members in found.values())
    assert pure / sum(map(len, found.values())) >= 0.95


@pytest.mark.parametrize("other", ["河畔一号", "濱河苑老區", "ＢＨ小区"])
def test_a_place_under_another_name_is_the_place_that_the_institution_knows(other: str) -> None:
    """Whichever of its names a post uses, what is compared holds the first; a longer name is not cut by a shorter one."""
    known = Known(name="滨河苑", kind="estate", aliases=("河畔一号", "滨河苑老区", "bh小区"))
    config = Config(group_unmatched=True, gazetteer=Gazetteer(places=(known,)))
    first = Mention(id=1, at=NOW, title="滨河苑又停水了", text="滨河苑从昨晚起停水，物业没有说法", voice="a")
    second = Mention(
        id=2, at=NOW, title=f"{other}停水", text=f"我们{other}一早就没水，{other}的人都在等", voice="b"
    )
    (one, two) = Senses(config).sense([first, second])
    assert (one.title, one.text) == (first.title, first.text)
    assert (two.title, two.text) == ("滨河苑停水", "我们滨河苑一早就没水，滨河苑的人都在等")
    assert one.things == two.things == ("滨河苑",)
    _state, results = hear(State(), [first, second], config)
    assert results.heard[1].story == "s1"
