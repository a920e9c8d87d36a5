"""The journal of a case: sealed entry by entry, so that nothing can be changed unseen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiying.engine.journal import GENESIS, Entry, Kind, digest, instant, seal, verify
from tests.engine.matters import START


def chain(texts: list[str]) -> list[Entry]:
    entries: list[Entry] = []
    for number, text in enumerate(texts):
        at = START + timedelta(minutes=number)
        raw = Entry(seq=0, at=at, recorded_at=at, kind=Kind.NOTE, actor="person:1", data={"text": text})
        entries.append(seal(raw, entries[-1] if entries else None))
    return entries


def test_entries_are_numbered_and_each_holds_the_hash_of_the_one_before() -> None:
    entries = chain(["一", "二", "三"])
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert [entry.prev for entry in entries] == [GENESIS, entries[0].hash, entries[1].hash]
    assert all(entry.hash == digest(entry) and len(entry.hash) == 64 for entry in entries)
    assert verify(entries) == []
    assert verify([]) == []


def test_the_same_content_has_the_same_hash_for_ever() -> None:
    """A hash that changed with the program would make every old journal look forged."""
    at = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    entry = Entry(
        seq=0, at=at, recorded_at=at, kind=Kind.OPENED, actor="system", data={"b": [1, None], "a": "热水"}
    )
    assert seal(entry, None).hash == "50728e4d40b8e68d01144ddee0b8ebf927ffd68d3765fd3d8fcff650d9fc8541"


@given(st.lists(st.text(max_size=5), min_size=2, max_size=6), st.data())
def test_whatever_is_changed_removed_or_moved_is_seen(texts: list[str], data: st.DataObject) -> None:
    entries = chain(texts)
    place = data.draw(st.integers(0, len(entries) - 1))
    changed = list(entries)
    how = data.draw(st.sampled_from(["text", "time", "kind", "actor", "role", "swap", "cut"]))
    if how == "swap":
        changed[place], changed[place - 1] = changed[place - 1], changed[place]
    elif how == "cut":
        del changed[place if place < len(entries) - 1 else 0]
    else:
        entry = changed[place]
        changed[place] = {
            "text": replace(entry, data={"text": "改"}),
            "time": replace(entry, at=entry.at - timedelta(microseconds=1)),
            "kind": replace(entry, kind=Kind.PROGRESS),
            "actor": replace(entry, actor="person:2"),
            "role": replace(entry, role="head"),
        }[how]
    assert verify(changed) != [] or changed == entries


def test_a_forged_entry_that_is_sealed_anew_breaks_the_next() -> None:
    entries = chain(["一", "二", "三"])
    forged = seal(replace(entries[1], data={"text": "改"}), entries[0])
    assert [(found.seq, found.why) for found in verify([entries[0], forged, entries[2]])] == [(3, "prev")]


def test_an_instant_is_written_in_utc_and_needs_a_zone() -> None:
    assert instant(START) == "2026-11-24T01:00:00.000000+00:00"
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2026, 11, 24, 9, 0))  # noqa: DTZ001 - that is the point
