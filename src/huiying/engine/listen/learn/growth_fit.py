"""Learns the forecast of `growth` from cascades whose end is known.

A cascade is looked at after several numbers of mentions, not only at the one that is asked for: by rank everything keeps
its meaning, so that each look is one more example. `benchmarks.train_growth` learns with it what the package carries.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from huiying.engine.listen.learn.clock import Busy, Floats, learn_curve
from huiying.engine.listen.learn.growth import FEWEST, Growth, measures
from huiying.engine.listen.learn.trees import Trees, of_boosting

#: Looks beside the one that is asked for, as shares of it.
BESIDE = (
    0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5, 1.65, 1.8, 2.0,
)  # fmt: skip
#: So many cascades that doubled, and so many that did not, are the least to learn from.
LEAST_OF_EACH = 20
ENSEMBLES = 3
Flags = NDArray[np.bool_]
_SHAPE = np.linspace(0, 1, 21)


class TooFew(ValueError):
    """Not enough cascades of both kinds to learn from."""


def looks_beside(observe: int) -> tuple[int, ...]:
    """The numbers of mentions at which cascades are looked at for a forecast at `observe` mentions."""
    return tuple(sorted({max(FEWEST, round(observe * share)) for share in BESIDE}))


def learn(cascades: Sequence[Sequence[float]], looks: Sequence[int]) -> Growth:
    """The forecast from whole cascades: wall-clock seconds of every mention, ascending. Raises TooFew."""
    whole = [np.asarray(times, dtype=np.float64) for times in cascades]
    able = [times for times in whole if len(times) >= min(looks)]
    _enough(able, looks[len(looks) // 2])
    busy = learn_curve([times.tolist() for times in able])
    rows, doubled = _examples(able, looks, busy)
    return Growth(
        busy=busy,
        trees=_trees(rows, doubled),
        usual_counts=np.array(looks, dtype=np.float64),
        usual_spans=np.array([_usual_span(able, look) for look in looks]),
        usual_shape=_usual_shape(able, looks[len(looks) // 2]),
    )


def _enough(cascades: Sequence[Floats], look: int) -> None:
    """Raises TooFew."""
    grew = sum(len(times) >= 2 * look for times in cascades)
    stayed = sum(len(times) >= look for times in cascades) - grew
    if min(grew, stayed) < LEAST_OF_EACH:
        told = f"seen at {look}, {grew} double and {stayed} do not"
        raise TooFew(f"{told}: {LEAST_OF_EACH} of each are needed")


def _examples(cascades: Sequence[Floats], looks: Sequence[int], busy: Busy) -> tuple[Floats, Flags]:
    rows, doubled = [], []
    for look in looks:
        seen = [times for times in cascades if len(times) >= look]
        if seen:
            rows.append(measures(np.stack([times[:look] for times in seen]), busy))
            doubled += [len(times) >= 2 * look for times in seen]
    return np.concatenate(rows), np.array(doubled)


def _trees(rows: Floats, doubled: Flags) -> Trees:
    """Three ensembles that each tree drew its measures for: together they waver less."""
    models = [
        HistGradientBoostingClassifier(
            max_iter=150, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=30, l2_regularization=5.0,
            max_features=0.2, early_stopping=False, random_state=seed,
        ).fit(rows, doubled)
        for seed in range(ENSEMBLES)
    ]  # fmt: skip
    return of_boosting(models)


def _usual_span(cascades: Sequence[Floats], look: int) -> float:
    return float(np.median([times[look - 1] - times[0] for times in cascades if len(times) >= look]))


def _usual_shape(cascades: Sequence[Floats], look: int) -> Floats:
    """The middle of the mentions' ages as shares of the first one's age, at each twentieth."""
    shares = []
    for times in cascades:
        if len(times) >= look and times[look - 1] > times[0]:
            age = (times[look - 1] - times[:look]) / (times[look - 1] - times[0])
            shares.append(np.interp(_SHAPE, np.linspace(0, 1, look), age))
    return np.asarray(np.median(shares, axis=0)) if shares else 1 - _SHAPE
