"""Search over everything."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.listen.config import active_plan
from huiying.desk.listen.search.bigrams import terms
from huiying.desk.today.queries.found import KINDS, find

EACH, PAGE, LONGEST = 6, 30, 200


@requires(Right.SEE_TODAY)
def search(request: HttpRequest) -> HttpResponse:
    """What is found, grouped by kind; `?kind=` lists one kind page by page."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    person, asked = signed_in(request), bool(terms(words))
    groups = find(person, words, limit=EACH) if asked else []
    context: dict[str, Any] = {
        "words": words,
        "plan": active_plan(),
        "asked": asked,
        "groups": groups,
        "kind": kind,
        "total": sum(g.count for g in groups),
    }
    if kind and asked:
        count = next((group.count for group in groups if group.kind == kind), 0)
        page = Paginator(range(count), PAGE).get_page(request.GET.get("page"))
        offset = page.start_index() - 1 if count else 0
        shown = find(person, words, kind=kind, limit=PAGE, offset=offset)
        context |= {"shown": shown, "page": page}
    else:
        context["shown"] = groups
    return render(request, "today/search.html", context)
