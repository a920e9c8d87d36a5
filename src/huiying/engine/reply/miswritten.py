"""Characters written for others: what else could stand there, how much better it would read, and how sure that is.

For every place what sounds or looks alike is tried, and for every stretch the words that sound like it. What reads
better is measured (`MEASURES`) and weighed; the formula was learnt by benchmarks/train_miswritten.py.
"""

import pkgutil
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp

import numpy as np

from huiying.engine.reply.language import END, FIRST, START, Floats, Ints, among, even, grams, pair
from huiying.engine.reply.reader import LENGTHS, Reader, sound_keys
from huiying.engine.reply.spans import Span

MEASURES = (
    "gain",  # how much likelier the text is afterwards
    "before",  # how likely it was, a character
    "words_gain",  # how much likelier the cut into words is
    "longest",  # the longest word that covers the place afterwards
    "usual_before", "usual_after",  # how usual the rarest word there is
    "same_tone", "same_sound", "near_sound", "no_sound",  # how many characters differ in which way
    "shape",  # how alike they look
    "many",  # how many characters differ
    "rare_before", "rare_after",  # how usual the characters are by themselves
    "seen_before", "seen_after",  # the longest piece there that was seen
    "new_left_before", "new_right_before", "new_left_after", "new_right_after",  # pairs that were never seen
    "singles",  # how many characters more stand alone
    "over_rivals", "over_rivals_gain",  # how much better than the best other correction there, words counted and not
    "rivals",  # how many others there are
)  # fmt: skip
#: What makes the text less likely than this is not measured.
_FLOOR = -1.0
#: So far around a place words are cut anew.
_AROUND = 6
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Correction:
    """What should stand in the place of a stretch, and how sure that is (0 to 1)."""

    span: Span
    right: str
    sure: float


@dataclass(frozen=True, slots=True)
class Formula:
    """A logistic regression over the measures and the products of any two of them, all taken from their mean."""

    bias: float
    means: Floats
    scales: Floats
    singly: Floats
    together: Floats  # upper triangle, by the places of two measures

    def sums(self, measures: Floats) -> Floats:
        """The logarithm of the odds that each correction is right."""
        even_out = np.clip((measures - self.means) / self.scales, -_FAR, _FAR)
        pairs = np.einsum("ni,ij,nj->n", even_out, self.together, even_out)
        return np.asarray(self.bias + even_out @ self.singly + pairs, np.float64)


#: Measures further from their mean than this many deviations count as so far.
_FAR = 6.0


@cache
def formula() -> Formula:
    """The formula that comes with the house."""
    data = tomllib.loads((pkgutil.get_data("huiying.engine.reply", "miswritten.toml") or b"").decode())
    rows = [data["measures"][name] for name in MEASURES]
    means, scales, singly = (
        np.array([float(row[key]) for row in rows]) for key in ("mean", "scale", "weight")
    )
    together = np.zeros((len(MEASURES), len(MEASURES)))
    for number, row in enumerate(rows):
        together[number, number:] = row["with"]
    return Formula(float(data["bias"]), means, scales, singly, together)


def corrections(text: str, reader: Reader, least: float, floor: float = _FLOOR) -> list[Correction]:
    """What is miswritten in one line of text, at least this surely, in order; corrections do not overlap.

    What gains less than `floor` is not looked at closer: a higher one is quicker and misses only what is not sure.
    """
    found: list[Correction] = []
    written = text
    for _round in range(_ROUNDS):
        chosen = _chosen(written, reader, least, floor)
        if not chosen:
            break
        for one in chosen:
            written = written[: one.span.start] + one.right + written[one.span.end :]
        found = [*found, *chosen]
    return _together(text, written, found)


