"""Whether a story will at least double: logistic regression on how long ago its mentions were posted.

After Cheng et al. (WWW 2014), who found that the times alone tell most of it. `benchmarks/growth.py` fits the weights on
public cascades of reposts and prints how well they do on cascades that the fit did not see.
"""

import math
from collections.abc import Sequence

#: Between how many mentions something is said: the public cascades that the weights come from are large ones, so that the
#: formula knows nothing of small stories, and few of them are larger than this.
LEAST, MOST = 100, 300
_QUANTILES = (0.0, 0.25, 0.5, 0.75, 0.9)
_WEIGHTS = (-0.0718, 0.0962, -0.1834, -0.1347, -0.5848, -0.8993)  # of each quantile's age, then of the count
_BIAS = 12.0405


def features(times: Sequence[float], now: float) -> tuple[float, ...]:
    """Log age in seconds (a minute added) of the mention at each quantile, and the log count; `times` ascend."""
    last = len(times) - 1
    ages = (now - times[int(quantile * last)] for quantile in _QUANTILES)
    return (*(math.log(60.0 + max(0.0, age)) for age in ages), math.log(len(times)))


def doubles(times: Sequence[float], now: float) -> float | None:
    """The probability that a story with mentions at `times` (seconds, ascending) has at least twice as many in the end.

    None below LEAST and above MOST mentions.
    """
    if not LEAST <= len(times) <= MOST:
        return None
    said = zip(features(times, now), _WEIGHTS, strict=True)
    logit = _BIAS + sum(weight * value for value, weight in said)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
