"""What was sent to whom, what was not, and why; and what I myself was told."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import for_signed_in, requires, signed_in
from huiying.desk.accounts.models import Contact
from huiying.desk.accounts.rights import Right
from huiying.desk.notify import actions, delivery, queries
from huiying.desk.notify.models import KINDS, Message
from huiying.desk.shell.pages import paged

TABS = (
    ("", gettext_lazy("全部")),
    ("trouble", gettext_lazy("要处理")),
    ("waiting", gettext_lazy("待发送")),
    ("sent", gettext_lazy("已送达")),
    ("failed", gettext_lazy("未送达")),
    ("held", gettext_lazy("演练")),
)


@requires(Right.SEE_OUTBOX)
def outbox(request: HttpRequest) -> HttpResponse:
    """Messages, newest first, by state, channel and words."""
    asked = {key: request.GET.get(key, "").strip() for key in ("state", "channel", "words")}
    now = timezone.now()
    context = {
        "page": paged(request, queries.outbox(**asked), 40),
        "asked": asked,
        "tabs": TABS,
        "channels": KINDS,
        "troubles": queries.outbox_troubles(now),
        "alive": queries.worker_alive(now),
        "last_beat": queries.last_beat(),
        "jobs": queries.job_troubles(),
    }
    return render(request, "notify/outbox.html", context)


@requires(Right.SEE_OUTBOX)
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message with every try."""
    rows = Message.objects.select_related("person", "contact", "outlet")
    it = get_object_or_404(rows, pk=pk)
    return render(request, "notify/message.html", {"it": it, "tries": it.attempts.all()})


@requires(Right.RETRY_OUTBOX)
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Try the selected messages again."""
    return _each(request, actions.try_again, _("已排到最前，马上重发。"))


@requires(Right.RETRY_OUTBOX)
@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    """Stop trying the selected messages."""
    return _each(request, actions.give_up, _("已放弃，记录还在。"))


def _each(request: HttpRequest, act: Any, done: str) -> HttpResponse:
    """Do `act` to each selected message; what it refuses is said once."""
    chosen: Sequence[str] = [pk for pk in request.POST.getlist("pk") if pk.isdigit()]
    refused: set[str] = set()
    count = 0
    for it in Message.objects.filter(pk__in=chosen):
        try:
            act(by=signed_in(request), now=timezone.now(), message=it)
            count += 1
        except ValidationError as error:
            refused |= set(error.messages)
    if count:
        messages.success(
            request, ngettext("%(n)s 条%(done)s", "%(n)s 条%(done)s", count) % {"n": count, "done": done}
        )
    for said in sorted(refused):
        messages.warning(request, said)
    if not chosen:
        messages.warning(request, _("先选一条。"))
    return _back(request, "notify:outbox")


@for_signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """What the reader was told, newest first, and whether they acknowledged it."""
    rows = queries.told_to(signed_in(request))
    return render(request, "notify/mine.html", {"page": paged(request, rows, 30)})


@for_signed_in
@require_POST
def test(request: HttpRequest, contact_id: int) -> HttpResponse:
    """Send one test message by a way, now; one's own, or anybody's for the administrator."""
    contact = get_object_or_404(Contact.objects.select_related("person"), pk=contact_id)
    sent = delivery.send_test(by=signed_in(request), now=timezone.now(), contact=contact)
    way = f"{contact.get_channel_display()} {contact.masked}"
    if sent.state == Message.State.SENT:
        messages.success(request, _("%(way)s：对方返回成功。请看一眼是否真的收到。") % {"way": way})
    else:
        why = sent.error_en if request.LANGUAGE_CODE == "en" else sent.error_zh
        messages.error(request, _("%(way)s：没有发成。%(why)s") % {"way": way, "why": why})
    return _back(request, "accounts:profile")


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page that asked, never to another host."""
    there = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(there)
    return redirect(otherwise)
