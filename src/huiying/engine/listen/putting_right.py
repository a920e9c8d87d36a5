"""What an officer puts right, applied to the ear, and what the ear learns from it.

A correction of mentions that names a story by a mention which is not its first (since another version of the ear, or a
later correction, told the stories otherwise) is about the story in which that mention is now. What was said of a whole
story is not carried over so: it might hide or route more than the officer saw.
"""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from huiying.engine.listen.corrections import Correction, Merge, Move, NotOurs, Split, Topic, Unit
from huiying.engine.listen.ear import Ear
from huiying.engine.listen.likeness import Pairs
from huiying.engine.listen.shelf import Said, parts_of
from huiying.engine.listen.stories import Story

_TAUGHT_PAIRS = 20  # that one correction teaches by


@dataclass(slots=True)
class Put:
    """What a correction changed."""

    rows: list[int] = field(default_factory=list)  # whose story changed
    numbers: list[int] = field(default_factory=list)  # of stories
    emptied: list[tuple[Story, str]] = field(default_factory=list)  # and the key of the story it went into


def put_right(ear: Ear, correction: Correction) -> Put:
    """Apply a correction. What names a story or mention that is not known changes nothing."""
    match correction:
        case Move(mention, to):
            return _move(ear, mention, to)
        case Split(story, mentions):
            return _split(ear, story, mentions)
        case Merge(story, into):
            return _merge(ear, story, into)
        case NotOurs(story, undo):
            return _say(ear, story, lambda said: replace(said, not_ours=not undo))
        case Unit(story, unit):
            return _say(ear, story, lambda said: replace(said, unit=unit))
        case Topic(story, topic):
            return _say(ear, story, lambda said: replace(said, topic=topic))


def _say(ear: Ear, key: str, change: Callable[[Said], Said]) -> Put:
    number = ear.shelf.number(key, ear.memory)
    if number is None:
        return Put()
    known = ear.shelf.key(number, ear.memory)
    ear.shelf.said[known] = change(ear.shelf.said_of(known))
    return Put(numbers=[number])


def _move(ear: Ear, mention: int | str, to: str) -> Put:
    row = ear.memory.rows.get(mention)
    target = _holder(ear, to) if to else None
    if row is None or (to and target is None):
        return Put()
    origin = _number(ear, row)
    if target is None:
        target = _new(ear, row)
    return _carry(ear, [row], origin, target)


def _split(ear: Ear, key: str, mentions: Sequence[int | str]) -> Put:
    number = _holder(ear, key)
    rows = sorted(
        r for m in mentions if (r := ear.memory.rows.get(m)) is not None and _number(ear, r) == number
    )
    if number is None or not rows or len(rows) == ear.shelf.size(number):
        return Put()
    return _carry(ear, rows, number, _new(ear, rows[0]))


def _merge(ear: Ear, key: str, into: str) -> Put:
    number, target = _holder(ear, key), _holder(ear, into)
    if number is None or target is None or number == target:
        return Put()
    rows = [row for row in ear.shelf.kept(number, ear.memory).rows if row >= ear.memory.first]
    return _carry(ear, rows, number, target)


def _number(ear: Ear, row: int) -> int:
    return int(ear.memory.column("story")[row])


def _holder(ear: Ear, key: str) -> int | None:
    """The number of a story by its key or, if no story has it any more, of the one that holds the mention it was named after."""
    number = ear.shelf.number(key, ear.memory)
    if number is None and key.startswith("s"):
        row = ear.memory.row_of(key[1:])
        number = None if row is None else _number(ear, row)
    return number


def _new(ear: Ear, row: int) -> int:
    """A new story that will begin with this row; the one it leaves is kept first, so that its number is not taken."""
    ear.shelf.kept(_number(ear, row), ear.memory)
    return ear.shelf.open(ear.shelf.unused(row), row, ear.memory)


def _carry(ear: Ear, rows: list[int], origin: int, target: int) -> Put:
    """Take mentions from one story to another, and learn from it."""
    if origin == target:
        return Put()
    source, goal = ear.shelf.kept(origin, ear.memory), ear.shelf.kept(target, ear.memory)
    stay = [r for r in source.rows if r not in set(rows)]
    _teach(ear, rows, [r for r in goal.rows if r not in rows], together=True)
    _teach(ear, rows, stay, together=False)
    for part in parts_of(ear.memory, rows):
        source.add(part, -1)
        goal.add(part)
    ear.memory.column("story")[np.array(rows)] = target
    goal.rows = array("q", sorted(goal.rows))
    if not stay:
        ear.shelf.close(origin, target)
        return Put(rows=rows, numbers=[target], emptied=[(source, goal.key)])
    ear.memory.column("refused")[np.array(rows)] = origin
    _leave(ear, source, stay)
    return Put(rows=rows, numbers=[origin, target])


def _leave(ear: Ear, source: Story, stay: list[int]) -> None:
    """What is left of a story after some of its mentions went."""
    held = [row for row in stay if row >= ear.memory.first]
    source.rows = array("q", stay)
    times = ear.memory.column("at")[np.array(held, dtype=np.int64)].tolist()
    if times:
        source.last_at = max(times)
        source.first_at = min(times) if len(held) == len(stay) else source.first_at
    if source.title_at not in stay and held:
        source.title, source.title_at = ear.memory.title_of(held[0]), held[0]


def _teach(ear: Ear, rows: Sequence[int], others: Sequence[int], *, together: bool) -> None:
    """Let the formula learn from pairs of which an officer said whether they belong together."""
    pairs = [(a, b) for a in rows[:_TAUGHT_PAIRS] for b in others[-3:] if min(a, b) >= ear.memory.first]
    if pairs:
        taught = _sorted_pairs(pairs[:_TAUGHT_PAIRS])
        ear.links.teach(ear.measure_again(taught), ear.forms(taught), together)


def _sorted_pairs(pairs: Sequence[tuple[int, int]]) -> Pairs:
    new = np.array([max(p) for p in pairs])
    old = np.array([min(p) for p in pairs])
    order = np.argsort(new, kind="stable")
    return Pairs(new[order], old[order])
