"""Which mentions hold a piece: for each piece the last few, found without a search."""

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.grams import Ints, Pieces

DEPTH = 8  # mentions remembered for each place
_FEWEST_BITS, _MOST_BITS = 16, 23
_ROWS_A_PLACE = 0.15  # mentions for each place before the table doubles


class Postings:
    """Places of a hash table, each a ring of the last DEPTH rows that were put there."""

    __slots__ = ("_bits", "_next", "_rings")

    def __init__(self, bits: int = _FEWEST_BITS) -> None:
        self._bits = bits
        self._rings: NDArray[np.uint32] = np.zeros((1 << bits, DEPTH), dtype=np.uint32)  # row + 1; 0 is empty
        self._next: NDArray[np.uint8] = np.zeros(1 << bits, dtype=np.uint8)

    @staticmethod
    def bits_for(rows: int) -> int:
        """The size of table that so many rows want."""
        return min(_MOST_BITS, max(_FEWEST_BITS, int(np.ceil(np.log2(rows * _ROWS_A_PLACE * DEPTH + 1)))))

    @property
    def bits(self) -> int:
        """The size of the table as a power of two."""
        return self._bits

    def put(self, pieces: Pieces, rows: Ints) -> None:
        """Remember that `rows` hold `pieces`; rows ascend."""
        places = self._places(pieces)
        order = np.argsort(places, kind="stable")
        places, rows = places[order], rows[order]
        first = (
            np.concatenate([[True], places[1:] != places[:-1]]) if len(places) else np.zeros(0, dtype=bool)
        )
        heads = np.flatnonzero(first)
        within = np.arange(len(places)) - np.repeat(heads, np.diff(np.append(heads, len(places))))
        slots = (self._next[places] + within) % DEPTH
        self._rings[places, slots] = rows + 1
        ends = np.append(heads[1:], len(places)) - 1
        self._next[places[ends]] = (slots[ends] + 1) % DEPTH

    def get(self, pieces: Pieces) -> Ints:
        """For each piece its DEPTH remembered rows; -1 where there are fewer."""
        return self._rings[self._places(pieces)].astype(np.int64) - 1

    def any(self, pieces: Pieces) -> NDArray[np.bool_]:
        """For each piece whether a row is remembered at its place."""
        filled: NDArray[np.bool_] = self._rings[self._places(pieces), 0] > 0
        return filled

    def _places(self, pieces: Pieces) -> Pieces:
        return pieces >> np.uint32(32 - self._bits)
