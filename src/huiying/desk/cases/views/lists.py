"""The list of cases, what is taken away from it, and what is done with several at once."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions
from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.queries.names import say
from huiying.desk.cases.queries.rows import counts, found, has_unit, wanted
from huiying.desk.plans import queries as plans
from huiying.desk.shell import sheets
from huiying.desk.shell.levels import look
from huiying.desk.shell.mask import mask
from huiying.desk.shell.pages import paged
from huiying.engine.plan.model import Plan

MOST_EXPORTED = 20_000


def _plan() -> Plan | None:
    version = plans.active()
    return plans.engine_plan(version) if version else None


def _tabs(person: Person, numbers: dict[str, int]) -> list[dict[str, Any]]:
    names = [
        ("open", _("在办")),
        ("mine", _("我要办的")),
        ("unit", _("本部门")),
        ("overdue", _("超时")),
        ("undecided", _("待定级")),
        ("watch", _("防复发")),
        ("closed", _("已办结")),
        ("all", _("全部")),
    ]
    shown = [(key, name) for key, name in names if key != "unit" or has_unit(person)]
    return [
        {"key": key, "name": name, "count": numbers.get(key), "bad": key == "overdue"} for key, name in shown
    ]


def next_of(cases: Sequence[Case]) -> dict[int, Owed]:
    """Case id -> the first thing owed on it."""
    first: dict[int, Owed] = {}
    rows = Owed.objects.filter(case__in=cases, state__in=["open", "missed"]).order_by("due_at", "pk")
    for row in rows:
        first.setdefault(row.case_id, row)
    return first


@requires(Right.SEE_CASES)
def cases(request: HttpRequest) -> HttpResponse:
    """The cases that the address bar asks for."""
    person, now = signed_in(request), timezone.now()
    wish = wanted(request.GET)
    page = paged(request, found(person, wish, now))
    first, plan = next_of(list(page)), _plan()
    rows = [{"case": case, "next": first.get(case.pk), "plan": plan} for case in page]
    context = {
        "page": page,
        "rows": rows,
        "wish": wish,
        "tabs": _tabs(person, counts(person, now)),
        "plan": plan,
        "units": Unit.objects.filter(active=True),
        "steps": Case.Step.choices[1:],
        "may_open": can(person, Right.OPEN_CASE),
        "may_merge": can(person, Right.MERGE_CASES),
    }
    return render(request, "cases/list.html", context)


def head() -> list[str]:
    """The columns of an export in the page's language."""
    return [
        _("编号"),
        _("标题"),
        _("演练"),
        _("等级"),
        _("步骤"),
        _("领域"),
        _("牵头"),
        _("立件"),
        _("发现"),
        _("下一时限"),
        _("超时项"),
        _("退办次数"),
        _("延期次数"),
        _("办结"),
    ]


def _cells(cases: Sequence[Case] | Any, plan: Plan | None) -> Iterator[list[sheets.Cell]]:
    subjects = {item.id: say(item.name) for item in plan.subjects} if plan else {}
    for case in cases:
        yield [
            case.number,
            mask(case.title),
            _("演练") if case.drill else "",
            str(look(case.level, plan).word) if case.level else "",
            str(case.get_step_display()),
            subjects.get(case.subject, case.subject),
            str(case.lead or ""),
            case.opened_at,
            case.discovered_at,
            case.next_due_at,
            case.overdue,
            case.returns,
            case.extensions,
            case.closed_at,
        ]


def _export(fmt: str, rows: Any) -> HttpResponse:
    write = {"csv": sheets.as_csv, "xlsx": sheets.as_xlsx}.get(fmt)
    if write is None:
        raise Http404
    return write(_("舆情件"), head(), _cells(rows[:MOST_EXPORTED], _plan()))


@requires(Right.SEE_CASES)
def export(request: HttpRequest, fmt: str) -> HttpResponse:
    """What the list shows, all pages of it, as a file; personal data covered."""
    return _export(fmt, found(signed_in(request), wanted(request.GET), timezone.now()))


def _selected(person: Person, data: QueryDict) -> list[Case]:
    numbers = data.getlist("number")[:500]
    return list(visible(person).filter(number__in=numbers).select_related("lead").order_by("opened_at", "pk"))


@requires(Right.SEE_CASES)
@require_POST
def selected(request: HttpRequest) -> HttpResponse:
    """Take several cases away as a file, or merge the later ones into the one opened first."""
    person, do = signed_in(request), request.POST.get("do", "")
    rows = _selected(person, request.POST)
    if not rows:
        messages.warning(request, _("还没有选中任何一件。"))
    elif do in {"csv", "xlsx"}:
        return _export(do, rows)
    elif do == "merge":
        return _merge(request, person, rows)
    return redirect("cases:list")


def _merge(request: HttpRequest, person: Person, rows: list[Case]) -> HttpResponse:
    if len(rows) < 2:
        messages.warning(request, _("并单要选两件以上。"))
        return redirect("cases:list")
    into, now = rows[0], timezone.now()
    try:
        with transaction.atomic():
            for other in rows[1:]:
                actions.merge(by=person, now=now, case=into, other=other)
    except ValidationError as refused:
        messages.error(request, _("。").join(refused.messages))
        return redirect("cases:list")
    messages.success(request, _("%(n)s 件已并入 %(number)s。") % {"n": len(rows) - 1, "number": into.number})
    return redirect("cases:case", into.number)
