"""How each person is reached, and a try."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts import access, actions, queries
from huiying.desk.accounts.forms.contacts import ContactRows
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Channel, Contact, Person
from huiying.desk.accounts.queries.readiness import mail_goes_nowhere
from huiying.desk.notify.delivery import send_test
from huiying.desk.notify.models import Message
from huiying.desk.shell.pages import show
from huiying.desk.today.start.steps import founding, trail


@founding
def reach(request: HttpRequest) -> HttpResponse:
    """A way for each person; rows without an address are left out."""
    now = timezone.now()
    people = list(queries.everybody().filter(is_active=True))
    initial = [{"person": person.pk, "channel": Channel.MAIL} for person in people]
    rows = ContactRows(request.POST or None, initial=initial)
    if rows.is_bound and rows.is_valid() and _add(access.signed_in(request), rows):
        return redirect("start:ready" if "on" in request.POST else "start:reach")
    by_id = {person.pk: person for person in people}
    context = {
        "rows": rows,
        "lines": [(by_id.get(_asked(row)), row) for row in rows],
        "nowhere": mail_goes_nowhere(),
        **trail(request, now, "reach"),
    }
    return show(request, "start/reach.html", context, rows)


def _asked(row: Any) -> int:
    value = str(row["person"].value() or "")
    return int(value) if value.isdecimal() else 0


def _add(by: Person, rows: Any) -> bool:
    """Add what was filled in; a row that is refused says so and the others stay."""
    now, people = timezone.now(), Person.objects.in_bulk()
    well = True
    for row in rows:
        asked = row.cleaned_data
        person = people.get(asked.get("person") or 0)
        if not asked.get("address") or person is None:
            continue
        values = {name: asked[name] for name in ("channel", "address", "secret")}
        well &= carried_out(row, lambda who=person, what=values: _one(by, now, who, what))  # type: ignore[misc]
    return well


def _one(by: Person, now: Any, person: Person, values: dict[str, str]) -> None:
    actions.add_contact(by=by, now=now, person=person, **values)


@founding
@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test at once and say whether it arrived."""
    contact = get_object_or_404(Contact.objects.select_related("person"), pk=pk)
    message = send_test(by=access.signed_in(request), now=timezone.now(), contact=contact)
    names = {"name": contact.person.name, "channel": contact.get_channel_display()}
    if message.state == Message.State.SENT:
        messages.success(
            request, _("已发给%(name)s（%(channel)s），对方接收成功。请本人确认看到了。") % names
        )
    else:
        why = message.error_en if (get_language() or "").startswith("en") else message.error_zh
        messages.error(request, _("没有发到%(name)s（%(channel)s）：%(why)s") % {**names, "why": why})
    return redirect("start:reach")


@founding
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a way that was mistyped."""
    contact = get_object_or_404(Contact.objects.select_related("person"), pk=pk)
    actions.drop_contact(by=access.signed_in(request), now=timezone.now(), contact=contact)
    return redirect("start:reach")
