"""Passages as sparse rows of numbers: words, runs of characters, and the same of the title once more.

Text that is whole and text that came already cut, its stop words removed, get one space: whole text is cut by the same
dictionary, and words that the cut texts hardly ever hold though whole ones often do are left out ("quiet" words).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import rjieba
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from huiying.engine.listen.learn.labels import Passage
from huiying.engine.listen.normalise import simplify_all

Words = tuple[str, ...]
_WORD = re.compile(r"\w")
_TITLE_WORDS = 10  # of a cut text, whose title stands at its beginning without a mark
_RARE_FROM = 2_000  # from so many passages on, a piece that only one holds is dropped
_MANY_PASSAGES = 3  # a word must stand in so many whole texts to be called quiet
_QUIET = 0.02  # and be so much rarer in cut ones


@dataclass(frozen=True, slots=True)
class Form:
    """Which pieces are read."""

    run: int  # longest run of characters
    title_run: int = 0  # the same in the title; 0: titles are no better than text
    bare: bool = True  # punctuation and spaces are left out


ROUTING = Form(run=2, title_run=3)
TONE = Form(run=3, bare=False)  # marks and faces tell how somebody speaks


@dataclass(frozen=True, slots=True)
class _Read:
    words: Words  # of title and text
    title: Words
    cut: bool


class Pieces:
    """The space that was learnt from some passages."""

    def __init__(self, form: Form, passages: Sequence[Passage]) -> None:
        """Raises ValueError where no passage holds any word."""
        read = [_read(p, form) for p in _simplified(passages)]
        self._form = form
        self._quiet = _quiet(read)
        rare = 2 if len(read) >= _RARE_FROM else 1
        heard = self._heard(read)
        kinds = _blocks(form) if any(title for _, title in heard) else _blocks(form)[:2]
        self._blocks = [_Block(run, words, title, rare) for run, words, title in kinds]
        self.matrix = hstack(
            [block.learn(heard) for block in self._blocks]
        ).tocsr()  # of the passages themselves
        self.words: list[str] = self._blocks[0].names

    def rows(self, passages: Sequence[Passage]) -> csr_matrix:
        """Other passages in the same space."""
        heard = self._heard([_read(p, self._form) for p in _simplified(passages)])
        return hstack([block.rows(heard) for block in self._blocks]).tocsr()

    def _heard(self, read: Sequence[_Read]) -> list[tuple[Words, Words]]:
        """The words of each passage and those of its title, without the quiet ones."""
        return [
            (
                tuple(w for w in r.words if w not in self._quiet),
                tuple(w for w in r.title if w not in self._quiet),
            )
            for r in read
        ]


class _Block:
    """One kind of piece, weighed by how rare it is."""

    def __init__(self, run: int, words: int, title: float, rare: int) -> None:
        self._run, self._words, self._title = run, words, title
        self._counter = CountVectorizer(analyzer=self._pieces, min_df=rare, dtype=np.float32)
        self._weigh = TfidfTransformer(sublinear_tf=True)
        self.names: list[str] = []

    def learn(self, read: Sequence[tuple[Words, Words]]) -> csr_matrix:
        """The rows of passages whose pieces are kept. Raises ValueError where there is none."""
        counted = self._counter.fit_transform(read)
        self.names = [str(name) for name in self._counter.get_feature_names_out()]
        return self._scaled(self._weigh.fit_transform(counted))

    def rows(self, read: Sequence[tuple[Words, Words]]) -> csr_matrix:
        """The rows of other passages."""
        return self._scaled(self._weigh.transform(self._counter.transform(read)))

    def _scaled(self, rows: csr_matrix) -> csr_matrix:
        return rows * self._title if self._title else rows

    def _pieces(self, read: tuple[Words, Words]) -> list[str]:
        words = read[1] if self._title else read[0]
        if self._run:
            whole = "".join(words)
            return [whole[i : i + n] for n in range(1, self._run + 1) for i in range(len(whole) - n + 1)]
        return [*words, *(f"{a} {b}" for a, b in pairwise(words))] if self._words > 1 else list(words)


def _blocks(form: Form) -> list[tuple[int, int, float]]:
    """Run of characters, run of words, weight of the title (0: of everything); words first."""
    blocks = [(0, 1, 0.0), (form.run, 0, 0.0)]
    return [*blocks, (form.title_run, 0, 0.7), (0, 2, 0.5)] if form.title_run else blocks


def _simplified(passages: Sequence[Passage]) -> list[Passage]:
    spelled = simplify_all([part for p in passages for part in (p.title, p.text)])
    return [
        Passage(title, text, p.cut)
        for p, title, text in zip(passages, spelled[::2], spelled[1::2], strict=True)
    ]


def _read(passage: Passage, form: Form) -> _Read:
    if passage.cut:
        words = tuple(f"{passage.title} {passage.text}".split())
        return _Read(words, words[:_TITLE_WORDS], cut=True)
    title, text = _words(passage.title, form), _words(passage.text, form)
    return _Read((*title, *text), title, cut=False)


def _words(text: str, form: Form) -> Words:
    words = rjieba.cut(text, True)
    return tuple(w for w in words if _WORD.search(w)) if form.bare else tuple(words)


def _quiet(read: Sequence[_Read]) -> frozenset[str]:
    """Words of whole texts that those who cut the others left out; none where only one kind is there."""
    share: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for one in read:
        share[one.cut].update(set(one.words))
    whole, cut = share[False], share[True]
    wholes, cuts = sum(not r.cut for r in read), sum(r.cut for r in read)
    if not wholes or not cuts:
        return frozenset()
    return frozenset(
        word
        for word, count in whole.items()
        if count >= _MANY_PASSAGES and cut[word] / cuts <= _QUIET * count / wholes
    )
