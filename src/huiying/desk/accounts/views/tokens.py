"""Keys for programs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiying.desk.accounts import actions
from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.tokens import TokenForm
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import ApiToken
from huiying.desk.accounts.rights import Right
from huiying.desk.accounts.scopes import Scope
from huiying.desk.shell.pages import show


@requires(Right.API_TOKENS)
def tokens(request: HttpRequest) -> HttpResponse:
    """The keys that were made, those that open first."""
    rows = ApiToken.objects.select_related("person").order_by("revoked_at", "-created_at")
    labels = dict(Scope.choices)
    keys = [(key, [labels.get(scope, scope) for scope in key.scopes]) for key in rows]
    return render(request, "accounts/tokens.html", {"keys": keys, "now": timezone.now()})


@requires(Right.API_TOKENS)
@never_cache
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a key; it is shown on the answer to this form and never again."""
    form = TokenForm(request.POST or None)
    made: list[tuple[ApiToken, str]] = []

    def make() -> None:
        asked = form.cleaned_data
        made.append(
            actions.make_token(
                by=signed_in(request),
                now=timezone.now(),
                name=asked["name"],
                person=asked["person"],
                scopes=asked["scopes"],
                lasts=form.lasts(),
            )
        )

    if form.is_valid() and carried_out(form, make):
        token, key = made[0]
        return render(request, "accounts/token_made.html", {"token": token, "key": key})
    return show(request, "accounts/new_token.html", {"form": form}, form)


@requires(Right.API_TOKENS)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The key opens nothing any more."""
    token = get_object_or_404(ApiToken, pk=pk)
    actions.revoke_token(by=signed_in(request), now=timezone.now(), token=token)
    messages.success(request, _("已吊销：%(name)s。") % {"name": token.name})
    return redirect("accounts:tokens")
