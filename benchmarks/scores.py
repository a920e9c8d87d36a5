"""Scores of groupings, as ../shared/score/score.py defines them (pairwise, B-cubed, NMI)."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import comb, log, nan, sqrt


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


def part(key: Mapping[str, str], parts: Iterable[tuple[Mapping[str, str], Collection[str]]]) -> Grouping:
    """The score of several guesses over the key, of each only what it says of some ids: (guess, ids).

    Each of these ids is paired with every other id of the key; where the parts make up the key and the guesses are equal
    that gives what `groups` gives. NMI is not told apart by ids: it is nan.
    """
    hit = called = true = count = 0
    b_precision = b_recall = 0.0
    in_key = Counter(key.values())
    for guess, ids in parts:
        said = {i: guess.get(i, f"alone:{i}") for i in key}
        both, in_said = Counter((key[i], said[i]) for i in key), Counter(said.values())
        for i in ids:
            together = both[key[i], said[i]]
            hit, called, true = hit + together - 1, called + in_said[said[i]] - 1, true + in_key[key[i]] - 1
            b_precision += together / in_said[said[i]]
            b_recall += together / in_key[key[i]]
        count += len(ids)
    precision, recall = (hit / called if called else 0.0), (hit / true if true else 0.0)
    b_precision, b_recall = b_precision / count, b_recall / count
    return Grouping(f1(precision, recall), f1(b_precision, b_recall), nan, precision, recall)


def f1(precision: float, recall: float) -> float:
    """The harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _entropy(counts: Iterable[int], n: int) -> float:
    return -sum(c / n * log(c / n) for c in counts)
