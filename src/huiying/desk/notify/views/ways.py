"""Settings of the ways out: what each channel needs, and the outlets for publishing."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Channel, Contact
from huiying.desk.accounts.rights import Right
from huiying.desk.notify import actions
from huiying.desk.notify.channels.base import Kind
from huiying.desk.notify.channels.registry import NOTICES, OUTLETS
from huiying.desk.notify.forms import ChannelSecretForm, OutletForm
from huiying.desk.notify.models import ChannelSettings, Outlet, OutletKind
from huiying.desk.shell.pages import show


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A channel as the page of channels shows it."""

    kind: Kind
    label: str
    contacts: int
    failing: int
    ready: bool  # whether what it needs besides an address is set up


@requires(Right.EDIT_CHANNELS)
def channels(request: HttpRequest) -> HttpResponse:
    """Every channel, what it needs, how many people it reaches; and the outlets."""
    context = {"ways": _ways(), "outlets": Outlet.objects.all(), "kinds": OutletKind.choices}
    return render(request, "notify/channels.html", context)


def _ways() -> list[Way]:
    contacts = Contact.objects.filter(active=True, person__is_active=True)
    all_of = Counter(contacts.values_list("channel", flat=True))
    bad_of = Counter(contacts.filter(failing_since__isnull=False).values_list("channel", flat=True))
    saved = set(ChannelSettings.objects.values_list("channel", flat=True))
    ready = {"mail": settings.HUIYING_MAIL_READY, "sms": "sms" in saved}
    return [
        Way(
            kind=kind,
            label=str(Channel(name).label),
            contacts=all_of[name],
            failing=bad_of[name],
            ready=ready.get(name, True),
        )
        for name, kind in NOTICES.items()
    ]


@requires(Right.EDIT_CHANNELS)
def channel(request: HttpRequest, name: str) -> HttpResponse:
    """The gateway or the agreed answer of one channel."""
    kind = NOTICES.get(name)
    if kind is None or kind.form is None:
        raise Http404
    row = ChannelSettings.objects.filter(channel=name).first()
    form = kind.form(request.POST or None, initial=row.settings if row else None)
    secret = ChannelSecretForm(request.POST or None, kept=bool(row and row.secret))

    def save() -> None:
        actions.set_channel(
            by=signed_in(request),
            now=timezone.now(),
            channel=name,
            settings=form.cleaned_data,
            secret=secret.cleaned_data["secret"],
        )

    if form.is_valid() and secret.is_valid() and carried_out(form, save):
        messages.success(request, _("已保存。到联络方式里试发一条。"))
        return redirect("notify:channels")
    context = {"kind": kind, "label": Channel(name).label, "form": form, "secret": secret}
    return show(request, "notify/channel.html", context, form, secret)


@requires(Right.EDIT_CHANNELS)
def new_outlet(request: HttpRequest, channel: str) -> HttpResponse:
    """Add a place where approved texts can be published by machine."""
    kind = OUTLETS.get(channel)
    if kind is None:
        raise Http404
    form, more = OutletForm(request.POST or None, kind=kind), _more(request, kind, None)

    def add() -> None:
        actions.add_outlet(
            by=signed_in(request),
            now=timezone.now(),
            channel=channel,
            settings=more.cleaned_data,
            **form.values(),
        )

    if form.is_valid() and more.is_valid() and carried_out(form, add):
        messages.success(request, _("已加发布渠道。"))
        return redirect("notify:channels")
    return _outlet_page(request, kind, form, more, None)


@requires(Right.EDIT_CHANNELS)
def outlet(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an outlet, or switch it off."""
    it = get_object_or_404(Outlet, pk=pk)
    kind = OUTLETS[it.channel]
    form, more = OutletForm(request.POST or None, kind=kind, outlet=it), _more(request, kind, it)

    def change() -> None:
        actions.change_outlet(
            by=signed_in(request), now=timezone.now(), outlet=it, settings=more.cleaned_data, **form.values()
        )

    if form.is_valid() and more.is_valid() and carried_out(form, change):
        messages.success(request, _("已保存。"))
        return redirect("notify:channels")
    return _outlet_page(request, kind, form, more, it)


def _more(request: HttpRequest, kind: Kind, it: Outlet | None) -> forms.Form:
    """What this kind asks besides; an empty form when it asks nothing."""
    asked: Any = kind.form or forms.Form
    filled: forms.Form = asked(
        request.POST if request.method == "POST" else None, initial=it.settings if it else None
    )
    return filled


def _outlet_page(
    request: HttpRequest, kind: Kind, form: forms.Form, more: forms.Form, it: Outlet | None
) -> HttpResponse:
    context = {"kind": kind, "label": OutletKind(kind.name).label, "form": form, "more": more, "it": it}
    return show(request, "notify/outlet.html", context, form, more)
