"""One conditional request, then reading."""

from dataclasses import replace

from huiying.desk.collect.sources.base import Harvest, Visit, cursor_after, payload_of, validators
from huiying.desk.collect.sources.feed.parse import parse
from huiying.desk.collect.trouble import Trouble

ACCEPT = "application/feed+json, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"


def fetch(visit: Visit) -> Harvest:
    """What the feed holds now. Raises Trouble."""
    return fetch_feed(visit, str(visit.settings["address"]))


def fetch_feed(visit: Visit, address: str, shown: str = "") -> Harvest:
    """What the feed at `address` holds; `shown` is the address without keys, for the evidence."""
    headers = {"Accept": ACCEPT, **validators(visit.cursor, shown or address)}
    answer = visit.client.get(address, headers=headers)
    harvest = Harvest(cursor=cursor_after(answer, shown or address, visit.cursor), unchanged=answer.unchanged)
    if answer.unchanged:
        return harvest
    if not answer.body.strip():
        raise Trouble("body.empty")
    read = parse(answer.body, answer.content_type, answer.url, visit.now, visit.zone)
    payload = payload_of(answer)
    harvest.items, harvest.rejected, harvest.title = read.items, read.rejected, read.title
    harvest.payloads = [replace(payload, address=shown) if shown else payload]
    return harvest
