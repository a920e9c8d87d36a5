"""Adding a source, trying it before it is saved, changing it, pausing it."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.forms.words import carried_out
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.collect import actions
from huiying.desk.collect.models import Source
from huiying.desk.collect.preview import preview
from huiying.desk.collect.sources.forms import KindForm
from huiying.desk.collect.sources.kinds import KINDS, Kind
from huiying.desk.shell.pages import show

Act = Callable[[Person, Source], object]
PICKED = "pick:"


@requires(Right.EDIT_SOURCES)
def choose(request: HttpRequest) -> HttpResponse:
    """Which kind of source to add, in plain words."""
    return render(request, "collect/choose.html", {"kinds": KINDS.values()})


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _source(pk: int) -> Source:
    return get_object_or_404(Source, pk=pk, kind__in=KINDS)


@requires(Right.EDIT_SOURCES)
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of one kind."""
    chosen = _kind(kind)
    form = chosen.form(request.POST or None)
    made: list[Source] = []

    def act() -> None:
        who, now = signed_in(request), timezone.now()
        made.append(actions.add_source(by=who, now=now, kind=kind, values=form.values))

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("已添加信源“%(name)s”。") % {"name": made[0].name})
        return redirect("collect:source", made[0].pk)
    return show(request, "collect/form.html", {"kind": chosen, "form": form}, form)


@requires(Right.EDIT_SOURCES)
@require_POST
def try_new(request: HttpRequest, kind: str) -> HttpResponse:
    """What a source that is not saved yet would bring."""
    return _tried(request, _kind(kind), None)


@requires(Right.EDIT_SOURCES)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a source."""
    it = _source(pk)
    form = KINDS[it.kind].form(request.POST or None, source=it)

    def act() -> None:
        actions.change_source(by=signed_in(request), now=timezone.now(), source=it, values=form.values)

    if form.is_valid() and carried_out(form, act):
        messages.success(request, _("已保存。"))
        return redirect("collect:source", pk)
    return show(request, "collect/form.html", {"kind": KINDS[it.kind], "form": form, "it": it}, form)


@requires(Right.EDIT_SOURCES)
@require_POST
def try_saved(request: HttpRequest, pk: int) -> HttpResponse:
    """What a source would bring with the settings as they stand on the page."""
    it = _source(pk)
    return _tried(request, KINDS[it.kind], it)


def _tried(request: HttpRequest, kind: Kind, it: Source | None) -> HttpResponse:
    form = kind.form(_with_pick(request.POST), source=it, trying=True)
    for field in form.fields.values():
        if field.widget.input_type == "password":  # what was typed a moment ago is not to be typed again
            field.widget.render_value = True
    found = None
    if kind.fetch is not None and form.is_valid():
        found = preview(kind, form.values, timezone.now(), sealed=it.secret if it else "")
        form = _named(form, kind, it, found.harvest.title)
    form.fields["name"].required = True  # for saving it is
    return show(request, "collect/form.html", {"kind": kind, "form": form, "it": it, "preview": found}, form)


def _with_pick(posted: QueryDict) -> QueryDict:
    """What was typed, and over it the proposal whose button was pressed: `pick:field=value&field=value`."""
    picked = str(posted.get("pick", ""))
    if not picked.startswith(PICKED):
        return posted
    data = posted.copy()
    for name, value in QueryDict(picked.removeprefix(PICKED)).items():
        data[name] = str(value)
    return data


def _named(form: KindForm, kind: Kind, it: Source | None, title: str) -> KindForm:
    """The form with the source's own name for itself, where none was typed."""
    if form.cleaned_data["name"] or not title:
        return form
    named = kind.form({**_flat(form.data), "name": title}, source=it, trying=True)
    return named if named.is_valid() else form


def _flat(data: Mapping[str, object]) -> dict[str, object]:
    return {name: data[name] for name in data}


def _done(request: HttpRequest, pk: int, act: Act, said: str) -> HttpResponse:
    it = get_object_or_404(Source, pk=pk)
    try:
        act(signed_in(request), it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, said)
    return redirect("collect:source", pk)


MANY: Mapping[str, Callable[..., None]] = {
    "fetch": actions.fetch_soon,
    "pause": actions.pause,
    "resume": actions.resume,
}


@requires(Right.EDIT_SOURCES)
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """The same for every source that was ticked; what one refuses keeps back no other."""
    act, who, now = MANY.get(request.POST.get("do", "")), signed_in(request), timezone.now()
    if act is None:
        return redirect("collect:sources")
    chosen = [int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal()]
    done, refused = 0, list[str]()
    for it in Source.objects.filter(pk__in=chosen):
        try:
            act(by=who, now=now, source=it)
            done += 1
        except ValidationError as refusal:
            refused.append(f"{it.name}：{' '.join(refusal.messages)}")
    for words in refused:
        messages.error(request, words)
    if done or not refused:
        messages.success(request, _("已办 %(n)s 个。") % {"n": done})
    return redirect("collect:sources")


@requires(Right.EDIT_SOURCES)
@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """No more visits."""
    now = timezone.now()
    return _done(request, pk, lambda who, it: actions.pause(by=who, now=now, source=it), _("已停采。"))


@requires(Right.EDIT_SOURCES)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Visits go on."""
    now = timezone.now()
    said = _("已恢复采集，马上去读。")
    return _done(request, pk, lambda who, it: actions.resume(by=who, now=now, source=it), said)


@requires(Right.EDIT_SOURCES)
@require_POST
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """First in line."""
    now = timezone.now()
    said = _("已排到最前，马上去读。")
    return _done(request, pk, lambda who, it: actions.fetch_soon(by=who, now=now, source=it), said)


@requires(Right.EDIT_SOURCES)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Gone, if it never brought anything."""
    it = get_object_or_404(Source, pk=pk)
    try:
        actions.delete_source(by=signed_in(request), now=timezone.now(), source=it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("collect:source", pk)
    messages.success(request, _("已删除信源“%(name)s”。") % {"name": it.name})
    return redirect("collect:sources")


@requires(Right.EDIT_SOURCES)
@require_POST
@never_cache
def key(request: HttpRequest, pk: int) -> HttpResponse:
    """A new signing key, shown on this page and never again."""
    it = get_object_or_404(Source, pk=pk)
    try:
        made = actions.renew_key(by=signed_in(request), now=timezone.now(), source=it)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("collect:source", pk)
    return render(request, "collect/key.html", {"it": it, "key": made})
