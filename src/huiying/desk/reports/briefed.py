"""What became of a report to a leader: an instruction, or none yet; then whether the matter has grown since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.projection import entries_of
from huiying.desk.cases.queries.growth import Growth, grown
from huiying.desk.reports.kinds import form_of
from huiying.desk.reports.models import Kind, Paper
from huiying.engine.journal import Entry
from huiying.engine.journal import Kind as Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """A leader's words on a paper, and where carrying them out stands."""

    entry: Entry
    unit: str  # who carries it out; empty: the office
    owed: Owed | None  # the deadline, where there is one
    done: Entry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One report that a leader may answer with an instruction."""

    paper: Paper
    instructions: tuple[Instruction, ...]
    growth: Growth | None  # since it was issued; None when the journal does not hold it
    watching: bool  # no instruction, and the case is open: keep watching
    again: Paper | None  # the next report that is being drafted already

    @property
    def issued_at(self) -> datetime | None:
        """When it went out."""
        return self.paper.issued_at


def may_issue(person: Person, paper: Paper) -> bool:
    """Whether the person may send it out: a supervision notice only whoever may urge."""
    may = paper.open and can(person, Right.WRITE_REPORTS)
    return may and (paper.kind != Kind.SUPERVISION or can(person, Right.URGE))


def reported(paper: Paper, person: Person) -> Reported | None:
    """What became of an issued report; None for a draft and for papers that take no instruction."""
    if paper.case is None or paper.issued_at is None or not form_of(paper.kind).instruct:
        return None
    return _of(paper, paper.case, entries_of(paper.case))


def reports_of(case: Case, papers: Sequence[Paper]) -> list[Reported]:
    """The briefs of a case with what became of them, the newest first."""
    briefs = [paper for paper in papers if paper.kind == Kind.BRIEF and paper.issued_at]
    entries = entries_of(case) if briefs else []
    return [_of(paper, case, entries) for paper in briefs]


def _of(paper: Paper, case: Case, entries: Sequence[Entry]) -> Reported:
    told = next((e for e in entries if (e.data.get("paper") or {}).get("sha256") == paper.sha256), None)
    given = tuple(_instruction(case, e, entries) for e in entries if _on(e, paper))
    drafts = Paper.objects.filter(case=case, kind=paper.kind, issued_at=None).order_by("-changed_at")
    return Reported(
        paper=paper,
        instructions=given,
        growth=grown(entries, told.seq) if told else None,
        watching=paper.kind == Kind.BRIEF and not given and case.open,
        again=drafts.first(),
    )


def _on(entry: Entry, paper: Paper) -> bool:
    return entry.kind is Told.INSTRUCTED and entry.data.get("ref") in paper.instructions


def _instruction(case: Case, entry: Entry, entries: Sequence[Entry]) -> Instruction:
    ref = entry.data.get("ref")
    owed = case.owed.filter(rule="instruction", started_by=entry.seq).select_related("unit").first()
    done = next((e for e in entries if e.kind is Told.INSTRUCTION_DONE and e.data.get("ref") == ref), None)
    unit = owed.unit if owed else None
    return Instruction(entry=entry, unit=str(unit or entry.data.get("unit") or ""), owed=owed, done=done)
