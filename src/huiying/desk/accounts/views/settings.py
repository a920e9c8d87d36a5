"""The settings' first page, the institution, who may what, and the audit log."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from huiying.desk.accounts import actions, queries
from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.institution import InstitutionForm
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.queries.overview import overview
from huiying.desk.accounts.rights import DUTIES, GROUPS, IN_A_UNIT, LABELS, TABLE, Right, rights_of
from huiying.desk.shell.pages import paged, show


@requires(Right.SEE_PEOPLE)
def index(request: HttpRequest) -> HttpResponse:
    """Every part of the settings with what is to know about it in one line."""
    return render(request, "accounts/index.html", {"overview": overview(timezone.now())})


@requires(Right.EDIT_INSTITUTION)
def institution(request: HttpRequest) -> HttpResponse:
    """Name, clock and public words of the institution."""
    body = queries.institution()
    form = InstitutionForm(request.POST or None, instance=body)

    def save() -> None:
        values = {name: form.cleaned_data[name] for name in form.fields}
        actions.describe(by=signed_in(request), now=timezone.now(), **values)

    if form.is_valid() and carried_out(form, save):
        messages.success(request, _("单位信息已保存。"))
        return redirect("accounts:institution")
    return show(request, "accounts/institution.html", {"form": form}, form)


@requires(Right.SEE_PEOPLE)
def rights(request: HttpRequest) -> HttpResponse:
    """The written table of who may what, whole or for one role."""
    chosen = request.GET.get("role", "")
    context: dict[str, Any] = {
        "roles": [(role, DUTIES[role]) for role in Role],
        "groups": [(name, [_row(right) for right in group]) for name, group in GROUPS],
        "chosen": Role(chosen) if chosen in Role.values else None,
        "its_rights": [LABELS[right] for right in rights_of(chosen)] if chosen else [],
    }
    return render(request, "accounts/rights.html", context)


def _row(right: Right) -> tuple[Any, bool, list[bool]]:
    return LABELS[right], right in IN_A_UNIT, [role in TABLE[right] for role in Role]


@requires(Right.SEE_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """What was changed outside of cases."""
    asked = {key: request.GET.get(key, "").strip() for key in ("verb", "actor", "words")}
    page = paged(request, queries.audit_log(**asked))
    context = {
        "page": page,
        "lines": queries.spoken_lines(page.object_list),
        "asked": asked,
        "verbs": queries.VERBS,
        "people": Person.objects.order_by("pk"),
    }
    return render(request, "accounts/audit.html", context)
