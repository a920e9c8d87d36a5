"""How likely two mentions are about the same concrete matter: a logistic formula over their measures.

The coefficients stand in links.toml. `benchmarks.train_links` learns them from public messages that two readers grouped;
those of known places and things are set by hand, as no public messages come with a gazetteer.
"""

import tomllib
from functools import cache
from importlib.resources import files

import numpy as np

from huiying.engine.listen.likeness import MEASURES
from huiying.engine.listen.memory import Floats

_TAUGHT = 0.05  # how far one correction moves the formula
_LOYALTY = 0.002  # how strongly it is drawn back to where it began


class Links:
    """The formula, and what officers taught it."""

    __slots__ = ("shift", "threshold", "weights")

    def __init__(self, taught: Floats | None = None) -> None:
        shipped, self.threshold = _shipped()
        self.shift: Floats = np.zeros(len(MEASURES) + 1) if taught is None else taught
        self.weights: Floats = shipped

    def chances(self, measures: Floats) -> Floats:
        """The probability that the mentions of each pair belong together."""
        weights = self.weights + self.shift
        logit = np.full(len(measures), weights[-1])
        for index in range(len(MEASURES)):
            logit += weights[index] * measures[:, index]
        return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))

    def teach(self, measures: Floats, together: bool) -> None:
        """Move a little towards what an officer said of these pairs."""
        if not len(measures):
            return
        wrong = float(together) - self.chances(measures)
        step = np.append(wrong @ measures, wrong.sum()) / len(measures)
        self.shift = self.shift * (1 - _LOYALTY) + _TAUGHT * step


@cache
def _shipped() -> tuple[Floats, float]:
    data = tomllib.loads((files(__package__) / "links.toml").read_text("utf-8"))
    weights = [float(data["weights"][name]) for name in (*MEASURES, "bias")]
    return np.array(weights), float(data["threshold"])
