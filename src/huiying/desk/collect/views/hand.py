"""What people bring: a tip, a call, a transfer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.collect import actions
from huiying.desk.collect.models import Mention
from huiying.desk.collect.sources.hand.form import FORMS, token
from huiying.desk.shell.pages import show


@requires(Right.ENTER_MENTIONS)
def enter(request: HttpRequest) -> HttpResponse:
    """What is to be entered."""
    return render(request, "collect/enter.html")


@requires(Right.ENTER_MENTIONS)
def enter_form(request: HttpRequest, form: str) -> HttpResponse:
    """One form, fit for a phone in the field."""
    if form not in FORMS:
        raise Http404
    filled = FORMS[form](request.POST or None, request.FILES or None, initial={"token": token()})
    made: list[Mention] = []

    def act() -> None:
        who, now = signed_in(request), timezone.now()
        made.append(actions.enter(by=who, now=now, item=filled.item(), files=filled.files_brought()))

    if filled.is_valid() and carried_out(filled, act):
        messages.success(request, _("已录入。可以接着立案，或等它归入话题。"))
        return redirect("collect:mention", made[0].pk)
    return show(request, "collect/enter_form.html", {"form": filled, "name": form}, filled)
