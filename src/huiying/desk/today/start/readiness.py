"""Is the desk ready: the last page of the first run, and a page of the settings."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from huiying.desk.accounts import access, actions, queries
from huiying.desk.accounts.access import requires
from huiying.desk.accounts.models import Contact, Person, Role
from huiying.desk.accounts.rights import Right
from huiying.desk.today.start.people import chosen_plan
from huiying.desk.today.start.steps import founding, trail
from huiying.engine.findings import Finding, Place

Told = tuple[Person, list[Contact]]


def told_now(now: datetime) -> list[Told]:
    """Who would be told if something happened now, and by which ways: those on duty, else who stands in for them."""
    return [(person, queries.reachable(person)) for person in queries.stand_in(Role.DUTY, now)]


def state(now: datetime) -> dict[str, Any]:
    """What the pages show: findings, and whom a notice would reach now."""
    plan = chosen_plan()
    told = told_now(now)
    findings = queries.readiness(now, plan.roles if plan else ())
    return {
        "findings": findings,
        "errors": [finding for finding in findings if finding.level == "error"],
        "told": told,
        "on_duty": queries.on_duty(now),
        "nobody": not any(ways for _person, ways in told),
    }


#: On which page of the first run a finding is mended, by how its address begins; invitations come after founding.
MENDED_AT = {
    "/settings/institution/": "/start/institution/",
    "/settings/units/": "/start/institution/",
    "/settings/roster/": "/start/roster/",
    "/settings/contacts/": "/start/reach/",
}


def _here(finding: Finding) -> Finding:
    """The finding with the address of the first run's own page."""
    if finding.code in {"ready.unreachable", "ready.contact-failing"}:
        path = "/start/reach/"
    elif finding.code == "ready.uninvited":
        path = ""
    elif finding.place.path.startswith("/settings/people/"):
        path = "/start/people/"
    else:
        known = (new for old, new in MENDED_AT.items() if finding.place.path.startswith(old))
        path = next(known, finding.place.path)
    return replace(finding, place=Place(path=path))


@founding
def ready(request: HttpRequest) -> HttpResponse:
    """What is still missing; then the desk begins."""
    now, refused = timezone.now(), []
    if request.method == "POST":
        try:
            actions.found(by=access.signed_in(request), now=now)
        except ValidationError as error:
            refused = error.messages
        else:
            messages.success(request, _("设置完成，值班台从现在起运行。"))
            return redirect("/")
    context = {"refused": refused, **state(now), **trail(request, now, "ready")}
    context["findings"] = [_here(finding) for finding in context["findings"]]
    return render(request, "start/ready.html", context, status=422 if refused else 200)


@requires(Right.SEE_PEOPLE)
def readiness(request: HttpRequest) -> HttpResponse:
    """The same check, at any time later."""
    return render(request, "start/readiness.html", state(timezone.now()))
