"""Advisers and their opinions."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import evidence
from huiying.desk.cases.access import get_case
from huiying.desk.joint import actions
from huiying.desk.joint.access import one, opinions_for
from huiying.desk.joint.forms import AdviserForm, OpinionForm
from huiying.desk.joint.models import Adviser, Opinion
from huiying.desk.joint.views.common import answered
from huiying.desk.shell.pages import paged, show


@requires(Right.SEE_CASES)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every opinion, and the list of advisers."""
    return _list(request)


def _list(request: HttpRequest, **forms: Any) -> HttpResponse:
    person = signed_in(request)
    context = {
        "page": paged(request, opinions_for(person), 30),
        "advisers": Adviser.objects.filter(active=True),
        "edits": can(person, Right.CONVENE),
        "form": AdviserForm(),
        **forms,
    }
    return show(request, "joint/opinions.html", context, *forms.values())


@requires(Right.CONVENE)
def write(request: HttpRequest, number: str) -> HttpResponse:
    """What an adviser said on a case."""
    by = signed_in(request)
    case = get_case(by, number)
    form = OpinionForm(request.POST or None, request.FILES or None)
    made: list[Opinion] = []

    def act() -> None:
        data, now = dict(form.cleaned_data), timezone.now()
        with transaction.atomic():
            proof = evidence.keep(case=case, by=by, now=now, files=data.pop("proof"))
            made.append(actions.record_opinion(by=by, now=now, case=case, evidence=proof, **data))

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("已记下，研判定级时会看到。"))
        return redirect(made[0])
    context = {"form": form, "case": case, "advisers": Adviser.objects.filter(active=True).exists()}
    return show(request, "joint/write_opinion.html", context, form)


@requires(Right.SEE_CASES)
@require_safe
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """One opinion."""
    it = one(opinions_for(signed_in(request)), pk)
    return show(request, "joint/opinion.html", {"it": it, "case": it.case})


@requires(Right.CONVENE)
@require_POST
def add_adviser(request: HttpRequest) -> HttpResponse:
    """One more on the list."""
    by, form = signed_in(request), AdviserForm(request.POST)

    def act() -> object:
        return actions.put_adviser(by=by, now=timezone.now(), **form.cleaned_data)

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("已加。"))
        return redirect("joint:opinions")
    return _list(request, form=form)


@requires(Right.SEE_CASES)
@require_safe
def adviser(request: HttpRequest, pk: int) -> HttpResponse:
    """One adviser and what was said on the cases that the reader may see."""
    return _adviser(request, get_object_or_404(Adviser, pk=pk))


def _adviser(request: HttpRequest, it: Adviser, **forms: Any) -> HttpResponse:
    person = signed_in(request)
    context = {
        "it": it,
        "page": paged(request, opinions_for(person).filter(adviser=it), 30),
        "edits": can(person, Right.CONVENE),
        "form": AdviserForm(instance=it),
        **forms,
    }
    return show(request, "joint/adviser.html", context, *forms.values())


@requires(Right.CONVENE)
@require_POST
def change_adviser(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an adviser, or take one off the list."""
    by, it = signed_in(request), get_object_or_404(Adviser, pk=pk)
    if "retire" in request.POST:
        actions.retire_adviser(by=by, now=timezone.now(), it=it)
        messages.success(request, _("已移出名单，联系方式已清除，意见还在。"))
        return redirect("joint:opinions")
    form, held = AdviserForm(request.POST, instance=it), Adviser.objects.get(pk=pk)
    return answered(request, _adviser, actions.put_adviser, _("已保存。"), of="it", it=held, form=form)
