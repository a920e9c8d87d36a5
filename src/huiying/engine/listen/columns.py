"""Arrays that grow at the end and are forgotten from the front: the memory of the fold, a million rows in a few bytes each."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_SMALLEST = 1024


class Column:
    """One value a row. Rows are numbered for ever; `first` is the oldest that is still held."""

    __slots__ = ("_held", "first", "stop")

    def __init__(self, dtype: Any, values: NDArray[Any] | None = None, first: int = 0) -> None:
        self._held: NDArray[Any] = np.zeros(0, dtype=dtype) if values is None else values.astype(dtype)
        self.first = first
        self.stop = first + len(self._held)

    @property
    def values(self) -> NDArray[Any]:
        """The held rows, from `first` to `stop`; a view, writing to it changes the column."""
        return self._held[: self.stop - self.first]

    def __getitem__(self, rows: Any) -> Any:
        return self._held[rows - self.first]

    def __setitem__(self, rows: Any, values: Any) -> None:
        self._held[rows - self.first] = values

    def between(self, start: int, stop: int) -> NDArray[Any]:
        """Rows `start` to `stop` (exclusive); a view."""
        return self._held[start - self.first : stop - self.first]

    def extend(self, values: NDArray[Any]) -> None:
        """Add rows at the end."""
        used = self.stop - self.first
        if used + len(values) > len(self._held):
            grown = np.zeros(max(_SMALLEST, 2 * used, used + len(values)), dtype=self._held.dtype)
            grown[:used] = self._held[:used]
            self._held = grown
        self._held[used : used + len(values)] = values
        self.stop += len(values)

    def forget(self, before: int) -> None:
        """Let go of the rows before `before`."""
        kept = self.values[max(0, before - self.first) :].copy()
        self._held, self.first = kept, self.stop - len(kept)
