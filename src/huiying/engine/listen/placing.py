"""Which story each new mention belongs to, decided one after the other from how like the earlier ones it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen import heat
from huiying.engine.listen.likeness import Pairs
from huiying.engine.listen.links import FORMS, Links
from huiying.engine.listen.memory import Floats, Memory
from huiying.engine.listen.mention import MentionId
from huiying.engine.listen.senses import Sensed
from huiying.engine.listen.shelf import Shelf, parts_of
from huiying.engine.listen.stories import Part, Story

_NEIGHBOURS = 5  # half of the likeness to a story is that to its nearest few mentions, half to the nearest
_DRAWN_MOST = 5  # mentions of stories that may still be drawn together
_DRAWN_LEAST = 0.6  # how like both a mention must be for it
_NEVER_DRAWN = FORMS.index("alphabet")  # there it mixed as much as it mended


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Where a mention was put, and by what."""

    row: int
    number: int  # of its story
    copy_of: int = -1  # row
    like: int = -1  # row of the mention that it is most like in its story
    chance: float = 0.0  # that both belong together
    words: tuple[str, ...] = ()  # that they share, most telling first
    same_voice: bool = False
    same_district: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A small story that went into another, because a mention was strongly like both."""

    story: Story  # as it was
    number: int
    ids: tuple[MentionId, ...]  # its mentions
    target: int  # number of the story that it went into
    into: str  # and its key


class Placing:
    """One chunk's mentions given their stories, in order. What it draws together is found in `drawn` afterwards."""

    def __init__(
        self,
        memory: Memory,
        shelf: Shelf,
        links: Links,
        *,
        pairs: Pairs,
        chances: Floats,
        copies: NDArray[np.bool_],
    ) -> None:
        self.drawn: list[Drawn] = []
        self._memory, self._shelf, self._thresholds = memory, shelf, links.thresholds
        self._first = memory.first
        self._story, self._copy_of, self._refused, self._form, self._voice, self._weight = (
            memory.column(name).values for name in ("story", "copy_of", "refused", "form", "voice", "weight")
        )
        self._pairs, self._chances, self._copies = pairs, chances, copies

    def place(self, start: int, sensed: Sequence[Sensed]) -> list[Joined]:
        """Give each new row from `start` on its story."""
        bounds = np.searchsorted(self._pairs.new, np.arange(start, start + len(sensed) + 1)).tolist()
        old, chances, copies = self._pairs.old.tolist(), self._chances.tolist(), self._copies.tolist()
        parts = parts_of(self._memory, range(start, start + len(sensed)))
        placed = []
        for index, (one, part) in enumerate(zip(sensed, parts, strict=True)):
            a, b = bounds[index], bounds[index + 1]
            joined = self._choose(start + index, old[a:b], chances[a:b], copies[a:b])
            self._settle(joined, one, part)
            placed.append(joined)
        return placed

    def _choose(self, row: int, old: list[int], chances: list[float], copies: list[bool]) -> Joined:
        if True in copies:
            copied = [o for o, copy in zip(old, copies, strict=True) if copy]
            first = min(self._root(o) for o in copied)
            return Joined(
                row=row, number=self._at(self._story, first), copy_of=first, like=copied[0], chance=1.0
            )
        form = self._at(self._form, row)
        near = self._near(old, chances) if max(chances, default=0.0) > self._thresholds[form] else {}
        able = self._able(near, self._thresholds[form])
        if not able:
            self._hint(row, sorted(zip(chances, old, strict=True), reverse=True) if self._shelf.said else [])
            return Joined(row=row, number=row)
        likest, *others = able
        chance, like = near[likest][0]
        strongly = [n for n in others if able[n] >= _DRAWN_LEAST] if form != _NEVER_DRAWN else []
        return Joined(row=row, number=self._draw_together(likest, strongly), like=like, chance=chance)

    def _near(self, old: list[int], chances: list[float]) -> dict[int, list[tuple[float, int]]]:
        """Story -> its mentions that were compared, likest first."""
        near: dict[int, list[tuple[float, int]]] = {}
        story, first = self._story.item, self._first
        for pair in sorted(zip(chances, old, strict=True), reverse=True):
            near.setdefault(story(pair[1] - first), []).append(pair)
        return near

    def _able(self, near: dict[int, list[tuple[float, int]]], least: float) -> dict[int, float]:
        """The stories that a mention is like enough to join, likest first; of equals the one whose mention is likest."""
        against = self._against(near)
        likenesses = {n: self._likeness(n, pairs) - against.get(n, 0.0) for n, pairs in near.items()}
        able = [(likeness, n) for n, likeness in likenesses.items() if likeness > least]
        able.sort(key=_first_of, reverse=True)
        return {n: likeness for likeness, n in able}

    def _against(self, near: dict[int, list[tuple[float, int]]]) -> dict[int, float]:
        """Story -> how like the mention is to one that an officer took out of it.

        Only where that one is nearer than all that the story still holds: one that was taken out says little of the others.
        """
        against: dict[int, float] = {}
        refused, first = self._refused.item, self._first
        for pairs in near.values():
            for chance, o in pairs:
                story = refused(o - first)
                if story in near and chance > near[story][0][0]:
                    against[story] = max(chance, against.get(story, 0.0))
        return against

    def _likeness(self, number: int, near: list[tuple[float, int]]) -> float:
        """How like a story is: its nearest mention, and its nearest few, of which those not compared count as unlike."""
        total = 0.0
        for chance, _ in near[:_NEIGHBOURS]:
            total += chance
        return (near[0][0] + total / min(_NEIGHBOURS, self._shelf.size(number))) / 2

    def _draw_together(self, number: int, others: list[int]) -> int:
        """Make one story of a small one and the small ones among others; returns the number that it has now.

        Nothing is drawn that an officer spoke of, or out of which one took a mention of the other.
        """
        for other in others:
            if self._is_small(number) and self._is_small(other) and not self._are_apart(number, other):
                number, gone = min(number, other), max(number, other)
                self._draw(gone, number)
        return number

    def _is_small(self, number: int) -> bool:
        rows = self._shelf.rows(number)
        return (
            len(rows) <= _DRAWN_MOST
            and rows[0] >= self._first
            and self._shelf.key(number, self._memory) not in self._shelf.said
        )

    def _are_apart(self, number: int, other: int) -> bool:
        return any(self._at(self._refused, row) == other for row in self._shelf.rows(number)) or any(
            self._at(self._refused, row) == number for row in self._shelf.rows(other)
        )

    def _draw(self, gone: int, into: int) -> None:
        memory, shelf = self._memory, self._shelf
        story = shelf.kept(gone, memory)
        shelf.kept(into, memory).take_in(parts_of(memory, story.rows), story.terms)
        self._story[np.array(story.rows) - self._first] = into
        shelf.close(gone, into)
        ids = tuple(memory.id_of(row) for row in story.rows)
        self.drawn.append(Drawn(story=story, number=gone, ids=ids, target=into, into=shelf.key(into, memory)))

    def _hint(self, row: int, likest: list[tuple[float, int]]) -> None:
        """What an officer said of the story of the likest mention stands beside a new one."""
        shelf, memory = self._shelf, self._memory
        for _, o in likest:
            number = self._at(self._story, o)
            said = shelf.said.get(shelf.key(number, memory))
            if said and (said.unit or said.topic):
                title = shelf.seen(number, memory).title
                shelf.hints[f"s{memory.id_of(row)}"] = (said.unit, said.topic, title)
                return

    def _root(self, row: int) -> int:
        first = self._at(self._copy_of, row)
        return row if first < self._first else first  # none (-1), or forgotten

    def _settle(self, joined: Joined, sensed: Sensed, part: Part) -> None:
        row, mention, copy = joined.row, sensed.mention, joined.copy_of >= 0
        index = row - self._first
        self._story[index] = joined.number
        self._copy_of[index] = joined.copy_of
        story = self._shelf.kept(joined.number, self._memory) if joined.number != row else None
        repeat = bool(story and part.voice and part.voice in story.voices)
        weight = heat.weight(mention.tier, mention.reach, mention.rank, copy=copy, repeat=repeat)
        self._weight[index] = weight
        if story:
            story.add(part._replace(copy=copy, heat=self._weight.item(index)))

    def _at(self, values: NDArray[Any], row: int) -> int:
        return int(values.item(row - self._first))


def _first_of(pair: tuple[float, int]) -> float:
    return pair[0]
