"""What everybody settles for themselves."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts import actions, queries
from huiying.desk.accounts.access import for_signed_in, signed_in
from huiying.desk.accounts.forms.profile import AwayForm, LanguageForm
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Role
from huiying.desk.accounts.rights import DUTIES
from huiying.desk.shell.pages import show


def _page(
    request: HttpRequest, language: LanguageForm | None = None, away: AwayForm | None = None
) -> HttpResponse:
    me, now = signed_in(request), timezone.now()
    language = language or LanguageForm(initial={"language": me.language})
    away = away or AwayForm(initial={"until": me.away_until})
    context: dict[str, Any] = {
        "me": me,
        "ways": queries.reachable(me),
        "duties": [(post, DUTIES[Role(post.role)]) for post in me.appointments.all()],
        "shifts": me.shifts.filter(ends_at__gt=now)[:8],
        "second_step": is_mfa_enabled(me),
        "language": language,
        "away": away,
        "now": now,
    }
    return show(request, "accounts/profile.html", context, language, away)


@for_signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Own roles, language, ways to be reached, coming duty, absence, password and second step."""
    return _page(request)


@for_signed_in
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """In which language the desk and its notices speak to me, on every device."""
    form = LanguageForm(request.POST)

    def choose() -> None:
        actions.choose_language(by=signed_in(request), now=timezone.now(), **form.cleaned_data)

    if form.is_valid() and carried_out(form, choose):
        response = redirect("accounts:profile")
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    return _page(request, language=form)


@for_signed_in
@require_POST
def away(request: HttpRequest) -> HttpResponse:
    """I am away until then, or back."""
    form = AwayForm(request.POST)

    def note() -> None:
        me = signed_in(request)
        actions.set_away(by=me, now=timezone.now(), person=me, until=form.cleaned_data["until"])

    if form.is_valid() and carried_out(form, note):
        gone = form.cleaned_data["until"] is not None
        messages.success(request, _("已登记离岗，提醒会告诉代行的人。") if gone else _("欢迎回来。"))
        return redirect("accounts:profile")
    return _page(request, away=form)
