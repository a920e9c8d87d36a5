"""The words of written Chinese with how usual each is, and the likeliest way to cut a stretch into them."""

import lzma
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log

#: The longest word that is looked for.
LONGEST = 7
#: A word given by the institution counts as one that is met this often.
_OWN = 400.0


@dataclass(frozen=True, slots=True)
class Words:
    """Logarithms of shares by word; a single character that is no word has the share of the rarest."""

    logs: Mapping[str, float]
    rarest: float

    def weight(self, word: str) -> float:
        """How usual a word is: 0 for none, else the logarithm of its count and one."""
        found = self.logs.get(word)
        return 0.0 if found is None else max(found - self.rarest, 0.0) + 1.0

    def cut(self, text: str) -> tuple[float, list[int]]:
        """The likeliest cut of `text`: its log probability and where each word ends."""
        best, came = [0.0], [0]
        get = self.logs.get
        for end in range(1, len(text) + 1):
            top, start = best[end - 1] + (get(text[end - 1]) or self.rarest), end - 1
            for begin in range(max(0, end - LONGEST), end - 1):
                known = get(text[begin:end])
                if known is not None and best[begin] + known > top:
                    top, start = best[begin] + known, begin
            best.append(top)
            came.append(start)
        ends, at = [], len(text)
        while at:
            ends.append(at)
            at = came[at]
        return best[-1], ends[::-1]


def packed(counts: Mapping[str, int]) -> bytes:
    """Words with counts as a file; counts are rounded to a quarter of an octave."""
    lines = (f"{word} {round(4 * log(count, 2))}" for word, count in sorted(counts.items()))
    return lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME)


def unpacked(data: bytes) -> Words:
    """The words of a file that `packed` made."""
    lines = (line.split(" ") for line in lzma.decompress(data).decode().split("\n"))
    counts = {word: 2.0 ** (int(steps) / 4) for word, steps in lines}
    total = log(sum(counts.values()))
    return Words({word: log(count) - total for word, count in counts.items()}, -total)


def with_own(base: Words, own: Iterable[str]) -> Words:
    """The words of an institution beside the others."""
    usual = log(_OWN) + base.rarest
    known = {word: max(base.logs.get(word, usual), usual) for word in own if 1 < len(word) <= LONGEST}
    return Words({**base.logs, **known}, base.rarest) if known else base


@cache
def shipped() -> Words:
    """The words that come with the house; benchmarks/train_language.py says from where. Official ones are by hand."""
    listed = unpacked(pkgutil.get_data("huiying.engine.reply", "words.xz") or b"")
    official = (pkgutil.get_data("huiying.engine.reply", "official_words.txt") or b"").decode()
    lines = (line for line in official.splitlines() if not line.startswith("#"))
    return with_own(listed, (word for line in lines for word in line.split()))
