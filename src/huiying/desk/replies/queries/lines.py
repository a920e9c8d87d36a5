"""Reads of lines to take."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Case
from huiying.desk.replies.models import Draft, Lines
from huiying.engine.findings import Finding
from huiying.engine.reply import model, voice
from huiying.engine.reply.lines import read_fields


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A published text and where it now stands against the lines."""

    draft: Draft
    findings: tuple[Finding, ...]


def lines_in_force(case: Case) -> Lines | None:
    """The newest approved version; None while there is none."""
    return case.lines.filter(approved_at__isnull=False).order_by("-version").first()


def lines_waiting(case: Case) -> Lines | None:
    """The version that waits for a leader, if any."""
    return case.lines.filter(approved_at=None, returned_at=None).order_by("-version").first()


def lines_to_approve(person: Person) -> QuerySet[Lines]:
    """Versions that wait for this person's decision."""
    if not can(person, Right.APPROVE_LINES):
        return Lines.objects.none()
    waiting = Lines.objects.filter(approved_at=None, returned_at=None, case__in=visible(person))
    return waiting.exclude(written_by=person).select_related("case", "written_by").order_by("written_at")


def as_engine(lines: Lines) -> model.Lines:
    """The version as the engine's value."""
    return read_fields(
        version=lines.version,
        facts=lines.facts,
        figures=lines.figures,
        causes=lines.causes,
        wording=lines.wording,
        not_yet=lines.not_yet,
    )


#: Headings in the journal, which speaks Chinese whoever writes it.
HEADINGS = {
    "facts": "事实",
    "figures": "数字",
    "causes": "已核实的原因",
    "wording": "统一表述",
    "not_yet": "暂不对外",
    "handling": "同时定下的处置",
    "outlet": "发布出口",
}


def as_text(lines: Lines) -> str:
    """All that the version says, field by field: what journals keep of it."""
    parts = ((words, getattr(lines, name).strip()) for name, words in HEADINGS.items())
    return "\n".join(f"{words}：\n{value}" for words, value in parts if value)


def against(draft: Draft, lines: Lines, now: datetime) -> tuple[Finding, ...]:
    """Where the text stands against the lines: errors only."""
    text = model.DraftText(text=draft.text, title=draft.title, form=draft.form, stage=draft.stage)
    context = model.Context(now=draft.published_at or now, lines=as_engine(lines))
    return tuple(one for one in voice.check(text, context) if one.level == "error")


def disagreeing(case: Case, now: datetime, lines: Lines | None = None) -> list[Disagreement]:
    """The published texts of the case that the lines in force (or `lines`) contradict."""
    held = lines or lines_in_force(case)
    if held is None:
        return []
    texts = case.drafts.filter(state=Draft.State.PUBLISHED).order_by("published_at")
    found = [Disagreement(draft, against(draft, held, now)) for draft in texts]
    return [one for one in found if one.findings]
