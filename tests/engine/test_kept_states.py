"""What an older version kept is read with the same stories, or refused as too old: never misread."""

import re

import pytest

from huiying.engine.listen.corrections import Merge, Move, NotOurs, Split
from huiying.engine.listen.fold import State, StateBroken, StateTooNew, correct, hear
from huiying.engine.listen.keeping import OLDEST, VERSION, StateTooOld
from tests.engine.kept import CONFIG, kept, mentions, stories_in, stories_of, versions


def as_version(version: int, state: bytes) -> bytes:
    """The same state as if another version had written it."""
    return re.sub(rb"^(HUIYING-EARS) \d+ ", rb"\1 %d " % version, state, count=1)


def test_a_state_of_every_version_is_at_hand() -> None:
    assert versions() == list(range(1, VERSION + 1)), (
        "run `python -m tests.engine.kept` once for a new version"
    )


@pytest.mark.parametrize("version", [v for v in versions() if v >= OLDEST])
def test_a_state_that_is_read_holds_the_stories_that_were_kept(version: int) -> None:
    state = State.from_bytes(kept(version))
    assert stories_in(state) == stories_of(version)
    _state, results = hear(state, mentions(), CONFIG)
    assert results.heard == (), "what was heard is remembered"


@pytest.mark.parametrize("version", [0, *(v for v in versions() if v < OLDEST)])
def test_a_state_that_is_too_old_is_refused_by_its_version(version: int) -> None:
    old = kept(version) if version else as_version(0, kept(VERSION))
    with pytest.raises(StateTooOld, match=f"has version {version};"):
        State.from_bytes(old)


def test_a_state_of_a_version_to_come_is_refused_as_that() -> None:
    with pytest.raises(StateTooNew, match=f"reads up to {VERSION}"):
        State.from_bytes(as_version(VERSION + 1, kept(VERSION)))


@pytest.mark.parametrize("bytes_", [b"x", b"HUIYING-EARS", b"HUIYING-EARS one abc\n", b"\x00" * 64])
def test_what_is_no_state_is_broken_whatever_its_age(bytes_: bytes) -> None:
    with pytest.raises(StateBroken):
        State.from_bytes(bytes_)


def test_a_correction_by_a_key_of_former_times_is_about_the_story_that_holds_the_mention_now() -> None:
    """The second post of the canteen was a story of its own for an older ear; officers spoke of it by that name."""
    state, results = hear(State(), mentions(), CONFIG)
    where = {one.mention_id: one.story for one in results.heard}
    assert (where[2], where[5]) == ("s1", "s4")
    state, put = correct(state, Move(3, "s2"), CONFIG)
    assert {one.mention_id: one.story for one in put.heard} == {3: "s1"}
    state, put = correct(state, Split("s2", (3,)), CONFIG)
    assert {one.mention_id: one.story for one in put.heard} == {3: "s3"}
    state, put = correct(state, Merge("s5", "s2"), CONFIG)
    assert {one.story for one in put.heard} == {"s1"}
    assert {one.mention_id for one in put.heard} == {4, 5, 6}
    state, put = correct(state, Merge("s5", "s1"), CONFIG)
    assert (put.heard, put.stories) == ((), ()), "they are together already"


def test_what_was_said_of_a_whole_story_is_not_said_of_a_larger_one() -> None:
    state, _results = hear(State(), mentions(), CONFIG)
    state, put = correct(state, NotOurs("s2"), CONFIG)
    assert put.stories == ()
    assert not any(told[3] for told in stories_in(state).values())
