"""Filling an empty desk with the sample school, and trying it in everybody's shoes."""

import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import for_signed_in, requires, signed_in
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.queries import founded
from huiying.desk.accounts.rights import Right
from huiying.desk.accounts.views.doors import BACKEND
from huiying.desk.sample.install import PASSWORD, fill
from huiying.desk.sample.play import ADDRESS, MINUTES, Play, address, read, write


def _home() -> Path:
    return Path(settings.HOME)


def _sites() -> str:
    return address(os.environ, settings.BASE_URL)


@requires(Right.EDIT_INSTITUTION)
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """What the sample is; the button fills the empty desk and starts the play."""
    if read(_home()) is not None:
        return redirect("sample:people")
    if founded() or not os.environ.get(ADDRESS):  # nobody serves the sites: nothing would ever be heard
        raise Http404
    if request.method != "POST":
        return render(request, "sample/begin.html", {"minutes": MINUTES})
    now, by = timezone.now(), Person.objects.get(pk=signed_in(request).pk)
    try:
        fill(by=by, now=now, sites=_sites())
    except ValidationError as refused:
        return render(
            request, "sample/begin.html", {"minutes": MINUTES, "refused": refused.messages}, status=422
        )
    write(_home(), Play(started=now, minutes=MINUTES))
    update_session_auth_hash(request, by)
    return redirect("sample:people")


@for_signed_in
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the sample with a button to step into their shoes; how far the play has come."""
    play = read(_home())
    if play is None:
        raise Http404
    share = play.share(timezone.now())
    context = {
        "people": Person.objects.filter(is_active=True).prefetch_related("appointments__unit").order_by("pk"),
        "password": PASSWORD,
        "share": round(share * 100),
        "over": share >= 1,
        "minutes": play.minutes,
        "notices": f"{_sites()}/notices/",
    }
    return render(request, "sample/people.html", context)


@for_signed_in
@require_POST
def step_into(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as somebody else of the sample. There is no such route on a desk that was not filled with it."""
    person = Person.objects.filter(username=username, is_active=True).first()
    if read(_home()) is None or person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    return redirect("/")
