"""Which earlier mentions a new one could belong with: those that share its rare pieces."""

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.grams import IN_TITLE, Ints, Pieces
from huiying.engine.listen.likeness import Pairs
from huiying.engine.listen.memory import Floats, Memory
from huiying.engine.listen.postings import DEPTH, Postings
from huiying.engine.listen.rarity import Rarity, is_common

ASKED = 24  # pieces of a mention that are looked up: the rarest that anybody used before
COMPARED = 12  # mentions that it is then compared with
COMPARED_SHORT = 24  # the same for one of few pieces, of which each says little
_SHORT = 24  # pieces
_LEAST = 2.5  # weight from which on a piece is looked up
_TITLE_BONUS = np.float32(1.5)


def candidates(
    memory: Memory, postings: Postings, rarity: Rarity, *, block: int, start: int, oldest: int
) -> Pairs:
    """Pairs of each row from `start` on with the rows most worth comparing, best first.

    `block`: the first row that `postings` do not hold yet; `oldest`: rows before it are out of the window.
    """
    pieces, counts = memory.pieces_of(np.arange(block, memory.stop))
    rows = np.repeat(np.arange(block, memory.stop), counts)
    weights = rarity.weights(pieces) * np.where(pieces & IN_TITLE, _TITLE_BONUS, np.float32(1.0))
    telling = (weights >= _LEAST) & ~is_common(pieces)
    pieces, rows, weights = pieces[telling], rows[telling], weights[telling]
    fresh = rows >= start
    before = _indexed(postings, pieces[fresh], rows[fresh], weights[fresh], oldest)
    beside = _in_block(pieces, rows, weights, start)
    most = np.where(counts[start - block :] <= _SHORT, COMPARED_SHORT, COMPARED)
    return _best(
        most,
        start,
        np.concatenate([before[0], beside[0]]),
        np.concatenate([before[1], beside[1]]),
        np.concatenate([before[2], beside[2]]),
    )


_Votes = tuple[Ints, Ints, NDArray[np.float32]]  # new row, old row, weight of the piece they share


def _indexed(
    postings: Postings, pieces: Pieces, rows: Ints, weights: NDArray[np.float32], oldest: int
) -> _Votes:
    known = np.flatnonzero(postings.any(pieces))
    known = known[_rarest(rows[known], weights[known], ASKED)]
    old = postings.get(pieces[known])
    new = np.repeat(rows[known], DEPTH)
    weight = np.repeat(weights[known], DEPTH)
    old = old.ravel()
    held = old >= oldest
    return new[held], old[held], weight[held]


def _rarest(rows: Ints, weights: NDArray[np.float32], most: int) -> Ints:
    """Indexes of the `most` heaviest of each row. `rows` ascend."""
    order = np.lexsort((-weights, rows))
    return order[_rank(rows[order]) < most]


def _rank(rows: Ints) -> Ints:
    """For each element of ascending `rows` its place among the equal ones."""
    if not len(rows):
        return rows
    heads = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
    return np.arange(len(rows)) - np.repeat(heads, np.diff(np.append(heads, len(rows))))


def _in_block(pieces: Pieces, rows: Ints, weights: NDArray[np.float32], start: int) -> _Votes:
    """Rows of the block itself, which the postings do not hold yet: the DEPTH before each that share a piece."""
    keys = pieces >> np.uint32(2)
    order = np.lexsort((rows, keys))
    keys, rows, weights = keys[order], rows[order], weights[order]
    new, old, weight = [], [], []
    for step in range(1, DEPTH + 1):
        later = np.flatnonzero((keys[step:] == keys[:-step]) & (rows[step:] >= start)) + step
        new.append(rows[later])
        old.append(rows[later - step])
        weight.append(weights[later])
    return np.concatenate(new), np.concatenate(old), np.concatenate(weight)


def _best(most: Ints, start: int, new: Ints, old: Ints, weight: NDArray[np.float32]) -> Pairs:
    """The pairs with the greatest sum of weights, for each new row (from `start` on) as many as `most` says."""
    if not len(new):
        return Pairs(new, old)
    base = int(old.min())
    key = (new - new.min()) * (int(old.max()) - base + 1) + (old - base)
    order = np.argsort(key, kind="stable")
    heads = np.flatnonzero(np.concatenate([[True], np.diff(key[order]) > 0]))
    sums = _sums(weight[order], heads)
    new, old = new[order[heads]], old[order[heads]]
    best = np.lexsort((-old, -sums, new))
    best = best[_rank(new[best]) < most[new[best] - start]]
    return Pairs(new[best], old[best])


def _sums(weight: NDArray[np.float32], heads: Ints) -> Floats:
    """Sums of runs in thousandths, so that the order of adding cannot matter."""
    return np.add.reduceat(np.round(weight * 1000).astype(np.int64), heads).astype(np.float64)
