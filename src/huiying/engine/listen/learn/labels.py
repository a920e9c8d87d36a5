"""What is labelled and what a label looks like. Whoever can label passages can stand behind the desk's proposals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

#: From this confidence on a proposal is made at the desk.
SURE = 0.7
#: Characters of a mention's text that are read for it.
READ = 400


@dataclass(frozen=True, slots=True)
class Passage:
    """A message. Who wrote it is not part of it: nobody is judged by earlier words."""

    title: str = ""
    text: str = ""
    cut: bool = False  # already cut into words, by spaces; stop words may be missing


@dataclass(frozen=True, slots=True)
class Example:
    """A passage and what people said it is."""

    passage: Passage
    label: str


@dataclass(frozen=True, slots=True)
class Judged:
    """The likeliest label, how sure it is, and the words that led to it, most telling first."""

    label: str
    confidence: float  # chance that the label is right, from 0 to 1; 0 where nothing of the passage is known
    words: tuple[str, ...] = ()


class Proposer(Protocol):
    """Labels passages. A stronger model can take the place of `Sorter` by answering this."""

    @property
    def labels(self) -> Sequence[str]:
        """Every label it may say."""
        ...

    def propose(self, passages: Sequence[Passage]) -> list[Judged]:
        """One judgement for each passage, in their order."""
        ...


def judge(router: Proposer, texts: Sequence[tuple[str, str]]) -> list[Judged | None]:
    """For each title and text its likeliest label with words fit to be told; None where it is not sure enough, or where
    single characters alone speak for it."""
    said = router.propose([Passage(title, text[:READ]) for title, text in texts])
    told = [tuple(word for word in j.words if len(word) > 1 and word.isalpha()) for j in said]
    return [
        Judged(j.label, j.confidence, words) if words and j.confidence >= SURE else None
        for j, words in zip(said, told, strict=True)
    ]


class TooFew(ValueError):
    """Examples of fewer than two labels: there is nothing to tell apart."""
