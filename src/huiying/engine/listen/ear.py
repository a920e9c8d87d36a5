"""The ear itself: compares each new mention with the earlier ones that share its rare words, and gives it its story.

Mentions are numbered in the order in which they are heard. Blocks of BLOCK belong together: within one, the weights of
words and the index stay as they were when it began, and what is new is found by comparing inside the block. So the
result depends on the order of the mentions and never on how many arrive at a time.
"""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen import heat
from huiying.engine.listen.candidates import candidates
from huiying.engine.listen.evidence import shared_words
from huiying.engine.listen.grams import Grams, grams_of
from huiying.engine.listen.likeness import MEASURES, Grid, Pairs, measures
from huiying.engine.listen.links import FORMS, Links, form_of
from huiying.engine.listen.memory import Floats, Memory, sums_of
from huiying.engine.listen.postings import Postings
from huiying.engine.listen.rarity import Rarity, is_common
from huiying.engine.listen.senses import Sensed, bits
from huiying.engine.listen.shelf import Shelf, part_of
from huiying.engine.listen.times import micros
from huiying.engine.listen.tone import NEGATIVE

BLOCK = 256
_CHANCE_LEAST = 0.02  # a pair less likely than this is no evidence
_NEIGHBOURS = 5  # half of the likeness to a story is that to its nearest few mentions, half to the nearest
_SHARED, _LENGTH_GAP, _LENGTH = (
    MEASURES.index("shared_all"),
    MEASURES.index("length_gap"),
    MEASURES.index("length"),
)
_SAME_VOICE, _SAME_DISTRICT = MEASURES.index("same_voice"), MEASURES.index("same_district")
_COPY_SHARED = 0.88
_COPY_PIECES = math.log1p(8)
_VOICES = 1 << 20


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


