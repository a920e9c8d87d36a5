"""The standing channel: notices, who has read them, and the page on which they are read."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Unit
from huiying.desk.accounts.queries.posts import posts_of_units
from huiying.desk.accounts.rights import Right
from huiying.desk.notify import actions
from huiying.desk.notify.forms.circulars import ROLES, CircularForm, ReplyForm
from huiying.desk.notify.models import Circular
from huiying.desk.notify.receipts import counted, receipts_of
from huiying.desk.shell.pages import paged, show


@requires(Right.SEE_OUTBOX)
@require_safe
def circulars(request: HttpRequest) -> HttpResponse:
    """Every notice, newest first, with how many have read it."""
    now = timezone.now()
    page = paged(request, Circular.objects.select_related("sent_by"), 30)
    rows = posts_of_units(now)
    context = {
        "page": page,
        "rows": counted(list(page), now),
        "gaps": sum(row.gaps for row in rows),
        "may_send": can(signed_in(request), Right.NOTIFY_UNITS),
    }
    return render(request, "notify/circulars.html", context)


@requires(Right.NOTIFY_UNITS)
def new_circular(request: HttpRequest) -> HttpResponse:
    """Write one and send it."""
    form = CircularForm(request.POST or None)
    sent: list[Circular] = []

    def send() -> None:
        sent.append(actions.send_circular(by=signed_in(request), now=timezone.now(), **form.values()))

    if form.is_valid() and carried_out(form, send):
        number = sent[0].receipts.count()
        messages.success(request, _("已发给 %(n)s 人，等签收。") % {"n": number})
        return redirect(sent[0])
    return show(request, "notify/circular_new.html", {"form": form}, form)


@requires(Right.SEE_OUTBOX)
@require_safe
def circular(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice: who has read it, who has not."""
    it, now = get_object_or_404(Circular.objects.select_related("sent_by"), pk=pk), timezone.now()
    found = receipts_of(it, now)
    missing = [one for one in found if one.read_at is None]
    names = dict(Unit.objects.filter(code__in=it.units).values_list("code", "name"))
    context = {
        "it": it,
        "found": found,
        "missing": missing,
        "over": now >= it.due_at,
        "units": [names.get(code, code) for code in it.units],
        "roles": [label for role, label in ROLES if role in it.roles],
        "may_send": can(signed_in(request), Right.NOTIFY_UNITS),
    }
    return render(request, "notify/circular.html", context)


@requires(Right.NOTIFY_UNITS)
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell those again who have not read it."""
    it = get_object_or_404(Circular, pk=pk)
    try:
        number = actions.resend_circular(by=signed_in(request), now=timezone.now(), circular=it)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已再次通知 %(n)s 人。") % {"n": number})
    return redirect(it)


@requires(Right.ACKNOWLEDGE)
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The page to which the message leads: read it, say so, and answer if there is something to say."""
    person = signed_in(request)
    receipt = person.receipts.filter(circular=pk).select_related("circular", "circular__sent_by").first()
    if receipt is None:
        raise Http404(_("没有这份通知，或者不是发给你的。"))
    form = ReplyForm(request.POST or None)

    def note() -> None:
        actions.read_circular(
            by=person, now=timezone.now(), circular=receipt.circular, reply=form.cleaned_data["reply"]
        )

    if request.method == "POST" and form.is_valid() and carried_out(form, note):
        messages.success(request, _("已签收。"))
        return redirect(receipt.circular.read_path)
    return show(
        request, "notify/circular_read.html", {"it": receipt.circular, "receipt": receipt, "form": form}, form
    )
