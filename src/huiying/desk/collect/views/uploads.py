"""A file: brought, looked at, read in."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.collect import actions
from huiying.desk.collect.models import Source, Upload
from huiying.desk.collect.preview_upload import LookedAt, look
from huiying.desk.collect.sources.upload.form import ColumnsForm, FileForm
from huiying.desk.collect.trouble import Trouble
from huiying.desk.collect.views.listing import page_of
from huiying.desk.shell.pages import show


@requires(Right.EDIT_SOURCES)
@require_POST
def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """A file arrives; it is looked at next."""
    it = get_object_or_404(Source, pk=pk)
    form = FileForm(request.POST, request.FILES)
    made: list[Upload] = []

    def act() -> None:
        file = form.cleaned_data["file"]
        who, now = signed_in(request), timezone.now()
        made.append(actions.look_at(by=who, now=now, source=it, name=file.name, body=file.read()))

    if form.is_valid() and carried_out(form, act):
        return redirect("collect:upload", made[0].pk)
    return show(request, "collect/source.html", page_of(request, it, file=form), form)


def _upload(pk: int) -> Upload:
    return get_object_or_404(Upload.objects.select_related("source"), pk=pk)


@requires(Right.EDIT_SOURCES)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """What is in the file and what would be read from it; afterwards, what was."""
    it = _upload(pk)
    if it.state != Upload.State.LOOKED_AT:
        return render(request, "collect/upload_done.html", {"it": it})
    try:
        looked = look(it)
    except Trouble as trouble:
        return render(request, "collect/upload_done.html", {"it": it, "trouble": trouble})
    form = ColumnsForm(headings=looked.table.headings, initial=_chosen(it))
    return _looked_at(request, it, looked, form)


def _chosen(it: Upload) -> dict[str, str]:
    return {name: str(column) for name, column in it.columns.items()}


def _looked_at(request: HttpRequest, it: Upload, looked: LookedAt, form: ColumnsForm) -> HttpResponse:
    return show(request, "collect/upload.html", {"it": it, "looked": looked, "form": form}, form)


@requires(Right.EDIT_SOURCES)
@require_POST
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Other columns; the page shows what would now be read."""
    it = _upload(pk)
    try:
        looked = look(it)
    except Trouble:
        return redirect("collect:upload", pk)
    form = ColumnsForm(request.POST, headings=looked.table.headings)

    def act() -> None:
        actions.choose_columns(by=signed_in(request), now=timezone.now(), upload=it, columns=form.columns)

    if form.is_valid() and carried_out(form, act):
        return redirect("collect:upload", pk)
    return _looked_at(request, it, looked, form)


def _done(request: HttpRequest, pk: int, act: Callable[[Person, Upload], object]) -> HttpResponse:
    try:
        act(signed_in(request), _upload(pk))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("collect:upload", pk)


@requires(Right.EDIT_SOURCES)
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it in."""
    now = timezone.now()
    return _done(request, pk, lambda who, it: actions.read_in(by=who, now=now, upload=it))


@requires(Right.EDIT_SOURCES)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave it unread."""
    it = _upload(pk)
    try:
        actions.drop(by=signed_in(request), now=timezone.now(), upload=it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("已放弃，什么也没有读入。"))
    return redirect("collect:source", it.source_id)


@requires(Right.EDIT_SOURCES)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a long file has been read, which its page asks for again and again."""
    return render(request, "collect/parts/progress.html", {"it": _upload(pk)})