class Ear:
    """Everything that was heard and still matters, growing in place."""

    __slots__ = (
        "block",
        "clock",
        "grid",
        "links",
        "memory",
        "postings",
        "rarity",
        "shelf",
        "voices",
        "window",
    )

    def __init__(self) -> None:
        self.memory = Memory()
        self.rarity = Rarity()
        self.postings = Postings()
        self.shelf = Shelf()
        self.links = Links()
        self.voices: NDArray[np.uint32] = np.zeros(_VOICES, dtype=np.uint32)  # mentions by (hashed) voice
        self.grid = Grid(BLOCK)
        self.block = 0  # first row of the block that is being filled
        self.clock = 0  # latest posting time heard
        self.window = 0

    def join(self, sensed: Sequence[Sensed], window: int) -> list[Joined]:
        """Hear mentions and give each its story."""
        self.window = window
        joined: list[Joined] = []
        start = 0
        while start < len(sensed):
            stop = start + BLOCK - (self.memory.stop - self.block)
            joined += self._join_chunk(sensed[start:stop])
            start = stop
            if self.memory.stop - self.block == BLOCK:
                self._finish_block()
        return joined

    def _join_chunk(self, sensed: Sequence[Sensed]) -> list[Joined]:
        start = self.memory.stop
        grams = self._remember(sensed)
        oldest = max(self.memory.first, self.block - self.window)
        pairs = candidates(
            self.memory, self.postings, self.rarity, block=self.block, start=start, oldest=oldest
        )
        measured = self.measure(pairs, grams, start)
        chances = self.links.chances(measured, self.forms(pairs))
        likely = np.flatnonzero(chances >= _CHANCE_LEAST)
        pairs, measured, chances = (
            Pairs(pairs.new[likely], pairs.old[likely]),
            measured[likely],
            chances[likely],
        )
        placed = _Placing(self, pairs, chances, _copies(measured)).place(start, sensed)
        return self._with_evidence(placed, grams, start, pairs, measured)

    def _remember(self, sensed: Sequence[Sensed]) -> Grams:
        grams = grams_of([s.title for s in sensed], [s.text for s in sensed])
        sums = sums_of(grams, self.rarity.weights(grams.pieces))
        names = self.memory.names
        mentions = [s.mention for s in sensed]
        times = [micros(m.at) for m in mentions]
        self.memory.add(
            ids=[m.id for m in mentions],
            titles=[m.title or m.text[:60] for m in mentions],
            notes=[(tuple(h.watch for h in s.hits), s.districts + s.things, s.labels) for s in sensed],
            written={
                "at": times,
                "voice": [zlib.crc32(m.voice.encode()) or 1 if m.voice else 0 for m in mentions],
                "site": [names["site"].number(m.site) for m in mentions],
                "tier": [names["tier"].number(m.tier) for m in mentions],
                "tone": [names["tone"].number(s.tone.name) for s in sensed],
                "negative": [s.tone.score <= NEGATIVE for s in sensed],
                "form": [form_of(m) for m in mentions],
                "districts": [bits(s.districts) for s in sensed],
                "title_districts": [bits(s.title_districts) for s in sensed],
                "things": [bits(s.things) for s in sensed],
            },
            grams=grams,
            sums=sums,
        )
        self.clock = max(self.clock, *times)
        return grams

    def measure(self, pairs: Pairs, grams: Grams, start: int) -> Floats:
        if not len(pairs.new):
            return np.zeros((0, len(MEASURES)))
        self.grid.set(np.repeat(np.arange(len(grams.starts) - 1), np.diff(grams.starts)), grams.pieces)
        often = self._voice_often(start)
        cells = pairs.new - start
        return measures(
            self.memory, self.rarity, self.grid, pairs, cells=cells, often=often[cells], settle=True
        )

    def measure_again(self, pairs: Pairs) -> Floats:
        """The measures of remembered mentions, at most BLOCK new ones among them."""
        rows, cells = np.unique(pairs.new, return_inverse=True)
        pieces, counts = self.memory.pieces_of(rows)
        self.grid.set(np.repeat(np.arange(len(rows)), counts), pieces)
        voices = self.memory.column("voice")[pairs.new] % _VOICES
        often = np.log(np.maximum(1.0, self.voices[voices]))
        return measures(self.memory, self.rarity, self.grid, pairs, cells=cells, often=often)

    def forms(self, pairs: Pairs) -> NDArray[np.int8]:
        """By which formula each pair is judged: that of both, or where they differ that of bare posts."""
        column = self.memory.column("form")
        new, old = column[pairs.new], column[pairs.old]
        return np.where(new == old, new, np.int8(FORMS.index("bare")))

    def _voice_often(self, start: int) -> Floats:
        """For each new row the logarithm of how often its voice was heard, itself included."""
        voices = self.memory.column("voice").between(self.block, self.memory.stop) % _VOICES
        counts = self.voices[voices].astype(np.float64) + 1
        order = np.argsort(voices, kind="stable")
        ordered = voices[order]
        heads = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        counts[order] += np.arange(len(order)) - np.repeat(heads, np.diff(np.append(heads, len(order))))
        return np.asarray(np.log(counts[start - self.block :]))

    def _with_evidence(
        self, placed: list[Joined], grams: Grams, start: int, pairs: Pairs, measured: Floats
    ) -> list[Joined]:
        linked = [j for j in placed if j.like >= 0]
        words = shared_words(self.memory, self.rarity, grams, [(j.row, j.like) for j in linked], start)
        keys = {
            (n, o): k for k, (n, o) in enumerate(zip(pairs.new.tolist(), pairs.old.tolist(), strict=True))
        }
        told: dict[int, Joined] = {}
        for join, terms in zip(linked, words, strict=True):
            self.shelf.kept(join.number, self.memory).learn_terms(terms)
            found = measured[keys[join.row, join.like]]
            told[join.row] = Joined(
                row=join.row, number=join.number, copy_of=join.copy_of, like=join.like, chance=join.chance, words=terms,
                same_voice=bool(found[_SAME_VOICE]), same_district=bool(found[_SAME_DISTRICT]),
            )  # fmt: skip
        return [told.get(j.row, j) for j in placed]

    def _finish_block(self) -> None:
        """Let the weights and the index know the block; forget what left the window."""
        memory, stop = self.memory, self.memory.stop
        rows = np.arange(self.block, stop)
        stories, copies = memory.column("story")[rows], memory.column("copy_of")[rows]
        for those, opened in ((rows[stories == rows], True), (rows[(stories != rows) & (copies < 0)], False)):
            self.rarity.count(memory.pieces_of(those)[0], len(those), opened=opened)
        self._grow_postings()
        self._index(rows[copies < 0])
        np.add.at(self.voices, memory.column("voice")[rows] % _VOICES, 1)
        self.block = stop
        if stop - memory.first > self.window * 9 // 8 + BLOCK:
            memory.forget(stop - self.window)
            self.shelf.forget(memory.first)

    def _index(self, rows: NDArray[np.int64]) -> None:
        pieces, counts = self.memory.pieces_of(rows)
        telling = ~is_common(pieces)
        self.postings.put(pieces[telling], np.repeat(rows, counts)[telling])

    def _grow_postings(self) -> None:
        """A larger table where there are more mentions, filled anew."""
        bits_ = Postings.bits_for(min(self.memory.stop, self.window))
        if bits_ > self.postings.bits:
            self.postings = Postings(bits_)
            self.reindex(self.block)

    def reindex(self, stop: int) -> None:
        """Fill the index with the remembered rows before `stop`."""
        copies = self.memory.column("copy_of")
        for start in range(self.memory.first, stop, 16 * BLOCK):
            rows = np.arange(start, min(stop, start + 16 * BLOCK))
            self._index(rows[copies[rows] < 0])


