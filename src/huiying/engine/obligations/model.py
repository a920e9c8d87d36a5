"""What is owed, and what is told about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from huiying.engine.text import Text

State = Literal["open", "met", "late", "missed", "void"]


class Obligation(NamedTuple):
    """Something that somebody owes on a case. See the package for what the states mean. Give its fields by name."""

    key: str  # stable within the case: "<rule>", "<rule>:<ref>"
    rule: str  # the plan's duty, or accept, unit_report, promise, instruction, ...
    what: Text  # what is to be done
    why: Text  # the rule in words, with the plan's clause; for a void one, first why it is void
    act: str  # the journal kind that settles it
    role: str  # who owes it: a role
    started_at: datetime  # the instant it is measured from
    started_by: int  # seq of the entry it is measured from
    due_at: datetime  # what is done at this very instant is in time
    state: State
    unit: str = ""  # and the unit's code, where it is a unit's
    to: str = ""  # recipient, where act is "reported"
    means: str = ""  # phone, paper, system, where it matters
    stage: str = ""  # stage of the publication, where act is "published"
    form: str = ""  # form of the publication, where it matters
    step: str = ""  # the plan's step, where act is "done"
    met_at: datetime | None = None
    met_by: int | None = None  # seq of the entry that settled it
    void_by: int | None = None  # seq of the entry that made it void
    ref: str = ""  # promise, instruction, urge number, draft, or the obligation that it follows
    closing: bool = False  # never stands in the way of closing
    lapsed: bool = (
        False  # the due instant passed before it was settled: late, missed, or void only afterwards
    )
    unknown_year: int | None = (
        None  # the calendar lacks this year: due_at is only the start of it, and never missed
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that should have been told by now. Its key is (obligation.key, stage): telling it twice is a repeat."""

    obligation: Obligation
    stage: str  # "new", "before:60", "due", "late:1", "late:2" ...
    role: str
    unit: str
    at: datetime  # when it was to be told
    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRef:
    """The version of a plan that a journal names."""

    id: str
    version: int | None
    sha256: str


class BadEntry(ValueError):
    """A journal entry whose data cannot be understood."""

    def __init__(self, seq: int, text: Text) -> None:
        super().__init__(f"entry {seq}: {text.en}")
        self.seq = seq
        self.text = text


class OtherPlan(ValueError):
    """The case is pinned to another version of the plan than the one given."""

    def __init__(self, pinned: PlanRef, given: str) -> None:
        super().__init__(f"the case is pinned to plan {pinned.id} {pinned.sha256[:12]}, not {given[:12]}")
        self.pinned = pinned
        self.text = Text(
            f"本件定级时所依预案（{pinned.id}，{pinned.sha256[:12]}）与现用文本（{given[:12]}）不同",
            f"This case was graded under plan {pinned.id} {pinned.sha256[:12]}, not under the text given ({given[:12]})",
        )
