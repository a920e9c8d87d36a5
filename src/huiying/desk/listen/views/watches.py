"""Watches: what we listen for."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.listen import actions, limits, queries
from huiying.desk.listen.forms import WatchFileForm, WatchForm
from huiying.desk.listen.models import Watch
from huiying.desk.listen.queries.watches import rehearing as rehearing_now
from huiying.desk.listen.search.narrow import preview
from huiying.desk.shell.pages import show
from huiying.engine.listen.query import unparse

SHOWN = 12
#: Queries as they are written, and what each finds.
GRAMMAR = (
    ("停水 小区", gettext_lazy("两个词都有")),
    ("停水 OR 停电", gettext_lazy("有一个就算，也可写“或”")),
    ("停水 NOT 演练", gettext_lazy("有前面的，没有后面的，也可写“非”")),
    ('"物业 收费"', gettext_lazy("引号里一字不差")),
    ("物业 NEAR/8 涨价", gettext_lazy("两个词相隔不超过 8 个字")),
    ("(停水 OR 停电) 三号楼", gettext_lazy("括号先算")),
)


@requires(Right.SEE_LISTEN)
def watches(request: HttpRequest) -> HttpResponse:
    """Every watch, with what it finds."""
    now = timezone.now()
    context = {"watches": queries.watches_with_counts(now), "listening": queries.listening_state(now)}
    return render(request, "listen/watches.html", context)


@requires(Right.SEE_LISTEN)
def rehearing(request: HttpRequest) -> HttpResponse:
    """How far hearing again has come: a part of pages, asked for again and again while it runs."""
    return render(request, "listen/parts/rehearing.html", {"rehearing": rehearing_now(timezone.now())})


@requires(Right.EDIT_WATCHES)
def new_watch(request: HttpRequest) -> HttpResponse:
    """Make a watch; `?q=` begins it with words."""
    return _edit(request, None)


@requires(Right.EDIT_WATCHES)
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a watch."""
    return _edit(request, get_object_or_404(Watch, pk=pk))


def _edit(request: HttpRequest, it: Watch | None) -> HttpResponse:
    form = WatchForm(request.POST or None, watch=it, query=request.GET.get("q", ""))
    looked = "preview" in request.POST
    if not looked and form.is_valid() and carried_out(form, lambda: _save(request, form, it)):
        messages.success(request, _("已保存。正在用新的查询重听已收录的帖文。"))
        return redirect("listen:watches")
    context = {"form": form, "watch": it, "grammar": GRAMMAR, **_preview(form)}
    return show(request, "listen/watch.html", context, *([] if looked else [form]))


def _save(request: HttpRequest, form: WatchForm, it: Watch | None) -> None:
    values = {
        name: form.cleaned_data[name]
        for name in ("name", "query", "matter", "unit", "active", "not_a_person")
    }
    actions.save_watch(by=signed_in(request), now=timezone.now(), watch=it, **values)


def _preview(form: WatchForm) -> dict[str, Any]:
    """What the query finds in what is stored; nothing for one that cannot be read or may not be kept."""
    if not form.is_bound:
        form = WatchForm({name: value for name, value in form.initial.items() if value is not None})
    form.is_valid()
    asked = form.asked
    if asked is None:
        return {"preview": None, "hints": form.hints()}
    refused = limits.refusal(asked)
    if refused:
        return {"preview": None, "refused": refused, "hints": form.hints()}
    return {"preview": preview(asked, SHOWN), "hints": form.hints(), "doubt": limits.doubt(asked)}


@requires(Right.EDIT_WATCHES)
@require_POST
def try_watch(request: HttpRequest) -> HttpResponse:
    """The live preview: what the query finds, and the view that was not edited brought in line."""
    form = WatchForm(request.POST)
    context = {"form": form, "live": True, **_preview(form)}
    return render(request, "listen/parts/tried.html", context)


@requires(Right.EDIT_WATCHES)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a watch, or start it again."""
    it, active = get_object_or_404(Watch, pk=pk), bool(request.POST.get("active"))
    actions.stop_watch(by=signed_in(request), now=timezone.now(), watch=it, active=active)
    messages.success(request, _("已启用。") if active else _("已停用。"))
    return redirect("listen:watches")


@requires(Right.EDIT_WATCHES)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a watch."""
    it = get_object_or_404(Watch, pk=pk)
    actions.drop_watch(by=signed_in(request), now=timezone.now(), watch=it)
    messages.success(request, _("已删除“%(name)s”。帖文都还在。") % {"name": it.name})
    return redirect("listen:watches")


@requires(Right.EDIT_WATCHES)
def import_watches(request: HttpRequest) -> HttpResponse:
    """Watches of a file: first a look at what would be added, then adding what was ticked."""
    form = WatchFileForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return show(request, "listen/import.html", {"form": form}, form)
    found, findings = form.read()
    chosen = set(request.POST.getlist("take")) if "add" in request.POST else {one.name for one in found}
    picked = [one for one in found if one.name in chosen]
    if "add" in request.POST and picked and carried_out(form, lambda: _add(request, form, picked)):
        messages.success(request, _("已导入 %(n)s 个监测主题，正在重听已收录的帖文。") % {"n": len(picked)})
        return redirect("listen:watches")
    rows = [
        {"name": one.name, "text": unparse(one.query), "cap": one.cap, "taken": one.name in chosen,
         "refused": limits.refusal(one.query), "doubt": limits.doubt(one.query)}
        for one in found
    ]  # fmt: skip
    context = {"form": form, "rows": rows, "findings": findings, "doubts": any(row["doubt"] for row in rows)}
    return show(request, "listen/import.html", context, form)


def _add(request: HttpRequest, form: WatchFileForm, picked: list[Any]) -> None:
    if not picked:
        raise ValidationError(_("请至少选一个。"))
    sure = form.cleaned_data["not_a_person"]
    actions.add_many(by=signed_in(request), now=timezone.now(), queries=picked, not_a_person=sure)
