"""Live drills: planned, begun, watched, ended, read, filed."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.drills import actions, queries
from huiying.desk.drills.forms import AbortForm, BeginForm, LessonsForm, ScriptForm
from huiying.desk.drills.models import Exercise
from huiying.desk.listen.config import active_plan
from huiying.desk.shell.pages import paged, show


@requires(Right.DRILL)
def plan(request: HttpRequest) -> HttpResponse:
    """A new exercise."""
    form = ScriptForm(request.POST or None, request.FILES or None)
    made: list[Exercise] = []

    def act() -> None:
        made.append(actions.plan_exercise(by=signed_in(request), now=timezone.now(), **form.cleaned_data))

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("脚本已存好。看过以后再开始。"))
        return redirect(made[0])
    return show(request, "drills/plan.html", {"form": form}, form)


def _exercise(pk: int) -> Exercise:
    return get_object_or_404(Exercise.objects.select_related("planned_by", "director", "filed_by"), pk=pk)


def _page(request: HttpRequest, it: Exercise, **forms: object) -> HttpResponse:
    person, now = signed_in(request), timezone.now()
    directs = can(person, Right.DRILL)
    context = {
        "it": it,
        "plan": active_plan(),
        "stories": queries.stories(it) if it.started_at else [],
        "others": queries.others(it),
        "lines": queries.lines(it, now) if directs else [],
        "directs": directs,
        "opens": it.state == Exercise.State.RUNNING and can(person, Right.OPEN_CASE),
        "begin": BeginForm(),
        "abort": AbortForm(),
        "lessons": LessonsForm(initial={"lessons": it.lessons}),
        **forms,
    }
    return show(request, "drills/exercise.html", context, *forms.values())


@requires(Right.SEE_PLANS)
@require_safe
def exercise(request: HttpRequest, pk: int) -> HttpResponse:
    """What comes in, what became of it, and in the end what was kept and missed. The script is for those who direct."""
    return _page(request, _exercise(pk))


@requires(Right.SEE_PLANS)
@require_safe
def pulse(request: HttpRequest, pk: int) -> HttpResponse:
    """What has come in by now, which the open page asks for again and again."""
    it, person = _exercise(pk), signed_in(request)
    context = {
        "it": it,
        "plan": active_plan(),
        "stories": queries.stories(it),
        "opens": it.state == Exercise.State.RUNNING and can(person, Right.OPEN_CASE),
    }
    return render(request, "drills/parts/stories.html", context)


@requires(Right.DRILL)
def script(request: HttpRequest, pk: int) -> HttpResponse:
    """The script of one that has not begun, to be changed."""
    it = _exercise(pk)
    form = ScriptForm(
        request.POST or None, request.FILES or None, initial={"title": it.title, "script": it.script}
    )

    def act() -> None:
        actions.change_script(by=signed_in(request), now=timezone.now(), exercise=it, **form.cleaned_data)

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("脚本已改。"))
        return redirect(it)
    return show(request, "drills/plan.html", {"form": form, "it": it}, form)


def _pressed(
    request: HttpRequest, pk: int, act: Callable[[Person, Exercise], object], done: str
) -> HttpResponse:
    it = _exercise(pk)
    try:
        act(signed_in(request), it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, done)
    return redirect(it)


@requires(Right.DRILL)
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on the script runs."""
    form, now = BeginForm(request.POST), timezone.now()
    announce = form.is_valid() and form.cleaned_data["announce"]
    return _pressed(
        request,
        pk,
        lambda by, it: actions.begin(by=by, now=now, exercise=it, announce=announce),
        _("演练开始了。"),
    )


@requires(Right.DRILL)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """It is over."""
    now = timezone.now()
    return _pressed(
        request,
        pk,
        lambda by, it: actions.stop(by=by, now=now, exercise=it),
        _("演练结束，报告已从办理记录算出。"),
    )


@requires(Right.DRILL)
@require_POST
def abort(request: HttpRequest, pk: int) -> HttpResponse:
    """Break it off."""
    it, form = _exercise(pk), AbortForm(request.POST)

    def act() -> None:
        actions.abort(by=signed_in(request), now=timezone.now(), exercise=it, why=form.cleaned_data["why"])

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("演练已中止。"))
        return redirect(it)
    return _page(request, it, abort=form)


@requires(Right.OPEN_CASE)
@require_POST
def take_up(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A story becomes a case; its page is next."""
    it = _exercise(pk)
    try:
        case = actions.take_up(by=signed_in(request), now=timezone.now(), exercise=it, story=key)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(it)
    messages.success(request, _("已立件：%(number)s。时限开始计。") % {"number": case.number})
    return redirect("cases:case", case.number)


@requires(Right.DRILL)
@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """File what was learnt."""
    it, form = _exercise(pk), LessonsForm(request.POST)

    def act() -> None:
        actions.file_report(by=signed_in(request), now=timezone.now(), exercise=it, **form.cleaned_data)

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("已归入案例库（演练）。"))
        return redirect(it)
    return _page(request, it, lessons=form)


@requires(Right.SEE_LIBRARY)
@require_safe
def filed(request: HttpRequest) -> HttpResponse:
    """The library's shelf of drills."""
    return render(request, "drills/filed.html", {"page": paged(request, queries.filed(), 20)})
