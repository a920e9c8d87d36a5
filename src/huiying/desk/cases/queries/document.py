"""A closed case as a document: what was asked, what was found, what was done, what was answered, how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from huiying.desk.cases.queries.names import language
from huiying.desk.cases.queries.sentences import OUTCOMES, STAGES
from huiying.desk.cases.queries.standing import Standing
from huiying.desk.shell.times import length
from huiying.engine.journal import Kind


@dataclass(frozen=True, slots=True)
class Part:
    """One section."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its words."""

    value: str
    label: str


def document(on: Standing) -> list[Part]:
    """The sections that have something to say."""
    parts = [
        Part(_("反映的事"), on.facts.summary),
        Part(_("核实"), _found(on)),
        Part(_("交办与办理"), "\n".join(_units(on))),
        Part(_("实际问题的解决"), _texts(on, Kind.OFFLINE_FIXED)),
        Part(_("答复"), "\n".join(_answers(on))),
        Part(_("办结"), _texts(on, Kind.CLOSED)),
        Part(_("回访"), _texts(on, Kind.CALLED_BACK)),
    ]
    return [part for part in parts if part.text]


def _texts(on: Standing, kind: Kind) -> str:
    return "\n".join(str(e.data.get("text") or e.data.get("summary") or "") for e in on.of_kind(kind))


def _found(on: Standing) -> str:
    entry = on.verified
    if entry is None:
        return ""
    return f"{OUTCOMES.get(str(entry.data.get('outcome')), '')}{_('。')}{entry.data.get('facts', '')}"


def _units(on: Standing) -> Iterator[str]:
    for entry in on.of_kind(Kind.UNIT_REPORTED):
        yield _("%(unit)s：%(text)s") % {
            "unit": on.names.unit(entry.data.get("unit")),
            "text": entry.data.get("text", ""),
        }


def _answers(on: Standing) -> Iterator[str]:
    for entry in on.of_kind(Kind.PUBLISHED):
        stage = STAGES.get(str(entry.data.get("stage")), "")
        yield f"{on.names.at(entry.at)} {stage} {entry.data.get('title', '')} {entry.data.get('address', '')}".strip()


def _span(span: timedelta | None) -> str:
    return length(span, language()) if span is not None else "—"


def figures(on: Standing) -> list[Figure]:
    """How fast, how punctual, how often it went back and forth."""
    published = on.of_kind(Kind.PUBLISHED)
    start, end = on.facts.discovered_at, on.facts.closed_at
    first = published[0].at - start if published and start else None
    done = [row for row in on.owed_rows if row.state in {"met", "late", "missed"}]
    in_time = sum(row.state == "met" for row in done)
    return [
        Figure(_span(first), _("发现到首次回应")),
        Figure(_span(end - start if start and end else None), _("发现到办结")),
        Figure(f"{in_time}/{len(done)}", _("应办按时")),
        Figure(str(on.case.returns), _("退办")),
        Figure(str(on.case.extensions), _("延期")),
    ]
