"""A route of an RSSHub instance, with its access code where the instance wants one."""

import hashlib
from urllib.parse import urlsplit

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import one_line, plain
from huiying.desk.collect.sources.base import Harvest, Visit
from huiying.desk.collect.sources.feed.fetch import fetch_feed
from huiying.desk.collect.trouble import Trouble

_SIGNS = ("rsshub", "route is empty", "looks like something went wrong")


def fetch(visit: Visit) -> Harvest:
    """What the route holds. Raises Trouble; an empty route is an error in RSSHub and is told as one."""
    address = route_address(str(visit.settings["address"]), str(visit.settings["route"]))
    try:
        return fetch_feed(visit, with_code(address, visit.secret), shown=address)
    except Trouble as trouble:
        raise _as_rsshub(trouble) from trouble


def route_address(base: str, route: str) -> str:
    """The full address of a route; JSON is asked for unless the route names a format."""
    whole = base.rstrip("/") + "/" + route.strip().lstrip("/")
    if "format=" in whole:
        return whole
    return whole + ("&" if "?" in whole else "?") + "format=json"


def with_code(address: str, key: str) -> str:
    """The address with RSSHub's access code, md5 of path and key, so that the key itself never travels."""
    if not key:
        return address
    code = hashlib.md5((urlsplit(address).path + key).encode(), usedforsecurity=False).hexdigest()
    return f"{address}&code={code}"


def _as_rsshub(trouble: Trouble) -> Trouble:
    text = decode(trouble.evidence)[0]
    if not any(sign in text.lower() for sign in _SIGNS):
        return trouble
    said = next((line for line in plain(text).splitlines() if "error" in line.lower()), "")
    return Trouble(
        "rsshub.error", one_line(said, 160), retry_after=trouble.retry_after, evidence=trouble.evidence
    )
