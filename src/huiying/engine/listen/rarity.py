"""How much a piece of text says: the fewer matters it stands in, the more.

Counted over stories first: what a thousand people say about one matter makes its words common only slowly, a mention that
opens no story counts for a quarter. What is common in Chinese public messages anyway is known beforehand from a small
table (see `benchmarks.train_common`).
"""

import pkgutil
from functools import cache

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.grams import Pieces, identities, piece_of

MOST = 7.0  # the weight of a piece that stands in one matter of a thousand or fewer
COMMON = 0.03  # share of messages from which on a piece is too common to find anything by
_PRIOR = 100.0  # so many stories the table counts for
_WHOLE = 4  # counts are kept in quarters
_BITS = 20
_MASK = (1 << _BITS) - 1


class Rarity:
    """Weights of pieces, learnt from what is heard."""

    __slots__ = ("_log", "counts", "quarters")

    def __init__(self, counts: NDArray[np.uint32] | None = None, quarters: int = 0) -> None:
        self.counts: NDArray[np.uint32] = np.zeros(1 << _BITS, dtype=np.uint32) if counts is None else counts
        self.quarters = quarters
        self._log: NDArray[np.float32] = self._logs(_shares(), self.counts)

    def weights(self, pieces: Pieces) -> NDArray[np.float32]:
        """The weight of each piece, from 0 (says nothing) to MOST."""
        whole = np.float32(np.log(_PRIOR + self.quarters / _WHOLE + 1.0))
        weights: NDArray[np.float32] = np.clip(
            whole - self._log[_places(pieces)], 0.0, MOST, dtype=np.float32
        )
        return weights

    def count(self, pieces: Pieces, mentions: int, *, opened: bool) -> None:
        """Add the pieces of mentions, each once a mention: of those that opened stories, or of others."""
        each = _WHOLE if opened else 1
        places, times = np.unique(_places(pieces), return_counts=True)
        self.counts[places] += (each * times).astype(np.uint32)
        self.quarters += each * mentions
        self._log[places] = self._logs(_shares()[places], self.counts[places])

    @staticmethod
    def _logs(shares: NDArray[np.float32], counts: NDArray[np.uint32]) -> NDArray[np.float32]:
        return np.log(_PRIOR * shares + counts / _WHOLE + 0.5).astype(np.float32)


def is_common(pieces: Pieces) -> NDArray[np.bool_]:
    """Which pieces the table of common ones holds."""
    common: NDArray[np.bool_] = _commons()[_places(pieces)]
    return common


def _places(pieces: Pieces) -> Pieces:
    return identities(pieces) & np.uint32(_MASK)


@cache
def _shares() -> NDArray[np.float32]:
    """Place -> share of messages that hold a piece of this place."""
    shares = np.zeros(1 << _BITS, dtype=np.float32)
    for line in (pkgutil.get_data(__name__, "common.tsv") or b"").decode().splitlines():
        if line and not line.startswith("#"):
            piece, share = line.split("\t")
            place = (piece_of(piece) >> 3) & _MASK
            shares[place] = max(shares[place], float(share))
    return shares


@cache
def _commons() -> NDArray[np.bool_]:
    return _shares() >= COMMON
