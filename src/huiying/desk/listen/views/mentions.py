"""The feed: everything that was captured, newest first."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import requires
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.models import Mention
from huiying.desk.listen import queries
from huiying.desk.listen.forms import MentionFilterForm
from huiying.desk.listen.models import Match
from huiying.desk.listen.search import asked_spans
from huiying.desk.listen.search.spans import joined
from huiying.desk.shell import sheets
from huiying.desk.shell.mask import mask
from huiying.desk.shell.pages import paged

EXPORTED = 5000


@requires(Right.SEE_LISTEN)
def mentions(request: HttpRequest) -> HttpResponse:
    """Mentions of every source; filters stand in the address bar."""
    now, form = timezone.now(), MentionFilterForm(request.GET)
    asked = form.asked()
    rows = queries.mentions(asked, now)
    if request.GET.get("export") in {"csv", "xlsx"}:
        return _exported(request.GET["export"], rows[:EXPORTED])
    page = paged(request, rows, 50)
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "mentions": with_words(list(page), asked.words),
        "listening": queries.listening_state(now),
    }
    return render(request, "listen/mentions.html", context)


def with_words(rows: list[Mention], words: str) -> list[dict[str, Any]]:
    """Mentions with the places of what was searched for, else of what watches found."""
    found: dict[int, list[Any]] = {}
    if not words:
        matches = Match.objects.filter(mention__in=[row.pk for row in rows])
        for mention, spans in matches.values_list("mention", "spans"):
            found.setdefault(mention, []).extend(tuple(span) for span in spans)
    return [{"mention": row, "spans": _spans(row, words, found.get(row.pk, []))} for row in rows]


def _spans(row: Mention, words: str, found: list[Any]) -> list[tuple[int, int]]:
    return asked_spans(words, f"{row.title}\n{row.text}") if words else joined(found)


def _exported(kind: str, rows: Any) -> HttpResponse:
    head = [
        _("标题"),
        _("正文"),
        _("站点"),
        _("层级"),
        _("类型"),
        _("发布"),
        _("收录"),
        _("地址"),
        _("话题"),
        _("语气"),
    ]
    write = sheets.as_csv if kind == "csv" else sheets.as_xlsx
    return write(_("帖文"), head, _lines(rows))


def _lines(rows: Any) -> Iterator[list[sheets.Cell]]:
    for row in rows:
        hearing = getattr(row, "hearing", None)
        yield [
            mask(row.title), _("已按期清除") if row.purged_at else mask(row.text), row.site, row.get_tier_display(), row.get_kind_display(),
            row.posted_at, row.captured_at, row.address,
            mask(hearing.story.title) if hearing and hearing.story else "", hearing.tone if hearing else "",
        ]  # fmt: skip
