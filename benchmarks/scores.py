"""Scores of groupings, as ../shared/score/score.py defines them (pairwise, B-cubed, NMI)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import comb, log, sqrt


@dataclass(frozen=True, slots=True)
class Grouping:
    """How well a guess agrees with a key."""

    pair_f1: float
    bcubed_f1: float
    nmi: float
    pair_precision: float
    pair_recall: float


def groups(key: Mapping[str, str], guess: Mapping[str, str]) -> Grouping:
    """The score of a guess over the ids of the key; an id that the guess lacks is a group of its own."""
    said = {i: guess.get(i, f"alone:{i}") for i in key}
    both = Counter((key[i], said[i]) for i in key)
    in_key, in_said = Counter(key.values()), Counter(said.values())
    hit, called, true = (sum(comb(c, 2) for c in counts.values()) for counts in (both, in_said, in_key))
    precision, recall = (hit / called if called else 0.0), (hit / true if true else 0.0)
    n = len(key)
    b_precision = sum(c * c / in_said[s] for (_, s), c in both.items()) / n
    b_recall = sum(c * c / in_key[k] for (k, _), c in both.items()) / n
    mutual = sum(c / n * log(c * n / (in_key[k] * in_said[s])) for (k, s), c in both.items())
    entropy = sqrt(_entropy(in_key.values(), n) * _entropy(in_said.values(), n))
    return Grouping(
        f1(precision, recall),
        f1(b_precision, b_recall),
        mutual / entropy if entropy else 1.0,
        precision,
        recall,
    )


def f1(precision: float, recall: float) -> float:
    """The harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _entropy(counts: Iterable[int], n: int) -> float:
    return -sum(c / n * log(c / n) for c in counts)
