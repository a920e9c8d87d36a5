"""One view for each form: GET shows it, POST does the verb; on the case page by htmx, alone without script."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import refusal, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.cases.access import get_case
from huiying.desk.cases.forms import VerbForm
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.standing import Standing, standing
from huiying.desk.cases.views.page import panels

#: Forms beside which what helps to assess is shown.
ASSESSING = frozenset({"propose", "confirm"})


def view_of(verb: type[VerbForm]) -> Callable[..., HttpResponse]:
    """The view of a form, behind the form's own right."""

    @requires(verb.right)
    def view(request: HttpRequest, number: str) -> HttpResponse:
        person = signed_in(request)
        case = get_case(person, number)
        on = standing(case, person, timezone.now())
        if not on.may(verb.right):
            raise PermissionDenied(refusal(verb.right))
        if not verb.possible(on):
            return _not_now(request, on, verb)
        if request.method == "POST":
            return _do(request, on, verb)
        initial = {name: value for name, value in request.GET.items() if name in verb.base_fields}
        return _show(request, on, verb(on=on, initial=initial))

    return view  # type: ignore[return-value]  # the gate may answer with a redirect


def _do(request: HttpRequest, on: Standing, verb: type[VerbForm]) -> HttpResponse:
    form = verb(request.POST, request.FILES, on=on)
    person, now = signed_in(request), timezone.now()

    def act() -> None:
        with transaction.atomic():
            form.act(by=person, now=now, case=on.case)

    if form.is_valid() and carried_out(form, act):
        messages.success(request, str(verb.done))
        return _back(request, on.case)
    return _show(request, on, form)


def _back(request: HttpRequest, case: Case) -> HttpResponse:
    """To the case; a script is told to go there, so that the whole page is fresh."""
    response = redirect("cases:case", case.number)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": response.url})
    return response


def _show(request: HttpRequest, on: Standing, form: VerbForm) -> HttpResponse:
    wrong = form.is_bound and not form.is_valid()
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    template = "cases/parts/verb.html" if part else "cases/verb.html"
    beside = list(panels(request, on.case, "assess")) if form.slug in ASSESSING else []
    context = {
        "form": form,
        "on": on,
        "case": on.case,
        "plan": on.plan,
        "inline": bool(part),
        "beside": beside,
    }
    return render(request, template, context, status=422 if wrong else 200)


def _not_now(request: HttpRequest, on: Standing, verb: type[VerbForm]) -> HttpResponse:
    """The case has moved on since the button was drawn: say so and show where it stands."""
    messages.warning(
        request, _("“%(verb)s”现在不用办或不能办，先看这一件现在的情况。") % {"verb": verb.title}
    )
    return _back(request, on.case)
