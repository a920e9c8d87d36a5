"""Whether a story will at least double: a logistic formula on how long ago its mentions were posted."""

import math
from collections.abc import Sequence

LEAST = 5  # mentions, below which nothing is said
_QUANTILES = (0.0, 0.25, 0.5, 0.75, 0.9)
_WEIGHTS = (0.0, 0.0, 0.0, 0.0, 0.0)
_COUNT, _BIAS = 0.0, 0.0


def doubles(times: Sequence[float], now: float) -> float | None:
    """The probability that a story with mentions at `times` (seconds, ascending) has at least twice as many in the end.

    None below LEAST mentions. `learn` may put a better model in its place.
    """
    count = len(times)
    if count < LEAST:
        return None
    logit = _BIAS + _COUNT * math.log(count)
    for quantile, weight in zip(_QUANTILES, _WEIGHTS, strict=True):
        logit += weight * math.log(60.0 + max(0.0, now - times[int(quantile * (count - 1))]))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
