"""How likely two mentions are about the same concrete matter: a logistic formula over their measures.

One for mentions with a title and a text, one for posts that have only one of them. The coefficients stand in links.toml.
`benchmarks.train_links` learns them from public messages that two readers grouped; those of known places and things are
set by hand, as no public messages come with a gazetteer.
"""

import tomllib
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.likeness import MEASURES
from huiying.engine.listen.memory import Floats

_TAUGHT = 0.05  # how far one correction moves the formula
_LOYALTY = 0.002  # how strongly it is drawn back to where it began


class Links:
    """The formulas, and what officers taught them."""

    __slots__ = ("shift", "threshold", "weights")

    def __init__(self, taught: Floats | None = None) -> None:
        self.weights, self.threshold = _shipped()
        self.shift: Floats = np.zeros(len(MEASURES) + 1) if taught is None else taught

    def chances(self, measures: Floats, whole: NDArray[np.bool_]) -> Floats:
        """The probability that the mentions of each pair belong together. `whole`: both have a title and a text."""
        logit = np.where(whole, self._logit(measures, 0), self._logit(measures, 1))
        return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))

    def teach(self, measures: Floats, whole: NDArray[np.bool_], together: bool) -> None:
        """Move a little towards what an officer said of these pairs."""
        wrong = float(together) - self.chances(measures, whole)
        step = np.append(wrong @ measures, wrong.sum()) / len(measures)
        self.shift = self.shift * (1 - _LOYALTY) + _TAUGHT * step

    def _logit(self, measures: Floats, kind: int) -> Floats:
        """Added up measure by measure: the last digit must not depend on the number of pairs."""
        weights = self.weights[kind] + self.shift
        logit: Floats = np.full(len(measures), weights[-1])
        for index in range(len(MEASURES)):
            logit += weights[index] * measures[:, index]
        return logit


@cache
def _shipped() -> tuple[Floats, float]:
    data = tomllib.loads((files(__package__) / "links.toml").read_text("utf-8"))
    weights = [[float(data[kind][name]) for name in (*MEASURES, "bias")] for kind in ("whole", "bare")]
    return np.array(weights), float(data["threshold"])
