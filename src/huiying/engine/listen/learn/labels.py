"""What is labelled and what a label looks like. Whoever can label passages can stand behind the desk's proposals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


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


class TooFew(ValueError):
    """Examples of fewer than two labels: there is nothing to tell apart."""
