"""Sources and how each of them is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import requires
from huiying.desk.accounts.rights import Right
from huiying.desk.collect import queries
from huiying.desk.collect.models import Source, Upload
from huiying.desk.collect.periods import now_in_force
from huiying.desk.collect.sources.kinds import KINDS, SCHEDULED, kind_of
from huiying.desk.collect.sources.upload.form import FileForm
from huiying.desk.collect.views.shown import settings_of
from huiying.desk.notify.queries import worker_alive
from huiying.desk.shell.pages import paged
from huiying.desk.shell.sheets import Cell, as_csv, as_xlsx
from huiying.desk.shell.times import length

EXPORTS: Mapping[str, Callable[..., HttpResponse]] = {"csv": as_csv, "xlsx": as_xlsx}


def _sheet(rows: Sequence[queries.Listed]) -> tuple[list[str], list[list[Cell]]]:
    """The list as people take it away."""
    language = get_language() or ""
    head = [
        _("名称"),
        _("类型"),
        _("站点"),
        _("层级"),
        _("状态"),
        _("原因"),
        _("上次读成"),
        _("上次有新帖"),
        _("24 小时新帖"),
    ]
    lines: list[list[Cell]] = [
        [
            row.source.name,
            str(row.kind.label),
            row.source.site,
            row.source.get_tier_display(),
            row.health.what.say(language),
            row.health.why.say(language) if row.health.why else "",
            row.source.last_ok_at,
            row.source.last_new_at,
            row.day,
        ]
        for row in rows
    ]
    return head, lines


@requires(Right.SEE_SOURCES)
def sources(request: HttpRequest) -> HttpResponse:
    """Every source, those that need a person first."""
    now = timezone.now()
    asked = {name: request.GET.get(name, "")[:60] for name in ("state", "kind", "word", "sort")}
    every = queries.listed(now)
    chosen = queries.listed(now, **asked) if any(asked.values()) else every
    if request.GET.get("export") in EXPORTS:
        return EXPORTS[request.GET["export"]](_("信源"), *_sheet(chosen))
    context = {
        "rows": chosen,
        "totals": queries.totals(every),
        "asked": asked,
        "kinds": KINDS.values(),
        "heightened": now_in_force(now),
        "alive": worker_alive(now),
        "keeps": {
            "captures": settings.HUIYING_KEEP_CAPTURES_DAYS,
            "texts": settings.HUIYING_KEEP_TEXTS_DAYS,
        },
    }
    return render(request, "collect/sources.html", context)


@requires(Right.SEE_SOURCES)
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """One source: its health, its attempts, what it brought, its evidence."""
    return render(request, "collect/source.html", page_of(request, get_object_or_404(Source, pk=pk)))


def page_of(request: HttpRequest, it: Source, **more: Any) -> dict[str, Any]:
    """What a source's page shows; `more` replaces a form that must be mended."""
    now = timezone.now()
    hours = queries.new_by_hour(now).get(it.pk, [])
    context = {
        "it": it,
        "kind": kind_of(it.kind),
        "health": queries.health(it, now),
        "scheduled": it.kind in SCHEDULED,
        "settings": settings_of(it, request.user),
        "interval": length(timedelta(seconds=it.interval_s), get_language() or ""),
        "hours": hours,
        "day": sum(hours),
        "mentions_count": it.mentions.count(),
        "fetches": paged(request, it.fetches.all(), 15),
        "mentions": queries.recent_mentions(it),
        "captures": it.captures.annotate(count=Count("mentions")).order_by("-captured_at")[:8],
        "uploads": it.uploads.exclude(state=Upload.State.DROPPED).select_related("created_by")[:8],
        "file": FileForm(),
    }
    return context | more


@requires(Right.SEE_SOURCES)
def health(request: HttpRequest, pk: int) -> HttpResponse:
    """The source's health alone, which its page asks for again while a visit is under way."""
    it = get_object_or_404(Source, pk=pk)
    found = queries.health(it, timezone.now())
    context = {"it": it, "health": found, "scheduled": it.kind in SCHEDULED}
    response = render(request, "collect/parts/health.html", context)
    if not found.going:
        response["HX-Refresh"] = "true"  # the visit has ended: the rest of the page has news too
    return response
