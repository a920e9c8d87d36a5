"""Ways of reaching people: everybody's for the administrator, one's own for oneself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts import access, actions, queries
from huiying.desk.accounts.access import for_signed_in, requires, signed_in
from huiying.desk.accounts.forms.contacts import ContactChangeForm, ContactForm
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Contact, Person
from huiying.desk.accounts.rights import Right
from huiying.desk.shell.pages import show


@requires(Right.EDIT_CHANNELS)
def contacts(request: HttpRequest) -> HttpResponse:
    """Everybody with the ways of reaching them, those whom nothing reaches first."""
    people = [(person, queries.reachable(person)) for person in queries.everybody().filter(is_active=True)]
    people.sort(key=lambda row: bool(row[1]))
    return render(request, "accounts/contacts.html", {"people": people})


def _theirs(request: HttpRequest, pk: int) -> Person:
    """The person whose ways may be changed: oneself, or anybody for the administrator; else there is no such page."""
    who = signed_in(request)
    if who.pk != pk and not access.can(who, Right.EDIT_CHANNELS):
        raise Http404
    return get_object_or_404(queries.everybody(), pk=pk)


def _back(request: HttpRequest, person: Person) -> HttpResponse:
    if signed_in(request).pk == person.pk:
        return redirect("accounts:profile")
    return redirect("accounts:person", person.pk)


@for_signed_in
def new_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a way of reaching a person."""
    person = _theirs(request, pk)
    form = ContactForm(request.POST or None)

    def add() -> None:
        actions.add_contact(by=signed_in(request), now=timezone.now(), person=person, **form.cleaned_data)

    if form.is_valid() and carried_out(form, add):
        messages.success(request, _("已加联络方式。试发一条，收到才算数。"))
        return _back(request, person)
    return show(request, "accounts/contact.html", {"form": form, "person": person}, form)


def _contact(request: HttpRequest, pk: int) -> Contact:
    contact = get_object_or_404(Contact.objects.select_related("person"), pk=pk)
    _theirs(request, contact.person_id)
    return contact


@for_signed_in
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a way of reaching a person, or switch it off."""
    it = _contact(request, pk)
    form = ContactChangeForm(request.POST or None, initial={"active": it.active})

    def change() -> None:
        actions.rename_contact(by=signed_in(request), now=timezone.now(), contact=it, **form.cleaned_data)

    if form.is_valid() and carried_out(form, change):
        messages.success(request, _("已保存。"))
        return _back(request, it.person)
    return show(request, "accounts/contact.html", {"form": form, "person": it.person, "it": it}, form)


@for_signed_in
@require_POST
def drop_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a way of reaching a person."""
    it = _contact(request, pk)
    actions.drop_contact(by=signed_in(request), now=timezone.now(), contact=it)
    messages.success(request, _("已删除。"))
    return _back(request, it.person)
