"""How usual a stretch of Chinese is: a model of three characters at a time, shipped or learnt from given texts.

Interpolated Kneser-Ney (Chen and Goodman 1999), kept as probabilities with weights for falling back to a shorter
history. Everything is counted in natural logarithms.
"""

import lzma
import pkgutil
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_BITS = 13
NONE, START, END, FIRST = 0, 1, 2, 3  # ids of no character, of both ends of a text, of the first character
_MOST = 1 << _BITS
#: Steps to which probabilities and weights are rounded in the file.
_FINE, _FINER = 12.0, 24.0
_WIDE = str.maketrans(",;:()?!", "，；：（）？！")
_MARKS = re.compile(r"[0-9]")
_LATIN = re.compile(r"[A-Za-z]")


def even(text: str) -> str:
    """`text` with one form for each mark, 0 for each digit and a for each Latin letter; as long as before."""
    kept = "".join(one if len(one) == 1 else char for char in text for one in (_narrow(char),))
    return _LATIN.sub("a", _MARKS.sub("0", kept)).translate(_WIDE)


@cache
def _narrow(char: str) -> str:
    return unicodedata.normalize("NFKC", char)


@dataclass(frozen=True, slots=True)
class Language:
    """Probabilities of a character after none, one or two others. Keys are sorted."""

    alphabet: str  # character number 3 and onwards
    ones: Floats  # log probability by id
    one_weights: Floats  # log weight of falling back from a history of one, by id
    pairs: Ints
    pair_logs: Floats
    pair_weights: Floats  # of falling back from a history of two
    triples: Ints
    triple_logs: Floats

    def numbers(self) -> dict[str, int]:
        """The id of each character; one that is not in it has id 0."""
        return {char: number for number, char in enumerate(self.alphabet, FIRST)}

    def logs(self, grams: Ints) -> Floats:
        """The log probability of each last of three, given the two before. `grams` has three columns of ids."""
        first, second, third = grams[:, 0], grams[:, 1], grams[:, 2]
        history, last = pair(first, second), pair(second, third)
        at, known = _find(self.pairs, last)
        logs = np.where(known, self.pair_logs[at], self.one_weights[second] + self.ones[third])
        at, known = _find(self.pairs, history)
        logs += np.where(known, self.pair_weights[at], 0.0)
        at, known = _find(self.triples, (history << _BITS) | third)
        return np.where(known, self.triple_logs[at], logs)

    def knows(self, grams: Ints) -> Ints:
        """How long a piece that ends with the last of three was seen: 1, 2 or 3."""
        first, second, third = grams[:, 0], grams[:, 1], grams[:, 2]
        _at, three = _find(self.triples, (pair(first, second) << _BITS) | third)
        _at, two = _find(self.pairs, pair(second, third))
        return 1 + two.astype(np.int64) + (three & two)

    def packed(self) -> bytes:
        """The model as a file, rounded."""
        head = f"{len(self.alphabet)} {len(self.pairs)} {len(self.triples)}\n{self.alphabet}\n".encode()
        parts = (
            _steps(self.ones, _FINE), _steps(self.one_weights, _FINER), _planes(self.pairs),
            _steps(self.pair_logs, _FINE), _steps(self.pair_weights, _FINER), _planes(self.triples),
            _steps(self.triple_logs, _FINE),
        )  # fmt: skip
        return lzma.compress(head + b"".join(parts), preset=9 | lzma.PRESET_EXTREME)


def pair(first: Ints, second: Ints) -> Ints:
    """One key for two ids."""
    return (first << _BITS) | second


