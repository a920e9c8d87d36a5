"""Appraisal by unit and period: page, chart with its table, XLSX."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huiying.desk.accounts.access import requires
from huiying.desk.accounts.rights import Right
from huiying.desk.library.forms import PeriodForm
from huiying.desk.library.queries.appraisal import Appraisal, appraise
from huiying.desk.shell.pages import paged, show
from huiying.desk.shell.sheets import Cell, as_xlsx
from huiying.desk.shell.zone import here

#: What is counted, in the order of the columns.
COLUMNS = {
    "in_time": gettext_lazy("按时"),
    "late": gettext_lazy("迟办"),
    "missed": gettext_lazy("未办"),
    "afterwards": gettext_lazy("过时才报"),
    "unreported": gettext_lazy("漏报"),
    "bypassed": gettext_lazy("未经审批发布"),
    "corrected": gettext_lazy("报告被更正"),
    "system": gettext_lazy("系统停机所致"),
}


def _period(request: HttpRequest) -> tuple[PeriodForm, date, date]:
    """The days asked for; this month where none are, or where they make no sense."""
    today = timezone.localdate()
    first = {"since": today.replace(day=1), "until": today}
    form = PeriodForm(request.GET if "since" in request.GET else None, initial=first)
    if form.is_bound and form.is_valid():
        return form, form.cleaned_data["since"], form.cleaned_data["until"]
    return form, first["since"], first["until"]


def _appraised(since: date, until: date) -> Appraisal:
    begin = datetime.combine(since, time(), tzinfo=here())
    end = datetime.combine(until + timedelta(days=1), time(), tzinfo=here())
    return appraise(begin, end, timezone.now())


@requires(Right.APPRAISE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """By unit; never by person."""
    form, since, until = _period(request)
    found = _appraised(since, until)
    rows = [(line, [line.counts[key] for key in COLUMNS]) for line in found.lines]
    context = {
        "form": form,
        "since": since,
        "until": until,
        "found": found,
        "rows": rows,
        "columns": COLUMNS.values(),
        "total": [found.total.counts[key] for key in COLUMNS],
        "page": paged(request, found.items, 50),
        "words": {key: str(label) for key, label in COLUMNS.items()},
        "chart": _chart(found),
    }
    return show(request, "library/appraisal.html", context, form)


def _chart(found: Appraisal) -> dict[str, Any]:
    return {
        "kind": "bar",
        "stacked": True,
        "title": _("各部门应办的结果"),
        "x": [line.name for line in found.lines],
        "series": [
            {"name": str(label), "values": [line.counts[key] for line in found.lines]}
            for key, label in COLUMNS.items()
            if any(line.counts[key] for line in found.lines)
        ],
    }


@requires(Right.APPRAISE)
@require_safe
def sheet(request: HttpRequest, what: str) -> HttpResponse:
    """The table ("units") or every item behind it ("items") as XLSX."""
    _form, since, until = _period(request)
    found = _appraised(since, until)
    name = f"{_('考评')} {since:%Y%m%d}-{until:%Y%m%d}"
    if what == "items":
        head = [_("部门"), _("件"), _("事项"), _("时限"), _("完成"), _("结果")]
        return as_xlsx(f"{name} {_('明细')}", head, _items(found))
    head = [_("部门"), _("应办"), *map(str, COLUMNS.values()), _("按时率")]
    return as_xlsx(name, head, _units(found))


def _units(found: Appraisal) -> Iterator[list[Cell]]:
    for line in found.lines:
        yield [line.name, line.owed, *(line.counts[key] for key in COLUMNS), line.percent]


def _items(found: Appraisal) -> Iterator[list[Cell]]:
    units = {line.unit.pk if line.unit else None: line.name for line in found.lines}
    for item in found.items:
        yield [
            units.get(item.unit, ""),
            item.case.number,
            item.what,
            item.due_at,
            item.met_at,
            str(COLUMNS[item.verdict]),
        ]
