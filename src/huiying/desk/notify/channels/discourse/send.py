"""A new topic, or a post under the topic that is answered; a repeat first looks whether the topic is already there."""

import json
import re
from dataclasses import replace
from typing import Any

from huiying.desk.net.client import Answer, Client
from huiying.desk.notify.channels.answers import at, failed, read, scrub, status_flaw
from huiying.desk.notify.channels.base import Outcome, Parcel, Result, Route, sent
from huiying.desk.notify.channels.compose import cut
from huiying.desk.notify.channels.discourse.form import LIMITS
from huiying.engine.text import Text

TOPIC = re.compile(r"/t/(?:[^/]+/)?(\d+)(?:/\d+)?/?$")
UNCLEAR = Text(
    "应答里没有帖文编号，不能确认发布", "The answer names no post: whether it was published is not known"
)


def publish(parcel: Parcel, route: Route, client: Client) -> Outcome:
    """Posts it. Raises Trouble."""
    base = route.address.rstrip("/")
    key = {"Api-Key": route.secret, "Api-Username": str(route.settings.get("username", ""))}
    answered = TOPIC.search(parcel.reply_to) if parcel.reply_to.startswith(base) else None
    if parcel.repeat and not answered:
        there = _there(base, parcel, key, client)
        if there:
            return sent(address=there)
    said = _said(parcel, route, int(answered.group(1)) if answered else None)
    headers = {**key, "Content-Type": "application/json"}
    answer = client.post(f"{base}/posts.json", json.dumps(said, ensure_ascii=False).encode(), headers=headers)
    return _judged(answer, base, route)


def _said(parcel: Parcel, route: Route, topic: int | None) -> dict[str, Any]:
    text = cut(parcel.body, LIMITS.size, len) + (f"\n\n{parcel.link}" if parcel.link else "")
    if topic:
        return {"raw": text, "topic_id": topic}
    said: dict[str, Any] = {"raw": text, "title": parcel.subject, "external_id": parcel.ident}
    if route.settings.get("category"):
        said["category"] = int(route.settings["category"])
    return said


def _there(base: str, parcel: Parcel, key: dict[str, str], client: Client) -> str:
    """The address of the topic that an earlier try of this publication made; empty when there is none."""
    found = read(client.ask(f"{base}/t/external_id/{parcel.ident}.json", headers=key))
    return f"{base}/t/{at(found, 'slug') or 'topic'}/{at(found, 'id')}" if at(found, "id") else ""


def _judged(answer: Answer, base: str, route: Route) -> Outcome:
    body = read(answer)
    flaw = status_flaw(answer)
    if flaw:
        errors = at(body, "errors")
        why = scrub("; ".join(map(str, errors)), route) if isinstance(errors, list) else ""
        return replace(flaw, said=Text(f"{flaw.said.zh}：{why}", f"{flaw.said.en}: {why}")) if why else flaw
    topic = at(body, "topic_id")
    if not topic:
        return failed(UNCLEAR, Result.UNKNOWN)
    return sent(
        address=f"{base}/t/{at(body, 'topic_slug') or 'topic'}/{topic}/{at(body, 'post_number') or 1}"
    )
