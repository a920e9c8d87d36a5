"""The units of the institution."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from huiying.desk.accounts import actions
from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.institution import UnitForm
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Role, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.shell.pages import show


@requires(Right.SEE_PEOPLE)
def units(request: HttpRequest) -> HttpResponse:
    """All units, with how many handle matters in each."""
    handlers = Count(
        "appointments", filter=Q(appointments__role=Role.HANDLER, appointments__person__is_active=True)
    )
    rows = Unit.objects.select_related("parent").annotate(handlers=handlers).order_by("-active", "name")
    return render(request, "accounts/units.html", {"units": rows})


@requires(Right.EDIT_PEOPLE)
def new_unit(request: HttpRequest) -> HttpResponse:
    """Add a unit."""
    form = UnitForm(request.POST or None)
    del form.fields["active"]

    def add() -> None:
        actions.add_unit(by=signed_in(request), now=timezone.now(), **form.cleaned_data)

    if form.is_valid() and carried_out(form, add):
        messages.success(request, _("已加部门：%(name)s。") % {"name": form.cleaned_data["name"]})
        return redirect("accounts:units")
    return show(request, "accounts/unit.html", {"form": form, "unit": None}, form)


@requires(Right.EDIT_PEOPLE)
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a unit or retire it."""
    it = get_object_or_404(Unit, pk=pk)
    initial = {
        "name": it.name,
        "aliases": "、".join(it.aliases),
        "duties": it.duties,
        "parent": it.parent,
        "active": it.active,
    }
    form = UnitForm(request.POST or None, initial=initial)

    def change() -> None:
        actions.change_unit(by=signed_in(request), now=timezone.now(), unit=it, **form.cleaned_data)

    if form.is_valid() and carried_out(form, change):
        messages.success(request, _("已保存：%(name)s。") % {"name": it.name})
        return redirect("accounts:units")
    return show(request, "accounts/unit.html", {"form": form, "unit": it}, form)
