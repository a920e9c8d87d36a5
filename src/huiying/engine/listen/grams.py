"""Texts as sets of small pieces: neighbouring pairs of Chinese characters, and whole words of alphabets.

`A7县伊景园` gives a7·县, 县·伊, 伊·景, 景·园 and the word a7. Pairs do not reach over punctuation or spaces, so what
stands on both sides of a comma is not taken for one name. A piece is a 32-bit number: 28 bits of hash, one that tells
ordinary words from what may be part of a name, one set where it overlaps the piece before it, and two that say where
it stands, in the title or in the text.
"""

import pkgutil
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.normalise import Codes, decode, encode, normalise_codes
from huiying.engine.listen.texts import END

Pieces = NDArray[np.uint32]
Ints = NDArray[np.int64]

IN_TITLE, IN_TEXT, FOLLOWS, ORDINARY = np.uint32(1), np.uint32(2), np.uint32(4), np.uint32(8)
PLACE = np.uint32(3)  # the two bits of where
_IDENTITY = 3  # so many lower bits are no part of what a piece is
_HASH = 4  # and the hash begins after so many
TITLE_MOST, TEXT_MOST = 100, 300  # characters read: what a matter is about is said early

_SEPARATOR, _SINGLE, _WORD = 0, 1, 2  # what a character does: parts pieces, is a unit, belongs to a word
# What reposting adds: addresses, the names of those it is shown to, the platform's own words and faces.
_NOISE = re.compile(r"https?://[!-~]+|//@[^:\s]{1,30}:|@[\w\-·]{1,30}|转发微博|网页链接|\[[^\[\]\s]{1,8}\]")
_NOISY = re.compile(r"@|http|\[|转发微博|网页链接")
_MIX1, _MIX2, _MIX3 = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xC2B2AE3D27D4EB4F),
    np.uint64(0x165667B19E3779F9),
)
_ALONE = np.array([1 << 41], dtype=np.uint64)  # the partner of a word on its own
_BASE = np.uint64(1_000_003)
_ORDINARY_BITS = 22
_SPAN_BITS = 20
_SPAN = (1 << _SPAN_BITS) - 1


@dataclass(frozen=True, slots=True)
class Grams:
    """The pieces of many mentions, one after the other, each once a mention and in the order of the text."""

    pieces: Pieces
    starts: Ints  # where each mention's pieces begin; one more at the end
    begins: Ints  # of each piece: its first character in `joined`
    ends: Ints  # and one past its last
    joined: str  # the cleaned, normalised titles and texts end to end


def grams_of(titles: Sequence[str], texts: Sequence[str]) -> Grams:
    """The pieces of each mention. Without a title the beginning of the text stands for it, without a text the title."""
    parts = [p for title, text in zip(titles, texts, strict=True) for p in _parts(title, text)]
    codes, joined = _cleaned(parts)
    return _pieces(codes, _units(codes), joined, len(titles))


def piece_of(word: str) -> int:
    """The piece that two neighbouring characters, or a word of an alphabet, make (without its place)."""
    found = grams_of([""], [word]).pieces
    return int(found[-1]) & -(1 << _IDENTITY) if len(found) else 0


def identities(pieces: Pieces) -> Pieces:
    """What each piece is, wherever it stands: a number below 2 to the 29th."""
    return pieces >> np.uint32(_IDENTITY)


def _parts(title: str, text: str) -> tuple[str, str]:
    return (title or text)[:TITLE_MOST], (text or title)[:TEXT_MOST]


def _cleaned(texts: Sequence[str]) -> tuple[Codes, str]:
    raw = "".join(f"{t.replace(END, ' ') if END in t else t}{END}" for t in texts)
    codes = normalise_codes(encode(raw))[0]
    joined = decode(codes)
    if _NOISY.search(joined):
        joined = _NOISE.sub(" ", joined)
        codes = encode(joined)
    return codes, joined


@dataclass(frozen=True, slots=True)
class _Units:
    values: NDArray[np.uint64]
    starts: Ints
    ends: Ints
    words: NDArray[np.bool_]


def _units(codes: Codes) -> _Units:
    """Characters of Chinese one by one, runs of letters and digits as one."""
    kind = _kinds()[codes]
    word = kind == _WORD
    before, after = np.roll(word, 1), np.roll(word, -1)
    starts = np.flatnonzero((kind == _SINGLE) | (word & ~before))
    values = codes[starts].astype(np.uint64)
    ends = starts + 1
    words = word[starts]
    if words.any():
        ends[words] = np.flatnonzero(word & ~after) + 1
        values[words] = _word_values(codes, starts[words], ends[words])
    return _Units(values, starts, ends, words)


