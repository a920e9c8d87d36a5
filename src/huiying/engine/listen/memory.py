"""The mentions that are remembered, as columns: what comparing a new one with an old one needs, and no text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.columns import Column
from huiying.engine.listen.grams import ORDINARY, PLACE, Grams, Ints, Pieces

Floats = NDArray[np.float64]

#: Columns that are written with a mention, and their types.
WRITTEN = {
    "at": np.int64,  # microseconds since 1970
    "voice": np.uint32,  # 0 is nobody known
    "site": np.int32,
    "tier": np.int16,
    "tone": np.int8,
    "negative": np.bool_,
    "form": np.int8,  # index in `links.FORMS`
    "districts": np.uint64,  # bits of the districts named anywhere
    "title_districts": np.uint64,
    "things": np.uint64,  # bits of the known places and things named
}
#: Columns that are found out: sums of weights for likeness, and what was decided.
FOUND = {
    "sum_all": np.float32,
    "sum_title": np.float32,
    "square_all": np.float32,
    "square_title": np.float32,
    "square_text": np.float32,
    "sum_names": np.float32,  # the same over what may be part of a name only
    "sum_names_title": np.float32,
    "square_names": np.float32,
    "story": np.int64,  # -1 is none
    "copy_of": np.int64,  # row of the first of the same text; -1 is none
    "refused": np.int64,  # number of the story that an officer took it out of; -1 is none
    "best_all": np.float32,  # its greatest likeness to an earlier one, by all words and by titles
    "best_title": np.float32,
    "weight": np.float32,  # what it added to the heat of its story
}


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of weights of the pieces of each mention: what likeness is measured against."""

    all: Floats
    title: Floats
    square_all: Floats
    square_title: Floats
    square_text: Floats
    names: Floats
    names_title: Floats
    square_names: Floats


Notes = tuple[
    tuple[str, ...], tuple[str, ...], tuple[str, ...]
]  # watches, places, labels of subjects and units


class Names:
    """Names by number, so that a million mentions share one `weibo.com`."""

    __slots__ = ("_numbers", "all")

    def __init__(self, names: Sequence[str] = ()) -> None:
        self.all = list(names)
        self._numbers = {name: number for number, name in enumerate(self.all)}

    def number(self, name: str) -> int:
        """The number of a name, a new one if need be."""
        number = self._numbers.setdefault(name, len(self.all))
        if number == len(self.all):
            self.all.append(name)
        return number


