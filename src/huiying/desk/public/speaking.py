"""Pages for everybody: in the language of the address, the same for all readers, kept by caches for a minute."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
MINUTE = 60


def language_of(request: HttpRequest) -> str:
    """English where the address says `?lang=en`, Chinese everywhere else; cookies do not count here."""
    return "en" if request.GET.get("lang") == "en" else settings.LANGUAGE_CODE


def for_everybody(view: View[P]) -> View[P]:
    """The view in the language of the address; good answers to readers may be kept and are compared by their content."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = language
        if request.method not in ("GET", "HEAD") or response.status_code != 200:
            return response
        return _keepable(request, response)

    return cast("View[P]", spoken)


def _keepable(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=MINUTE)
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def network_address(request: HttpRequest) -> str:
    """Where a request comes from; behind the operator's own proxy, what that proxy says."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
