"""What the pages of this room share."""

from collections.abc import Callable
from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise

from huiying.desk.accounts.access import signed_in
from huiying.desk.accounts.forms.words import carried_out

Page = Callable[..., HttpResponse]


class Paged(Protocol):
    """Something with a page of its own."""

    def get_absolute_url(self) -> str: ...


def answered(
    request: HttpRequest,
    page: Page,
    verb: Callable[..., object],
    done: str | Promise,
    *,
    of: str,
    it: Paged,
    **named: Any,
) -> HttpResponse:
    """Do what the one form in `named` asks and go back to the page; what must be mended stands there under its name.

    `verb` is an action: it takes the form's fields, and `it` as `of`.
    """
    (form,) = named.values()

    def act() -> object:
        return verb(by=signed_in(request), now=timezone.now(), **{of: it}, **form.cleaned_data)

    if form.is_valid() and carried_out(form, act):
        messages.success(request, str(done))
        return redirect(it)
    return page(request, it, **named)


def pressed(request: HttpRequest, it: Paged, act: Callable[[], object], done: str | Promise) -> HttpResponse:
    """Do what a button without a form asks, say so or say what refused it, and go back to the page."""
    try:
        act()
    except ValidationError as refused:
        for message in refused.messages:
            messages.error(request, message)
    else:
        messages.success(request, str(done))
    return redirect(it)
