"""People and roles in one table, and the first weeks of duty."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from huiying.desk.accounts import access, actions, queries
from huiying.desk.accounts.forms.people import PeopleRows, PersonRowForm
from huiying.desk.accounts.forms.roster import FillForm
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Appointment, Person, Role, Unit
from huiying.desk.accounts.patterns import Pattern
from huiying.desk.accounts.queries.readiness import ALWAYS
from huiying.desk.accounts.rights import DUTIES
from huiying.desk.plans.queries import active, engine_plan
from huiying.desk.shell.pages import show
from huiying.desk.shell.zone import here
from huiying.desk.today.start.steps import founding, trail
from huiying.engine.plan.model import Plan

#: Roles that may be held only in a unit.
IN_UNITS = frozenset({Role.HANDLER})


def chosen_plan() -> Plan | None:
    """The plan that was chosen, as the engine reads it."""
    version = active()
    return engine_plan(version) if version else None


def needed(plan: Plan | None) -> list[Role]:
    """The roles that the plan needs, in the order of the role list."""
    wanted = ALWAYS | set(plan.roles if plan else ())
    return [role for role in Role if role in wanted]


def _rows(plan: Plan | None) -> Iterator[dict[str, Any]]:
    """Everybody there is, then an empty row for each role and each unit that still waits for somebody."""
    for person in queries.everybody().filter(is_active=True):
        posts = list(person.appointments.all())
        units = [post.unit_id for post in posts if post.unit_id]
        yield {
            "pk": person.pk,
            "name": person.name,
            "title": person.title,
            "roles": [post.role for post in posts],
            "unit": units[0] if units else None,
        }
    held = set(Appointment.objects.filter(person__is_active=True).values_list("role", "unit"))
    roles = {role for role, _unit in held}
    yield from ({"roles": [role]} for role in needed(plan) if role not in roles | IN_UNITS)
    for unit in Unit.objects.filter(active=True).order_by("pk"):
        if (Role.HANDLER, unit.pk) not in held:
            yield {"roles": [Role.HANDLER], "unit": unit.pk}
    yield {}


@founding
def people(request: HttpRequest) -> HttpResponse:
    """Who works at the desk, in which roles. Rows without a name are left out."""
    now, plan = timezone.now(), chosen_plan()
    rows = PeopleRows(request.POST or None, initial=list(_rows(plan)))
    if rows.is_bound and rows.is_valid() and _save(access.signed_in(request), now, rows.forms):
        return redirect("start:roster")
    context = {"rows": rows, "roles": _roles(plan), **trail(request, now, "people")}
    failed = rows.is_bound and any(form.errors for form in rows.forms)
    return show(request, "start/people.html", {**context, "failed": failed}, rows)


def _roles(plan: Plan | None) -> list[tuple[Role, Any, Any]]:
    """Each role that the plan needs, the plan's own word for it, and what it is for."""
    return [(role, plan.role_name(role.value) if plan else None, DUTIES[role]) for role in needed(plan)]


class _Refused(Exception):
    """A row was refused; what other rows did is taken back."""


def _save(by: Person, now: datetime, forms: list[PersonRowForm]) -> bool:
    """All rows or none; what is wrong stands on its row."""
    try:
        with transaction.atomic():
            for form in forms:
                if not carried_out(form, lambda row=form: _save_row(by, now, row)):  # type: ignore[misc]
                    raise _Refused
    except _Refused:
        return False
    return True


def _save_row(by: Person, now: datetime, form: PersonRowForm) -> None:
    row = form.cleaned_data
    known = Person.objects.filter(pk=row["pk"], is_active=True).first() if row["pk"] else None
    if not row["name"]:
        if known is not None and known != by:
            actions.let_go(by=by, now=now, person=known)
    elif known is None:
        actions.add_person(by=by, now=now, name=row["name"], title=row["title"], posts=form.posts())
    else:
        names = {"name": row["name"], "title": row["title"]}
        if (known.name, known.title) != tuple(names.values()):
            actions.change_person(by=by, now=now, person=known, username=known.username, **names)
        actions.set_roles(by=by, now=now, person=known, posts=form.posts())


def _on_watch() -> list[int]:
    """Who is proposed for duty: the duty officers, else the office."""
    for role in (Role.DUTY, Role.OFFICE):
        found = [person.pk for person in queries.holders(role)]
        if found:
            return found
    return []


@founding
def roster(request: HttpRequest) -> HttpResponse:
    """The first weeks of duty, by a rotation that begins now."""
    now, zone = timezone.now(), here()
    # Yesterday's turn may still be running; what is past is left out.
    first_day = now.astimezone(zone).date() - timedelta(days=1)
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None:
        data["first_day"] = first_day.isoformat()
    form = FillForm(data, initial={"people": _on_watch()})

    def fill() -> None:
        asked = form.cleaned_data
        actions.fill_roster(
            by=access.signed_in(request),
            now=now,
            people=form.turn(),
            pattern=Pattern(asked["pattern"]),
            first_day=asked["first_day"],
            days=asked["days"] + 1,
            zone=zone,
        )

    if form.is_valid() and carried_out(form, fill):
        return redirect("start:reach")
    ahead = queries.shifts_between(now, now + timedelta(days=7))
    context = {"form": form, "ahead": ahead, **trail(request, now, "roster")}
    return show(request, "start/roster.html", context, form)
