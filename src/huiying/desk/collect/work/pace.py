"""When a source is visited next: a pure matter of interval, heightened watch, failures and what the site asks."""

import hashlib
from datetime import timedelta

LEAST = timedelta(seconds=30)  # heightened watch makes no interval shorter than this
FIRST_RETRY = timedelta(minutes=1)
SLOWEST = timedelta(hours=1)  # a failing source is tried at least this often, or at its own longer interval
SLOWED_AFTER = 5  # failures in a row after which a person is told that it goes slowly


def after_success(interval_s: int, factor: float, seed: str) -> timedelta:
    """How long until the next visit; `factor` (1 or more) divides the interval."""
    return _interval(interval_s, factor) * _jitter(seed, 0.04)


def after_failure(
    interval_s: int, factor: float, failures: int, asked: timedelta | None, seed: str, *, busy: bool = False
) -> timedelta:
    """How long to stay away after `failures` in a row (1 or more): doubling from a minute, never less than the site asks.

    `busy`: the site said that we come too often, so that the interval itself is the first step.
    """
    interval = _interval(interval_s, factor)
    first = max(FIRST_RETRY, interval) if busy else FIRST_RETRY
    slowest = max(SLOWEST, interval)
    wait = min(first * float(2 ** min(failures - 1, 12)), slowest) * _jitter(seed, 0.12)
    return max(wait, asked or timedelta())


def _interval(interval_s: int, factor: float) -> timedelta:
    whole = timedelta(seconds=interval_s)
    return max(whole / max(factor, 1.0), min(whole, LEAST))


def _jitter(seed: str, width: float) -> float:
    """A factor near 1 that depends on the seed alone: sources spread out, and the same visit always plans the same."""
    part = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4]) / 2**32
    return 1 + width * (2 * part - 1)
