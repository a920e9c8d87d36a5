"""How alike two mentions are, measured in many ways at once for many pairs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.grams import Ints, Pieces
from huiying.engine.listen.memory import Floats, Memory
from huiying.engine.listen.rarity import Rarity

_BITS = 15
_MASK = np.uint32((1 << _BITS) - 1)
_HOUR, _DAY = 3_600_000_000, 86_400_000_000  # microseconds

MEASURES = (
    "all", "title", "text", "title_text", "text_title", "best_title", "shared_title", "old_in_new", "new_in_old",
    "most_in", "least_in", "shared_all", "sum_title", "sum_shared", "same_voice", "voice_often", "days", "same_district",
    "other_district", "other_district_text", "same_thing", "other_thing", "length_gap", "length",
    *(f"{name}_{by}" for by in ("all", "title") for name in ("beside_best", "rank", "over_rest", "lead", "old_best", "over_old")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pairs:
    """A new row and an old one, many times."""

    new: Ints
    old: Ints


class Grid:
    """Which pieces stand in which of a few new mentions, for looking up without a search.

    Two pieces of one mention share a cell less than once in a hundred; a measure moves by less than that.
    """

    __slots__ = ("_cells", "_used")

    def __init__(self, rows: int) -> None:
        self._cells: NDArray[np.uint8] = np.zeros((rows, 1 << _BITS), dtype=np.uint8)
        self._used: tuple[Ints, Pieces] | None = None

    def set(self, rows: Ints, pieces: Pieces) -> None:
        """Forget what was set before, and set `pieces` in `rows`."""
        if self._used is not None:
            self._cells[self._used] = 0
        columns = (pieces >> np.uint32(2)) & _MASK
        self._cells[rows, columns] |= (pieces & np.uint32(3)).astype(np.uint8)
        self._used = (rows, columns)

    def get(self, rows: Ints, pieces: Pieces) -> NDArray[np.uint8]:
        """For each piece where it stands in the row: 0 nowhere, 1 title, 2 text, 3 both."""
        found: NDArray[np.uint8] = self._cells[rows, (pieces >> np.uint32(2)) & _MASK]
        return found


def measures(
    memory: Memory,
    rarity: Rarity,
    grid: Grid,
    pairs: Pairs,
    *,
    cells: Ints,
    often: Floats,
    settle: bool = False,
) -> Floats:
    """One row a pair, one column a measure.

    `cells`: the row of `grid` that holds each pair's new mention; `often`: the logarithm of how often its voice was heard.
    `settle`: the greatest likeness of each new mention to an earlier one is remembered before any pair is told how it
    stands beside that of its old one, which may be new as well: so it does not matter how many mentions come at a time.
    """
    by_place, squares = _shared(memory, rarity, grid, pairs, cells)
    old = {name: memory.columns[name][pairs.old].astype(np.float64) for name in _SUMS}
    new = {name: memory.columns[name][pairs.new].astype(np.float64) for name in _SUMS}
    out = np.zeros((len(pairs.new), len(MEASURES)))
    _fill_words(out, by_place, squares, new, old)
    _fill_circumstances(out, memory, pairs, often)
    if settle:
        np.maximum.at(memory.column("best_all").values, pairs.new - memory.first, out[:, 0])
        np.maximum.at(memory.column("best_title").values, pairs.new - memory.first, out[:, 5])
    for start, column, best in ((24, 0, "best_all"), (30, 5, "best_title")):
        _fill_rivals(out[:, start : start + 6], out[:, column], pairs, memory.column(best)[pairs.old])
    return out


_SUMS = ("sum_all", "sum_title", "square_all", "square_title", "square_text")


def _shared(memory: Memory, rarity: Rarity, grid: Grid, pairs: Pairs, cells: Ints) -> tuple[Floats, Floats]:
    """Weights, and squares of weights, of the pieces that a pair shares, by where they stand in each: [pair, new, old]."""
    pieces, counts = memory.pieces_of(pairs.old)
    pair = np.repeat(np.arange(len(counts)), counts)
    found = grid.get(cells[pair], pieces)
    hit = np.flatnonzero(found)
    pieces, key = pieces[hit], pair[hit] * 16 + found[hit] * 4 + (pieces[hit] & np.uint32(3))
    weight = rarity.weights(pieces).astype(np.float64)
    total = len(counts) * 16
    by_place = np.bincount(key, weight, total).astype(np.float64).reshape(-1, 4, 4)
    return by_place, np.bincount(key, weight * weight, total).astype(np.float64).reshape(-1, 4, 4)


_TITLE, _TEXT, _ANY = (1, 3), (2, 3), (1, 2, 3)  # where a piece stands: values of `Grid.get`


def _fill_words(
    out: Floats, by: Floats, squares: Floats, new: dict[str, Floats], old: dict[str, Floats]
) -> None:
    out[:, 0] = _cosine(_over(squares, _ANY, _ANY), new["square_all"], old["square_all"])
    out[:, 1] = _cosine(_over(squares, _TITLE, _TITLE), new["square_title"], old["square_title"])
    out[:, 2] = _cosine(_over(squares, _TEXT, _TEXT), new["square_text"], old["square_text"])
    out[:, 3] = _cosine(_over(squares, _TITLE, _TEXT), new["square_title"], old["square_text"])
    out[:, 4] = _cosine(_over(squares, _TEXT, _TITLE), new["square_text"], old["square_title"])
    out[:, 5] = np.maximum(out[:, 1], np.maximum(out[:, 3], out[:, 4]))
    titles, shared = _over(by, _TITLE, _TITLE), _over(by, _ANY, _ANY)
    out[:, 6] = _share(titles, np.minimum(new["sum_title"], old["sum_title"]))
    out[:, 7] = _share(_over(by, _ANY, _TITLE), old["sum_title"])
    out[:, 8] = _share(_over(by, _TITLE, _ANY), new["sum_title"])
    out[:, 9] = np.maximum(out[:, 7], out[:, 8])
    out[:, 10] = np.minimum(out[:, 7], out[:, 8])
    out[:, 11] = _share(shared, np.minimum(new["sum_all"], old["sum_all"]))
    out[:, 12] = np.log1p(titles)
    out[:, 13] = np.log1p(shared)


def _over(by: Floats, in_new: tuple[int, ...], in_old: tuple[int, ...]) -> Floats:
    """The sum over places, added in one order whatever the number of pairs: the last digit must not depend on it."""
    total = np.zeros(len(by))
    for i in in_new:
        for j in in_old:
            total += by[:, i, j]
    return total


def _fill_circumstances(out: Floats, memory: Memory, pairs: Pairs, often: Floats) -> None:
    def both(name: str) -> tuple[NDArray[Any], NDArray[Any]]:
        column = memory.columns[name]
        return column[pairs.new], column[pairs.old]

    voice, voice_old = both("voice")
    same = (voice == voice_old) & (voice != 0)
    out[:, 14] = same
    out[:, 15] = np.where(same, often, 0.0)
    at, at_old = both("at")
    out[:, 16] = np.log1p(np.abs(at - at_old) / _DAY)
    district, district_old = both("title_districts")
    out[:, 17] = (district & district_old) > 0
    out[:, 18] = _apart(district, district_old)
    out[:, 19] = _apart(*both("districts"))
    thing, thing_old = both("things")
    out[:, 20] = (thing & thing_old) > 0
    out[:, 21] = _apart(thing, thing_old)
    begins, ends = memory.spans(pairs.new)
    begins_old, ends_old = memory.spans(pairs.old)
    longer = np.maximum(np.maximum(ends - begins, ends_old - begins_old), 1)
    shorter = np.minimum(ends - begins, ends_old - begins_old)
    out[:, 22] = 1 - shorter / longer
    out[:, 23] = np.log1p(shorter)


def _fill_rivals(out: Floats, likeness: Floats, pairs: Pairs, old_best: Floats) -> None:
    """How the likeness of a pair stands beside that of the new mention's other pairs, and of the old one's best.

    Set phrases are like many a little; the same matter is like few much. `pairs.new` ascend.
    """
    order = np.lexsort((-likeness, pairs.new))
    heads = np.flatnonzero(np.concatenate([[True], np.diff(pairs.new) > 0]))
    counts = np.diff(np.append(heads, len(order)))
    ordered = likeness[order]
    best = ordered[heads]
    second = np.where(counts > 1, ordered[np.minimum(heads + 1, len(order) - 1)], 0.0)
    group = np.repeat(np.arange(len(heads)), counts)
    sums = np.bincount(group, likeness, len(heads))
    rest = (sums[group] - likeness) / np.maximum(counts[group] - 1, 1)
    ranks = np.empty(len(order))
    ranks[order] = np.arange(len(order)) - np.repeat(heads, counts)
    out[:, 0] = _share(likeness, best[group])
    out[:, 1] = np.log1p(ranks)
    out[:, 2] = likeness - rest
    out[:, 3] = np.where(ranks == 0, likeness - second[group], likeness - best[group])
    out[:, 4] = old_best
    out[:, 5] = likeness - old_best


def _cosine(shared: Floats, new: Floats, old: Floats) -> Floats:
    return np.minimum(1.0, shared / np.sqrt(np.maximum(new * old, 1e-9)))


def _share(part: Floats, whole: Floats) -> Floats:
    return np.minimum(1.0, part / np.maximum(whole, 1e-9))


def _apart(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.bool_]:
    """Both name some, and none in common."""
    apart: NDArray[np.bool_] = (a > 0) & (b > 0) & ((a & b) == 0)
    return apart
