"""People: the list, a person's page, roles, invitations, leaving and coming back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiying.desk.accounts import actions, queries
from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.people import PersonForm, PostForm
from huiying.desk.accounts.forms.profile import AwayForm
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Appointment, Person, Role, Unit
from huiying.desk.accounts.rights import DUTIES, LABELS, Right, rights_of
from huiying.desk.shell.pages import show


@requires(Right.SEE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by unit or role, with whether each can be reached and can sign in."""
    asked = {key: request.GET.get(key, "") for key in ("role", "unit", "words")}
    rows = queries.everybody()
    if asked["role"] in Role.values:
        rows = rows.filter(appointments__role=asked["role"]).distinct()
    if asked["unit"].isdecimal():
        rows = rows.filter(appointments__unit_id=int(asked["unit"])).distinct()
    if asked["words"]:
        rows = rows.filter(name__icontains=asked["words"])
    context = {
        "people": [(person, queries.reachable(person)) for person in rows],
        "asked": asked,
        "roles": Role.choices,
        "units": Unit.objects.filter(active=True),
        "now": timezone.now(),
    }
    return render(request, "accounts/people.html", context)


@requires(Right.EDIT_PEOPLE)
def new_person(request: HttpRequest) -> HttpResponse:
    """Add somebody with a first role."""
    form, post = PersonForm(request.POST or None), PostForm(request.POST or None)
    made: list[Person] = []

    def add() -> None:
        who = signed_in(request)
        made.append(actions.add_person(by=who, now=timezone.now(), posts=[post.post()], **form.cleaned_data))

    if form.is_valid() and post.is_valid() and carried_out(form, add):
        messages.success(
            request, _("已加人员：%(name)s。接着写怎样找到他，并发邀请链接。") % {"name": made[0]}
        )
        return redirect("accounts:person", made[0].pk)
    return show(request, "accounts/new_person.html", {"form": form, "post": post}, form, post)


def _person(pk: int) -> Person:
    return get_object_or_404(queries.everybody(), pk=pk)


def _page(request: HttpRequest, it: Person, **more: Any) -> HttpResponse:
    """A person's page; `more` replaces a form that must be mended, or adds the invitation link."""
    now = timezone.now()
    roles = {post.role for post in it.appointments.all()}
    context = {
        "it": it,
        "ways": queries.reachable(it),
        "may_do": [LABELS[right] for right in dict.fromkeys(r for role in roles for r in rights_of(role))],
        "duties": [(post, DUTIES[Role(post.role)]) for post in it.appointments.all()],
        "shifts": it.shifts.filter(ends_at__gt=now)[:8],
        "form": PersonForm(initial={"name": it.name, "title": it.title, "username": it.username}),
        "post": PostForm(),
        "away": AwayForm(initial={"until": it.away_until}),
        "now": now,
    }
    context |= more
    forms = [context[name] for name in ("form", "post", "away")]
    return show(request, "accounts/person.html", context, *forms)


@requires(Right.SEE_PEOPLE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Roles, what they allow, ways to be reached, coming shifts."""
    return _page(request, _person(pk))


@requires(Right.EDIT_PEOPLE)
@require_POST
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, sign-in name or title."""
    it, form = _person(pk), PersonForm(request.POST)

    def change() -> None:
        actions.change_person(by=signed_in(request), now=timezone.now(), person=it, **form.cleaned_data)

    if form.is_valid() and carried_out(form, change):
        messages.success(request, _("已保存。"))
        return redirect("accounts:person", pk)
    return _page(request, _person(pk), form=form)


@requires(Right.EDIT_PEOPLE)
@require_POST
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one more role."""
    it, form = _person(pk), PostForm(request.POST)

    def give() -> None:
        role, unit = form.post()
        actions.appoint(by=signed_in(request), now=timezone.now(), person=it, role=role, unit=unit)

    if form.is_valid() and carried_out(form, give):
        return redirect("accounts:person", pk)
    return _page(request, _person(pk), post=form)


@requires(Right.EDIT_PEOPLE)
@require_POST
def dismiss(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """Take one role back."""
    held = get_object_or_404(Appointment.objects.select_related("person", "unit"), pk=post, person_id=pk)
    who = signed_in(request)
    _try(
        request,
        lambda: actions.dismiss(
            by=who, now=timezone.now(), person=held.person, role=held.role, unit=held.unit
        ),
    )
    return redirect("accounts:person", pk)


def _try(request: HttpRequest, act: Any) -> None:
    """Do `act`; what it refuses is said at the top of the next page."""
    try:
        act()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))


@requires(Right.EDIT_PEOPLE)
@require_POST
@never_cache
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new invitation link and show it this once."""
    it = _person(pk)
    try:
        token = actions.invite(by=signed_in(request), now=timezone.now(), person=it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("accounts:person", pk)
    link = settings.BASE_URL + reverse("accounts:invited", args=[token])
    return _page(request, it, invitation=link)


@requires(Right.EDIT_PEOPLE)
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The person has left."""
    it = _person(pk)
    _try(request, lambda: actions.let_go(by=signed_in(request), now=timezone.now(), person=it))
    return redirect("accounts:person", pk)


@requires(Right.EDIT_PEOPLE)
@require_POST
def come_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The person works here again."""
    actions.take_back(by=signed_in(request), now=timezone.now(), person=_person(pk))
    return redirect("accounts:person", pk)


@requires(Right.EDIT_ROSTER)
@require_POST
def away(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody is away, or back."""
    it, form = _person(pk), AwayForm(request.POST)

    def note() -> None:
        until = form.cleaned_data["until"]
        actions.set_away(by=signed_in(request), now=timezone.now(), person=it, until=until)

    if form.is_valid() and carried_out(form, note):
        return redirect("accounts:person", pk)
    return _page(request, it, away=form)
