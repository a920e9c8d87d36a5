"""The roster: a month with its gaps, filling it, one shift, changing with another."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from huiying.desk.accounts import actions, queries
from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.roster import FillForm, ShiftForm, SwapForm
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Shift
from huiying.desk.accounts.patterns import Pattern
from huiying.desk.accounts.rights import Right
from huiying.desk.shell.pages import show
from huiying.desk.shell.zone import here


def _shown(request: HttpRequest, now: datetime, zone: ZoneInfo) -> date:
    """The first of the month that the address names by `?month=2026-11` or `?day=2026-11-24`, else of this month."""
    asked = request.GET.get("month") or request.GET.get("day", "")[:7]
    try:
        return date.fromisoformat(f"{asked}-01")
    except ValueError:
        return now.astimezone(zone).date().replace(day=1)


def _beside(first: date, step: int) -> str:
    month = first.year * 12 + first.month - 1 + step
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _roster(
    request: HttpRequest, fill: FillForm | None = None, shift: ShiftForm | None = None
) -> HttpResponse:
    now, zone = timezone.now(), here()
    first = _shown(request, now, zone)
    today = now.astimezone(zone).date()
    weeks = queries.month_of(first.year, first.month, zone, now)
    fill = fill or FillForm(initial={"first_day": today})
    shift = shift or ShiftForm()
    context: dict[str, Any] = {
        "first": first,
        "weeks": weeks,
        "open_days": [day for week in weeks for day in week if day.inside and day.gaps],
        "before": _beside(first, -1),
        "after": _beside(first, 1),
        "fill": fill,
        "shift": shift,
    }
    return show(request, "accounts/roster.html", context, fill, shift)


@requires(Right.SEE_PEOPLE)
def roster(request: HttpRequest) -> HttpResponse:
    """A month of duty; when nobody is, in red."""
    return _roster(request)


@requires(Right.EDIT_ROSTER)
@require_POST
def fill(request: HttpRequest) -> HttpResponse:
    """Fill days by a rotation."""
    form = FillForm(request.POST)
    made: list[Shift] = []

    def act() -> None:
        asked = form.cleaned_data
        made.extend(
            actions.fill_roster(
                by=signed_in(request),
                now=timezone.now(),
                people=form.turn(),
                pattern=Pattern(asked["pattern"]),
                first_day=asked["first_day"],
                days=asked["days"],
                zone=here(),
                lead=asked["lead"],
            )
        )

    if form.is_valid() and carried_out(form, act):
        number = len(made)
        words = ngettext("排了 %(n)s 个班。", "排了 %(n)s 个班。", number) % {"n": number}
        messages.success(request, words if number else _("这段时间已经都有人值班，没有改动。"))
        return redirect(f"/settings/roster/?month={form.cleaned_data['first_day']:%Y-%m}")
    return _roster(request, fill=form)


@requires(Right.EDIT_ROSTER)
@require_POST
def new_shift(request: HttpRequest) -> HttpResponse:
    """Put a person on duty."""
    form = ShiftForm(request.POST)

    def add() -> None:
        actions.add_shift(by=signed_in(request), now=timezone.now(), **form.cleaned_data)

    if form.is_valid() and carried_out(form, add):
        return redirect(f"/settings/roster/?day={form.cleaned_data['starts_at'].astimezone(here()):%Y-%m-%d}")
    return _roster(request, shift=form)


def _shift(pk: int) -> Shift:
    return get_object_or_404(Shift.objects.select_related("person"), pk=pk)


def _initial(it: Shift) -> dict[str, Any]:
    return {
        "person": it.person_id,
        "starts_at": it.starts_at,
        "ends_at": it.ends_at,
        "lead": it.lead,
        "note": it.note,
    }


def _shift_page(
    request: HttpRequest, it: Shift, form: ShiftForm | None = None, swap: SwapForm | None = None
) -> HttpResponse:
    now = timezone.now()
    form = form or ShiftForm(initial=_initial(it))
    swap = swap or SwapForm(shift=it, now=now)
    context = {"it": it, "form": form, "swap": swap, "over": it.ends_at <= now, "begun": it.starts_at <= now}
    return show(request, "accounts/shift.html", context, form, swap)


@requires(Right.EDIT_ROSTER)
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one shift or give it to another person."""
    it = _shift(pk)
    if request.method != "POST":
        return _shift_page(request, it)
    form = ShiftForm(request.POST)

    def change() -> None:
        actions.change_shift(by=signed_in(request), now=timezone.now(), shift=it, **form.cleaned_data)

    if form.is_valid() and carried_out(form, change):
        return redirect(f"/settings/roster/?day={it.starts_at.astimezone(here()):%Y-%m-%d}")
    return _shift_page(request, _shift(pk), form=form)


@requires(Right.EDIT_ROSTER)
@require_POST
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Two people change shifts."""
    it, now = _shift(pk), timezone.now()
    form = SwapForm(request.POST, shift=it, now=now)

    def act() -> None:
        actions.swap_shifts(by=signed_in(request), now=now, one=it, other=form.cleaned_data["other"])

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("已对换。"))
        return redirect(f"/settings/roster/?day={it.starts_at.astimezone(here()):%Y-%m-%d}")
    return _shift_page(request, it, swap=form)


@requires(Right.EDIT_ROSTER)
@require_POST
def drop_shift(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a shift away."""
    it = _shift(pk)
    day = f"{it.starts_at.astimezone(here()):%Y-%m-%d}"
    try:
        actions.drop_shift(by=signed_in(request), now=timezone.now(), shift=it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(f"/settings/roster/?day={day}")