def _word_values(codes: Codes, starts: Ints, ends: Ints) -> NDArray[np.uint64]:
    lengths = ends - starts
    offsets = np.cumsum(lengths) - lengths
    within = np.arange(int(lengths.sum())) - np.repeat(offsets, lengths)
    letters = codes[np.repeat(starts, lengths) + within].astype(np.uint64)
    return np.add.reduceat(letters * _BASE ** within.astype(np.uint64), offsets) | np.uint64(1 << 40)


def _pieces(codes: Codes, units: _Units, joined: str, mentions: int) -> Grams:
    pair = np.flatnonzero(units.ends[:-1] == units.starts[1:])
    alone = np.flatnonzero(units.words)
    hashes = _classed(
        np.concatenate(
            [_mixed(units.values[pair], units.values[pair + 1]), _mixed(units.values[alone], _ALONE)]
        )
    )
    begins = np.concatenate([units.starts[pair], units.starts[alone]])
    ends = np.concatenate([units.ends[pair + 1], units.ends[alone]])
    part = np.searchsorted(np.flatnonzero(codes == 0), begins)
    where = np.where(part & 1, IN_TEXT, IN_TITLE).astype(np.uint64)
    keys = (part >> 1).astype(np.uint64) << np.uint64(32) | hashes | where
    order = np.argsort(keys)
    return _each_once(keys[order], begins[order], ends[order], joined, mentions)


def _each_once(keys: NDArray[np.uint64], begins: Ints, ends: Ints, joined: str, mentions: int) -> Grams:
    """Sorted keys of mention, hash and place, drawn together so that a hash stands once a mention, where it came first."""
    if not len(keys):
        return Grams(keys.astype(np.uint32), np.zeros(mentions + 1, dtype=np.int64), begins, ends, joined)
    same = keys >> np.uint64(_IDENTITY)
    heads = np.flatnonzero(np.concatenate([[True], same[1:] != same[:-1]]))
    pieces = keys[heads].astype(np.uint32) | (np.bitwise_or.reduceat(keys, heads).astype(np.uint32) & PLACE)
    starts = np.searchsorted(keys[heads] >> np.uint64(32), np.arange(mentions + 1))
    spans = np.minimum.reduceat(begins << _SPAN_BITS | np.minimum(ends - begins, _SPAN), heads)
    order = np.argsort(spans)  # no two are equal: a word alone is shorter than the pair that begins with it
    pieces, spans = pieces[order], spans[order]
    begins = spans >> _SPAN_BITS
    ends = begins + (spans & _SPAN)
    pieces[1:][begins[1:] < ends[:-1]] |= FOLLOWS
    return Grams(pieces, starts.astype(np.int64), begins, ends, joined)


def _classed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """With the bit of ordinary words."""
    return hashes | np.where(
        _ordinary()[hashes >> np.uint64(32 - _ORDINARY_BITS)], np.uint64(ORDINARY), np.uint64(0)
    )


def _mixed(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """28 bits of hash in the upper part of 32."""
    mixed = left * _MIX1 + right * _MIX2
    mixed ^= mixed >> np.uint64(29)
    mixed *= _MIX3
    return (mixed >> np.uint64(36)) << np.uint64(_HASH)


@cache
def _ordinary() -> NDArray[np.bool_]:
    """By the upper bits of a hash, whether it is that of two characters that stand together in many kinds of text."""
    table = np.zeros(1 << _ORDINARY_BITS, dtype=np.bool_)
    codes = encode((pkgutil.get_data(__name__, "ordinary.txt") or b"").decode().replace("\n", "")).astype(
        np.uint64
    )
    table[_mixed(codes[::2], codes[1::2]) >> np.uint64(32 - _ORDINARY_BITS)] = True
    return table


@cache
def _kinds() -> NDArray[np.uint8]:
    table = np.zeros(0x110000, dtype=np.uint8)
    for code in range(0x3000):
        table[code] = _WORD if chr(code).isalnum() else _SEPARATOR
    for first, last in ((0x3005, 0x3008), (0x3041, 0x3100), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7A4),
                        (0xF900, 0xFB00), (0x20000, 0x32000)):  # fmt: skip
        table[first:last] = _SINGLE
    return table
