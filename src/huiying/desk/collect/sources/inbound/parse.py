"""The body of a call: one mention, or `{"mentions": [...]}`."""

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from huiying.desk.collect.sources.api.parse import read_entries
from huiying.desk.collect.sources.base import MOST_ITEMS, Harvest
from huiying.desk.collect.trouble import Trouble

FIELDS: Mapping[str, str] = {
    "key": "key",
    "title": "title",
    "text": "text",
    "link": "address",
    "author": "author",
    "site_name": "site",
    "posted_at": "posted_at",
    "reach": "reach",
}


def parse(body: bytes, now: datetime, zone: ZoneInfo) -> Harvest:
    """Items of a call. Raises Trouble if it is no JSON or has too many."""
    try:
        said = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Trouble("json.unreadable") from error
    entries = said.get("mentions", [said]) if isinstance(said, dict) else said
    if not isinstance(entries, list):
        raise Trouble("api.path", "mentions")
    if len(entries) > MOST_ITEMS:
        raise Trouble("too.large", f"{MOST_ITEMS} mentions")
    return read_entries(entries, FIELDS, now, zone)