def _copies(measured: Floats) -> NDArray[np.bool_]:
    """Which pairs are one text: nearly all of the shorter stands in the longer."""
    return (measured[:, _SHARED] >= _COPY_SHARED) & (measured[:, _LENGTH] >= _COPY_PIECES)


class _Placing:
    """One chunk's mentions given their stories, in order."""

    def __init__(self, ear: Ear, pairs: Pairs, chances: Floats, copies: NDArray[np.bool_]) -> None:
        self._ear = ear
        columns = ear.memory.columns
        self._story, self._copy_of = columns["story"], columns["copy_of"]
        self._refused, self._form = columns["refused"], columns["form"]
        self._pairs, self._chances, self._copies = pairs, chances, copies

    def place(self, start: int, sensed: Sequence[Sensed]) -> list[Joined]:
        bounds = np.searchsorted(self._pairs.new, np.arange(start, start + len(sensed) + 1)).tolist()
        old, chances, copies = self._pairs.old.tolist(), self._chances.tolist(), self._copies.tolist()
        placed = []
        for index, one in enumerate(sensed):
            a, b = bounds[index], bounds[index + 1]
            joined = self._choose(start + index, old[a:b], chances[a:b], copies[a:b])
            self._settle(joined, one)
            placed.append(joined)
        return placed

    def _choose(self, row: int, old: list[int], chances: list[float], copies: list[bool]) -> Joined:
        copied = [o for o, copy in zip(old, copies, strict=True) if copy]
        if copied:
            first = min(self._root(o) for o in copied)
            return Joined(row=row, number=int(self._story[first]), copy_of=first, like=copied[0], chance=1.0)
        by_story: dict[int, list[tuple[float, int]]] = {}
        against: dict[int, float] = {}  # story -> how like one that an officer took out of it
        for o, chance in zip(old, chances, strict=True):
            by_story.setdefault(int(self._story[o]), []).append((chance, o))
            refused = int(self._refused[o])
            against[refused] = max(chance, against.get(refused, 0.0))
        best, score = row, self._ear.links.thresholds[int(self._form[row])]
        for number, near in by_story.items():
            likeness = self._likeness(number, near) - against.get(number, 0.0)
            if likeness > score:
                best, score = number, likeness
        if best == row:
            self._hint(row, old)
            return Joined(row=row, number=row)
        chance, like = by_story[best][0]
        return Joined(row=row, number=best, like=like, chance=chance)

    def _likeness(self, number: int, near: list[tuple[float, int]]) -> float:
        """How like a story is: its nearest mention, and its nearest few, of which those not compared count as unlike."""
        near.sort(key=lambda pair: (-pair[0], -pair[1]))
        among = min(_NEIGHBOURS, self._ear.shelf.size(number))
        return (near[0][0] + sum(chance for chance, _ in near[:_NEIGHBOURS]) / among) / 2

    def _hint(self, row: int, old: list[int]) -> None:
        """What an officer said of the likest story stands beside a new one."""
        shelf, memory = self._ear.shelf, self._ear.memory
        for o in old if shelf.said else ():
            number = int(self._story[o])
            said = shelf.said.get(shelf.key(number, memory))
            if said and (said.unit or said.topic):
                shelf.hints[f"s{memory.id_of(row)}"] = (
                    said.unit,
                    said.topic,
                    shelf.seen(number, memory).title,
                )
                return

    def _root(self, row: int) -> int:
        first = int(self._copy_of[row])
        return row if first < self._ear.memory.first else first  # none (-1), or forgotten

    def _settle(self, joined: Joined, sensed: Sensed) -> None:
        ear, row, mention = self._ear, joined.row, sensed.mention
        self._story[row] = joined.number
        self._copy_of[row] = joined.copy_of
        story = ear.shelf.kept(joined.number, ear.memory) if joined.number != row else None
        voice = int(ear.memory.column("voice")[row])
        repeat = bool(story and voice and voice in story.voices)
        ear.memory.column("weight")[row] = heat.weight(
            mention.tier, mention.reach, mention.rank, copy=joined.copy_of >= 0, repeat=repeat
        )
        if story:
            story.add(part_of(ear.memory, row))
