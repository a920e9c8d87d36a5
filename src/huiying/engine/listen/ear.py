"""The ear itself: compares each new mention with the earlier ones that share its rare words, and gives it its story.

Mentions are numbered in the order in which they are heard. Blocks of BLOCK belong together: within one, the weights of
words and the index stay as they were when it began, and what is new is found by comparing inside the block. So the
result depends on the order of the mentions and never on how many arrive at a time.
"""

import math
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.candidates import candidates
from huiying.engine.listen.evidence import shared_words
from huiying.engine.listen.grams import Grams, grams_of
from huiying.engine.listen.likeness import MEASURES, Grid, Pairs, measures
from huiying.engine.listen.links import FORMS, Links, form_of
from huiying.engine.listen.memory import Floats, Memory, sums_of
from huiying.engine.listen.placing import Drawn, Joined, Placing
from huiying.engine.listen.postings import Postings
from huiying.engine.listen.rarity import Rarity, is_common
from huiying.engine.listen.senses import Sensed, bits
from huiying.engine.listen.shelf import Shelf
from huiying.engine.listen.times import micros
from huiying.engine.listen.tone import NEGATIVE

BLOCK = 256
_CHANCE_LEAST = 0.02  # a pair less likely than this is no evidence
_SHARED, _LENGTH_GAP, _LENGTH = (
    MEASURES.index("shared_all"),
    MEASURES.index("length_gap"),
    MEASURES.index("length"),
)
_SAME_VOICE, _SAME_DISTRICT = MEASURES.index("same_voice"), MEASURES.index("same_district")
_COPY_SHARED = 0.88
_COPY_PIECES = math.log1p(8)
_VOICES = 1 << 20


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

    def join(self, sensed: Sequence[Sensed], window: int) -> tuple[list[Joined], list[Drawn]]:
        """Hear mentions and give each its story; and the stories that were drawn into others by it, in order."""
        self.window = window
        joined: list[Joined] = []
        drawn: list[Drawn] = []
        start = 0
        while start < len(sensed):
            stop = start + BLOCK - (self.memory.stop - self.block)
            chunk = self._join_chunk(sensed[start:stop])
            joined += chunk[0]
            drawn += chunk[1]
            start = stop
            if self.memory.stop - self.block == BLOCK:
                self._finish_block()
        return joined, drawn

    def _join_chunk(self, sensed: Sequence[Sensed]) -> tuple[list[Joined], list[Drawn]]:
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
        placing = Placing(
            self.memory, self.shelf, self.links, pairs=pairs, chances=chances, copies=_copies(measured)
        )
        joined = self._with_evidence(placing.place(start, sensed), grams, start, pairs, measured)
        return joined, placing.drawn

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
        links = [(j.row, j.like) for j in linked]
        words = shared_words(self.memory, self.rarity, self.grid, grams, links, start=start)
        keys = {
            (n, o): k for k, (n, o) in enumerate(zip(pairs.new.tolist(), pairs.old.tolist(), strict=True))
        }
        stories = self.memory.column("story")  # a story may have been drawn into another since
        told: dict[int, Joined] = {}
        for join, terms in zip(linked, words, strict=True):
            self.shelf.kept(int(stories[join.row]), self.memory).learn_terms(terms)
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