def _find(keys: Ints, wanted: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Where each wanted key stands, and whether it does."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


def among(keys: Ints, wanted: Ints) -> NDArray[np.bool_]:
    """Which of the wanted stand in the sorted keys."""
    return _find(keys, wanted)[1]


def _steps(logs: Floats, fine: float) -> bytes:
    return np.clip(np.rint(-logs * fine), 0, 255).astype(np.uint8).tobytes()


def _planes(keys: Ints) -> bytes:
    """Differences of sorted keys, all lowest bytes first, then the next."""
    gaps = np.diff(keys, prepend=0).astype("<u8")
    return gaps.view(np.uint8).reshape(-1, 8)[:, :5].T.tobytes()


def unpacked(data: bytes) -> Language:
    """The model of a file that `Language.packed` made."""
    raw = lzma.decompress(data)
    counts, alphabet = raw.split(b"\n", 2)[:2]
    letters, pairs, triples = map(int, counts.split())
    at = len(counts) + len(alphabet) + 2
    ids = letters + FIRST

    def take(length: int) -> NDArray[np.uint8]:
        nonlocal at
        at += length
        return np.frombuffer(raw, np.uint8, length, at - length)

    def keys(length: int) -> Ints:
        planes = np.zeros((length, 8), np.uint8)
        planes[:, :5] = take(5 * length).reshape(5, length).T
        return np.cumsum(planes.view("<u8").ravel().astype(np.int64))

    return Language(
        alphabet.decode(),
        take(ids) / -_FINE,
        take(ids) / -_FINER,
        (pair_keys := keys(pairs)),
        take(len(pair_keys)) / -_FINE,
        take(len(pair_keys)) / -_FINER,
        (triple_keys := keys(triples)),
        take(len(triple_keys)) / -_FINE,
    )


@cache
def shipped() -> Language:
    """The model that comes with the house; benchmarks/train_language.py says from which texts."""
    return unpacked(pkgutil.get_data("huiying.engine.reply", "language.bin") or b"")


def learnt(texts: Iterable[str], alphabet: str, least: int = 1) -> Language:
    """A model of `texts` over `alphabet`; three that stand together less than `least` times are left to the pairs."""
    ids = {char: number for number, char in enumerate(alphabet, FIRST)}
    rows = [[START, *(ids.get(char, NONE) for char in even(text)), END] for text in texts if text]
    flat = np.array([one for row in rows for one in row] or [START, END], np.int64)
    pairs = pair(flat[:-1], flat[1:])[flat[:-1] != END]
    inner = (flat[:-2] != END) & (flat[1:-1] != END)
    triples, counts = np.unique(
        ((pair(flat[:-2], flat[1:-1]) << _BITS) | flat[2:])[inner], return_counts=True
    )
    return _model(alphabet, pairs, triples, counts, least)


def _model(alphabet: str, pairs: Ints, triples: Ints, counts: Ints, least: int) -> Language:
    size = len(alphabet) + FIRST
    pair_keys, raw = np.unique(pairs, return_counts=True)
    follows = _counted(triples & (_MOST * _MOST - 1), pair_keys)
    # What begins a text has nothing before it: there the plain count stands for the different ones before.
    seen = np.where(pair_keys >> _BITS == START, raw, np.maximum(follows, 1)).astype(np.float64)
    last = pair_keys & (_MOST - 1)
    singles = np.bincount(last, minlength=size).astype(np.float64) + 0.01
    ones = singles / singles.sum()
    pair_logs, one_weights = _interpolated(seen, pair_keys >> _BITS, ones[last], size)
    history = triples >> _BITS
    at = np.searchsorted(pair_keys, history)
    lower = pair_logs[np.searchsorted(pair_keys, triples & (_MOST * _MOST - 1))]
    triple_shares, _weights = _interpolated(counts.astype(np.float64), at, lower, len(pair_keys))
    kept = counts >= least
    left = 1 - np.bincount(at[kept], triple_shares[kept], len(pair_keys))
    lower_left = 1 - np.bincount(at[kept], lower[kept], len(pair_keys))
    pair_weights = np.clip(left, 1e-6, 1) / np.clip(lower_left, 1e-6, 1)
    return Language(
        alphabet, np.log(ones), np.log(one_weights), pair_keys, np.log(pair_logs),
        np.log(np.minimum(pair_weights, 1)), triples[kept], np.log(triple_shares[kept]),
    )  # fmt: skip


def _counted(keys: Ints, among: Ints) -> Ints:
    """How often each of the sorted keys `among` stands in `keys`."""
    return np.bincount(np.searchsorted(among, keys), minlength=len(among))


def _interpolated(counts: Floats, history: Ints, lower: Floats, size: int) -> tuple[Floats, Floats]:
    """Probabilities after absolute discounting over `lower`, and the weight that each history leaves to it."""
    once, twice = float((counts == 1).sum()), float((counts == 2).sum())
    off = once / (once + 2 * twice) if once else 0.5
    total = np.bincount(history, counts, size)
    kinds = np.bincount(history, minlength=size)
    weight = np.where(total > 0, off * kinds / np.maximum(total, 1e-9), 1.0)
    return np.maximum(counts - off, 1e-9) / total[history] + weight[history] * lower, np.maximum(weight, 1e-9)


def grams(ids: Ints) -> Ints:
    """Every character of a text with the two before it; the text is given with its ends."""
    before = np.concatenate([[NONE], ids[:-1]])
    return np.stack([np.concatenate([[NONE, NONE], ids[:-2]]), before, ids], axis=1)