def _together(text: str, written: str, found: Sequence[Correction]) -> list[Correction]:
    """The changes of all rounds as stretches that differ, each as sure as its least sure part."""
    places = [place for place, (one, other) in enumerate(zip(text, written, strict=True)) if one != other]
    merged: list[Correction] = []
    for start, end in _runs(places):
        sure = min((one.sure for one in found if one.span.start < end and start < one.span.end), default=0.0)
        merged.append(Correction(Span(start, end, text[start:end]), written[start:end], sure))
    return merged


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Stretches of numbers that follow each other."""
    start = None
    for number, place in enumerate(places):
        start = place if start is None else start
        if number + 1 == len(places) or places[number + 1] != place + 1:
            yield start, place + 1
            start = None


def _chosen(text: str, reader: Reader, least: float, floor: float) -> list[Correction]:
    """The surest corrections that do not touch each other."""
    edits, measures = measured(text, reader, floor)
    sums = formula().sums(measures)
    taken: set[int] = set()
    kept = []
    for number in np.argsort(-sums):
        sure = 1 / (1 + exp(-float(sums[number])))
        if sure < least:
            break
        start, right = edits[number]
        around = set(range(start - 1, start + len(right) + 1))
        if not taken & around:
            taken |= set(range(start, start + len(right)))
            end = start + len(right)
            kept.append(Correction(Span(start, end, text[start:end]), right, sure))
    return kept


Edit = tuple[int, str]  # place in the text, what is to stand there


def measured(text: str, reader: Reader, floor: float = _FLOOR) -> tuple[list[Edit], Floats]:
    """What could be corrected, and the measures of each."""
    line = _Line(even(text), reader)
    found: dict[Edit, float] = {}
    for starts, right in line.tries():
        for start, ids, gain in line.better(starts, right, floor):
            found.setdefault(line.trimmed(start, ids), gain)
    found = {edit: gain for edit, gain in found.items() if not line.meant(edit)}
    edits = list(found)
    rows = np.array([line.measures(edit, gain) for edit, gain in found.items()], float)
    rows = rows.reshape(len(edits), len(MEASURES) - 3)
    return edits, np.column_stack([rows, *_rivals(edits, rows)])


def _rivals(edits: Sequence[Edit], measures: Floats) -> Iterator[Floats]:
    """What stands beside each edit at the same place: how much better the best of them is, and how many there are."""
    starts = np.array([start for start, _right in edits], np.int64)
    ends = starts + np.array([len(right) for _start, right in edits], np.int64)
    touch = (starts[:, None] < ends[None, :]) & (starts[None, :] < ends[:, None])
    np.fill_diagonal(touch, False)
    for score in (measures[:, 0] + measures[:, MEASURES.index("words_gain")], measures[:, 0]):
        best = np.where(touch, score[None, :], -_LONE).max(axis=1, initial=-_LONE)
        yield np.clip(score - best, -_LONE, 1.5 * _LONE)
    yield np.log1p(touch.sum(axis=1))


#: An edit without a rival is as much better as this.
_LONE = 10.0


class _Line:
    """One line of text as it is looked at: ids with both ends, probabilities, words.

    Place p of the text is number p + 1 of `ids`.
    """

    def __init__(self, text: str, reader: Reader) -> None:
        self.text, self.reader = text, reader
        numbers = reader.numbers
        self.ids = np.array([START, *(numbers.get(char, 0) for char in text), END], np.int64)
        grammed = grams(self.ids)
        self.seen = reader.knows(grammed)
        self.sums = np.concatenate([[0.0], np.cumsum(reader.logs(grammed))])
        self.words: list[Span] = []
        begin = 0
        for end in reader.words.cut(text)[1]:
            self.words.append(Span(begin, end, text[begin:end]))
            begin = end
        self.word_at = [number for number, word in enumerate(self.words) for _ in word.text]

    def tries(self) -> Iterator[tuple[Ints, Ints]]:
        """Starts in the text with the ids to put there: single characters, then words that sound like the stretch."""
        yield self._alike()
        for length in LENGTHS:
            yield self._sounding(length)

    def _alike(self) -> tuple[Ints, Ints]:
        inner, usual = self.ids[1:-1], self.reader.usual
        rows = [self.reader.alike[one] for one in inner]
        starts = np.repeat(np.arange(len(inner)), [len(row) for row in rows])
        right = np.concatenate([np.zeros(0, np.int64), *rows])
        fits = among(usual, pair(self.ids[starts], right)) | among(usual, pair(right, self.ids[starts + 2]))
        return starts[fits], right[fits][:, None]

    def _sounding(self, length: int) -> tuple[Ints, Ints]:
        """Words of a length that sound like a stretch of the text and differ in two characters or three."""
        inner = self.ids[1:-1]
        if len(inner) < length:
            return np.zeros(0, np.int64), np.zeros((0, length), np.int64)
        windows = np.lib.stride_tricks.sliding_window_view(inner, length)
        first, second = self.reader.readings[windows, 0], self.reader.readings[windows, 1]
        keys, ids = self.reader.by_sound[length]
        ways = [first, *(np.where(np.arange(length) == place, second, first) for place in range(length))]
        heard = np.concatenate([sound_keys(way) for way in ways])
        left = np.searchsorted(keys, heard)
        many = np.where(heard > 0, np.searchsorted(keys, heard, side="right") - left, 0)
        starts = np.repeat(np.tile(np.arange(len(windows)), len(ways)), many)
        offsets = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        words = ids[np.repeat(left, many) + offsets]
        differ = (words != windows[starts]).sum(axis=1)
        fits = (differ >= 2) & (differ <= 3)
        return starts[fits], words[fits]

    def better(self, starts: Ints, right: Ints, floor: float) -> Iterator[tuple[int, Ints, float]]:
        """Those that do not make the text much less likely, with what the text gains."""
        if not len(starts):
            return
        length = right.shape[1]
        padded = np.concatenate([[0], self.ids, [0, 0]])
        columns = [padded[starts], padded[starts + 1], *right.T]
        columns += [padded[starts + 2 + length], padded[starts + 3 + length]]
        pieces = np.lib.stride_tricks.sliding_window_view(np.stack(columns, axis=1), 3, axis=1)
        logs = self.reader.logs(pieces.reshape(-1, 3)).reshape(len(starts), length + 2)
        ends = np.minimum(starts + length + 3, len(self.ids))
        inside = np.arange(length + 2)[None, :] < (ends - starts - 1)[:, None]
        gains = (logs * inside).sum(axis=1) - (self.sums[ends] - self.sums[starts + 1])
        for number in np.flatnonzero(gains >= floor):
            yield int(starts[number]), right[number], float(gains[number])

    def trimmed(self, start: int, ids: Ints) -> Edit:
        """The edit without what it leaves as it is."""
        alphabet = self.reader.language.alphabet
        right = "".join(alphabet[one - FIRST] for one in ids)
        old = self.text[start : start + len(right)]
        differ = [place for place, (one, other) in enumerate(zip(old, right, strict=True)) if one != other]
        return start + differ[0], right[differ[0] : differ[-1] + 1]

    def meant(self, edit: Edit) -> bool:
        """True when the institution itself writes what stands there, with the character before or after it."""
        if self.reader.own is None:
            return False
        start, end = edit[0] + 1, edit[0] + 1 + len(edit[1])
        before, after = grams(self.ids[max(start - 2, 0) : end]), grams(self.ids[start : end + 2])
        return self.reader.meant(before[2:]) or self.reader.meant(after[2:])

    def measures(self, edit: Edit, gain: float) -> list[float]:
        """The measures of an edit, in the order of `MEASURES`."""
        start, right = edit
        end = start + len(right)
        old, last = self.text[start:end], min(end + 3, len(self.ids))
        seen, seen_after = self.seen[start + 1 : last], self._seen_after(start, right, last)
        new = [float(pieces[place] < 2) for pieces in (seen, seen_after) for place in (0, len(right))]
        words_gain, longest, usual_before, usual_after, singles = self._in_words(start, end, right)
        return [
            gain, float(self.sums[last] - self.sums[start + 1]) / (last - start - 1),
            words_gain, longest, usual_before, usual_after,
            *self._kinds(old, right),
            self._rarest(old), self._rarest(right),
            float(seen.max()), float(seen_after.max()), *new,
            singles,
        ]  # fmt: skip

    def _seen_after(self, start: int, right: str, last: int) -> Ints:
        first = max(start - 1, 0)
        ids = self.ids[first:last].copy()
        ids[start + 1 - first : start + 1 - first + len(right)] = [self.reader.numbers[one] for one in right]
        return self.reader.knows(grams(ids))[start + 1 - first :]

    def _in_words(self, start: int, end: int, right: str) -> tuple[float, float, float, float, float]:
        """How the cut into words changes around the place."""
        cut, known = self.reader.words.cut, self.reader.words
        first = self.word_at[max(start - _AROUND, 0)]
        last = self.word_at[min(end + _AROUND, len(self.text)) - 1]
        before = self.words[first : last + 1]
        begin = before[0].start
        text = self.text[begin:start] + right + self.text[end : before[-1].end]
        log_before = sum(known.logs.get(word.text, known.rarest) for word in before)
        log_after, ends = cut(text)
        after = [
            Span(left + begin, right_end + begin, text[left:right_end])
            for left, right_end in zip([0, *ends[:-1]], ends, strict=True)
        ]
        over_before = [word.text for word in before if word.start < end and start < word.end]
        over_after = [word.text for word in after if word.start < end and start < word.end]
        return (
            log_after - log_before,
            float(max(map(len, over_after))),
            min(map(known.weight, over_before)),
            min(map(known.weight, over_after)),
            float(sum(len(word.text) == 1 for word in after) - sum(len(word.text) == 1 for word in before)),
        )

    def _kinds(self, old: str, right: str) -> list[float]:
        """How many characters differ in which way, how alike they look, how many there are."""
        known = self.reader.characters
        pairs = [(one, other) for one, other in zip(old, right, strict=True) if one != other]
        kinds = [known.kind(one, other) for one, other in pairs]
        looks = max(known.shapes.get(one, {}).get(other, 0.0) for one, other in pairs)
        return [*(float(kinds.count(kind)) for kind in range(4)), looks, float(len(pairs))]

    def _rarest(self, text: str) -> float:
        ones = self.reader.language.ones
        return min(float(ones[self.reader.numbers.get(char, 0)]) for char in text)
