"""The day as people post: an hour of night counts little, an hour of evening much.

A curve says how much is posted in each half hour of the day, 1 on average. `Busy.time` turns the clock's time into busy
time: as many seconds as it would take at the average rate. So a story that was silent from one to seven in the morning
was silent for about an hour. (Times that people are awake change cascades' rates: Kobayashi and Lambiotte, ICWSM 2016.)
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DAY, HALF_HOUR = 86_400.0, 1_800.0
STEPS = 48
_SMOOTH = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9


class Busy:
    """A curve of the day, ready for use."""

    __slots__ = ("curve", "until")

    def __init__(self, curve: Sequence[float]) -> None:
        """`curve`: 48 rates above 0, of which the mean counts as 1; else ValueError."""
        rates = np.asarray(curve, dtype=np.float64)
        if rates.shape != (STEPS,) or not (np.isfinite(rates).all() and (rates > 0).all()):
            raise ValueError("a curve of the day has 48 rates, each above 0")
        self.curve: Floats = rates / rates.mean()
        self.until: Floats = np.append(0.0, np.cumsum(self.curve)) * HALF_HOUR

    def time(self, times: Floats) -> Floats:
        """Busy seconds since the epoch, for seconds of the wall clock since then; any shape."""
        days = np.floor(times / DAY)
        within = times - days * DAY
        step = np.minimum((within // HALF_HOUR).astype(np.intp), STEPS - 1)
        return np.asarray(days * DAY + self.until[step] + (within - step * HALF_HOUR) * self.curve[step])

    def ahead(self, now: Floats, hours: float) -> Floats:
        """The mean rate in the hours that follow `now`; in those before it for negative hours."""
        span = hours * 3_600.0
        return np.asarray((self.time(now + span) - self.time(now)) / span)


def learn_curve(cascades: Sequence[Sequence[float]]) -> Busy:
    """The curve from the wall-clock seconds of many cascades, each of which counts for one."""
    counts = np.full(STEPS, 1e-3 * max(1, len(cascades)) / STEPS)
    for times in cascades:
        if len(times):
            step = ((np.asarray(times) % DAY) // HALF_HOUR).astype(np.intp)
            counts += np.bincount(np.minimum(step, STEPS - 1), minlength=STEPS) / len(times)
    wide = np.concatenate([counts[-2:], counts, counts[:2]])
    return Busy(np.convolve(wide, _SMOOTH, "valid").tolist())
