"""The page of a case, its files, and its journal as data."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import evidence, journal
from huiying.desk.cases.access import get_case
from huiying.desk.cases.forms import VERBS, VerbForm
from huiying.desk.cases.models import Case, Evidence
from huiying.desk.cases.queries.document import document, figures
from huiying.desk.cases.queries.standing import Standing, standing
from huiying.desk.cases.queries.timeline import lines
from huiying.desk.cases.slots import Place, slots
from huiying.engine.journal import Entry, instant

#: Forms that stand on the page already, or that only their own place leads to.
ELSEWHERE = frozenset({"note", "correct", "answer-asker", "tell-of-extension"})


def offered(on: Standing) -> list[type[VerbForm]]:
    """The forms that this reader may use now."""
    return [verb for verb in VERBS if on.may(verb.right) and verb.possible(on)]


def _menu(on: Standing) -> list[dict[str, Any]]:
    names: dict[str, list[type[VerbForm]]] = {"work": [], "clocks": [], "end": []}
    for verb in offered(on):
        if verb.slug not in ELSEWHERE:
            names[verb.group].append(verb)
    return [{"key": key, "verbs": verbs} for key, verbs in names.items() if verbs]


def panels(request: HttpRequest, case: Case, place: Place) -> Iterator[SafeString]:
    """What other rooms show in one place of a case's pages."""
    for panel in slots.at(place):
        context = panel.context(request, case)
        if context is not None:
            yield render_to_string(panel.template, context, request)


@requires(Right.SEE_CASES)
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One case: where it stands, what is owed, who has it, and everything that happened. Closed, it reads as a document."""
    person, now = signed_in(request), timezone.now()
    it = get_case(person, number)
    on = standing(it, person, now)
    told = lines(on.entries, on.names)
    context = {
        "case": it,
        "on": on,
        "plan": on.plan,
        "menu": _menu(on),
        "verbs": {verb.slug.replace("-", "_"): verb for verb in offered(on)},
        "lines": told if it.closed_at else list(reversed(told)),
        "main": list(panels(request, it, "main")),
        "side": list(panels(request, it, "side")),
        "document": document(on) if it.closed_at else [],
        "figures": figures(on) if it.closed_at else [],
        "mentions": it.mentions.order_by("-captured_at")[:5],
    }
    return render(request, "cases/case.html", context)


@requires(Right.SEE_CASES)
@require_safe
def file(request: HttpRequest, number: str, sha256: str) -> HttpResponseBase:
    """A file of the evidence, as it was given; pictures show in the page, everything else is a download."""
    it = get_case(signed_in(request), number)
    row = get_object_or_404(Evidence, case=it, sha256=sha256)
    path = evidence.path_of(row.sha256)
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), content_type=row.content_type)
    shown = "inline" if row.content_type in evidence.IMAGES else "attachment"
    response["Content-Disposition"] = f"{shown}; filename*=UTF-8''{escape_uri_path(row.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@requires(Right.SEE_CASES)
@require_safe
def journal_file(request: HttpRequest, number: str) -> HttpResponse:
    """The journal as JSON Lines, one entry a line: what `huiying obligations --journal` reads, with every hash."""
    it = get_case(signed_in(request), number)
    body = "".join(
        json.dumps(_plain(entry), ensure_ascii=False, sort_keys=True) + "\n" for entry in journal.entries(it)
    )
    response = HttpResponse(body, content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{it.number}.jsonl"'
    return response


def _plain(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": instant(entry.at),
        "recorded_at": instant(entry.recorded_at),
        "kind": str(entry.kind),
        "actor": entry.actor,
        "role": entry.role,
        "data": entry.data,
        "prev": entry.prev,
        "hash": entry.hash,
    }
