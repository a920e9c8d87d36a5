"""Lines to take of a case: the version in force, the one that waits, what is public and disagrees."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import get_case, visible
from huiying.desk.cases.models import Case
from huiying.desk.replies import actions, queries
from huiying.desk.replies.forms import CommentForm, LinesForm
from huiying.desk.replies.models import Lines
from huiying.desk.replies.views.common import settled
from huiying.desk.shell.pages import show


def _page(request: HttpRequest, case: Case, **more: Any) -> HttpResponse:
    person, now = signed_in(request), timezone.now()
    held, waiting = queries.lines_in_force(case), queries.lines_waiting(case)
    writes = (
        can(person, Right.EDIT_LINES)
        and case.open
        and (waiting is None or waiting.written_by_id == person.pk)
    )
    context = {
        "case": case,
        "held": held,
        "waiting": waiting,
        "versions": case.lines.select_related("written_by", "approved_by", "returned_by"),
        "stale": queries.disagreeing(case, now),
        "writes": writes,
        "form": LinesForm.of(waiting or held),
        "comment_form": CommentForm(),
        "decides": bool(waiting and can(person, Right.APPROVE_LINES) and waiting.written_by_id != person.pk),
    }
    context |= more
    bound = [one for one in more.values() if getattr(one, "is_bound", False)]
    return show(request, "replies/lines.html", context, *bound)


@requires(Right.SEE_CASES)
def lines(request: HttpRequest, number: str) -> HttpResponse:
    """The lines of a case, version by version."""
    return _page(request, get_case(signed_in(request), number))


@requires(Right.EDIT_LINES)
@require_POST
def write(request: HttpRequest, number: str) -> HttpResponse:
    """A new version."""
    case, form = get_case(signed_in(request), number), LinesForm(request.POST)

    def keep(*, by: Person, now: datetime, **fields: Any) -> None:
        actions.write_lines(by=by, now=now, case=case, fields=fields)

    if settled(request, form, keep, _("已送审定。审定前仍按原来的口径。")):
        return redirect("replies:lines", number)
    return _page(request, case, form=form)


def _lines(request: HttpRequest, pk: int) -> Lines:
    rows = Lines.objects.filter(case__in=visible(signed_in(request))).select_related("case")
    return get_object_or_404(rows, pk=pk)


@requires(Right.APPROVE_LINES)
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a version binding."""
    row, form = _lines(request, pk), CommentForm(request.POST)

    if settled(request, form, actions.approve_lines, _("口径已审定，从现在起以这一版为准。"), lines=row):
        return redirect(row)
    return _page(request, row.case, comment_form=form)


@requires(Right.APPROVE_LINES)
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a version with a reason."""
    row, form = _lines(request, pk), CommentForm(request.POST)

    if settled(request, form, actions.return_lines, _("已退回。"), lines=row):
        return redirect(row)
    return _page(request, row.case, comment_form=form)
