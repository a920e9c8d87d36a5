"""The link in a notice: it says that one has seen it, and shows nothing that the notice did not say."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huiying.desk.accounts.access import with_key
from huiying.desk.accounts.models import Person
from huiying.desk.cases import told
from huiying.desk.notify import actions as notify
from huiying.desk.notify.models import Message
from huiying.desk.notify.queries import by_token


@with_key
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what was told, POST acknowledges it. The token in the address is the key; nobody has to sign in."""
    message = by_token(token)
    if message is None:
        raise Http404(_("这个签收链接不存在。"))
    if request.method == "POST":
        _seen(token, request.user if isinstance(request.user, Person) else None)
        return redirect("cases:ack", token)
    return render(request, "cases/ack.html", {"message": message})


def _seen(token: str, person: Person | None) -> Message:
    now = timezone.now()
    with transaction.atomic():
        message = notify.acknowledge(token=token, now=now)
        told.record_ack(message, person, now)
    return message
