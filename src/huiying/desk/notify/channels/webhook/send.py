"""One JSON document, signed where there is a secret; the answer is held against what the operator expects."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huiying.desk.net.client import Client
from huiying.desk.notify.channels.answers import at, expected, read
from huiying.desk.notify.channels.base import Outcome, Parcel, Route, sent
from huiying.desk.notify.channels.compose import head


def headers(secret: str, moment: datetime, body: bytes, ident: str) -> dict[str, str]:
    """Content type, a key by which the other side drops doubles, and the signature where there is a secret."""
    found = {"Content-Type": "application/json", "Idempotency-Key": ident}
    if secret:
        stamp = str(int(moment.timestamp()))
        mac = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        found |= {"X-Huiying-Timestamp": stamp, "X-Huiying-Signature": "sha256=" + mac}
    return found


def _notice(parcel: Parcel) -> dict[str, Any]:
    return {
        "id": parcel.ident,
        "subject": head(parcel),
        "body": parcel.body,
        "link": parcel.link,
        "acknowledge": parcel.ack,
        "urgent": parcel.urgent,
        "possible_repeat": parcel.repeat,
        "case": parcel.case_number,
        "stage": parcel.stage,
        "to": parcel.to,
        "sent_at": parcel.sent_at.isoformat(),
    }


def send(parcel: Parcel, route: Route, client: Client) -> Outcome:
    """Sends the notice. Raises Trouble."""
    return _post(_notice(parcel), parcel, route, client)[0]


def publish(parcel: Parcel, route: Route, client: Client) -> Outcome:
    """Sends the publication; an `address` or `url` in the answer is where it stands. Raises Trouble."""
    said = {
        "id": parcel.ident,
        "title": parcel.subject,
        "text": parcel.body,
        "link": parcel.link,
        "reply_to": parcel.reply_to,
        "possible_repeat": parcel.repeat,
        "sent_at": parcel.sent_at.isoformat(),
    }
    outcome, answer = _post(said, parcel, route, client)
    place = next((at(answer, name) for name in ("address", "url", "data.url") if at(answer, name)), "")
    return sent(address=str(place)[:1000]) if outcome.sent else outcome


def _post(said: Mapping[str, Any], parcel: Parcel, route: Route, client: Client) -> tuple[Outcome, Any]:
    body = json.dumps(said, ensure_ascii=False).encode()
    signed = headers(route.secret, parcel.sent_at, body, parcel.ident)
    answer = client.post(route.address, body, headers=signed)
    return expected(answer, route.settings, route), read(answer)
