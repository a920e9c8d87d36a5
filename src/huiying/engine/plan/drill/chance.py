"""Chance that is the same for the same thing, whatever else is different.

Each draw has a name: the seed, the run, the matter, the obligation, the stage. So two plans or two rosters that are
rehearsed with the same seed meet the same luck (common random numbers; Law, Simulation Modeling and Analysis, 5th
edition 2015, chapter 11), and what differs between them differs because of them.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta
from statistics import NormalDist

_NORMAL = NormalDist()
_SPAN = 2.0**64


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long something takes: lognormal about its median.

    Times of service and of answering are skewed to the right and close to lognormal (Brown et al., Statistical Analysis of
    a Telephone Call Center, JASA 100, 2005, section 4); `benchmarks/drill.py` shows the same of a government's replies.
    """

    median: timedelta
    spread: float = (
        0.6  # standard deviation of the logarithm; 0.6: nine in ten take less than 2.2 times the median
    )


def drawn(times: Times, factor: float, luck: float) -> timedelta:
    """One time, to the minute; `luck` is a draw of the standard normal distribution."""
    minutes = times.median.total_seconds() / 60 * factor * math.exp(times.spread * luck)
    return timedelta(minutes=round(min(minutes, 1e6)))


class Chance:
    """The luck of one run."""

    __slots__ = ("_key",)

    def __init__(self, seed: int, run: int) -> None:
        self._key = hashlib.blake2b(f"{seed}:{run}".encode(), digest_size=16).digest()

    def _uniform(self, name: str) -> float:
        """A draw between 0 and 1, neither of them."""
        found = hashlib.blake2b(name.encode(), key=self._key, digest_size=8).digest()
        return (int.from_bytes(found) // 2048 + 0.5) * 2048 / _SPAN

    def normal(self, name: str) -> float:
        """A draw of the standard normal distribution."""
        return _NORMAL.inv_cdf(self._uniform(name))

    def choice(self, name: str, among: int) -> int:
        """One of 0 to `among` - 1."""
        return int(self._uniform(name) * among)
