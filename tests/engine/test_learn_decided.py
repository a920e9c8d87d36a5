"""What officers decided teaches whose matter the next stories are: when it speaks, when it is silent, and why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from huiying.engine.listen import fold
from huiying.engine.listen.corrections import Unit as Handed
from huiying.engine.listen.fold import Config, Mention, State, correct, hear
from huiying.engine.listen.learn.decided import Decision, is_due, learn_units
from huiying.engine.listen.learn.labels import Passage
from huiying.engine.listen.mention import Unit
from huiying.engine.listen.results import StoryShot
from tests.engine.learning import MATTERS, messages

NOW = datetime(2026, 3, 2, tzinfo=UTC)
UNITS = tuple(Unit(code=name, name=f"{name}局") for name in MATTERS)
LAMP = ("路灯不亮", "小区门口的路灯坏了一个月，绿化带被踩坏，垃圾没人清运")


def decisions(each: int, *units: str) -> list[Decision]:
    made = [Decision(e.label, e.passage.title, (e.passage.text,)) for e in messages(each)]
    return [d for d in made if not units or d.unit in units]


@pytest.fixture(scope="module")
def taught() -> Config:
    return Config(units=UNITS, router=learn_units(decisions(20), list(MATTERS)))


def said_of(title: str, text: str, config: Config, **told: str) -> StoryShot:
    mention = Mention(id=1, at=NOW, title=title, text=text, kind="message", **told)
    _state, results = hear(State(), [mention], config)
    return results.stories[0]


def test_a_lesson_is_due_when_the_decisions_have_grown_by_a_fifth() -> None:
    at = [made for made, learnt in ((made, 0) for made in range(40)) if is_due(made, learnt)]
    assert at[0] == 12
    learnt, lessons = 0, []
    for made in range(10_001):
        if is_due(made, learnt):
            learnt = made
            lessons.append(made)
    assert lessons[:4] == [12, 14, 16, 19]
    assert len(lessons) < 45
    assert max(b - a for a, b in pairwise(lessons)) == 1_000


def test_too_few_decisions_or_a_single_unit_teach_nothing() -> None:
    units = list(MATTERS)
    assert learn_units(decisions(2), units) is None
    assert learn_units(decisions(30, "城管"), units) is None
    assert learn_units([], units) is None
    assert learn_units(decisions(6, "城管", "教育"), units) is not None


def test_a_unit_that_was_named_twice_only_is_not_learnt() -> None:
    rare = decisions(2, "环保")
    router = learn_units([*decisions(10, "城管", "教育"), *rare], list(MATTERS))
    assert router is not None
    assert router.labels == ("城管", "教育")


def test_few_decisions_are_no_ground_for_certainty() -> None:
    asked = [Passage(*LAMP)]
    few, many = (learn_units(decisions(each), list(MATTERS)) for each in (5, 40))
    assert few is not None
    assert many is not None
    assert few.propose(asked)[0].confidence <= 6 / 7
    assert many.propose(asked)[0].confidence > 6 / 7


def test_a_story_like_those_handed_to_a_unit_is_proposed_for_it_with_the_words(taught: Config) -> None:
    shot = said_of(*LAMP, taught)
    assert shot.unit == "城管"
    (why,) = shot.unit_why
    assert why.zh.startswith("像经办人交给城管局的：“")
    assert "“路灯”" in why.zh
    assert "把握" in why.zh
    assert why.en.startswith("Like what officers handed to 城管局: “")
    assert "% sure)" in why.en


def test_what_resembles_nothing_decided_is_left_to_the_words_of_the_units(taught: Config) -> None:
    assert said_of("晚霞", "今天看到了晚霞", taught).unit == ""
    named = replace(taught, units=(*UNITS, Unit(code="气象", name="气象局", duties=("晚霞",))))
    assert said_of("晚霞", "今天看到了晚霞", named).unit == "气象"


def test_the_officers_own_word_stands_before_what_was_learnt(taught: Config) -> None:
    mention = Mention(id=1, at=NOW, title=LAMP[0], text=LAMP[1], kind="message")
    state, results = hear(State(), [mention], taught)
    state, results = correct(state, Handed(results.stories[0].key, "环保"), taught)
    assert results.stories[0].unit == "环保"
    assert results.stories[0].unit_why[0].zh == "由经办人确定"
    again = replace(mention, id=2, at=NOW + timedelta(hours=1))
    state, results = hear(state, [again], taught)
    assert (results.stories[0].mentions, results.stories[0].unit) == (2, "环保")
    state, results = correct(state, Handed(results.stories[0].key, ""), taught)
    assert results.stories[0].unit == "城管", "a word that is taken back leaves it to the desk"


def test_a_unit_that_was_removed_is_not_proposed(taught: Config) -> None:
    rest = tuple(unit for unit in UNITS if unit.code != "城管")
    assert said_of(*LAMP, replace(taught, units=rest)).unit == ""


def test_what_nobody_asked_to_hear_is_not_judged(taught: Config) -> None:
    mention = Mention(id=1, at=NOW, title=LAMP[0], text=LAMP[1])
    _state, results = hear(State(), [mention], taught)
    assert results.stories == ()


def test_mentions_at_odds_leave_it_to_the_words_of_the_units(taught: Config) -> None:
    first = Mention(id=1, at=NOW, title=LAMP[0], text=LAMP[1], kind="message")
    other = Mention(
        id=2, at=NOW, title="校车超载", text="校车超载，老师补课收费，幼儿园乱收费", kind="message"
    )
    state, results = hear(State(), [first, other], taught)
    keys = {shot.key: shot.unit for shot in results.stories}
    assert set(keys.values()) == {"城管", "教育"}
    _state, results = correct(state, fold.Merge(*keys), taught)
    assert results.stories[-1].mentions in (0, 2)
    assert {shot.unit for shot in results.stories} == {""}


def test_how_many_arrive_at_a_time_makes_no_difference(taught: Config) -> None:
    mentions = [
        Mention(
            id=n, at=NOW + timedelta(minutes=n), title=e.passage.title, text=e.passage.text, kind="message"
        )
        for n, e in enumerate(messages(6, seed=4))
    ]
    whole, results = hear(State(), mentions, taught)
    state = State()
    for mention in mentions:
        state, _ = hear(state, [mention], taught)
    assert state.to_bytes() == whole.to_bytes()
    keys = {heard.story for heard in results.heard if heard.story}
    assert {key: whole.shot(key, taught) for key in keys} == {key: state.shot(key, taught) for key in keys}
