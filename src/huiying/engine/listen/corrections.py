"""What an officer puts right. Applied in the order in which they were made, between the same mentions, they give the
same stories again: store with each correction the last mention heard before it."""

from dataclasses import dataclass

from huiying.engine.listen.mention import MentionId


@dataclass(frozen=True, slots=True)
class Move:
    """A mention belongs to another story; `to` is "" for a new one of its own."""

    mention: MentionId
    to: str = ""


@dataclass(frozen=True, slots=True)
class Merge:
    """A story is part of another."""

    story: str
    into: str


@dataclass(frozen=True, slots=True)
class Split:
    """Some mentions of a story are a matter of their own."""

    story: str
    mentions: tuple[MentionId, ...]


@dataclass(frozen=True, slots=True)
class NotOurs:
    """A story does not concern the institution; what resembles it joins it quietly from now on."""

    story: str
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A story is a unit's matter; "" takes the word back."""

    story: str
    unit: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A story is about a subject; "" takes the word back."""

    story: str
    topic: str


Correction = Move | Merge | Split | NotOurs | Unit | Topic


class CannotCorrect(ValueError):
    """A correction names a story or mention that the state does not know."""
