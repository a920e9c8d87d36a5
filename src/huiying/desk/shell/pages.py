"""How views answer: a page, and the status 422 when a form on it must be mended."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show(request: HttpRequest, template: str, context: Mapping[str, Any], *forms: Any) -> HttpResponse:
    """The page; 422 when one of `forms` (or formsets) was filled in and has errors, so that scripts see it too."""
    wrong = any(form.is_bound and not form.is_valid() for form in forms)
    return render(request, template, dict(context), status=422 if wrong else 200)


def words_of(request: HttpRequest, name: str = "q", most: int = 100) -> str:
    """What the address asks for in words, without what a database cannot look for."""
    return request.GET.get(name, "").replace("\0", "")[:most]


def paged(request: HttpRequest, rows: Any, each: int = 50) -> Page[Any]:
    """The page of `rows` that the address names with `?page=`; a wrong number gets the nearest page."""
    return Paginator(rows, each).get_page(request.GET.get("page"))
