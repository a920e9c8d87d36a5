"""Pieces of a text with their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’」』）)]*|\n")
_CLAUSE = re.compile(r"[^，,：:、。！？!?；;\n]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: `whole[start:end] == text`."""

    start: int
    end: int
    text: str

    def within(self, offset: int) -> "Span":
        """The same piece, counted in a text in which this one's whole begins at `offset`."""
        return Span(self.start + offset, self.end + offset, self.text)


def _pieces(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    for found in pattern.finditer(text):
        piece = found.group()
        bare = piece.strip()
        if bare:
            start = found.start() + piece.index(bare)
            yield Span(start, start + len(bare), bare)


def sentences(text: str) -> list[Span]:
    """The sentences of `text`, their closing marks included, line by line."""
    return list(_pieces(_SENTENCE, text))


def clauses(text: str) -> list[Span]:
    """The stretches between any two marks."""
    return list(_pieces(_CLAUSE, text))


def sentence_at(text: str, place: int) -> Span:
    """The sentence in which the character at `place` stands; an empty span where there is none."""
    for sentence in sentences(text):
        if sentence.start <= place < sentence.end:
            return sentence
    return Span(place, place, "")


def every(word: str, text: str) -> Iterator[int]:
    """Every place at which `word` begins in `text`."""
    at = text.find(word) if word else -1
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def grams(text: str, size: int = 2) -> frozenset[str]:
    """The overlapping pieces of `size` characters of the Chinese in `text`, marks and spaces left out."""
    bare = "".join(char for char in text if char.isalnum())
    return frozenset(bare[at : at + size] for at in range(len(bare) - size + 1))


def share(part: frozenset[str], whole: frozenset[str]) -> float:
    """How much of `part` is also in `whole`: 0 to 1, 0 for an empty part."""
    return len(part & whole) / len(part) if part else 0.0
