"""Reads of papers: who may see which."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import can, units_for
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Case
from huiying.desk.reports.kinds import FORMS
from huiying.desk.reports.models import Kind, Paper
from huiying.engine.journal import Entry

__all__ = ["PaperFilter", "get_paper", "instructions_on", "papers", "papers_for", "readable"]

#: What a unit's people read of the cases of their unit: papers that are addressed to units or to everybody.
FOR_UNITS = (Kind.TRANSFER, Kind.SUPERVISION, Kind.STATEMENT)
READS_DRAFTS = (Right.WRITE_REPORTS, Right.SIGN_REPORTS, Right.SEE_AUDIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFilter:
    """What the list asks for."""

    kind: str = ""
    state: str = ""  # draft, sign, issued, unread
    words: str = ""
    case: str = ""


def papers_for(person: Person) -> QuerySet[Paper]:
    """The papers that `person` may read: of visible cases; whole-house briefs only with a role of the whole house."""
    rows = Paper.objects.filter(Q(case__isnull=True) | Q(case__in=visible(person)))
    if units_for(person, Right.SEE_REPORTS) is not None:
        rows = rows.filter(kind__in=FOR_UNITS, case__isnull=False)
    if not any(can(person, right) for right in READS_DRAFTS):
        rows = rows.filter(issued_at__isnull=False)
    return rows


def get_paper(person: Person, pk: int) -> Paper:
    """The paper. Raises Http404 when there is none or it is none of the person's business."""
    rows = papers_for(person).select_related("case", "made_by", "signed_by", "issued_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这份文件，或者不归你看。"))
    return found


def papers(person: Person, asked: PaperFilter) -> QuerySet[Paper]:
    """The list: what is being written first, then the newest."""
    rows = papers_for(person).select_related("case", "made_by", "signed_by")
    if asked.kind in Kind.values:
        rows = rows.filter(kind=asked.kind)
    if asked.case:
        rows = rows.filter(case__number=asked.case)
    for word in asked.words.split()[:6]:
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(to__icontains=word))
    return _in_state(rows, asked.state, person).order_by("-changed_at", "-pk")


def _in_state(rows: QuerySet[Paper], state: str, person: Person) -> QuerySet[Paper]:
    match state:
        case "draft":
            return rows.filter(issued_at=None)
        case "issued":
            return rows.exclude(issued_at=None)
        case "unread":
            return rows.exclude(issued_at=None).exclude(readings__person=person)
    return rows


def readable(person: Person, case: Case) -> QuerySet[Paper]:
    """The papers of one case."""
    return papers_for(person).filter(case=case).order_by("-changed_at", "-pk")


def instructions_on(paper: Paper, entries: list[Entry]) -> list[Entry]:
    """The instructions that this paper drew, as the journal has them."""
    return [
        entry
        for entry in entries
        if entry.kind == "instructed" and entry.data.get("ref") in paper.instructions
    ]


def waiting_for(person: Person, now: datetime) -> QuerySet[Paper]:
    """Papers that wait for a leader's signature."""
    if not can(person, Right.SIGN_REPORTS):
        return Paper.objects.none()
    kinds = [form.kind for form in FORMS.values() if form.sign]
    rows = papers_for(person).filter(issued_at=None, signed_at=None, kind__in=kinds)
    return rows.exclude(made_by=person).order_by("made_at")
