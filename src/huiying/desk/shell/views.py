"""Language, light, the pages that say what went wrong, and the style guide."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import open_to_all
from huiying.desk.shell.context import THEMES
from huiying.desk.shell.samples import SampleForm, chart, marks, samples

YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the reader came from, never to another host."""
    there = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(there if safe else "/")


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


@open_to_all
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device says."""
    response, chosen = _back(request), request.POST.get("theme", "")
    if chosen in THEMES:
        _remember(response, "theme", chosen)
    return response


@open_to_all
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Chinese or English for this browser."""
    response, chosen = _back(request), request.POST.get("language", "")
    if translation.check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


def _refusal(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    return render(request, f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refusal(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The reason is the exception's own sentence: it names who may do it."""
    return _refusal(request, 403, reason=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refusal(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _refusal(request, 403, stale=True)


@open_to_all
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part of the design on one page, for those who build pages; only while developing."""
    if not (settings.DEBUG or settings.TESTING):
        raise Http404
    now = timezone.now()
    page = Paginator(range(1, 96), 20).get_page(request.GET.get("page", 2))
    form = SampleForm({"name": "", "contact": "不是邮箱"} if "errors" in request.GET else None)
    times = {
        "late": now - timedelta(minutes=70),
        "soon": now + timedelta(minutes=40),
        "far": now + timedelta(hours=30),
    }
    context = {
        "page": page,
        "form": form,
        "rows": samples(now),
        "chart": chart(),
        "marks": marks(now),
        **times,
    }
    return render(request, "shell/styleguide.html", context)
