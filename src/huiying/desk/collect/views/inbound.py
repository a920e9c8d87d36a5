"""Where other systems push: a signed call in, a plain answer out."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from huiying.desk.accounts.access import with_key
from huiying.desk.collect import actions
from huiying.desk.collect.models import Source
from huiying.desk.collect.trouble import Trouble

MOST_BYTES = 2 * 2**20
REFUSED = {
    "timestamp": "X-Huiying-Timestamp must be seconds since 1970",
    "signature": "X-Huiying-Signature does not fit this body, timestamp and key",
    "expired": "X-Huiying-Timestamp is more than five minutes away from the desk's clock",
    "key": "this address has no key yet: make one on the source's page",
    "paused": "this source is paused",
}


@with_key
@csrf_exempt
def inbound(request: HttpRequest, pk: int) -> JsonResponse:
    """Mentions of another system. 200 with what became of them, or what is wrong and where."""
    source = Source.objects.filter(pk=pk, kind="inbound").first()
    if source is None:
        return _no(404, "no such address")
    if request.method != "POST":
        return _no(405, "send POST", allow="POST")
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return _no(413, f"at most {MOST_BYTES} bytes")
    return _taken(request, source)


def _taken(request: HttpRequest, source: Source) -> JsonResponse:
    headers = request.headers
    try:
        stored, harvest = actions.push(
            source,
            body=request.body,
            timestamp=headers.get("X-Huiying-Timestamp", ""),
            signature=headers.get("X-Huiying-Signature", ""),
            now=timezone.now(),
        )
    except PermissionDenied as refused:
        return _no(401, REFUSED[str(refused)])
    except Trouble as trouble:
        return _no(422, f"{trouble.message.en}. {trouble.mend.en}")
    rejected = [
        {"place": one.where.en, "message": one.message.en, "taken": one.taken} for one in harvest.rejected
    ]
    return JsonResponse({"new": stored.new, "known": stored.known, "rejected": rejected})


def _no(status: int, message: str, allow: str = "") -> JsonResponse:
    response = JsonResponse({"error": message}, status=status)
    if allow:
        response["Allow"] = allow
    return response
