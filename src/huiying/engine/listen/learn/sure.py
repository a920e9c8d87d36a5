"""How sure a label is: margins of a classifier turned into chances, on examples that it did not see.

Temperature scaling (Guo et al., ICML 2017): one number for all labels, so the order of the labels never changes.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.special import log_softmax, softmax

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_FOLDS = 3
_BLUNT = 0.5  # where nothing can be held out: half as sure as the margins sound
_ENOUGH = 100
_ALIKE = 0.6  # cosine from which two passages are one text, or nearly
_AT_ONCE = 1_000
_SHARPEST = 4.0  # exponent of the search, base e


def chances(margins: Floats, sharp: float) -> Floats:
    """Margins [passages, labels] as chances that sum to one."""
    return np.asarray(softmax(margins * sharp, axis=1))


def sharpness(margins: Floats, truth: Ints) -> float:
    """The factor under which the true labels of held-out margins are most likely."""
    rows = np.arange(len(truth))

    def loss(exponent: float) -> float:
        return float(-log_softmax(margins * np.exp(exponent), axis=1)[rows, truth].mean())

    found = minimize_scalar(loss, bounds=(-_SHARPEST, _SHARPEST), method="bounded")
    return float(np.exp(found.x))


def held_out_sharpness(
    truth: Ints, words: csr_matrix, asked_of: Bools, margins_of: Callable[[Ints, Ints], Floats]
) -> float:
    """Learnt by leaving out each third in turn. `margins_of(learn, ask)` gives the margins of rows `ask` after learning
    from rows `learn`; rows whose `words` are nearly the same are never on both sides. `asked_of`: rows of the kind that
    will be asked; if they are enough, only they count."""
    part = _parts(truth, _alike(words))
    asked: list[Ints] = []
    margins: list[Floats] = []
    for fold in range(_FOLDS):
        learn, ask = np.flatnonzero(part != fold), np.flatnonzero(part == fold)
        if asked_of.sum() >= _ENOUGH:
            ask = ask[asked_of[ask]]
        ask = ask[np.isin(truth[ask], truth[learn])]
        if len(ask) and len(np.unique(truth[learn])) == len(np.unique(truth)):
            asked.append(ask)
            margins.append(margins_of(learn, ask))
    if not asked:
        return _BLUNT
    return sharpness(np.concatenate(margins), truth[np.concatenate(asked)])


def _alike(words: csr_matrix) -> Ints:
    """A number for each row, the same for rows of nearly the same words."""
    pairs: list[Ints] = []
    for start in range(0, words.shape[0], _AT_ONCE):
        near = (words[start : start + _AT_ONCE] @ words.T).tocoo()
        close = near.data >= _ALIKE
        pairs.append(np.stack([near.row[close] + start, near.col[close]]))
    joined = np.concatenate(pairs, axis=1)
    links = coo_matrix((np.ones(joined.shape[1]), joined), shape=(words.shape[0],) * 2)
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)


def _parts(truth: Ints, groups: Ints) -> Ints:
    """The third of each row: those of a label dealt out in turn, those of a group together."""
    dealt: dict[int, int] = {}
    of_group: dict[int, int] = {}
    parts = np.zeros(len(truth), dtype=np.int64)
    for row, (label, group) in enumerate(zip(truth.tolist(), groups.tolist(), strict=True)):
        if group not in of_group:
            of_group[group] = dealt.get(label, 0) % _FOLDS
            dealt[label] = dealt.get(label, 0) + 1
        parts[row] = of_group[group]
    return parts
