"""Corrections asked for and referrals: the form that refuses, the second person, what became of it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import get_case, visible
from huiying.desk.replies import actions
from huiying.desk.replies.forms import DecisionForm, MeansForm, OutcomeForm, ReferralForm
from huiying.desk.replies.models import Referral
from huiying.desk.replies.queries.checking import verification
from huiying.desk.replies.views.common import settled
from huiying.desk.shell.pages import paged, show


def _rows(person: Person) -> QuerySet[Referral]:
    rows = Referral.objects.filter(case__in=visible(person))
    return rows.select_related("case", "proposed_by", "decided_by", "sent_by")


def _referral(request: HttpRequest, pk: int) -> Referral:
    return get_object_or_404(_rows(signed_in(request)), pk=pk)


@requires(Right.SEE_CASES)
def referrals(request: HttpRequest) -> HttpResponse:
    """All of them, newest first."""
    return render(request, "replies/referrals.html", {"page": paged(request, _rows(signed_in(request)), 30)})


@requires(Right.REFER)
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """The form; it refuses what the limits refuse."""
    case = get_case(signed_in(request), number)
    first = case.mentions.exclude(address="").order_by("pk").first()
    initial = {"kind": "correction", "ground": "untrue", "address": first.address if first else ""}
    form = ReferralForm(request.POST or None, initial=initial)
    made: list[Referral] = []

    def put() -> None:
        who = signed_in(request)
        made.append(actions.propose(by=who, now=timezone.now(), case=case, fields=form.cleaned_data))

    if form.is_valid() and carried_out(form, put):
        messages.success(request, _("已提出，等第二个人批准。"))
        return redirect(made[0])
    context = {"form": form, "case": case, "verified": verification(case)}
    return show(request, "replies/propose.html", context, form)


def _page(request: HttpRequest, it: Referral, **more: Any) -> HttpResponse:
    person = signed_in(request)
    context = {
        "it": it,
        "case": it.case,
        "decides": can(person, Right.APPROVE_REFERRAL) and it.proposed_by_id != person.pk,
        "refers": can(person, Right.REFER),
        "decision_form": DecisionForm(),
        "means_form": MeansForm(),
        "outcome_form": OutcomeForm(),
    }
    context |= more
    bound = [one for one in more.values() if getattr(one, "is_bound", False)]
    return show(request, "replies/referral.html", context, *bound)


@requires(Right.SEE_CASES)
def referral(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, step by step."""
    return _page(request, _referral(request, pk))


@requires(Right.APPROVE_REFERRAL)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person agrees or refuses."""
    it, form = _referral(request, pk), DecisionForm(request.POST)
    agreed = request.POST.get("verdict") == "agree"

    if settled(request, form, actions.decide, _("已记下，并计入公开账本。"), referral=it, agreed=agreed):
        return redirect(it)
    return _page(request, it, decision_form=form)


@requires(Right.REFER)
@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """It was handed over."""
    it, form = _referral(request, pk), MeansForm(request.POST)

    if settled(request, form, actions.send, _("已登记送出。"), referral=it):
        return redirect(it)
    return _page(request, it, means_form=form)


@requires(Right.REFER)
@require_POST
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of it."""
    it, form = _referral(request, pk), OutcomeForm(request.POST)

    if settled(request, form, actions.record_answer, _("结果已记下。"), referral=it):
        return redirect(it)
    return _page(request, it, outcome_form=form)
