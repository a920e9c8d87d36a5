"""How likely two mentions are about the same concrete matter: a logistic formula over their measures.

One formula for mentions with a title and a text, one for bare posts that have only one of them, one for texts in an
alphabet. The coefficients stand in links.toml. `benchmarks.train_links` learns them from public messages that readers
grouped; those of known places and things are set by hand, as no public messages come with a gazetteer.
"""

import pkgutil
import tomllib
from functools import cache

import numpy as np
from numpy.typing import NDArray

from huiying.engine.listen.likeness import MEASURES
from huiying.engine.listen.memory import Floats
from huiying.engine.listen.mention import Mention

FORMS = ("whole", "bare", "alphabet")
# An officer corrects what is wrong and lets be what is right: learning from that alone drifts, so the step is small and the
# way back is short. `benchmarks.corrections` measures what it does to stories that nobody corrected.
_TAUGHT = 0.0005  # how far one correction moves the formulas
_LOYALTY = 0.02  # how strongly they are drawn back to where they began
_NO_LETTERS = bytes(code for code in range(256) if not chr(code).isascii() or not chr(code).isalpha())


class Links:
    """The formulas, and what officers taught them."""

    __slots__ = ("shift", "thresholds", "weights")

    def __init__(self, taught: Floats | None = None) -> None:
        self.weights, self.thresholds = _shipped()
        self.shift: Floats = np.zeros(len(MEASURES) + 1) if taught is None else taught

    def chances(self, measures: Floats, forms: NDArray[np.int8]) -> Floats:
        """The probability that the mentions of each pair belong together; `forms`: indexes in FORMS."""
        logit = np.zeros(len(measures))
        for form in range(len(FORMS)):
            those = forms == form
            if those.any():
                logit[those] = self._logit(measures[those], form)
        return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))

    def teach(self, measures: Floats, forms: NDArray[np.int8], together: bool) -> None:
        """Move a little towards what an officer said of these pairs."""
        wrong = float(together) - self.chances(measures, forms)
        step = np.append(wrong @ measures, wrong.sum()) / len(measures)
        self.shift = self.shift * (1 - _LOYALTY) + _TAUGHT * step

    def _logit(self, measures: Floats, form: int) -> Floats:
        """Added up measure by measure: the last digit must not depend on the number of pairs."""
        weights = self.weights[form] + self.shift
        logit: Floats = np.full(len(measures), weights[-1])
        for index in range(len(MEASURES)):
            logit += weights[index] * measures[:, index]
        return logit


def form_of(mention: Mention) -> int:
    """Which formula a mention asks for: an index in FORMS."""
    text = (mention.text or mention.title)[:100]
    letters = text.encode("ascii", "ignore").translate(None, _NO_LETTERS)
    if len(letters) * 2 > len(text):
        return FORMS.index("alphabet")
    return FORMS.index("whole" if mention.title.strip() and mention.text.strip() else "bare")


@cache
def _shipped() -> tuple[Floats, tuple[float, ...]]:
    data = tomllib.loads((pkgutil.get_data(__name__, "links.toml") or b"").decode())
    weights = [[float(data[form][name]) for name in (*MEASURES, "bias")] for form in FORMS]
    return np.array(weights), tuple(float(data[form]["threshold"]) for form in FORMS)
