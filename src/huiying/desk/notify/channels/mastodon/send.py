"""One status under the institution's account; the server itself drops doubles by the idempotency key."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from huiying.desk.net.client import Answer, Client
from huiying.desk.notify.channels.answers import at, failed, read, scrub, status_flaw
from huiying.desk.notify.channels.base import Limits, Outcome, Parcel, Result, Route, sent
from huiying.desk.notify.channels.compose import cut
from huiying.desk.notify.channels.mastodon.form import LIMITS
from huiying.engine.text import Text

LINK = 23  # what Mastodon counts for any address
UNCLEAR = Text(
    "应答里没有帖文编号，不能确认发布", "The answer names no post: whether it was published is not known"
)


def text_of(parcel: Parcel, limits: Limits) -> str:
    """Title and text, cut so that the link to the whole text stays."""
    words = "\n\n".join(filter(None, (parcel.subject, parcel.body)))
    if not parcel.link:
        return cut(words, limits.size, len)
    return cut(words, limits.size - LINK - 2, len) + f"\n\n{parcel.link}"


def publish(parcel: Parcel, route: Route, client: Client) -> Outcome:
    """Posts the status, as an answer where the post that it answers is known to the server. Raises Trouble."""
    base = route.address.rstrip("/")
    bearer = {"Authorization": f"Bearer {route.secret}"}
    limits = replace(LIMITS, size=int(route.settings.get("most") or LIMITS.size))
    said: dict[str, Any] = {
        "status": text_of(parcel, limits),
        "visibility": route.settings.get("visibility", "public"),
        "language": "en" if parcel.language.startswith("en") else "zh",
    }
    above = _known(base, parcel.reply_to, bearer, client)
    if above:
        said["in_reply_to_id"] = above
    headers = {**bearer, "Content-Type": "application/json", "Idempotency-Key": parcel.ident}
    return _judged(client.post(f"{base}/api/v1/statuses", json.dumps(said).encode(), headers=headers), route)


def _known(base: str, address: str, bearer: dict[str, str], client: Client) -> str:
    """The server's own number of the post at `address`; empty when it does not know it."""
    if not address:
        return ""
    query = f"{base}/api/v2/search?type=statuses&resolve=true&limit=1&q={quote(address, safe='')}"
    return str(at(read(client.ask(query, headers=bearer)), "statuses.0.id") or "")


def _judged(answer: Answer, route: Route) -> Outcome:
    body = read(answer)
    flaw = status_flaw(answer)
    if flaw:
        why = scrub(str(at(body, "error") or ""), route)
        return replace(flaw, said=Text(f"{flaw.said.zh}：{why}", f"{flaw.said.en}: {why}")) if why else flaw
    if not at(body, "id"):
        return failed(UNCLEAR, Result.UNKNOWN)
    return sent(address=str(at(body, "url") or at(body, "uri") or "")[:1000])
