"""How much a piece of text says: the fewer matters it stands in, the more.

Counted over stories, not over mentions: what a thousand people say about one matter does not make its words common.
What is common in Chinese public messages anyway is known beforehand from a small table (see `benchmarks.train_common`).
"""

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.grams import Pieces, piece_of

MOST = 7.0  # the weight of a piece that stands in one matter of a thousand or fewer
COMMON = 0.03  # share of messages from which on a piece is too common to find anything by
_PRIOR = 1000.0  # so many messages the table counts for
_BITS = 20
_MASK = (1 << _BITS) - 1


class Rarity:
    """Weights of pieces, learnt from what is heard."""

    __slots__ = ("_log", "counts", "stories")

    def __init__(self, counts: NDArray[np.uint32] | None = None, stories: int = 0) -> None:
        self.counts = np.zeros(1 << _BITS, dtype=np.uint32) if counts is None else counts
        self.stories = stories
        self._log = np.log(_PRIOR * _shares() + self.counts + 0.5).astype(np.float32)

    def weights(self, pieces: Pieces) -> NDArray[np.float32]:
        """The weight of each piece, from 0 (says nothing) to MOST."""
        whole = np.float32(np.log(_PRIOR + self.stories + 1.0))
        return np.clip(whole - self._log[_places(pieces)], 0.0, MOST, dtype=np.float32)

    def count(self, pieces: Pieces, stories: int) -> None:
        """Add the pieces of `stories` new stories (each piece once a story)."""
        places, times = np.unique(_places(pieces), return_counts=True)
        self.counts[places] += times.astype(np.uint32)
        self.stories += stories
        self._log[places] = np.log(_PRIOR * _shares()[places] + self.counts[places] + 0.5)


def is_common(pieces: Pieces) -> NDArray[np.bool_]:
    """Which pieces the table of common ones holds."""
    return _commons()[_places(pieces)]


def _places(pieces: Pieces) -> Pieces:
    return (pieces >> np.uint32(2)) & np.uint32(_MASK)


@cache
def _shares() -> NDArray[np.float32]:
    """Place -> share of messages that hold a piece of this place."""
    shares = np.zeros(1 << _BITS, dtype=np.float32)
    for line in (files(__package__) / "common.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            piece, share = line.split("\t")
            place = (piece_of(piece) >> 2) & _MASK
            shares[place] = max(shares[place], float(share))
    return shares


@cache
def _commons() -> NDArray[np.bool_]:
    return _shares() >= COMMON
