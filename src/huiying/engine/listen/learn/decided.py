"""Whose matter it is, learnt from what an institution's own officers decided: when to learn, from what, when to speak.

Learnt anew each time the decisions have grown by a fifth: a year of them is learnt from a few dozen times, and hearing
that year again costs no more. Only the newest count, because units and their matters change.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from huiying.engine.listen.learn.labels import READ, Example, Judged, Passage, Proposer, TooFew
from huiying.engine.listen.learn.sorter import learn

#: Decisions that count, the newest.
MOST = 5_000
#: Mentions of a story that are read.
TEXTS = 3
_LEAST = 12  # decisions before anything is learnt
_EACH = 3  # decisions of a unit, or it is not learnt
_GROWN = 0.2


@dataclass(frozen=True, slots=True)
class Decision:
    """An officer said whose matter a story is."""

    unit: str  # code
    title: str
    texts: tuple[str, ...]  # of its mentions, the first one first


def is_due(made: int, learnt: int) -> bool:
    """Whether to learn anew: `made` decisions were made in all, `learnt` of them when it was last learnt."""
    return made >= _LEAST and made >= learnt + max(1, int(min(learnt, MOST) * _GROWN))


def learn_units(decisions: Sequence[Decision], units: Collection[str]) -> Proposer | None:
    """What the decisions, in their order, teach about `units`; None where they are too few or of one unit only."""
    known = [d for d in decisions if d.unit in units][-MOST:]
    often = Counter(d.unit for d in known)
    kept = [Example(_passage(d), d.unit) for d in known if often[d.unit] >= _EACH]
    if len(kept) < _LEAST:
        return None
    try:
        return Taught(learn(kept), often)
    except TooFew:
        return None


class Taught:
    """A router that is no surer of a unit than its decisions allow; a `Proposer`.

    Of so many decisions that all agreed, the next one agrees with a chance of (n + 1) / (n + 2), Laplace's rule of
    succession: a few that happen to be told apart easily are no ground for certainty.
    """

    def __init__(self, router: Proposer, decisions: Mapping[str, int]) -> None:
        self.labels = tuple(router.labels)
        self._router = router
        self._most = {label: (decisions[label] + 1) / (decisions[label] + 2) for label in self.labels}

    def propose(self, passages: Sequence[Passage]) -> list[Judged]:
        """One judgement for each passage, in their order."""
        said = self._router.propose(passages)
        return [Judged(j.label, round(j.confidence * self._most[j.label], 4), j.words) for j in said]


def _passage(decision: Decision) -> Passage:
    return Passage(decision.title, "\n".join(text[:READ] for text in decision.texts[:TEXTS]))
