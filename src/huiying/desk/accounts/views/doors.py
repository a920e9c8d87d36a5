"""Ways in: an invitation, and what to do when one cannot sign in."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from huiying.desk.accounts import actions
from huiying.desk.accounts.access import open_to_all, with_key
from huiying.desk.accounts.actions.doors import invited as whom
from huiying.desk.accounts.forms.sign_in import NewPasswordForm
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.queries.people import administrators
from huiying.desk.shell.pages import show

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@open_to_all
def ask_the_administrator(request: HttpRequest) -> HttpResponse:
    """Nobody signs up and no password is mailed: the administrator sends an invitation."""
    return render(request, "accounts/ask.html", {"administrators": administrators()}, status=403)


@with_key
@never_cache
@sensitive_post_parameters("password", "again")
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The invited person chooses a password and is signed in."""
    now = timezone.now()
    person = whom(token=token, now=now)
    if person is None:
        return render(request, "accounts/dead_link.html", {"administrators": administrators()}, status=410)
    form = NewPasswordForm(request.POST or None)

    def accept() -> None:
        accepted = actions.accept_invitation(token=token, password=form.cleaned_data["password"], now=now)
        login(request, accepted, backend=BACKEND)

    if form.is_valid() and carried_out(form, accept):
        return redirect("/")
    return show(request, "accounts/invited.html", {"form": form, "person": person}, form)
