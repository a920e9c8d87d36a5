"""The books of what was asked for: urgings and supervision notices (督办台账), letters to other bodies (协调函台账)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.models import Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.queries import asked
from huiying.desk.cases.queries.sentences import MEANS_OF_LETTERS, OUTCOMES_OF_REQUESTS
from huiying.desk.shell import sheets
from huiying.desk.shell.mask import mask
from huiying.desk.shell.pages import paged


def tabs(numbers: dict[str, int]) -> list[dict[str, Any]]:
    """The tabs of a book, with how many wait."""
    names = [
        ("waiting", _("没回复的")),
        ("overdue", _("超时的")),
        ("answered", _("已回复")),
        ("all", _("全部")),
    ]
    return [
        {"key": key, "name": name, "count": numbers.get(key), "bad": key == "overdue"} for key, name in names
    ]


def _book(request: HttpRequest, rows: list[asked.Asked], template: str) -> HttpResponse:
    wish = asked.wish_of(request.GET)
    person = signed_in(request)
    context = {
        "page": paged(request, asked.chosen(rows, wish)),
        "wish": wish,
        "tabs": tabs(asked.counts(rows)),
        "kinds": [(key, asked.KINDS[key]) for key in ("urge", "supervision")],
        "sorts": asked.SORTS.items(),
        "units": Unit.objects.filter(active=True),
        "may_answer": can(person, Right.ADD_NOTE),
        "may_record": can(person, Right.WRITE_REPORTS),
    }
    return render(request, template, context)


@requires(Right.SEE_CASES)
@require_safe
def urges(request: HttpRequest) -> HttpResponse:
    """Every urging and supervision notice, late ones first."""
    return _book(request, asked.urges(signed_in(request), timezone.now()), "cases/urges.html")


@requires(Right.SEE_CASES)
@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Every letter to another body, late ones first."""
    return _book(request, asked.requests(signed_in(request), timezone.now()), "cases/requests.html")


def _head(last: Sequence[str]) -> list[str]:
    return [
        _("件号"),
        _("件名"),
        _("号"),
        _("文号"),
        _("种类"),
        _("对象"),
        _("内容"),
        _("发出"),
        _("发出人"),
        _("时限"),
        _("状态"),
        _("回复时间"),
        _("回复"),
        *last,
    ]


def _cells(row: asked.Asked) -> list[sheets.Cell]:
    return [
        row.case.number,
        mask(row.case.title),
        row.number,
        row.paper_number,
        str(asked.KINDS[row.kind]),
        row.whom,
        mask(row.text),
        row.at,
        row.by,
        row.due_at,
        str(asked.STATES[row.state]),
        row.answered_at,
        mask(row.answer),
    ]


def _sheet(fmt: str, name: str, head: Sequence[str], lines: Iterator[list[sheets.Cell]]) -> HttpResponse:
    write = {"csv": sheets.as_csv, "xlsx": sheets.as_xlsx}.get(fmt)
    if write is None:
        raise Http404
    return write(name, _head(head), lines)


@requires(Right.SEE_CASES)
@require_safe
def urges_sheet(request: HttpRequest, fmt: str) -> HttpResponse:
    """What the book shows, as a file; personal data covered."""
    rows = asked.chosen(asked.urges(signed_in(request), timezone.now()), asked.wish_of(request.GET))
    lines = ([*_cells(row), _("、").join(row.copied)] for row in rows)
    return _sheet(fmt, _("督办台账"), [_("抄送")], lines)


@requires(Right.SEE_CASES)
@require_safe
def requests_sheet(request: HttpRequest, fmt: str) -> HttpResponse:
    """What the book shows, as a file; personal data covered."""
    rows = asked.chosen(asked.requests(signed_in(request), timezone.now()), asked.wish_of(request.GET))
    lines = (
        [
            *_cells(row),
            str(MEANS_OF_LETTERS.get(row.means, row.means)),
            row.again,
            str(OUTCOMES_OF_REQUESTS.get(row.outcome, "")),
        ]
        for row in rows
    )
    return _sheet(fmt, _("协调函台账"), [_("送出方式"), _("催问次数"), _("结果")], lines)
