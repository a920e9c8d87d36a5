"""Words that say something by themselves, found in one pass: tone, subjects, units, known places and things."""

from collections.abc import Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation

from huiying.engine.listen.match import is_whole
from huiying.engine.listen.normalise import normalise
from huiying.engine.listen.texts import Texts


@dataclass(frozen=True, slots=True)
class Sign:
    """What a word stands for."""

    kind: str  # tone, subject, unit, duty, thing
    of: str  # the tone, id, code or name
    word: str  # as written in the lexicon
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """A sign, and where it stands in the normalised text."""

    sign: Sign
    start: int
    stop: int


class Lexicon:
    """Signs made ready for texts."""

    def __init__(self, signs: Sequence[Sign]) -> None:
        by_word: dict[str, list[Sign]] = {}
        for sign in signs:
            word = normalise(sign.word).strip()
            if word:
                by_word.setdefault(word, []).append(sign)
        self._words = list(by_word)
        self._signs = list(by_word.values())
        self._automaton = (
            AhoCorasick(self._words, implementation=Implementation.ContiguousNFA) if by_word else None
        )

    def scan(self, texts: Texts) -> list[list[Found]]:
        """The signs of each text, in order; of words that overlap, all."""
        found: list[list[Found]] = [[] for _ in texts.each]
        if self._automaton is None:
            return found
        starts = texts.starts.tolist()
        index, base, end = -1, 0, 0
        for word, start, stop in self._automaton.find_matches_as_indexes(texts.joined, overlapping=True):
            if start >= end:
                while starts[index + 1] <= start:
                    index += 1
                base, end = starts[index], starts[index + 1]
            if is_whole(self._words[word], texts.joined, start, stop):
                found[index] += [Found(sign, start - base, stop - base) for sign in self._signs[word]]
        return found
