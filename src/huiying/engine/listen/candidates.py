"""Which earlier mentions a new one could belong with: those that share its rare pieces."""

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.grams import IN_TITLE, Ints, Pieces, identities
from huiying.engine.listen.likeness import Pairs
from huiying.engine.listen.memory import Memory
from huiying.engine.listen.postings import DEPTH, Postings
from huiying.engine.listen.rarity import Rarity, is_common

ASKED = 24  # pieces of a mention that are looked up: the rarest that anybody used before
COMPARED = 8  # mentions that it is then compared with
COMPARED_SHORT = 24  # the same for one of few pieces, of which each says little
_SHORT = 24  # pieces
_LEAST = 2.5  # weight from which on a piece is looked up
_TITLE_BONUS = np.float32(1.5)
_VOTE_BITS = 14  # hold a weight in thousandths
_INDEX_BITS = 24  # hold the place of a piece in a block
_VOTES_MOST = (1 << 24) - 1  # more than the sum of all pieces that a pair may share


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
    if not len(rows):
        return rows
    base = int(rows[0])
    light = (1 << _VOTE_BITS) - np.round(weights * 1000).astype(np.int64)
    ordered = np.sort((((rows - base) << _VOTE_BITS) + light) << _INDEX_BITS | np.arange(len(rows)))
    return (ordered & ((1 << _INDEX_BITS) - 1))[_rank(ordered >> (_VOTE_BITS + _INDEX_BITS)) < most]


def _rank(rows: Ints) -> Ints:
    """For each element of ascending `rows` its place among the equal ones."""
    if not len(rows):
        return rows
    heads = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
    return np.arange(len(rows)) - np.repeat(heads, np.diff(np.append(heads, len(rows))))


def _in_block(pieces: Pieces, rows: Ints, weights: NDArray[np.float32], start: int) -> _Votes:
    """Rows of the block itself, which the postings do not hold yet: the DEPTH before each that share a piece."""
    ordered = np.sort(
        identities(pieces).astype(np.int64) << _INDEX_BITS | np.arange(len(pieces))
    )  # rows ascend
    keys, order = ordered >> _INDEX_BITS, ordered & ((1 << _INDEX_BITS) - 1)
    rows, weights = rows[order], weights[order]
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
    width = int(old.max()) - base + 1
    keys, sums = _summed((new - start) * width + (old - base), weight)
    # One number a pair: its new row, then how little speaks for it, then how long ago the old row was.
    little, ago = _VOTES_MOST - sums, width - 1 - keys % width
    ordered = np.sort((keys // width * (_VOTES_MOST + 1) + little) * width + ago)
    rows = ordered // (width * (_VOTES_MOST + 1))
    ordered = ordered[_rank(rows) < most[rows]]
    return Pairs(ordered // (width * (_VOTES_MOST + 1)) + start, base + width - 1 - ordered % width)


def _summed(keys: Ints, weight: NDArray[np.float32]) -> tuple[Ints, Ints]:
    """The different keys, ascending, and the sum of the weights of each in thousandths: whole numbers add up alike in any order."""
    votes = np.sort(keys << _VOTE_BITS | np.round(weight * 1000).astype(np.int64))
    keys = votes >> _VOTE_BITS
    heads = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[heads], np.add.reduceat(votes & ((1 << _VOTE_BITS) - 1), heads)
