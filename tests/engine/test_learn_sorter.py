"""Labels learnt from examples: what is right, how sure, why; what cannot be known is not made up."""

import random
from itertools import cycle, islice

import numpy as np
import pytest

from huiying.engine.listen.learn.labels import Example, Passage, TooFew
from huiying.engine.listen.learn.pieces import ROUTING, TONE, Pieces
from huiying.engine.listen.learn.scheme import by_scheme, scheme_examples
from huiying.engine.listen.learn.sorter import Sorter, learn
from huiying.engine.listen.learn.sure import chances, held_out_sharpness, sharpness
from tests.engine.learning import MATTERS, SCHEME, messages


@pytest.fixture(scope="module")
def sorter() -> Sorter:
    return learn(messages(20))


def test_twenty_examples_a_unit_are_enough_for_plain_matters(sorter: Sorter) -> None:
    asked = messages(10, seed=7)
    said = sorter.propose([e.passage for e in asked])
    assert sum(j.label == e.label for j, e in zip(said, asked, strict=True)) >= 38
    assert sorter.labels == tuple(sorted(MATTERS))


def test_the_words_that_led_to_a_label_stand_in_the_message(sorter: Sorter) -> None:
    message = Passage("路灯不亮", "小区门口的路灯坏了一个月，晚上看不见路")
    judged = sorter.propose([message])[0]
    assert judged.label == "城管"
    assert "路灯" in judged.words
    assert all(word in message.title + message.text for word in judged.words)


def test_a_message_of_which_no_word_is_known_is_never_sure(sorter: Sorter) -> None:
    nothing, latin = sorter.propose([Passage(), Passage("", "zzz qqq")])
    assert (nothing.confidence, nothing.words) == (0.0, ())
    assert latin.confidence == 0.0


def test_a_message_about_two_matters_is_less_sure_than_one_about_one(sorter: Sorter) -> None:
    one, two = sorter.propose([Passage("", "公交车站"), Passage("", "公交车站旁的学校食堂")])
    assert two.confidence < one.confidence


def test_the_same_examples_give_the_same_answers() -> None:
    asked = [e.passage for e in messages(5, seed=3)]
    assert learn(messages(12)).propose(asked) == learn(messages(12)).propose(asked)


def test_many_at_once_and_one_by_one_are_judged_alike(sorter: Sorter) -> None:
    asked = [e.passage for e in messages(4, seed=5)]
    assert [sorter.propose([p])[0] for p in asked] == sorter.propose(asked)


def test_two_labels_are_told_apart_as_well_as_four() -> None:
    two = [e for e in messages(10) if e.label in {"城管", "教育"}]
    said = learn(two).propose(
        [Passage("路灯不亮", "路灯坏了"), Passage("学校食堂", "孩子在学校食堂吃坏了肚子")]
    )
    assert [j.label for j in said] == ["城管", "教育"]
    assert all(j.confidence > 0.5 for j in said)


@pytest.mark.parametrize(
    "examples",
    [
        [],
        [Example(Passage("", "路灯坏了"), "城管")] * 5,
        [Example(Passage(), "城管"), Example(Passage("", " "), "教育")],
    ],
    ids=["none", "one label", "no text"],
)
def test_where_there_is_nothing_to_tell_apart_nothing_is_learnt(examples: list[Example]) -> None:
    with pytest.raises(TooFew):
        learn(examples)


def test_a_single_example_of_a_label_is_kept_and_makes_nobody_sure() -> None:
    said = learn([Example(Passage("", "路灯坏了"), "城管"), Example(Passage("", "学校食堂"), "教育")])
    judged = said.propose([Passage("", "路灯又坏了")])[0]
    assert judged.label == "城管"
    assert judged.confidence < 0.9


def test_a_small_unit_is_not_drowned_by_a_large_one() -> None:
    many = [e for e in messages(60) if e.label == "城管"]
    few = [e for e in messages(4) if e.label == "环保"]
    assert learn([*many, *few]).propose([Passage("", "工厂夜里排放废气，味道刺鼻")])[0].label == "环保"


# Whole and cut texts


def test_stop_words_are_those_that_the_cut_texts_leave_out() -> None:
    whole = [Passage("", f"我们的{thing}坏了") for thing in ("路灯", "水管", "电梯", "井盖")]
    cut = [Passage("", f"{thing} 坏", cut=True) for thing in islice(cycle(("路灯", "水管", "电梯")), 60)]
    words = Pieces(ROUTING, [*whole, *cut]).words
    assert "路灯" in words
    assert "的" not in words
    assert "我们" not in words


def test_without_cut_texts_every_word_counts() -> None:
    assert "我们" in Pieces(ROUTING, [Passage("", f"我们的{x}坏了") for x in ("路灯", "水管", "电梯")]).words


def test_a_cut_text_and_the_whole_one_lie_in_one_place() -> None:
    examples = messages(20)
    cut = [Example(Passage("", " ".join(("路灯", "坏", "小区", "门口")), cut=True), "城管")] * 3
    pieces = Pieces(ROUTING, [e.passage for e in [*examples, *cut]])
    whole, same, other = pieces.rows(
        [Passage("", "小区门口路灯坏"), Passage("", "小区 门口 路灯 坏", cut=True), Passage("", "学校食堂")]
    ).toarray()
    body = slice(0, len(pieces.words))
    assert np.allclose(whole[body], same[body])
    assert whole[body] @ other[body] == 0.0


