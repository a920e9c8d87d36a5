"""Periods of heightened watch."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.queries import institution
from huiying.desk.accounts.rights import Right
from huiying.desk.collect import actions, queries
from huiying.desk.collect.forms import HeightenForm
from huiying.desk.collect.key_dates import coming
from huiying.desk.collect.models import Heightened
from huiying.desk.shell.pages import show


def _page(request: HttpRequest, form: HeightenForm) -> HttpResponse:
    now = timezone.now()
    ahead, past = queries.periods(now)
    body = institution()
    context: dict[str, Any] = {
        "form": form,
        "ahead": ahead,
        "past": past,
        "now": now,
        "proposed": coming(body, now, [period.name for period in ahead]) if body else [],
    }
    return show(request, "collect/heightened.html", context, form)


@requires(Right.SEE_SOURCES)
def heightened(request: HttpRequest) -> HttpResponse:
    """When sources are read more often, and why."""
    return _page(request, HeightenForm(initial=_proposal(request)))


def _proposal(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name][:120] for name in ("name", "starts_at", "ends_at") if name in request.GET}


@requires(Right.EDIT_SOURCES)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """One more period."""
    form = HeightenForm(request.POST)

    def act() -> None:
        actions.heighten(by=signed_in(request), now=timezone.now(), **form.cleaned_data)

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("已设定。到时各信源自动加密采集。"))
        return redirect("collect:heightened")
    return _page(request, form)


@requires(Right.EDIT_SOURCES)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Over, or never begun."""
    period = get_object_or_404(Heightened, pk=pk)
    actions.end_heightened(by=signed_in(request), now=timezone.now(), period=period)
    messages.success(request, _("已结束，各信源恢复平常间隔。"))
    return redirect("collect:heightened")
