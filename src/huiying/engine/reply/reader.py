"""What a proofreader has read: the shipped language and words, and what an institution adds of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import log

import numpy as np
from numpy.typing import NDArray

from huiying.engine.reply import language, words
from huiying.engine.reply.language import FIRST, Floats, Ints, Language, learnt, pair
from huiying.engine.reply.likeness import Characters, characters
from huiying.engine.reply.words import Words

#: So many characters of an institution's own texts weigh as much as the shipped language, and what they weigh at most.
_HALF, _TOP = 200_000, 0.7
#: Three characters that stand together so often in an institution's own texts are meant.
_TWICE = 2
#: Pairs that follow each other at least this often (logarithm) may begin a correction, as those inside of words may.
_USUAL = -6.5
#: Words of these lengths are looked up by their sound.
LENGTHS = (2, 3, 4)


@dataclass(frozen=True)
class Reader:
    """A language, words, and the institution's own language beside it."""

    language: Language
    words: Words
    own: Language | None = None
    share: float = 0.0  # how much `own` weighs

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The id of each character."""
        return self.language.numbers()

    @cached_property
    def characters(self) -> Characters:
        """Sounds and shapes of the characters."""
        return characters(self.language.alphabet)

    @cached_property
    def alike(self) -> list[Ints]:
        """By id, the ids of what a character may stand for."""
        numbers, alike = self.numbers, self.characters.alike
        none = np.zeros(0, np.int64)
        rows = [
            np.array([numbers[one] for one in alike.get(char, "")], np.int64)
            for char in self.language.alphabet
        ]
        return [none] * FIRST + rows

    @cached_property
    def usual(self) -> Ints:
        """Keys of the pairs that stand inside of words or often follow each other, sorted."""
        ids = self._ids("\n".join(self.words.logs))
        inside = pair(ids[:-1], ids[1:])[(ids[:-1] >= FIRST) & (ids[1:] >= FIRST)]
        often = self.language.pairs[self.language.pair_logs > _USUAL]
        own = [self.own.pairs] if self.own else []
        return np.unique(np.concatenate([inside, often, *own]))

    @cached_property
    def readings(self) -> NDArray[np.int64]:
        """By id, a number for each of a character's first two sounds as a careless ear hears them; 0 for none."""
        heard = self.characters
        sounds = sorted({sound for all_of in heard.blurred.values() for sound in all_of})
        number = {sound: place for place, sound in enumerate(sounds, 1)}
        rows = np.zeros((len(self.language.alphabet) + FIRST, 2), np.int64)
        for char, place in self.numbers.items():
            for column, sound in enumerate(heard.in_order(char)[:2]):
                rows[place, column] = number[sound]
        return rows

    @cached_property
    def by_sound(self) -> dict[int, tuple[Ints, Ints]]:
        """For each length of words: keys of their sounds, sorted, and the ids of their characters in that order."""
        found = {}
        for length in LENGTHS:
            chosen = "".join(word for word in self.words.logs if len(word) == length)
            ids = self._ids(chosen).reshape(-1, length)
            ids = ids[(ids >= FIRST).all(axis=1)]
            keys = sound_keys(self.readings[ids, 0])
            order = np.argsort(keys, kind="stable")
            found[length] = (keys[order], ids[order])
        return found

    def _ids(self, text: str) -> Ints:
        points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        table = np.zeros(0x110000 if len(points) and points.max() > 0xFFFF else 0x10000, np.int64)
        for char, number in self.numbers.items():
            if ord(char) < len(table):
                table[ord(char)] = number
        return table[points]

    def logs(self, grams: Ints) -> Floats:
        """Log probabilities of the last of three, both languages together."""
        shipped = self.language.logs(grams)
        if self.own is None:
            return shipped
        return np.logaddexp(shipped + log(1 - self.share), self.own.logs(grams) + log(self.share))

    def knows(self, grams: Ints) -> Ints:
        """How long a piece was seen, in either language."""
        shipped = self.language.knows(grams)
        return shipped if self.own is None else np.maximum(shipped, self.own.knows(grams))

    def meant(self, grams: Ints) -> bool:
        """True when the institution's own texts hold every piece of three."""
        return self.own is not None and len(grams) > 0 and bool((self.own.knows(grams) == 3).all())


def sound_keys(sounds: Ints) -> Ints:
    """One number for the sounds of each row; 0 where a sound is missing."""
    keys = np.zeros(len(sounds), np.int64)
    for column in sounds.T:
        keys = keys * 1024 + column
    return np.where((sounds > 0).all(axis=1), keys, 0)


@cache
def shipped() -> Reader:
    """The reader that comes with the house."""
    return Reader(language.shipped(), words.shipped())


def taught(texts: Sequence[str], own_words: Iterable[str] = ()) -> Reader:
    """The shipped reader after reading an institution's own clean texts, and knowing its own words."""
    base = shipped()
    size = sum(map(len, texts))
    known = words.with_own(base.words, own_words)
    if not size:
        return Reader(base.language, known)
    share = _TOP * size / (size + _HALF)
    return Reader(base.language, known, learnt(texts, base.language.alphabet, _TWICE), share)
