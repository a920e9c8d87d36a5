"""The way in, one's own account, the plan, the institution."""

import os
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import login, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from huiying import plans
from huiying.desk.accounts import access, actions
from huiying.desk.accounts.forms.institution import InstitutionForm, UnitLinesForm
from huiying.desk.accounts.forms.profile import OwnAccountForm
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.accounts.views.doors import BACKEND
from huiying.desk.plans.actions import install_shipped
from huiying.desk.shell.middleware import body_of
from huiying.desk.shell.pages import show
from huiying.desk.today.start.steps import founding, next_step, steps, trail, unfounded
from huiying.engine.plan.model import Plan
from huiying.engine.plan.reading import read_plan


def _sample() -> str:
    """Where a sample school is filled in; empty unless `huiying up` serves the sample's feeds beside this desk."""
    return reverse("sample:fill") if os.environ.get("HUIYING_SAMPLE") else ""


@unfounded
def welcome(request: HttpRequest) -> HttpResponse:
    """How to begin; the founder goes on where the first run was left."""
    if access.can(request.user, Right.EDIT_INSTITUTION):
        found = steps(access.signed_in(request), body_of(request), timezone.now())
        return redirect(next_step(found).address)
    return render(request, "start/how.html")


@unfounded
@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The link that the command prints. Looking at it changes nothing; the button uses it up."""
    if access.can(request.user, Right.EDIT_INSTITUTION):
        return redirect("start:welcome")
    if request.method != "POST":
        return render(request, "start/enter.html", {"sample": _sample()})
    try:
        founder = actions.enter_first_run(token=token, now=timezone.now())
    except ValidationError as refused:
        return render(request, "start/how.html", {"refused": refused.messages}, status=410)
    login(request, founder, backend=BACKEND)
    there = _sample() if "sample" in request.POST else ""
    return redirect(there or "start:welcome")


@founding
@never_cache
@sensitive_post_parameters("password")
def me(request: HttpRequest) -> HttpResponse:
    """The founder's own name, sign-in name and password."""
    now, who = timezone.now(), access.signed_in(request)
    username = who.username if who.name else ""
    initial = {"name": who.name, "title": who.title, "username": username}
    form = OwnAccountForm(request.POST or None, initial=initial)

    def save() -> None:
        changed = actions.own_account(by=Person.objects.get(pk=who.pk), now=now, **form.cleaned_data)
        update_session_auth_hash(request, changed)

    if form.is_valid() and carried_out(form, save):
        return redirect("start:plan")
    return show(request, "start/me.html", {"form": form, **trail(request, now, "me")}, form)


@dataclass(frozen=True, slots=True)
class Choice:
    """A shipped plan as the page offers it."""

    id: str
    plan: Plan


#: The shipped plans in the order in which they are offered; any other comes after them.
ORDER = ("school", "city", "township", "road", "methods", "national")


def _choices() -> list[Choice]:
    texts = plans.shipped()
    known = sorted(texts, key=lambda id: ORDER.index(id) if id in ORDER else len(ORDER))
    read = [(id, read_plan(texts[id], file=f"{id}.toml", library=texts)[0]) for id in known]
    return [Choice(id, plan) for id, plan in read if plan is not None]


@founding
def plan(request: HttpRequest) -> HttpResponse:
    """Which shipped plan the institution begins with."""
    now, body = timezone.now(), body_of(request)
    refused: list[str] = []
    if request.method == "POST":
        chosen = request.POST.get("plan", "")
        try:
            if not chosen:
                raise ValidationError(_("请选一个预案；以后可以换，也可以改成自己的。"))
            install_shipped(by=access.signed_in(request), now=now, plan_id=chosen)
            return redirect("start:institution")
        except ValidationError as error:
            refused = error.messages
    context: dict[str, Any] = {
        "choices": _choices(),
        "chosen": body.plan_name if body and body.plan_name else "school",
        "refused": refused,
        **trail(request, now, "plan"),
    }
    return render(request, "start/plan.html", context, status=422 if refused else 200)


def _lines() -> str:
    units = Unit.objects.filter(active=True).order_by("pk")
    return "\n".join(unit.name + (f"：{'、'.join(unit.aliases)}" if unit.aliases else "") for unit in units)


@founding
def institution(request: HttpRequest) -> HttpResponse:
    """The institution's name, and its units, one a line."""
    now, body = timezone.now(), body_of(request)
    form = InstitutionForm(request.POST or None, instance=body)
    for name in ("zone", "public_intro"):
        del form.fields[name]
    units = UnitLinesForm(request.POST or None, initial={"lines": _lines()})

    def save() -> None:
        values = {name: form.cleaned_data[name] for name in form.fields}
        if body is not None:
            values |= {"zone": body.zone, "public_intro": body.public_intro}
        with transaction.atomic():
            actions.describe(by=access.signed_in(request), now=now, **values)
            _set_units(access.signed_in(request), now, units.cleaned_data["lines"])

    if form.is_valid() and units.is_valid() and carried_out(form, save):
        return redirect("start:people")
    context = {"form": form, "units": units, **trail(request, now, "institution")}
    return show(request, "start/institution.html", context, form, units)


def _set_units(by: Person, now: Any, wanted: list[tuple[str, list[str]]]) -> None:
    """Make the listed units those in use; one that was struck out is retired, not deleted."""
    there = {unit.name: unit for unit in Unit.objects.all()}
    for name, aliases in wanted:
        if name not in there:
            actions.add_unit(by=by, now=now, name=name, aliases=aliases)
        elif (there[name].aliases, there[name].active) != (aliases, True):
            _change(by, now, there[name], aliases, active=True)
    listed = {name for name, _aliases in wanted}
    for unit in there.values():
        if unit.active and unit.name not in listed:
            _change(by, now, unit, unit.aliases, active=False)


def _change(by: Person, now: Any, unit: Unit, aliases: list[str], *, active: bool) -> None:
    actions.change_unit(
        by=by,
        now=now,
        unit=unit,
        name=unit.name,
        aliases=aliases,
        duties=unit.duties,
        parent=unit.parent,
        active=active,
    )
