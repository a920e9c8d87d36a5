"""What a check found: one shape for plans, replies and settings."""

from dataclasses import dataclass, field
from typing import Literal

from huiying.engine.text import Text

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a finding stands: a file and line, or a span of characters in a text, or both."""

    file: str = ""
    line: int | None = None  # counted from 1
    start: int | None = None  # first character, counted from 0
    end: int | None = None  # one past the last character
    path: str = ""  # the key inside a structured file, e.g. "duty[2].within"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a check found, and what to do about it."""

    code: str  # stable, e.g. "plan.level-unreachable"
    level: Severity
    message: Text
    place: Place = field(default_factory=Place)
    mend: Text | None = None  # what a person does about it
    because: Text | None = None  # how it was derived, with the instant or the evidence that shows it
    replacement: str | None = None  # text that one click puts at place.start..place.end
