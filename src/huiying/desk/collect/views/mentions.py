"""A mention with its evidence."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from huiying.desk.accounts.access import requires, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.collect import actions, panels, queries
from huiying.desk.collect.models import Attachment, Capture, Mention

PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"RIFF": "image/webp"}


def _mention(pk: int) -> Mention:
    rows = Mention.every.select_related("source", "capture").prefetch_related("attachments__capture")
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, it: Mention, plain: bool) -> HttpResponse:
    others, count = queries.same_words(it)
    context = {
        "it": it,
        "plain": plain,
        "evidence": queries.evidence(it.capture) if it.capture else None,
        "lag": queries.lag(it),
        "others": others,
        "others_count": count,
        "panels": panels.for_mention(request, it),
    }
    return render(request, "collect/mention.html", context)


@requires(Right.SEE_LISTEN)
def mention(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said, where, when; personal data covered."""
    return _page(request, _mention(pk), plain=False)


@requires(Right.VERIFY)
@require_POST
@never_cache
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The words as they are, for those who must check facts; who looked is on record."""
    it = _mention(pk)
    actions.note_reading(by=signed_in(request), now=timezone.now(), mention=it)
    return _page(request, it, plain=True)


@requires(Right.SEE_SOURCES)
@never_cache
def capture(request: HttpRequest, pk: int) -> HttpResponse:
    """The payload as it came, as a file; who took it is on record."""
    it = get_object_or_404(Capture, pk=pk)
    found = queries.evidence(it)
    if found.emptied:
        raise Http404
    actions.note_taking(by=signed_in(request), now=timezone.now(), capture=it)
    return _file(found.body, "application/octet-stream", found.file_name)


@requires(Right.SEE_LISTEN)
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo or file that came with an entry: pictures are shown, the rest is downloaded."""
    it = get_object_or_404(Attachment.objects.select_related("capture"), pk=pk)
    found = queries.evidence(it.capture)
    if found.emptied:
        raise Http404
    body = found.body
    kind = next((kind for mark, kind in PICTURES.items() if body.startswith(mark)), "")
    return _file(body, kind or "application/octet-stream", "" if kind else found.file_name)


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    """Bytes of a stranger: never run, never guessed at."""
    response = HttpResponse(body, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
