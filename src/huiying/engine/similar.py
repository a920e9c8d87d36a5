"""Earlier cases like this one: cosine over weighted character pairs and triples (Salton and Buckley, 1988)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

#: Below this, two matters share only what all matters share.
LEAST = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """One earlier text and why it is like the one asked about."""

    key: int
    score: float  # 0 to 1
    terms: tuple[str, ...]  # the shared wording that weighs most


def alike(text: str, others: Sequence[tuple[int, str]], most: int = 3, least: float = LEAST) -> list[Alike]:
    """The `most` texts of `others` (key, text) that are nearest to `text`, nearest first; none below `least`."""
    if not text.strip() or not others:
        return []
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True, lowercase=True)
    try:
        table = vectors.fit_transform([text, *(other for _key, other in others)])
    except ValueError:  # texts of a single character have no pairs
        return []
    asked, rest = table[0], table[1:]
    scores = (rest @ asked.T).toarray().ravel()
    order = np.lexsort((np.arange(len(scores)), -scores))[:most]
    names = vectors.get_feature_names_out()
    return [
        Alike(key=others[at][0], score=float(scores[at]), terms=_shared(asked, rest[at], names))
        for at in order
        if scores[at] >= least
    ]


def _shared(one: Any, other: Any, names: Sequence[str], most: int = 5) -> tuple[str, ...]:
    """The heaviest wording that both have, longer pieces instead of the pieces inside them."""
    weights = one.multiply(other).tocoo()
    ranked = [names[at] for at in weights.col[np.argsort(-weights.data, kind="stable")]]
    found: list[str] = []
    for term in (term for term in ranked if term.strip() == term):
        if len(found) == most:
            break
        if not any(term in kept or kept in term for kept in found):
            found.append(term)
    return tuple(found)
