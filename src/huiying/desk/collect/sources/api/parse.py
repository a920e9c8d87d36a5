"""A JSON answer to items, by dotted paths such as `data.list` or `user.name` or `tags[0]`."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import one_line, plain
from huiying.desk.collect.sources.base import MOST_ITEMS, Harvest, Item, key_of, trimmed, web_address
from huiying.desk.collect.sources.when import posting_time, unclear
from huiying.desk.collect.trouble import Trouble

_STEP = re.compile(r"([^.\[\]]+)|\[(-?\d+)\]")
_SLOT = re.compile(r"\{([^{}]+)\}")


def dig(value: Any, path: str) -> Any:
    """What stands at a dotted path; the value itself for an empty path; None where the path leads nowhere."""
    for name, index in _STEP.findall(path):
        if name and isinstance(value, dict):
            value = value.get(name)
        elif index and isinstance(value, list) and -len(value) <= int(index) < len(value):
            value = value[int(index)]
        else:
            return None
    return value


def words(entry: Any, path: str) -> str:
    """The text at a path, or a template such as `https://bbs.example.cn/t/{id}` filled in; empty for nothing."""
    if "{" in path:
        return _SLOT.sub(lambda slot: words(entry, slot.group(1)), path)
    found = dig(entry, path) if path else None
    return "" if found is None or isinstance(found, dict | list) else str(found)


def parse(
    body: bytes, content_type: str, settings: Mapping[str, Any], now: datetime, zone: ZoneInfo
) -> Harvest:
    """Items of an answer. Raises Trouble if it is no JSON or has no list at the stated place."""
    try:
        answer = json.loads(decode(body, content_type)[0].lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Trouble("json.unreadable", evidence=body[:20_000]) from error
    entries = dig(answer, str(settings.get("items") or ""))
    if not isinstance(entries, list):
        raise Trouble("api.path", str(settings.get("items") or "/"), evidence=body[:400_000])
    return read_entries(entries[:MOST_ITEMS], settings, now, zone)


def read_entries(entries: list[Any], settings: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> Harvest:
    """Entries to items; an entry without title and text is named and left out."""
    harvest = Harvest()
    for place, entry in enumerate(entries):
        said = {name: words(entry, str(settings.get(name) or "")) for name in NAMES}
        item = _item(said, now, zone)
        harvest.take(item, f"[{place}]", unclear(said["posted_at"], item.posted_at))
    return harvest


def _item(said: Mapping[str, str], now: datetime, zone: ZoneInfo) -> Item:
    title, text = trimmed(plain(said["title"]), plain(said["text"]))
    link = web_address(said["link"])
    return Item(
        key=key_of(said["key"] or link, title, text, said["posted_at"]),
        title=title,
        text=text,
        address=link,
        author=one_line(said["author"], 120),
        site=one_line(said["site_name"], 120),
        posted_at=posting_time(said["posted_at"], now, zone),
        reach=count_of(said["reach"]),
    )


NAMES = ("key", "title", "text", "link", "author", "site_name", "posted_at", "reach")


def count_of(text: str) -> int:
    """A count such as 1200 or 1,200 or 1.2万; zero for anything else."""
    found = re.fullmatch(r"([\d,]{1,15}(?:\.\d{1,6})?)\s*([万亿]?)\+?", text.strip())
    if not found:
        return 0
    scale = {"": 1, "万": 10_000, "亿": 100_000_000}[found.group(2)]
    return min(int(float(found.group(1).replace(",", "") or 0) * scale), 2_000_000_000)