class Memory:
    """Rows of mentions, numbered in the order in which they were heard."""

    __slots__ = ("columns", "ends", "ids", "names", "notes", "pieces", "rows", "titles")

    def __init__(self) -> None:
        self.columns = {name: Column(dtype) for name, dtype in (WRITTEN | FOUND).items()}
        self.pieces = Column(np.uint32)
        self.ends = Column(np.int64)  # one past the last piece of each row
        self.ids: list[int | str] = []  # of the held rows, like the next two
        self.titles: list[str] = []
        self.notes: list[Notes] = []
        self.rows: dict[int | str, int] = {}  # id -> row
        self.names = {"site": Names(), "tier": Names(), "tone": Names()}

    @property
    def first(self) -> int:
        """The oldest row that is held."""
        return self.ends.first

    @property
    def stop(self) -> int:
        """One past the newest row."""
        return self.ends.stop

    def column(self, name: str) -> Column:
        """One of WRITTEN or FOUND."""
        return self.columns[name]

    def id_of(self, row: int) -> int | str:
        """The mention's own name."""
        return self.ids[row - self.first]

    def title_of(self, row: int) -> str:
        """Its title, or the beginning of its text."""
        return self.titles[row - self.first]

    def notes_of(self, row: int) -> Notes:
        """What is remembered of its words."""
        return self.notes[row - self.first]

    def row_of(self, name: str) -> int | None:
        """The row of a mention by its id as a key writes it."""
        row = self.rows.get(int(name)) if name.lstrip("-").isdecimal() else None
        return self.rows.get(name) if row is None else row

    def add(
        self,
        *,
        ids: Sequence[int | str],
        titles: Sequence[str],
        notes: Sequence[Notes],
        written: Mapping[str, Sequence[int]],
        grams: Grams,
        sums: Sums,
    ) -> None:
        """Add mentions at the end."""
        start, count = self.stop, len(ids)
        self.rows.update(zip(ids, range(start, start + count), strict=True))
        self.ids += ids
        self.titles += titles
        self.notes += notes
        for name, values in written.items():
            self.columns[name].extend(np.array(values, dtype=WRITTEN[name]))
        for name, sum_ in (("sum_all", sums.all), ("sum_title", sums.title), ("square_all", sums.square_all),
                           ("square_title", sums.square_title), ("square_text", sums.square_text),
                           ("sum_names", sums.names), ("sum_names_title", sums.names_title), ("square_names", sums.square_names)):  # fmt: skip
            self.columns[name].extend(sum_)
        for name in ("story", "copy_of", "refused"):
            self.columns[name].extend(np.full(count, -1))
        for name in ("best_all", "best_title", "weight"):
            self.columns[name].extend(np.zeros(count))
        self.ends.extend(self.pieces.stop + grams.starts[1:])
        self.pieces.extend(grams.pieces)

    def spans(self, rows: Ints) -> tuple[Ints, Ints]:
        """Where the pieces of each row begin and end in `pieces`."""
        ends = self.ends[rows]
        before = np.maximum(rows - 1, self.first)
        begins = np.where(rows == self.first, self.pieces.first, self.ends[before])
        return begins, ends

    def pieces_of(self, rows: Ints) -> tuple[Pieces, Ints]:
        """The pieces of many rows end to end, and how many each has."""
        begins, ends = self.spans(rows)
        counts = ends - begins
        total = int(counts.sum())
        jumps = np.repeat(begins - (np.cumsum(counts) - counts), counts)
        return self.pieces[jumps + np.arange(total)], counts

    def forget(self, before: int) -> None:
        """Let go of the rows before `before`."""
        if before <= self.first:
            return
        gone = before - self.first
        for name in self.ids[:gone]:
            self.rows.pop(name, None)
        self.pieces.forget(int(self.ends[before - 1]))
        for column in (*self.columns.values(), self.ends):
            column.forget(before)
        del self.ids[:gone], self.titles[:gone], self.notes[:gone]


def sums_of(grams: Grams, weights: NDArray[np.float32]) -> Sums:
    """The sums of the weights of each mention's pieces."""
    count = len(grams.starts) - 1
    of = np.repeat(np.arange(count), np.diff(grams.starts))
    ordinary = ((grams.pieces & ORDINARY) > 0).astype(np.int64)
    key = of * 8 + ordinary * 4 + (grams.pieces & PLACE)
    weight = weights.astype(np.float64)

    def by_place(values: Floats) -> Floats:
        """[mention, 0 name or 1 ordinary, place]"""
        return np.bincount(key, values, count * 8).astype(np.float64).reshape(count, 2, 4)

    sums, squares = by_place(weight), by_place(weight * weight)
    return Sums(
        all=_over(sums, _KINDS, _ANYWHERE),
        title=_over(sums, _KINDS, _TITLE),
        square_all=_over(squares, _KINDS, _ANYWHERE),
        square_title=_over(squares, _KINDS, _TITLE),
        square_text=_over(squares, _KINDS, _TEXT),
        names=_over(sums, _NAMES, _ANYWHERE),
        names_title=_over(sums, _NAMES, _TITLE),
        square_names=_over(squares, _NAMES, _ANYWHERE),
    )


_KINDS, _NAMES = (0, 1), (0,)
_TITLE, _TEXT, _ANYWHERE = (1, 3), (2, 3), (1, 2, 3)  # the two bits of where


def _over(by_place: Floats, kinds: tuple[int, ...], places: tuple[int, ...]) -> Floats:
    """Added up in one order, however many mentions there are: the last digit must not depend on it."""
    total = np.zeros(len(by_place))
    for kind in kinds:
        for place in places:
            total += by_place[:, kind, place]
    return total
