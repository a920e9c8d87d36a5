"""What the pages of drafts share."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils import timezone

from huiying.desk.accounts.access import signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.replies.models import Draft
from huiying.desk.replies.queries import get_draft


def mine_or_404(request: HttpRequest, pk: int) -> Draft:
    """The draft, if its case is the reader's business. Raises Http404."""
    return get_draft(signed_in(request), pk)


def told(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do `act` and say so, or say what refused it; for buttons without a form of their own."""
    try:
        act()
    except ValidationError as refused:
        for message in refused.messages:
            messages.error(request, message)
        return False
    messages.success(request, done)
    return True


def settled(
    request: HttpRequest, form: BaseForm, act: Callable[..., object], done: str, **more: object
) -> bool:
    """Do `act(by=…, now=…)` with the form's fields and say `done`; what refuses it stands on the form."""
    who, now = signed_in(request), timezone.now()
    if not (form.is_valid() and carried_out(form, lambda: act(by=who, now=now, **more, **form.cleaned_data))):
        return False
    messages.success(request, done)
    return True
