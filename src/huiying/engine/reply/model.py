"""What a check reads: the draft, and everything that it must agree with."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from huiying.engine.calendar import Calendar, Within
from huiying.engine.reply.reader import Reader
from huiying.engine.text import Text


class Rigour(StrEnum):
    """How far a word may go: what the house's own list says of it."""

    FORBIDDEN = "forbidden"  # never in a public text
    CAREFUL = "careful"  # only with good reason
    HASTY = "hasty"  # a judgement before the facts are in
    RUDE = "rude"  # talks down to the person who asked
    FORMULA = "formula"  # says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftText:
    """The text that is being written. Places of findings count characters of `text`."""

    text: str
    title: str = ""
    form: str = "reply"  # reply, comment, article, statement, release, correction
    stage: str = "first"  # first, progress, formal, final, correction


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the lines to take: what is counted, and how many."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One agreed wording: say `use`; `avoid`, where given, is what must not be said instead."""

    use: str
    avoid: str = ""


@dataclass(frozen=True, slots=True)
class NotYet:
    """Something that may not be said yet, and why."""

    what: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The approved facts, figures and wording on a case."""

    version: int = 1
    facts: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    causes: tuple[str, ...] = ()  # causes that were verified; no other may be stated
    wording: tuple[Wording, ...] = ()
    not_yet: tuple[NotYet, ...] = ()

    @property
    def said(self) -> str:
        """Everything that the lines say, as one text."""
        figures = (f"{figure.name}{figure.value}" for figure in self.figures)
        return "\n".join((*self.facts, *figures, *self.causes, *(one.use for one in self.wording)))


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer that was published before."""

    ref: str  # number or address, for the reader of the finding
    text: str
    same_matter: bool = False  # then likeness is no fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One entry of a list of words: shipped with the house, or the institution's own."""

    words: tuple[str, ...]
    rigour: Rigour
    why: Text
    use: str = ""  # what to write instead, put in by one click
    unless: tuple[str, ...] = ()  # longer phrases in which the word is innocent


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the draft is held against. What is absent is not checked."""

    now: datetime
    message: str = ""  # what was asked
    lines: Lines | None = None
    earlier: tuple[Earlier, ...] = ()
    promise_max: Within | None = None  # the plan's longest promise
    calendar: Calendar | None = None
    institution: str = ""
    aliases: tuple[str, ...] = ()  # other names by which the institution may sign
    rules: tuple[Rule, ...] = ()  # the house's list and the institution's own
    found_untrue: bool = False  # the message was verified as untrue, with evidence
    reader: Reader | None = None  # a proofreader taught the institution's own texts; None: the shipped one
