"""The ear as bytes and back: a version, a checksum, one JSON for names and stories, and the arrays as they are."""

import hashlib
import json
import struct
from array import array
from collections import Counter
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.columns import Column
from huiying.engine.listen.ear import Ear
from huiying.engine.listen.likeness import MEASURES
from huiying.engine.listen.links import Links
from huiying.engine.listen.memory import FOUND, WRITTEN, Names
from huiying.engine.listen.postings import Postings
from huiying.engine.listen.rarity import Rarity
from huiying.engine.listen.shelf import Said, Shelf
from huiying.engine.listen.stories import Story

VERSION = 2  # since 2 pieces tell names from ordinary words
#: The oldest version that this one goes on from. Raise it when stories would be told otherwise, or pieces are named otherwise:
#: the desk then hears again, from what is stored, all that an older version had heard.
OLDEST = 2
_MAGIC = b"HUIYING-EARS"
_COUNTERS = ("voices", "sites", "tiers", "tones", "watches", "places", "labels", "terms")
_PLAIN = ("key", "title", "title_at", "first_at", "last_at", "copies", "negative", "unknown_voices")


class StateTooNew(ValueError):
    """The state was written by a newer version of Huiying."""


class StateTooOld(ValueError):
    """The state was written by a version that heard otherwise; what is stored has to be heard again."""


class StateBroken(ValueError):
    """The bytes are no state, or were damaged."""


def pack(ear: Ear) -> bytes:
    """The ear for keeping."""
    arrays = _arrays(ear)
    layout = [[name, values.dtype.str, len(values)] for name, values in arrays.items()]
    words = json.dumps({"layout": layout, **_words(ear)}, ensure_ascii=False, separators=(",", ":")).encode()
    body = b"".join([struct.pack("<Q", len(words)), words, *(v.tobytes() for v in arrays.values())])
    return b"%s %d %s\n" % (_MAGIC, VERSION, hashlib.sha256(body).hexdigest().encode()) + body


def unpack(kept: bytes) -> Ear:
    """The ear that was kept; no bytes are a new one. Raises StateTooNew, StateTooOld, StateBroken."""
    if not kept:
        return Ear()
    head, _, body = bytes(kept).partition(b"\n")
    _check(head.split(b" "), body)
    try:
        (size,) = struct.unpack_from("<Q", body)
        words = json.loads(body[8 : 8 + size])
        return _ear(words, _read_arrays(words["layout"], body, 8 + size))
    except (KeyError, IndexError, struct.error) as error:
        raise StateBroken(f"the listening state lacks {error}") from error


def _check(parts: list[bytes], body: bytes) -> None:
    if len(parts) != 3 or parts[0] != _MAGIC or not parts[1].isdigit():
        raise StateBroken("not a listening state")
    version = int(parts[1])
    if version > VERSION:
        raise StateTooNew(f"the listening state has version {version}; this Huiying reads up to {VERSION}")
    if version < OLDEST:
        raise StateTooOld(f"the listening state has version {version}; this Huiying reads from {OLDEST} on")
    if hashlib.sha256(body).hexdigest().encode() != parts[2]:
        raise StateBroken("the listening state is damaged: its checksum does not fit")


def _arrays(ear: Ear) -> dict[str, NDArray[Any]]:
    memory = ear.memory
    counted, voiced = np.flatnonzero(ear.rarity.counts), np.flatnonzero(ear.voices)
    return {
        **{name: column.values for name, column in memory.columns.items()},
        "pieces": memory.pieces.values,
        "ends": memory.ends.values,
        "rarity_places": counted,
        "rarity_counts": ear.rarity.counts[counted],
        "voice_places": voiced,
        "voice_counts": ear.voices[voiced],
    }


def _words(ear: Ear) -> dict[str, Any]:
    memory, shelf = ear.memory, ear.shelf
    return {
        "first": memory.first,
        "first_piece": memory.pieces.first,
        "block": ear.block,
        "clock": ear.clock,
        "window": ear.window,
        "bits": ear.postings.bits,
        "counted": ear.rarity.quarters,
        "taught": dict(zip((*MEASURES, "bias"), ear.links.shift.tolist(), strict=True)),
        "ids": memory.ids,
        "titles": memory.titles,
        "notes": memory.notes,
        "names": {kind: names.all for kind, names in memory.names.items()},
        "stories": [[number, _told(story)] for number, story in shelf.stories.items()],
        "said": {key: asdict(said) for key, said in shelf.said.items()},
        "merged": shelf.merged,
        "hints": shelf.hints,
    }


def _told(story: Story) -> dict[str, Any]:
    return {
        **{name: getattr(story, name) for name in _PLAIN},
        **{name: list(getattr(story, name).items()) for name in _COUNTERS},
        "rows": story.rows.tolist(),
        "hours": [[hour, mentions, heat] for hour, (mentions, heat) in story.hours.items()],
    }


def _read_arrays(layout: list[list[Any]], body: bytes, at: int) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {}
    for name, dtype, length in layout:
        arrays[name] = np.frombuffer(body, dtype=np.dtype(dtype), count=length, offset=at).copy()
        at += arrays[name].nbytes
    return arrays


def _ear(words: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Ear:
    ear = Ear()
    _fill_memory(ear, words, arrays)
    counts = np.zeros_like(ear.rarity.counts)
    counts[arrays["rarity_places"]] = arrays["rarity_counts"]
    ear.rarity = Rarity(counts, words["counted"])
    ear.voices[arrays["voice_places"]] = arrays["voice_counts"]
    ear.links = Links(np.array([words["taught"].get(name, 0.0) for name in (*MEASURES, "bias")]))
    ear.shelf = _shelf(words)
    ear.block, ear.clock, ear.window = words["block"], words["clock"], words["window"]
    ear.postings = Postings(words["bits"])
    ear.reindex(ear.block)
    return ear


def _fill_memory(ear: Ear, words: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
    memory, first = ear.memory, words["first"]
    count = len(words["ids"])
    for name, dtype in (WRITTEN | FOUND).items():  # a column that an older version did not have begins empty
        values = arrays.get(name, np.full(count, -1 if name in FOUND else 0))
        memory.columns[name] = Column(dtype, values, first)
    memory.pieces = Column(np.uint32, arrays["pieces"], words["first_piece"])
    memory.ends = Column(np.int64, arrays["ends"], first)
    memory.ids, memory.titles = words["ids"], words["titles"]
    memory.notes = [(tuple(w), tuple(p), tuple(s)) for w, p, s in words["notes"]]
    memory.rows = {name: first + index for index, name in enumerate(memory.ids)}
    memory.names = {kind: Names(names) for kind, names in words["names"].items()}


def _shelf(words: dict[str, Any]) -> Shelf:
    stories = {number: _story(told) for number, told in words["stories"]}
    return Shelf(
        stories=stories,
        numbers={story.key: number for number, story in stories.items()},
        said={key: Said(**said) for key, said in words["said"].items()},
        merged=words["merged"],
        hints={key: (hint[0], hint[1], hint[2]) for key, hint in words["hints"].items()},
    )


def _story(told: dict[str, Any]) -> Story:
    story = Story(**{name: told[name] for name in _PLAIN})
    for name in _COUNTERS:
        setattr(story, name, Counter(dict(told[name])))
    story.rows = array("q", told["rows"])
    story.hours = {hour: (mentions, heat) for hour, mentions, heat in told["hours"]}
    return story
