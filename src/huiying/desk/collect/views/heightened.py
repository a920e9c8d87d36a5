"""The calendar of key periods: the plan's and our own, who is on duty in them, and what is otherwise then."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.queries import institution
from huiying.desk.accounts.rights import Right
from huiying.desk.collect import actions, periods, queries
from huiying.desk.collect.actions.heighten import may_approve
from huiying.desk.collect.forms import HeightenForm
from huiying.desk.collect.key_dates import coming as holidays
from huiying.desk.collect.models import Heightened
from huiying.desk.collect.queries import calendar
from huiying.desk.shell.pages import show
from huiying.desk.shell.zone import here


def _shown(request: HttpRequest, now: datetime, zone: ZoneInfo) -> date:
    """The first of the month that the address names by `?month=2026-11`, else of this month."""
    try:
        return date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return now.astimezone(zone).date().replace(day=1)


def _beside(first: date, step: int) -> str:
    month = first.year * 12 + first.month - 1 + step
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _page(request: HttpRequest, form: HeightenForm) -> HttpResponse:
    now, zone, person, plan = timezone.now(), here(), signed_in(request), periods.active_plan()
    first = _shown(request, now, zone)
    weeks = calendar.month(first.year, first.month, zone, now)
    ahead, past = queries.periods(now)
    body = institution()
    by_plan = bool(plan and any(one.holidays for one in plan.key_periods))
    context: dict[str, Any] = {
        "form": form,
        "first": first,
        "before": _beside(first, -1),
        "after": _beside(first, 1),
        "weeks": weeks,
        "bad_days": [one for week in weeks for one in week if one.day.inside and one.bad],
        "coming": calendar.coming(now, zone),
        "ahead": [
            {
                "it": row,
                "may_approve": may_approve(person, row, plan, now),
                "changes": calendar.changes_of(row, plan),
            }
            for row in ahead
        ],
        "past": past,
        "now": now,
        "second": bool(plan and plan.heighten),
        "proposed": holidays(body, now, [row.name for row in ahead]) if body and not by_plan else [],
    }
    return show(request, "collect/heightened.html", context, form)


@requires(Right.SEE_PLANS)
def heightened(request: HttpRequest) -> HttpResponse:
    """When watch is heightened, why, and who is there then."""
    return _page(request, HeightenForm(initial=_proposal(request), plan=periods.active_plan()))


def _proposal(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name][:120] for name in ("name", "starts_at", "ends_at") if name in request.GET}


@requires(Right.EDIT_SOURCES)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """One more period."""
    form = HeightenForm(request.POST, plan=periods.active_plan())
    made: list[Heightened] = []

    def act() -> None:
        made.append(actions.heighten(by=signed_in(request), now=timezone.now(), **form.cleaned_data))

    if form.is_valid() and carried_out(form, act):
        waits = made[0].waits
        messages.success(
            request, _("已提交，批准后才算数。") if waits else _("已设定。到时各信源自动加密采集。")
        )
        return redirect("collect:heightened")
    return _page(request, form)


def _decided(request: HttpRequest, pk: int, *, agreed: bool) -> HttpResponse:
    period, by, now = get_object_or_404(Heightened, pk=pk), signed_in(request), timezone.now()
    try:
        if agreed:
            actions.approve_heightened(by=by, now=now, period=period)
        else:
            actions.refuse_heightened(by=by, now=now, period=period, why=request.POST.get("why", ""))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已批准，这一段开始算数。") if agreed else _("已记下不批准。"))
    return redirect("collect:heightened")


@requires(Right.APPROVE_PERIODS)
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person agrees."""
    return _decided(request, pk, agreed=True)


@requires(Right.APPROVE_PERIODS)
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person does not, and says why."""
    return _decided(request, pk, agreed=False)


@requires(Right.EDIT_SOURCES)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Over, or never begun."""
    period = get_object_or_404(Heightened, pk=pk)
    actions.end_heightened(by=signed_in(request), now=timezone.now(), period=period)
    messages.success(request, _("已结束，各信源恢复平常间隔。"))
    return redirect("collect:heightened")
