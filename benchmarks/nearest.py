"""The baseline of grouping: nearest neighbour in one pass, by TF-IDF.

Each message joins the group of the earlier message that it is most like by the cosine of their vectors, if that reaches a
threshold; else it begins one. The weights of words know the whole file in advance and the threshold is the best of many on
the very rows that are scored: more than anything that runs live could have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.scores import Grouping, groups

_BLOCK = 500
#: Pieces of two and three characters, and words.
CHARACTERS = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True)
WORDS = TfidfVectorizer(token_pattern=r"(?u)\S+", sublinear_tf=True)


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each text the likeness to its nearest earlier one, and which that is (-1: none)."""

    likeness: NDArray[np.float64]
    earlier: NDArray[np.int64]

    def grouped(self, threshold: float) -> list[int]:
        """The group of each text: the place of its first one."""
        found: list[int] = []
        for place, (like, earlier) in enumerate(zip(self.likeness, self.earlier, strict=True)):
            found.append(found[earlier] if earlier >= 0 and like >= threshold else place)
        return found


def nearest(texts: Sequence[str], vectors: TfidfVectorizer) -> Nearest:
    """The nearest earlier text of each."""
    table = vectors.fit_transform(texts).tocsr()
    count = len(texts)
    likeness, earlier = np.zeros(count), np.full(count, -1)
    for start in range(0, count, _BLOCK):
        stop = min(count, start + _BLOCK)
        like = (table[start:stop] @ table[:stop].T).toarray()
        like[np.arange(stop)[None, :] >= np.arange(start, stop)[:, None]] = -1.0
        earlier[start:stop], likeness[start:stop] = like.argmax(axis=1), like.max(axis=1)
    earlier[likeness <= 0] = -1
    return Nearest(likeness, earlier)


def best(
    found: Nearest, ids: Sequence[str], key: Mapping[str, str], thresholds: Sequence[float], by: str
) -> tuple[float, Grouping]:
    """The threshold whose grouping scores best on the key by `by`, a field of Grouping, and its score."""
    scored = [(t, score(found, ids, key, t)) for t in thresholds]
    return max(scored, key=lambda one: float(getattr(one[1], by)))


def score(found: Nearest, ids: Sequence[str], key: Mapping[str, str], threshold: float) -> Grouping:
    """The score of one threshold."""
    return groups(key, dict(zip(ids, map(str, found.grouped(threshold)), strict=True)))
