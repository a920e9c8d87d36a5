"""Whether a story at least doubles: the shipped formula, refitted fold by fold on cascades of reposts, beside the count alone.

`python -m benchmarks.growth` prints ROC AUC and Brier score; with `--fit` also the weights that engine/listen/forecast.py carries.
"""

import gzip
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GroupKFold

from benchmarks.common import Absent, Row, need
from benchmarks.common import table as as_table
from huiying.engine.listen.forecast import features

#: After how many mentions a story is looked at. The collection holds large cascades only: below 100 nearly all of them grow on.
LOOKS = (100, 150, 200, 300)


def seconds(at: str) -> float | None:
    """A wall-clock instant of the data, of which only differences count; None for one without a year."""
    try:
        return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def cascades(path: Path) -> Iterator[list[float]]:
    """Instants of each cascade's reposts, ascending; a cascade with an unreadable instant is passed over."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            times = [seconds(str(repost[0])) for repost in json.loads(line)["reposts"]]
            known = [at for at in times if at is not None]
            if len(known) == len(times):
                yield sorted(known)


def table(all_times: Sequence[Sequence[float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Features, whether it doubled, which cascade, after how many mentions."""
    rows, doubled, group, looks = [], [], [], []
    for number, times in enumerate(all_times):
        for look in LOOKS:
            if len(times) >= look:
                rows.append(features(times[:look], times[look - 1]))
                doubled.append(len(times) >= 2 * look)
                group.append(number)
                looks.append(look)
    return np.array(rows), np.array(doubled), np.array(group), np.array(looks)


def out_of_fold(x: np.ndarray, y: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Probabilities for every row from models that saw no row of its cascade."""
    guess = np.zeros(len(y))
    for train, test in GroupKFold(5).split(x, y, group):
        model = LogisticRegression(C=1.0, max_iter=2000).fit(x[train], y[train])
        guess[test] = model.predict_proba(x[test])[:, 1]
    return guess


def measure() -> list[Row]:
    """ROC AUC and Brier at each look, beside the count alone. Raises Absent without the data."""
    x, y, group, looks = table(list(cascades(need("cascades", "ced.jsonl.gz"))))
    guess, base = out_of_fold(x, y, group), out_of_fold(x[:, -1:], y, group)
    rows = []
    for look in LOOKS:
        at = looks == look
        auc, brier = roc_auc_score(y[at], guess[at]), brier_score_loss(y[at], guess[at])
        plain = f"Brier {brier_score_loss(y[at], base[at]):.3f} (count alone)"
        what = f"at least doubles, seen at {look} mentions ({at.sum()} cascades, {y[at].mean():.0%} do)"
        reach = "0.90" if look == 100 else ""
        rows.append(
            Row(
                part="growth", what=what, data="cascades/ced.jsonl.gz, 5 folds by cascade", baseline=plain,
                ours=f"AUC {auc:.3f}, Brier {brier:.3f}", reach=reach,
            )
        )  # fmt: skip
    return rows


def main() -> int:
    """Print the figures, and with `--fit` the weights."""
    try:
        print(as_table(measure()))
    except Absent as absent:
        print(f"skipped: {absent}")
        return 0
    if "--fit" in sys.argv:
        x, y, _group, _looks = table(list(cascades(need("cascades", "ced.jsonl.gz"))))
        model = LogisticRegression(C=1.0, max_iter=2000).fit(x, y)
        print(
            "weights",
            [round(float(w), 4) for w in model.coef_[0]],
            "bias",
            round(float(model.intercept_[0]), 4),
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
