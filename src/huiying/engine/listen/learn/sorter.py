"""Labels learnt from examples: one linear machine over words and runs of characters.

Support vector machines on TF-IDF, each label weighed alike however often it was given (so that a small unit is not
drowned by a large one). `benchmarks.routing` and `benchmarks.tone` measure it beside plainer ones.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from huiying.engine.listen.learn.labels import Example, Judged, Passage, TooFew
from huiying.engine.listen.learn.pieces import ROUTING, Form, Pieces
from huiying.engine.listen.learn.sure import chances, held_out_sharpness

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_COST = 0.3
_WORDS_TOLD = 5
_AT_ONCE = 2_000


class Sorter:
    """What was learnt; a `Proposer`."""

    def __init__(
        self, labels: Sequence[str], pieces: Pieces, weights: Floats, offsets: Floats, sharp: float
    ) -> None:
        self.labels = tuple(labels)
        self._pieces, self._weights, self._offsets, self._sharp = pieces, weights, offsets, sharp

    def propose(self, passages: Sequence[Passage]) -> list[Judged]:
        """One judgement for each passage, in their order."""
        found: list[Judged] = []
        for start in range(0, len(passages), _AT_ONCE):
            found += self._propose(self._pieces.rows(passages[start : start + _AT_ONCE]))
        return found

    def _propose(self, rows: csr_matrix) -> list[Judged]:
        chance = chances(rows @ self._weights.T + self._offsets, self._sharp)
        best = np.argmax(chance, axis=1)
        known = np.diff(rows.indptr) > 0
        return [
            Judged(
                self.labels[label],
                round(float(chance[row, label]), 4) if known[row] else 0.0,
                self._words(rows, row, chance[row]) if known[row] else (),
            )
            for row, label in enumerate(best.tolist())
        ]

    def _words(self, rows: csr_matrix, row: int, chance: Floats) -> tuple[str, ...]:
        """The words that speak most for the likeliest label against the second."""
        first, second = np.argsort(-chance, kind="stable")[:2]
        begin, end = rows.indptr[row], rows.indptr[row + 1]
        columns, values = rows.indices[begin:end], rows.data[begin:end]
        are_words = columns < len(self._pieces.words)
        columns, values = columns[are_words], values[are_words]
        says = values * (self._weights[first, columns] - self._weights[second, columns])
        order = np.lexsort((columns, -says))
        words = [self._pieces.words[columns[at]] for at in order if says[at] > 0]
        return tuple(w for w in words if w.strip())[:_WORDS_TOLD]


def learn(examples: Sequence[Example], form: Form = ROUTING) -> Sorter:
    """Learn from examples. The same examples in the same order give the same answers. Raises TooFew."""
    labels = sorted({e.label for e in examples})
    if len(labels) < 2:
        raise TooFew
    truth = np.array([labels.index(e.label) for e in examples])
    try:
        pieces = Pieces(form, [e.passage for e in examples])
    except ValueError as empty:
        raise TooFew from empty
    rows = pieces.matrix

    def margins_of(known: Ints, asked: Ints) -> Floats:
        weights, offsets = _fitted(rows[known], truth[known])
        return np.asarray(rows[asked] @ weights.T + offsets)

    whole = np.array([not e.passage.cut for e in examples])
    sharp = held_out_sharpness(truth, rows[:, : len(pieces.words)], whole, margins_of)
    weights, offsets = _fitted(rows, truth)
    return Sorter(labels, pieces, weights, offsets, sharp)


def _fitted(rows: csr_matrix, truth: Ints) -> tuple[Floats, Floats]:
    """Weights [labels, pieces] and offsets; of two labels each gets its own side of the one plane."""
    machine = LinearSVC(C=_COST, class_weight="balanced", random_state=0, max_iter=5_000).fit(rows, truth)
    if len(machine.classes_) > 2:
        return np.asarray(machine.coef_), np.asarray(machine.intercept_)
    return np.vstack([-machine.coef_, machine.coef_]), np.concatenate(
        [-machine.intercept_, machine.intercept_]
    )
