"""Boosted decision trees as plain tables of numbers, read and evaluated with numpy: nothing is unpickled or run.

A row begins at each root and goes left where its measure is at most the node's threshold, until it stands on a leaf; its
score is the base plus the sum of its leaves. `of_boosting` writes down what scikit-learn's histogram boosting learnt
(Ke et al., NIPS 2017); the table of a file has one line for each node: tree, measure, threshold, left, right, value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_AT_ONCE = 4_000_000  # rows times trees


class NotTrees(ValueError):
    """A table of nodes that is none; its message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble: nodes of all trees in one table, children by their place in it; a leaf is its own child."""

    base: float
    roots: NDArray[np.intp]
    measure: NDArray[np.intp]
    threshold: Floats
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    value: Floats  # of leaves; 0 elsewhere
    deepest: int  # steps from a root to a leaf, at most

    def scores(self, rows: Floats) -> Floats:
        """The score (a logit) of each row of measures, [rows, measures] to [rows]. No measure may be missing."""
        total = np.full(len(rows), self.base)
        step = max(1, _AT_ONCE // max(1, len(self.roots)))
        for start in range(0, len(rows), step):
            total[start : start + step] += self._leaves(rows[start : start + step])
        return total

    def _leaves(self, rows: Floats) -> Floats:
        number = np.arange(len(rows))[:, None]
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.deepest):
            low = rows[number, self.measure[node]] <= self.threshold[node]
            node = np.where(low, self.left[node], self.right[node])
        return np.asarray(self.value[node].sum(axis=1))


def of_boosting(models: Sequence[Any]) -> Trees:
    """The trees of fitted HistGradientBoostingClassifiers of two classes, together their mean score."""
    base, lines, tree = 0.0, list[str](), 0
    for model in models:
        base += float(np.ravel(model._baseline_prediction)[0]) / len(models)
        for (predictor,) in model._predictors:
            lines += _lines(tree, predictor.nodes, len(models))
            tree += 1
    return read_trees("\n".join(lines), base)


def _lines(tree: int, nodes: Any, share: int) -> list[str]:
    """Nodes with rounded values, so that what is used now and what a file says are the same."""
    return [
        f"{tree}\t0\t0\t-1\t-1\t{node['value'] / share:.5g}"
        if node["is_leaf"]
        else f"{tree}\t{node['feature_idx']}\t{float(node['num_threshold'])!r}\t{node['left']}\t{node['right']}\t0"
        for node in nodes
    ]


def read_trees(text: str, base: float) -> Trees:
    """The ensemble of a table. Raises NotTrees."""
    try:
        table = np.array([line.split("\t") for line in text.splitlines() if line], dtype=np.float64)
    except ValueError as wrong:
        raise NotTrees(f"a node has six numbers: {wrong}") from wrong
    if table.ndim != 2 or table.shape[1] != 6 or not np.isfinite(table).all():
        raise NotTrees("a node has six numbers: tree, measure, threshold, left, right, value")
    return _joined(table, base)


def _joined(table: Floats, base: float) -> Trees:
    tree = table[:, 0].astype(np.intp)
    starts = np.flatnonzero(np.diff(tree, prepend=-1))
    if (np.diff(tree, prepend=0) < 0).any() or len(starts) != len(np.unique(tree)):
        raise NotTrees("the nodes of a tree stand together, trees in order")
    first = np.repeat(starts, np.diff(starts, append=len(tree)))
    last = np.repeat(np.append(starts[1:], len(tree)), np.diff(starts, append=len(tree)))
    here = np.arange(len(tree))
    leaf = table[:, 3] < 0
    left = np.where(leaf, here, first + table[:, 3].astype(np.intp))
    right = np.where(leaf, here, first + table[:, 4].astype(np.intp))
    inner = ~leaf
    if (np.minimum(left, right)[inner] <= here[inner]).any() or (np.maximum(left, right) >= last).any():
        raise NotTrees("a child stands after its parent, in the same tree")
    return Trees(
        base=base,
        roots=starts.astype(np.intp),
        measure=table[:, 1].astype(np.intp),
        threshold=table[:, 2],
        left=left,
        right=right,
        value=np.where(leaf, table[:, 5], 0.0),
        deepest=_depth(starts, left, right),
    )


def _depth(roots: NDArray[np.intp], left: NDArray[np.intp], right: NDArray[np.intp]) -> int:
    here, depth = roots, 0
    while len(here := here[left[here] != here]):
        here, depth = np.concatenate([left[here], right[here]]), depth + 1
    return depth


def table_of(trees: Trees) -> str:
    """The ensemble as `read_trees` reads it."""
    tree = np.searchsorted(trees.roots, np.arange(len(trees.value)), side="right") - 1
    lines = []
    for node, number in enumerate(tree):
        root = trees.roots[number]
        if trees.left[node] == node:
            lines.append(f"{number}\t0\t0\t-1\t-1\t{trees.value[node]:.5g}")
        else:
            children = f"{trees.left[node] - root}\t{trees.right[node] - root}"
            lines.append(f"{number}\t{trees.measure[node]}\t{float(trees.threshold[node])!r}\t{children}\t0")
    return "\n".join(lines) + "\n"
