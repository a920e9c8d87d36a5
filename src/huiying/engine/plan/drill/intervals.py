"""How sure a share is that was seen in so many runs.

The deadlines of one run hang together (one busy hour makes many of them late), so a run is what is repeated, not a
deadline: the share over all runs is a ratio of means, its variance is taken between runs, and Wilson's interval is laid
about it with the number of runs that independent ones would have needed for that variance (Wilson, JASA 22, 1927;
Korn and Graubard, Survey Methodology 24, 1998). Differences are taken run by run, for both sides meet the same luck.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Share:
    """A share, and between which two it lies with 95 % confidence."""

    value: float
    low: float
    high: float


def share(counts: Sequence[tuple[int, int]]) -> Share:
    """The share of (hits, of so many) over runs; 0 to 1 where there is nothing."""
    hits, of = sum(hit for hit, _of in counts), sum(of for _hit, of in counts)
    if not of:
        return Share(0.0, 0.0, 1.0)
    value, runs = hits / of, sum(1 for _hit, of in counts if of)
    return Share(value, *wilson(value, _effective(counts, value, runs)))


def _effective(counts: Sequence[tuple[int, int]], value: float, runs: int) -> float:
    """How many independent trials the runs are worth: at least one, at most as many as there were deadlines.

    Where all or none were hit the runs do not differ, and count as one trial each.
    """
    if runs < 2 or value in (0.0, 1.0):
        return float(runs)
    of = sum(of for _hit, of in counts)
    squares = sum((hit - value * of) ** 2 for hit, of in counts)
    variance = squares / (runs * (runs - 1) * (of / runs) ** 2)
    return max(1.0, min(float(of), value * (1 - value) / max(variance, 1e-12)))


def wilson(value: float, trials: float) -> tuple[float, float]:
    """Wilson's interval, 95 %."""
    z2 = _Z**2
    middle = (value + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z * math.sqrt(value * (1 - value) / trials + z2 / (4 * trials**2)) / (1 + z2 / trials)
    return max(0.0, min(value, middle - half)), min(1.0, max(value, middle + half))


def difference(pairs: Sequence[tuple[float, float]]) -> Share:
    """By how much the second of each pair is more than the first: mean and 95 % interval of paired differences."""
    gaps = [after - before for before, after in pairs]
    if not gaps:
        return Share(0.0, 0.0, 0.0)
    mean = fmean(gaps)
    if len(gaps) < 2:
        return Share(mean, -math.inf, math.inf)
    error = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / (len(gaps) - 1) / len(gaps))
    half = _student(len(gaps) - 1) * error
    return Share(mean, mean - half, mean + half)


def _student(freedom: int) -> float:
    """The 97.5th percentile of Student's t (Abramowitz and Stegun 26.7.5); within 1 % from three degrees on."""
    z = _Z
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return sum(term / math.pow(freedom, power) for power, term in enumerate(terms))
