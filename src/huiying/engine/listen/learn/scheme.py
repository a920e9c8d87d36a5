"""Labels from their scheme alone: useful on the first day, before anybody has decided anything.

A scheme names each label and the finer matters under it (城乡建设, 城市建设和市政管理, 给排水). A message is nearest to the
label whose names share most of its words and pairs of characters, the rarer among labels and messages the heavier. Then
the surest of the messages at hand teach a `Sorter` once (self-training); a second turn drifts away and is not taken.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import rjieba
from numpy.typing import NDArray

from huiying.engine.listen.learn.labels import Example, Judged, Passage, Proposer, TooFew
from huiying.engine.listen.learn.sorter import learn
from huiying.engine.listen.normalise import normalise

Floats = NDArray[np.float64]
_TAUGHT = 0.7  # share of the messages that each label teaches with
_FEWEST = 5  # of these for each label on average, else the names alone have to do
_TITLE = 1.5  # a piece of the title counts so much more
_SHARP = 4.0  # chances of the names alone: set by eye, they are a start and no more
_SURE_MOST = 0.9
_WORDS_TOLD = 5


def by_scheme(levels: Iterable[Sequence[str]], passages: Sequence[Passage] = ()) -> Proposer:
    """Labels are the names of the first level. `passages`: the messages at hand. Raises TooFew."""
    rows = [tuple(row) for row in levels]
    names = Names(rows)
    said = names.propose(passages)
    taught: list[Example] = []
    for label in names.labels:
        those = [(j.confidence, n) for n, j in enumerate(said) if j.label == label and j.confidence]
        those.sort(key=lambda pair: (-pair[0], pair[1]))
        taught += [Example(passages[n], label) for _, n in those[: int(len(those) * _TAUGHT)]]
    if len(taught) < _FEWEST * len(names.labels):
        return names
    return learn([*taught, *scheme_examples(rows, names.labels)])


class Names:
    """The names of a scheme against the words of a message; a `Proposer`."""

    def __init__(self, levels: Iterable[Sequence[str]]) -> None:
        """Raises TooFew."""
        under: dict[str, dict[str, None]] = {}
        for row in levels:
            cells = [normalise(cell).strip() for cell in row]
            if row and cells[0]:
                under.setdefault(row[0].strip(), {}).update(dict.fromkeys(filter(None, cells)))
        if len(under) < 2:
            raise TooFew
        self.labels = tuple(under)
        counts = [
            Counter(piece for name in names for piece in set(_pieces(name))) for names in under.values()
        ]
        self._pieces = {piece: n for n, piece in enumerate(sorted({p for c in counts for p in c}))}
        held = np.zeros((len(under), len(self._pieces)))
        for number, count in enumerate(counts):
            for piece, often in count.items():
                held[number, self._pieces[piece]] = math.log1p(often)
        self._held = held * np.log((1 + len(under)) / (held > 0).sum(axis=0))

    def propose(self, passages: Sequence[Passage]) -> list[Judged]:
        """One judgement for each passage, in their order. Pieces that most of them hold count little."""
        said = np.zeros((len(passages), len(self._pieces)))
        for row, passage in enumerate(passages):
            self._count(passage, said[row])
        rare = np.log((1 + len(passages)) / (1 + (said > 0).sum(axis=0))) + 1e-3
        held = self._held * rare**1.5
        held /= np.maximum(np.linalg.norm(held, axis=1, keepdims=True), 1e-12) ** 0.5
        scores = (said * np.sqrt(rare)) @ held.T
        return [self._judged(passage, score) for passage, score in zip(passages, scores, strict=True)]

    def _count(self, passage: Passage, row: Floats) -> None:
        title, text = normalise(passage.title), normalise(passage.text)
        if passage.cut:
            title, text = "", text.replace(" ", "")
        for piece, often in Counter(_pieces(text)).items():
            if piece in self._pieces:
                row[self._pieces[piece]] += math.log1p(often)
        for piece in set(_pieces(title)):
            if piece in self._pieces:
                row[self._pieces[piece]] += _TITLE

    def _judged(self, passage: Passage, score: Floats) -> Judged:
        best = int(np.argmax(score))
        if score[best] <= 0:
            return Judged(self.labels[best], 0.0)
        share = (score / score[best]) ** _SHARP
        sure = round(min(_SURE_MOST, float(1 / share.sum())), 4)
        words = dict.fromkeys(
            w for w in _words(normalise(f"{passage.title} {passage.text}")) if w in self._pieces
        )
        weight = self._held[best]
        told = sorted((w for w in words if weight[self._pieces[w]]), key=lambda w: -weight[self._pieces[w]])
        return Judged(self.labels[best], sure, tuple(told[:_WORDS_TOLD]))


def scheme_examples(levels: Iterable[Sequence[str]], labels: Iterable[str]) -> list[Example]:
    """What the scheme says of these labels, to learn from beside real messages: one example for each of its rows."""
    known = set(labels)
    rows = [[cell.strip() for cell in row] for row in levels]
    return [
        Example(Passage("", "，".join(filter(None, row))), row[0]) for row in rows if row and row[0] in known
    ]


def _words(text: str) -> list[str]:
    return [w for w in rjieba.cut(text, True) if len(w) > 1 and w.isalnum()]


def _pieces(text: str) -> list[str]:
    return [*_words(text), *(a + b for a, b in pairwise(text) if a.isalnum() and b.isalnum())]
