"""The words that two mentions share, in order of what they say: why one was put beside the other."""

from collections.abc import Sequence

import numpy as np

from huiying.engine.listen.grams import Grams
from huiying.engine.listen.likeness import Grid
from huiying.engine.listen.memory import Memory
from huiying.engine.listen.rarity import Rarity

_TOLD = 4  # words
_LEAST = 3.0  # weight from which on a piece is worth telling


def shared_words(
    memory: Memory, rarity: Rarity, grid: Grid, grams: Grams, links: Sequence[tuple[int, int]], *, start: int
) -> list[tuple[str, ...]]:
    """For each link of a new row and an old one the stretches of text that both hold. `grams` begin with row `start`.

    `grid` has a row for each link; what was set in it before is forgotten.
    """
    if not links:
        return []
    new, old = (np.array(rows) for rows in zip(*links, strict=True))
    theirs, their_counts = memory.pieces_of(old)
    grid.set(np.repeat(np.arange(len(links)), their_counts), theirs)
    mine, counts = _pieces_of_new(grams, new - start)
    link = np.repeat(np.arange(len(links)), counts)
    shared = np.flatnonzero(grid.get(link, grams.pieces[mine]))
    mine, link = mine[shared], link[shared]
    weights = rarity.weights(grams.pieces[mine])
    told = weights >= _LEAST
    return _stretches(grams, mine[told], link[told], weights[told].astype(np.float64), len(links))


def _pieces_of_new(grams: Grams, indexes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    begins, counts = grams.starts[indexes], grams.starts[indexes + 1] - grams.starts[indexes]
    jumps = np.repeat(begins - (np.cumsum(counts) - counts), counts)
    return jumps + np.arange(int(counts.sum())), counts


def _stretches(
    grams: Grams, pieces: np.ndarray, link: np.ndarray, weights: np.ndarray, links: int
) -> list[tuple[str, ...]]:
    """Pieces that touch, drawn together; the heaviest few of each link."""
    begins, ends = grams.begins[pieces], grams.ends[pieces]
    found: list[dict[str, float]] = [{} for _ in range(links)]
    if not len(pieces):
        return [() for _ in found]
    new = np.ones(len(pieces), dtype=bool)
    new[1:] = (link[1:] != link[:-1]) | (begins[1:] >= ends[:-1])
    heads = np.flatnonzero(new)
    tails = np.append(heads[1:], len(pieces)) - 1
    sums = np.add.reduceat(weights, heads)
    rows = zip(link[heads].tolist(), begins[heads].tolist(), ends[tails].tolist(), sums.tolist(), strict=True)
    for index, begin, end, weight in rows:
        word = grams.joined[begin:end]
        found[index][word] = max(weight, found[index].get(word, 0.0))
    return [tuple(sorted(words, key=lambda w: (-words[w], w))[:_TOLD]) for words in found]
