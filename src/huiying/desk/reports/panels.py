"""Papers on the page of a case, and the button of a report that is owed on paper."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.access import can, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.slots import Door, Panel, slots
from huiying.desk.replies.queries import lines_in_force
from huiying.desk.reports.briefed import reports_of
from huiying.desk.reports.drafting.sources import approved_texts, decided
from huiying.desk.reports.kinds import FORMS, Form
from huiying.desk.reports.models import Kind
from huiying.desk.reports.queries import readable


def papers(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The case's papers, and which ones may be begun now."""
    person = signed_in(request)
    rows = list(readable(person, case).defer("sheet", "body"))
    writes = can(person, Right.WRITE_REPORTS) and case.merged_into_id is None
    if not rows and not writes:
        return None
    return {
        "case": case,
        "papers": rows,
        "begin": possible(case) if writes else [],
        "briefs": reports_of(case, rows)[:3],
    }


def possible(case: Case) -> list[Form]:
    """The kinds that make sense now: what rests on something approved waits for it."""
    return [form for form in FORMS.values() if form.case and _fits(form, case)]


def _fits(form: Form, case: Case) -> bool:
    match form.kind:
        case Kind.STATEMENT | Kind.PLACEMENT:
            return bool(approved_texts(case))
        case Kind.SUPERVISION:
            return case.open and case.units.exists()
        case Kind.COORDINATION:
            return case.open
        case Kind.KIT:
            return lines_in_force(case) is not None
        case Kind.CORRECTION | Kind.REFERRAL:
            return bool(decided(case, form.kind.value))
        case Kind.MINUTES:
            return False  # begun from the meeting
        case Kind.REVIEW:
            return case.closed_at is not None
    return True


def to_report(case: Case, owed: Owed) -> str:
    """The report that is being written for this recipient, else the place where one is begun."""
    draft = (
        case.papers.filter(issued_at=None, kind__in=(Kind.FLASH, Kind.BRIEF, Kind.HANDLING))
        .order_by("-changed_at")
        .first()
    )
    return draft.get_absolute_url() if draft else f"{reverse('cases:case', args=[case.number])}#papers"


def put_up() -> None:
    """Called once, when the desk starts."""
    slots.add(
        Panel(key="papers", order=30, place="main", template="reports/parts/panel.html", context=papers)
    )
    slots.add(
        Door(
            act="reported",
            label=_("拟文件上报"),
            url=to_report,
            right=Right.WRITE_REPORTS,
            before=lambda owed: owed.means == "paper",
        )
    )
