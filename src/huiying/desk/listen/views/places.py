"""Places and things that the institution knows, with their other names."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.rights import Right
from huiying.desk.listen import actions
from huiying.desk.listen.forms import PlaceForm, PlacesFileForm
from huiying.desk.listen.models import PlaceName
from huiying.desk.shell.pages import paged, show
from huiying.engine.listen.gazetteer import read_gazetteer


@requires(Right.SEE_LISTEN)
def places(request: HttpRequest) -> HttpResponse:
    """The list, with a form for one more."""
    form = PlaceForm()
    return _page(request, form, PlacesFileForm())


def _page(request: HttpRequest, form: PlaceForm, file: PlacesFileForm, findings: object = ()) -> HttpResponse:
    rows = PlaceName.objects.select_related("unit")
    context = {
        "page": paged(request, rows, 100),
        "form": form,
        "file": file,
        "findings": findings,
        "may_edit": can(request.user, Right.EDIT_WATCHES),
    }
    return show(request, "listen/places.html", context, form, file)


@requires(Right.EDIT_WATCHES)
@require_POST
def add_place(request: HttpRequest) -> HttpResponse:
    """Add a place."""
    form = PlaceForm(request.POST)
    if form.is_valid() and carried_out(form, lambda: _save(request, form, None)):
        messages.success(request, _("已加。正在用新的地名重听已收录的帖文。"))
        return redirect("listen:places")
    return _page(request, form, PlacesFileForm())


def _save(request: HttpRequest, form: PlaceForm, it: PlaceName | None) -> None:
    actions.save_place(by=signed_in(request), now=timezone.now(), place=it, **form.cleaned_data)


@requires(Right.EDIT_WATCHES)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a place."""
    it = get_object_or_404(PlaceName, pk=pk)
    initial = {
        "name": it.name,
        "kind": it.kind,
        "aliases": " ".join(it.aliases),
        "unit": it.unit_id,
        "within": it.within,
    }
    form = PlaceForm(request.POST or None, initial=initial)
    if form.is_valid() and carried_out(form, lambda: _save(request, form, it)):
        messages.success(request, _("已保存。"))
        return redirect("listen:places")
    return show(request, "listen/place.html", {"form": form, "place": it}, form)


@requires(Right.EDIT_WATCHES)
@require_POST
def drop_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a place."""
    it = get_object_or_404(PlaceName, pk=pk)
    actions.drop_place(by=signed_in(request), now=timezone.now(), place=it)
    messages.success(request, _("已删除“%(name)s”。") % {"name": it.name})
    return redirect("listen:places")


@requires(Right.EDIT_WATCHES)
@require_POST
def import_places(request: HttpRequest) -> HttpResponse:
    """Add the places of a TOML file."""
    file = PlacesFileForm(request.POST, request.FILES)
    if not file.is_valid():
        return _page(request, PlaceForm(), file)
    try:
        gazetteer, findings = read_gazetteer(*file.text())
    except ValidationError as refused:
        file.add_error("file", refused)
        return _page(request, PlaceForm(), file)
    if any(finding.level == "error" for finding in findings) or not gazetteer.places:
        file.add_error("file", _("没有导入：先改好下面几处。") if findings else _("文件里没有 [[place]]。"))
        return _page(request, PlaceForm(), file, findings)
    count = actions.add_places(by=signed_in(request), now=timezone.now(), gazetteer=gazetteer)
    messages.success(request, _("已导入 %(n)s 处。") % {"n": count})
    return redirect("listen:places")
