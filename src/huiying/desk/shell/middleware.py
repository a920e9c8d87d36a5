"""The reader's language, the institution's clock, and the way in while the institution is not founded yet."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone, translation

from huiying.desk.accounts import queries
from huiying.desk.accounts.models import Institution, Person

Answer = Callable[[HttpRequest], HttpResponse]
#: What works before the institution is founded: its founding, signing in to go on with it, and the page's own switches.
BEFORE_FOUNDING = ("/start/", "/sample/", "/accounts/", "/static/", "/theme/", "/language/", "/styleguide/")


def body_of(request: HttpRequest) -> Institution | None:
    """The institution, read once for each page."""
    if not hasattr(request, "_institution"):
        request._institution = queries.institution()  # type: ignore[attr-defined]
    found: Institution | None = request._institution  # type: ignore[attr-defined]
    return found


def _chosen(request: HttpRequest) -> str:
    """The language of the reader's cookie, else of the signed-in person, else of the settings."""
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in dict(settings.LANGUAGES):
        return cookie
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        user = getattr(request, "user", None)
        if isinstance(user, Person) and user.language in dict(settings.LANGUAGES):
            return user.language
    return settings.LANGUAGE_CODE


def language(get_response: Answer) -> Answer:
    """Middleware: Chinese by default; what the browser prefers does not decide."""

    def speak(request: HttpRequest) -> HttpResponse:
        chosen = _chosen(request)
        with translation.override(chosen):
            request.LANGUAGE_CODE = chosen
            response = get_response(request)
            response.headers.setdefault("Content-Language", chosen)
            return response

    return speak


def _zone(body: Institution | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(body.zone) if body else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _how_to_begin(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"error": "This desk is not set up yet: open /start/"}, status=503)
    return HttpResponseRedirect("/start/")


def house(get_response: Answer) -> Answer:
    """Middleware: times in the institution's zone; before it is founded every page leads to how to begin."""

    def enter(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/static/"):
            return get_response(request)
        body = body_of(request)
        if (body is None or body.founded_at is None) and not request.path.startswith(BEFORE_FOUNDING):
            return _how_to_begin(request)
        zone = _zone(body)
        if zone is None:
            return get_response(request)
        with timezone.override(zone):
            return get_response(request)

    return enter