def test_marks_count_for_tone_and_not_for_routing() -> None:
    loud = [Passage("", "怎么回事！！！"), Passage("", "怎么回事")]
    bare, marked = Pieces(ROUTING, loud).matrix.toarray(), Pieces(TONE, loud).matrix.toarray()
    assert np.allclose(bare[0], bare[1])
    assert not np.allclose(marked[0], marked[1])


def test_width_case_and_script_make_no_difference(sorter: Sorter) -> None:
    simple, other = sorter.propose([Passage("", "A7县的路灯坏了"), Passage("", "ａ７縣的路燈壞了")])
    assert simple == other


# How sure


def test_chances_sum_to_one_and_keep_the_order_of_the_margins() -> None:
    margins = np.array([[1.0, -1.0, 0.2], [0.0, 0.0, 0.0]])
    found = chances(margins, 3.0)
    assert np.allclose(found.sum(axis=1), 1)
    assert (np.argsort(found[0]) == np.argsort(margins[0])).all()
    assert np.allclose(found[1], 1 / 3)


def test_a_machine_that_is_right_seven_times_in_ten_says_seven_in_ten() -> None:
    truth = np.array(([0] * 7 + [1] * 3) * 30)
    margins = np.tile([5.0, -5.0], (300, 1))
    assert chances(margins[:1], sharpness(margins, truth))[0, 0] == pytest.approx(0.7, abs=0.01)


def test_labels_that_mean_nothing_make_nobody_sure() -> None:
    texts = [e.passage for e in messages(25)]
    dice = random.Random(1)
    labels = [dice.choice("甲乙") for _ in texts]
    said = learn([Example(p, label) for p, label in zip(texts, labels, strict=True)])
    sure = [j.confidence for j in said.propose([e.passage for e in messages(25, seed=9)])]
    assert sum(sure) / len(sure) < 0.7


def test_the_same_text_is_never_on_both_sides_when_sureness_is_measured() -> None:
    """Copies would be known by heart, and everything would seem certain."""
    truth = np.array([0, 0, 0, 1, 1, 1] * 3)
    rows = Pieces(ROUTING, [Passage("", f"甲{n % 6}事") for n in range(18)]).matrix
    seen: list[tuple[set[int], set[int]]] = []

    def margins_of(known: np.ndarray, asked: np.ndarray) -> np.ndarray:
        seen.append(({int(k) % 6 for k in known}, {int(a) % 6 for a in asked}))
        return np.zeros((len(asked), 2))

    held_out_sharpness(truth, rows, np.ones(18, dtype=bool), margins_of)
    assert seen
    assert all(not known & asked for known, asked in seen)


# The scheme alone


def test_the_scheme_alone_is_useful_on_the_first_day() -> None:
    asked = messages(10, seed=2)
    said = by_scheme(SCHEME).propose([e.passage for e in asked])
    assert sum(j.label == e.label for j, e in zip(said, asked, strict=True)) >= 28
    assert max(j.confidence for j in said) <= 0.9, "names alone are never quite sure"


def test_the_messages_themselves_teach_the_scheme() -> None:
    asked = [e.passage for e in messages(20, seed=2)]
    right = [e.label for e in messages(20, seed=2)]
    names, taught = by_scheme(SCHEME).propose(asked), by_scheme(SCHEME, asked).propose(asked)
    assert isinstance(by_scheme(SCHEME, asked), Sorter)
    assert sum(j.label == r for j, r in zip(taught, right, strict=True)) >= sum(
        j.label == r for j, r in zip(names, right, strict=True)
    )


def test_the_scheme_knows_nothing_of_a_message_without_its_words() -> None:
    judged = by_scheme(SCHEME).propose([Passage("", "zzz")])[0]
    assert (judged.confidence, judged.words) == (0.0, ())
    assert by_scheme(SCHEME).propose([]) == []


def test_the_scheme_tells_its_words_and_reads_cut_texts() -> None:
    said = by_scheme(SCHEME).propose([Passage("路灯", "路灯坏了"), Passage("", "路灯 坏", cut=True)])
    assert [j.label for j in said] == ["城管", "城管"]
    assert "路灯" in said[0].words


@pytest.mark.parametrize(
    "levels", [[], [("城管", "路灯")], [("", "路灯"), ("城管",)]], ids=["empty", "one", "nameless"]
)
def test_a_scheme_of_one_label_tells_nothing_apart(levels: list[tuple[str, ...]]) -> None:
    with pytest.raises(TooFew):
        by_scheme(levels)


def test_beside_examples_the_scheme_speaks_only_of_labels_that_they_have() -> None:
    found = scheme_examples([("城管", "照明", "路灯"), ("国土", "矿产", "")], ["城管"])
    assert found == [Example(Passage("", "城管，照明，路灯"), "城管")]
