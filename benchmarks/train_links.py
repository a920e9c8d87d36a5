"""Learns the formula of engine/listen/links.toml: whether two messages are about the same concrete matter.

Pairs are what the ear itself compares while it hears. For mentions with title and text: hot-issues as they are and
without their voices, where both stand in groups-dev, which two readers grouped. For bare posts: the same messages
without titles, cut to 140 characters, and the titles alone. For texts in an alphabet: stream-en, half of its clusters (the
other half is what `benchmarks.stories` tells apart).
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from benchmarks.english import tweets
from benchmarks.hot import Messages, messages
from huiying.engine.listen.ear import Ear
from huiying.engine.listen.grams import Grams
from huiying.engine.listen.likeness import MEASURES, Pairs
from huiying.engine.listen.mention import Config, Mention
from huiying.engine.listen.senses import Senses

OUT = Path(__file__).parents[1] / "src/huiying/engine/listen/links.toml"
THRESHOLDS = {"whole": 0.5, "bare": 0.4, "alphabet": 0.6}
#: No gazetteer comes with the messages. That both name a place is in the words they share already, since other names are
#: replaced by the first; that they name different ones speaks against them. Learnt with a mined list: -0.7 and -1.4.
BY_HAND = {"same_thing": 0.0, "other_thing": -1.5}
Floats = NDArray[np.float64]
Weights = tuple[Floats, float]


class Recorder(Ear):
    """An ear that keeps what it measured."""

    __slots__ = ("measured", "pairs")

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[NDArray[np.int64]] = []
        self.measured: list[Floats] = []

    def measure(self, pairs: Pairs, grams: Grams, start: int) -> Floats:
        """As the ear does, and kept."""
        measured = super().measure(pairs, grams, start)
        self.pairs.append(np.column_stack([pairs.new, pairs.old]))
        self.measured.append(measured)
        return measured


def _untitled(mention: Mention) -> Mention:
    return replace(mention, title="", text=f"{mention.title}。{mention.text}")


Change = Callable[[Mention], Mention]
VARIANTS: dict[str, tuple[Change, ...]] = {
    "whole": (lambda m: m, lambda m: replace(m, voice="")),
    "bare": (
        _untitled,
        lambda m: replace(m, title="", text=m.title),
        lambda m: replace(m, title="", text=f"{m.title}。{m.text}"[:140]),
    ),
}


def recorded(mentions: Sequence[Mention]) -> tuple[NDArray[np.int64], Floats]:
    """The pairs that the ear compares while it hears, and their measures."""
    ear, senses = Recorder(), Senses(Config(group_unmatched=True))
    ear.join(senses.sense(mentions), 1_000_000)
    return np.concatenate(ear.pairs), np.concatenate(ear.measured)


def examples(data: Messages, kind: str) -> list[tuple[NDArray[np.int64], Floats]]:
    """Pairs and measures of every variant of a kind."""
    return [recorded([change(m) for m in data.mentions]) for change in VARIANTS[kind]]


def learn(
    data: Messages, found: Sequence[tuple[NDArray[np.int64], Floats]], without: frozenset[str] = frozenset()
) -> Weights:
    """The formula from pairs whose messages both stand in groups; `without`: groups left out."""
    group = np.array([data.groups.get(str(m.id), "") for m in data.mentions])
    able = (group != "") & ~np.isin(group, list(without))
    measured, together = [], []
    for pairs, measures in found:
        kept = able[pairs[:, 0]] & able[pairs[:, 1]]
        measured.append(measures[kept])
        together.append(group[pairs[kept, 0]] == group[pairs[kept, 1]])
    return _fit(np.concatenate(measured), np.concatenate(together))


def _fit(measured: Floats, together: NDArray[np.bool_]) -> Weights:
    scaler = StandardScaler().fit(measured)
    model = LogisticRegression(C=1.0, max_iter=5000).fit(scaler.transform(measured), together)
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    for name, weight in BY_HAND.items():
        weights[MEASURES.index(name)] = weight
    return weights, bias


def half_of(groups: Collection[str]) -> frozenset[str]:
    """Every second group, in an order that no one chose."""
    return frozenset(sorted(groups, key=lambda g: hashlib.sha256(g.encode()).digest())[::2])


def main() -> None:
    """Learn and write."""
    data, english = messages(), tweets()
    learnt = {kind: learn(data, examples(data, kind)) for kind in VARIANTS}
    kept_back = half_of(set(english.groups.values()))
    learnt["alphabet"] = learn(english, [recorded(english.mentions)], kept_back)
    text = "# The formulas of `links`; written by benchmarks.train_links.\n"
    for kind, (weights, bias) in learnt.items():
        rows = [f"{name} = {weight:.4f}" for name, weight in zip(MEASURES, weights, strict=True)]
        text += (
            f"\n[{kind}]\nthreshold = {THRESHOLDS[kind]}\n" + "\n".join([*rows, f"bias = {bias:.4f}"]) + "\n"
        )
    OUT.write_text(text, "utf-8")
    print(f"{len(learnt)} formulas of {len(MEASURES)} weights to {OUT}")


if __name__ == "__main__":
    main()
