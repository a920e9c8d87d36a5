"""How alike two mentions are, measured in many ways at once for many pairs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.grams import FOLLOWS, ORDINARY, Ints, Pieces, identities
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
    "names", "words", "names_title", "words_title", "old_names_in_new", "new_names_in_old", "names_shared", "words_shared",
    "name_and_words", "run", "run_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pairs:
    """A new row and an old one, many times."""

    new: Ints
    old: Ints


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the mentions of each pair share."""

    sums: Floats  # of weights, by kind (0 name, 1 ordinary) and by where a piece stands in each: [pair, kind, new, old]
    squares: Floats  # of weights, summed alike
    runs: Floats  # the weight of the longest stretch of pieces that overlap one another


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
        columns = identities(pieces) & _MASK
        self._cells[rows, columns] |= (pieces & np.uint32(3)).astype(np.uint8)
        self._used = (rows, columns)

    def get(self, rows: Ints, pieces: Pieces) -> NDArray[np.uint8]:
        """For each piece where it stands in the row: 0 nowhere, 1 title, 2 text, 3 both."""
        found: NDArray[np.uint8] = self._cells[rows, identities(pieces) & _MASK]
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
    shared = _shared(memory, rarity, grid, pairs, cells)
    old = {name: memory.columns[name][pairs.old].astype(np.float64) for name in _SUMS}
    new = {name: memory.columns[name][pairs.new].astype(np.float64) for name in _SUMS}
    out = np.zeros((len(pairs.new), len(MEASURES)))
    _fill_words(out, shared, new, old)
    _fill_circumstances(out, memory, pairs, often)
    _fill_names(out[:, 36:], shared, new, old)
    if settle:
        np.maximum.at(memory.column("best_all").values, pairs.new - memory.first, out[:, 0])
        np.maximum.at(memory.column("best_title").values, pairs.new - memory.first, out[:, 5])
    for start, column, best in ((24, 0, "best_all"), (30, 5, "best_title")):
        _fill_rivals(out[:, start : start + 6], out[:, column], pairs, memory.column(best)[pairs.old])
    return out


_SUMS = (
    "sum_all",
    "sum_title",
    "square_all",
    "square_title",
    "square_text",
    "sum_names",
    "sum_names_title",
    "square_names",
)


def _shared(memory: Memory, rarity: Rarity, grid: Grid, pairs: Pairs, cells: Ints) -> _Shared:
    pieces, counts = memory.pieces_of(pairs.old)
    pair = np.repeat(np.arange(len(counts)), counts)
    found = grid.get(cells[pair], pieces)
    hit = np.flatnonzero(found)
    pieces, pair = pieces[hit], pair[hit]
    ordinary = (pieces & ORDINARY) > 0
    key = pair * 32 + ordinary * 16 + found[hit] * 4 + (pieces & np.uint32(3))
    weight = rarity.weights(pieces).astype(np.float64)
    total = len(counts) * 32
    shape = (-1, 2, 4, 4)
    return _Shared(
        sums=np.bincount(key, weight, total).astype(np.float64).reshape(shape),
        squares=np.bincount(key, weight * weight, total).astype(np.float64).reshape(shape),
        runs=_runs(hit, pieces, pair, weight, len(counts)),
    )


def _runs(hit: Ints, pieces: Pieces, pair: Ints, weight: Floats, pairs: int) -> Floats:
    """For each pair the weight of the heaviest stretch of shared pieces that overlap one another."""
    longest = np.zeros(pairs)
    if len(hit):
        begins = np.ones(len(hit), dtype=bool)
        begins[1:] = (np.diff(hit) > 1) | ((pieces[1:] & FOLLOWS) == 0)
        heads = np.flatnonzero(begins)
        np.maximum.at(longest, pair[heads], np.add.reduceat(weight, heads))
    return longest


def _fill_names(out: Floats, shared: _Shared, new: dict[str, Floats], old: dict[str, Floats]) -> None:
    """What may be part of a name, and ordinary words, each for itself."""
    names, words = shared.sums[:, 0], shared.sums[:, 1]
    squares, runs = shared.squares, shared.runs
    out[:, 0] = _cosine(_over(squares[:, 0], _ANY, _ANY), new["square_names"], old["square_names"])
    out[:, 1] = _cosine(
        _over(squares[:, 1], _ANY, _ANY),
        _rest(new, "square_all", "square_names"),
        _rest(old, "square_all", "square_names"),
    )
    out[:, 2] = _share(
        _over(names, _TITLE, _TITLE), np.minimum(new["sum_names_title"], old["sum_names_title"])
    )
    out[:, 3] = _share(
        _over(words, _TITLE, _TITLE),
        np.minimum(_rest(new, "sum_title", "sum_names_title"), _rest(old, "sum_title", "sum_names_title")),
    )
    out[:, 4] = _share(_over(names, _ANY, _TITLE), old["sum_names_title"])
    out[:, 5] = _share(_over(names, _TITLE, _ANY), new["sum_names_title"])
    out[:, 6] = np.log1p(_over(names, _ANY, _ANY))
    out[:, 7] = np.log1p(_over(words, _ANY, _ANY))
    out[:, 8] = np.sqrt(np.maximum(out[:, 4], out[:, 5]) * out[:, 1])
    out[:, 9] = np.log1p(runs)
    out[:, 10] = _share(runs, _over(names, _ANY, _ANY) + _over(words, _ANY, _ANY))


def _rest(sums: dict[str, Floats], whole: str, part: str) -> Floats:
    return np.maximum(sums[whole] - sums[part], 0.0)


_TITLE, _TEXT, _ANY = (1, 3), (2, 3), (1, 2, 3)  # where a piece stands: values of `Grid.get`


def _fill_words(out: Floats, shared: _Shared, new: dict[str, Floats], old: dict[str, Floats]) -> None:
    by = shared.sums[:, 0] + shared.sums[:, 1]
    squares = shared.squares[:, 0] + shared.squares[:, 1]
    out[:, 0] = _cosine(_over(squares, _ANY, _ANY), new["square_all"], old["square_all"])
    out[:, 1] = _cosine(_over(squares, _TITLE, _TITLE), new["square_title"], old["square_title"])
    out[:, 2] = _cosine(_over(squares, _TEXT, _TEXT), new["square_text"], old["square_text"])
    out[:, 3] = _cosine(_over(squares, _TITLE, _TEXT), new["square_title"], old["square_text"])
    out[:, 4] = _cosine(_over(squares, _TEXT, _TITLE), new["square_text"], old["square_title"])
    out[:, 5] = np.maximum(out[:, 1], np.maximum(out[:, 3], out[:, 4]))
    titles, whole = _over(by, _TITLE, _TITLE), _over(by, _ANY, _ANY)
    out[:, 6] = _share(titles, np.minimum(new["sum_title"], old["sum_title"]))
    out[:, 7] = _share(_over(by, _ANY, _TITLE), old["sum_title"])
    out[:, 8] = _share(_over(by, _TITLE, _ANY), new["sum_title"])
    out[:, 9] = np.maximum(out[:, 7], out[:, 8])
    out[:, 10] = np.minimum(out[:, 7], out[:, 8])
    out[:, 11] = _share(whole, np.minimum(new["sum_all"], old["sum_all"]))
    out[:, 12] = np.log1p(titles)
    out[:, 13] = np.log1p(whole)


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
