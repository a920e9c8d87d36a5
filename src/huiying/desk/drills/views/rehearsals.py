"""Simulated rehearsals: asked for, watched, read, compared, taken along."""

from datetime import timedelta
from math import isfinite
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.drills import actions, queries
from huiying.desk.drills.forms import AskForm
from huiying.desk.drills.models import Rehearsal
from huiying.desk.plans import queries as plans
from huiying.desk.plans.models import PlanVersion
from huiying.desk.shell.pages import paged, show
from huiying.engine.calendar import UnknownYear
from huiying.engine.plan.drill.against import Difference, in_words
from huiying.engine.plan.drill.page import method, page

_SINCE = timedelta(days=30)


def spoken() -> str:
    """The language of the page, as the engine's reports name it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


@requires(Right.SEE_PLANS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everything that was tried: the live drills, and the rehearsals of every plan."""
    context = {
        "exercises": queries.exercises()[:20],
        "page": paged(request, queries.rehearsals(), 20),
        "active": plans.active(),
        "may_drill": can(signed_in(request), Right.DRILL),
    }
    return render(request, "drills/index.html", context)


def _version(name: str, number: int) -> PlanVersion:
    return get_object_or_404(PlanVersion, name=name, version=number)


@requires(Right.SEE_PLANS)
@require_safe
def of_plan(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The rehearsals of one version, under the plan."""
    it = _version(name, number)
    context = {
        "version": it,
        "plan": plans.engine_plan(it),
        "page": paged(request, queries.rehearsals(it), 20),
        "here": "drills",
        "may_drill": can(signed_in(request), Right.DRILL),
    }
    return render(request, "drills/of_plan.html", context)


@requires(Right.DRILL)
def ask(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Ask for a rehearsal of one version."""
    it, now = _version(name, number), timezone.now()
    local = timezone.localtime(now)
    initial = {"stream": "own", "staff": "always", "since": local - _SINCE, "until": local}
    form = AskForm(request.POST or None, request.FILES or None, initial=initial)
    made: list[Rehearsal] = []

    def act() -> None:
        made.append(actions.ask(by=signed_in(request), now=now, version=it, **form.fields_of()))

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("已交给后台推演，可以离开本页。"))
        return redirect(made[0])
    context = {"form": form, "version": it, "plan": plans.engine_plan(it), "here": "drills"}
    return show(request, "drills/ask.html", context, form)


def _rehearsal(pk: int) -> Rehearsal:
    return get_object_or_404(Rehearsal.objects.select_related("version", "asked_by").defer("payload"), pk=pk)


def _shown(it: Rehearsal) -> dict[str, Any]:
    """The report in the page's language; the pictures are our own drawing, made of escaped elements."""
    told = it.report.get(spoken(), {})
    charts = [one | {"svg": mark_safe(one["svg"])} for one in told.get("charts", [])]  # noqa: S308
    return {"headline": told.get("headline", ""), "summary": told.get("summary", []), "charts": charts}


@requires(Right.SEE_PLANS)
@require_safe
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """One rehearsal: how far it is, or what it came to."""
    it = _rehearsal(pk)
    context = {
        "it": it,
        "version": it.version,
        "plan": plans.engine_plan(it.version),
        "report": _shown(it),
        "others": queries.comparable(it)[:20] if it.state == Rehearsal.State.DONE else [],
        "method": method(),
        "people": len(it.roster.get("people", [])),
        "may_drill": can(signed_in(request), Right.DRILL),
    }
    return render(request, "drills/rehearsal.html", context)


@requires(Right.SEE_PLANS)
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it has come, which its page asks for again and again; when it is done the page is loaded anew."""
    it = _rehearsal(pk)
    answer = render(request, "drills/parts/progress.html", {"it": it})
    if not it.running:
        answer["HX-Refresh"] = "true"
    return answer


def _done(pk: int) -> Rehearsal:
    it = _rehearsal(pk)
    if it.state != Rehearsal.State.DONE:
        raise Http404(_("这次推演没有结果。"))
    return it


@requires(Right.SEE_PLANS)
@require_safe
def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two rehearsals of the same stream with the same luck."""
    it = _done(pk)
    against = queries.comparable(it).filter(pk=other).first()
    if against is None:
        raise Http404(_("这两次推演的来件或种子不同，不能比较。"))
    found = queries.comparison(it, _rehearsal(other))
    plan = plans.engine_plan(it.version)
    context = {
        "it": it,
        "other": against,
        "version": it.version,
        "plan": plan,
        "found": found,
        "lines": in_words(plan, found),
        "rows": [_row(one) for one in (found.total, *found.rules)],
    }
    return render(request, "drills/compare.html", context)


def _row(one: Difference) -> dict[str, Any]:
    """One rule on both sides, in figures."""
    change = one.change
    words = "—"
    if change is not None:
        low, value, high = (100 * part for part in (change.low, change.value, change.high))
        words = f"{value:+.1f}" + (f" ({low:+.1f} – {high:+.1f})" if isfinite(low) else "")
    shares = (f"{side.value:.1%}" if side else "—" for side in (one.before, one.after))
    before, after = shares
    return {
        "what": one.what,
        "before": before,
        "after": after,
        "change": words,
        "sure": one.sure,
        "better": one.better,
    }


@requires(Right.SEE_PLANS)
@require_safe
def file(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The report as one page that stands alone, or for programs. A calendar that was cut since gives 404."""
    it = _done(pk)
    name = f"rehearsal-{it.pk}.{fmt}"
    if fmt == "json":
        answer: HttpResponse = JsonResponse(it.report["json"], json_dumps_params={"ensure_ascii": False})
    elif fmt == "html":
        answer = HttpResponse(_page(it), content_type="text/html; charset=utf-8")
        answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(it: Rehearsal) -> str:
    try:
        ready, found = queries.result(it)
    except UnknownYear as unknown:
        raise Http404(unknown.text.say(spoken())) from unknown
    span = f"{it.since:%Y-%m-%d} – {it.until:%Y-%m-%d}" if it.since and it.until else it.file_name
    given = {
        _("预案"): f"{it.version} · sha256 {it.version.sha256[:16]}",
        _("来件"): f"{it.get_stream_display()} {span} · sha256 {it.stream_sha256[:16]}",
        _("人员"): str(it.get_staff_display()),
        _("反应模型"): _("自定") if it.pace else _("通常"),
        _("推演次数"): str(it.runs),
        _("种子"): str(it.seed),
    }
    return page(ready, found, spoken(), given=given)


@requires(Right.DRILL)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    it = _rehearsal(pk)
    try:
        actions.drop(by=signed_in(request), now=timezone.now(), rehearsal=it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已取消。"))
    return redirect(it)


@requires(Right.DRILL)
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete it with its result."""
    it = _rehearsal(pk)
    try:
        actions.forget(by=signed_in(request), now=timezone.now(), rehearsal=it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(it)
    messages.success(request, _("已删除。"))
    return redirect("drills:index")
