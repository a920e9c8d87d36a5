"""Media contacts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import visible
from huiying.desk.library import actions, queries
from huiying.desk.library.forms import ContactForm, TalkForm
from huiying.desk.library.models import MediaContact
from huiying.desk.shell.pages import paged, show, words_of


@requires(Right.SEE_LIBRARY)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Who is spoken to, and when last."""
    return _list(request)


def _list(request: HttpRequest, **forms: Any) -> HttpResponse:
    words = words_of(request)
    edits = can(signed_in(request), Right.EDIT_LIBRARY)
    context = {
        "page": paged(request, queries.contacts(words), 50),
        "q": words,
        "edits": edits,
        "form": ContactForm(),
        **forms,
    }
    return show(request, "library/media.html", context, *forms.values())


@requires(Right.EDIT_LIBRARY)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """A new contact."""
    form = ContactForm(request.POST)

    def keep() -> object:
        return actions.put_contact(by=signed_in(request), now=timezone.now(), **form.cleaned_data)

    if form.is_valid() and carried_out(form, keep):
        messages.success(request, _("已加。"))
        return redirect("library:media")
    return _list(request, form=form)


@requires(Right.SEE_LIBRARY)
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One contact and every talk."""
    return _page(request, get_object_or_404(MediaContact, pk=pk))


def _page(request: HttpRequest, it: MediaContact, **forms: Any) -> HttpResponse:
    person = signed_in(request)
    talks = it.talks.select_related("by", "case")
    context = {
        "it": it,
        "page": paged(request, talks, 50),
        "seen": set(visible(person).filter(talks__contact=it).values_list("pk", flat=True)),
        "edits": can(person, Right.EDIT_LIBRARY),
        "form": ContactForm(instance=it),
        "talk_form": TalkForm(),
        **forms,
    }
    return show(request, "library/media_one.html", context, *forms.values())


@requires(Right.EDIT_LIBRARY)
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a contact."""
    it = get_object_or_404(MediaContact, pk=pk)
    form = ContactForm(request.POST, instance=it)

    def keep() -> object:
        held = MediaContact.objects.get(pk=pk)
        return actions.put_contact(by=signed_in(request), now=timezone.now(), it=held, **form.cleaned_data)

    if form.is_valid() and carried_out(form, keep):
        messages.success(request, _("已保存。"))
        return redirect("library:media_one", pk)
    return _page(request, it, form=form)


@requires(Right.EDIT_LIBRARY)
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer there."""
    actions.retire_contact(
        by=signed_in(request), now=timezone.now(), it=get_object_or_404(MediaContact, pk=pk)
    )
    messages.success(request, _("已停用，联系方式已清除，往来记录还在。"))
    return redirect("library:media")


@requires(Right.EDIT_LIBRARY)
@require_POST
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """We spoke."""
    by, it, form = signed_in(request), get_object_or_404(MediaContact, pk=pk), TalkForm(request.POST)

    def keep() -> object:
        number = form.cleaned_data["case"].strip()
        case = visible(by).filter(number=number).first() if number else None
        if number and case is None:
            form.add_error("case", _("没有这一件，或者不归你看。"))
            return None
        data = form.cleaned_data
        return actions.note_talk(
            by=by, now=timezone.now(), contact=it, about=data["about"], at=data["at"], case=case
        )

    if form.is_valid() and carried_out(form, keep) and form.is_valid():
        messages.success(request, _("已记下。"))
        return redirect("library:media_one", pk)
    return _page(request, it, talk_form=form)
