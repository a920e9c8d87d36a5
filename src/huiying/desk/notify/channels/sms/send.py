"""One request to the gateway; only the answer that the operator described is a delivery."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import quote

from huiying.desk.net.client import Client
from huiying.desk.notify.channels.answers import expected, failed
from huiying.desk.notify.channels.base import Outcome, Parcel, Result, Route
from huiying.desk.notify.channels.compose import compose
from huiying.desk.notify.channels.sms.form import LIMITS
from huiying.engine.text import Text

NOT_SET_UP = Text(
    "还没有设置短信网关，请管理员在“渠道设置”里填写",
    "No SMS gateway is set up: the administrator does this under channels",
)
TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


def fill(template: str, values: Mapping[str, str], escape: Callable[[str], str]) -> str:
    """The template with each `{name}` replaced by its escaped value, in one pass; other braces stay."""
    names = "|".join(map(re.escape, values))
    return re.sub(r"\{(" + names + r")\}", lambda found: escape(values[found[1]]), template)


def _json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _url(value: str) -> str:
    return quote(value, safe="")


def _plain(value: str) -> str:
    return " ".join(value.split())


def send(parcel: Parcel, route: Route, client: Client) -> Outcome:
    """Sends the notice to a phone number through the gateway of the settings. Raises Trouble."""
    gateway = route.settings
    if not gateway.get("address"):
        return failed(NOT_SET_UP, Result.REFUSED)
    kind = str(gateway.get("kind", "json"))
    short = replace(parcel, link="" if parcel.ack else parcel.link)  # one link: each character costs
    text = compose(short, replace(LIMITS, size=int(gateway.get("most") or LIMITS.size)), name=False)
    values = {"phone": route.address, "text": text, "secret": route.secret, "id": parcel.ident}
    address = fill(str(gateway["address"]), values, _url)
    headers = _headers(str(gateway.get("headers", "")), values)
    target = Route(address=address, secret=route.secret, settings=gateway)
    if kind == "none":
        return expected(client.ask(address, headers=headers), gateway, target)
    body = fill(str(gateway.get("body", "")), values, _json if kind == "json" else _url).encode()
    answer = client.post(address, body, headers={"Content-Type": TYPES[kind], **headers})
    return expected(answer, gateway, target)


def _headers(lines: str, values: Mapping[str, str]) -> dict[str, str]:
    pairs = (line.partition(":") for line in lines.splitlines() if ":" in line)
    return {name.strip(): fill(value.strip(), values, _plain) for name, _colon, value in pairs}
