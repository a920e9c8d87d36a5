"""One spelling for what looks or reads the same: width, case, Traditional script, invisible characters.

Every character is spelled on its own, whatever stands beside it, so each character of the result knows where it
came from: a match in the normalised text can be marked in the text as it was written.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from opencc_pyo3 import OpenCC

Codes = NDArray[np.uint32]  # code points

_LIMIT = 0x110000
_DROP = np.uint32(0xFFFFFFFF)  # leaves nothing: zero-width characters, variation selectors
_MANY = np.uint32(0xFFFFFFFE)  # becomes several characters: see `_Spelling.many`
_SPACE = frozenset({"Zs", "Zl", "Zp", "Cc"})
_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in its one spelling, and where each of its characters came from."""

    text: str
    offsets: tuple[int, ...]  # of each character in the text as written; one more at the end: its length

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters `start` to `end` (exclusive) stand in the text as written."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], max(self.offsets[end - 1] + 1, self.offsets[end])


@dataclass(frozen=True, slots=True)
class _Spelling:
    table: Codes  # code point -> code point, _DROP or _MANY
    many: dict[int, str]


def normalise(text: str) -> str:
    """`text` in its one spelling: NFKC by character, Simplified, case folded, without invisible characters."""
    return decode(normalise_codes(encode(text))[0])


def normalised(text: str) -> Normalised:
    """`text` in its one spelling, with the way back."""
    codes, offsets = normalise_codes(encode(text))
    return Normalised(decode(codes), (*offsets.tolist(), len(text)))


def encode(text: str) -> Codes:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def decode(codes: Codes) -> str:
    """The text of code points."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def normalise_codes(codes: Codes) -> tuple[Codes, NDArray[np.int64]]:
    """Code points in their one spelling, and for each the index it came from."""
    spelling = _spelling()
    out = spelling.table[codes]
    places = np.arange(len(codes))
    if (out >= _MANY).any():
        return _with_exceptions(codes, out, places, spelling.many)
    return out, places


def _with_exceptions(
    codes: Codes, out: Codes, places: NDArray[np.int64], many: dict[int, str]
) -> tuple[Codes, NDArray[np.int64]]:
    widths = np.ones(len(codes), dtype=np.int64)
    widths[out == _DROP] = 0
    wide = np.flatnonzero(out == _MANY)
    parts = [many[int(code)] for code in codes[wide]]
    widths[wide] = [len(part) for part in parts]
    spelled = np.repeat(out, widths)
    if parts:
        spelled[spelled == _MANY] = encode("".join(parts))
    return spelled, np.repeat(places, widths)


def simplify_all(texts: Sequence[str]) -> list[str]:
    """Each text in its one spelling; many at once are much faster than one by one."""
    if not texts:
        return []
    joined = decode(normalise_codes(encode("\x00".join(t.replace("\x00", " ") for t in texts)))[0])
    return joined.split("\x00")


@cache
def _spelling() -> _Spelling:
    """The table of spellings; a tenth of a second, once."""
    table = np.arange(_LIMIT, dtype=np.uint32)
    many: dict[int, str] = {}
    simple = _simplified()
    for code in _candidates():
        spelled = _spell(chr(code), simple)
        if len(spelled) == 1:
            table[code] = ord(spelled)
        else:
            table[code] = _MANY if spelled else _DROP
            if spelled:
                many[code] = spelled
    table[0] = 0
    return _Spelling(table, many)


def _candidates() -> list[int]:
    """Code points that can change; Hangul, private use and the unassigned planes stay as they are."""
    return [
        *range(0xAC00),
        *range(0xF900, 0x10000),
        *range(0x1D400, 0x1F300),
        *range(0x2F800, 0x2FA20),
        *range(0xE0000, 0xE0200),
    ]


def _spell(char: str, simple: dict[str, str]) -> str:
    kind = unicodedata.category(char)
    if kind in _SPACE:
        return " "
    if kind in _INVISIBLE or "\ufe00" <= char <= "\ufe0f" or "\U000e0000" <= char <= "\U000e01ff":
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    return "".join(simple.get(c, c) for c in folded).strip() or (" " if folded.isspace() else "")


def _simplified() -> dict[str, str]:
    """Traditional character -> Simplified character, one to one."""
    block = [chr(c) for c in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    turned = OpenCC("t2s").convert("\n".join(block)).split("\n")
    return {old: new for old, new in zip(block, turned, strict=True) if old != new and len(new) == 1}
