"""The bytes of a feed to items. feedparser finds the entries; dates, encodings and JSON Feed are read here."""

import io
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import feedparser

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import one_line, plain
from huiying.desk.collect.sources.base import MOST_ITEMS, Harvest, Item, Rejected, key_of, trimmed
from huiying.desk.collect.sources.when import posting_time
from huiying.desk.collect.trouble import Trouble
from huiying.engine.text import Text

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.I)
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]*(?:\[.*?\]\s*)?>", re.I | re.S)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_DATES = ("published", "updated", "created")


def parse(body: bytes, content_type: str, address: str, now: datetime, zone: ZoneInfo) -> Harvest:
    """Items of an RSS, Atom or JSON feed. Raises Trouble if the bytes are no feed at all."""
    text, _ = decode(body, content_type)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _json_feed(text, body, address, now, zone)
    return _xml_feed(text, body, address, now, zone)


def _xml_feed(text: str, body: bytes, address: str, now: datetime, zone: ZoneInfo) -> Harvest:
    found = _feedparser(text, address)
    if not found.entries and not found.get("version"):
        html = "<html" in text[:2000].lower() or "<!doctype html" in text[:2000].lower()
        raise Trouble("feed.html" if html else "feed.unreadable", evidence=body[:20_000])
    harvest = Harvest(rejected=_flaws(found))
    for place, entry in enumerate(found.entries[:MOST_ITEMS], start=1):
        _keep(harvest, _item(entry, address, now, zone), place)
    return harvest


def _feedparser(text: str, address: str) -> Any:
    """feedparser on clean UTF-8 without a document type, so that no entity of a stranger is ever expanded."""
    body = _DOCTYPE.sub("", _ILLEGAL.sub("", _DECLARATION.sub("", text)), count=1)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": address}
    return feedparser.parse(io.BytesIO(body.encode()), response_headers=headers, sanitize_html=False)


def _flaws(found: Any) -> list[Rejected]:
    error = found.get("bozo_exception")
    if not found.get("bozo") or error is None:
        return []
    line = getattr(error, "getLineNumber", lambda: None)()
    place = f"line {line}" if line else "feed"
    count = len(found.entries)
    message = Text(
        f"订阅源格式有错，仍读出 {count} 条", f"The feed is malformed; {count} entries could still be read"
    )
    return [Rejected(place=place, message=message)]


def _keep(harvest: Harvest, item: Item, place: int) -> None:
    if item.title or item.text:
        harvest.items.append(item)
        return
    message = Text("没有标题也没有正文，未收", "Neither title nor text: not taken")
    harvest.rejected.append(Rejected(place=f"entry {place}", message=message))


def _item(entry: Mapping[str, Any], address: str, now: datetime, zone: ZoneInfo) -> Item:
    title, text = trimmed(plain(str(entry.get("title", ""))), plain(_content(entry)))
    link = _web(str(entry.get("link", "")), address)
    raw = next((str(entry[name]) for name in _DATES if entry.get(name)), "")
    return Item(
        key=key_of(str(entry.get("id") or link or ""), title, text, raw),
        title=title,
        text=text,
        address=link,
        author=one_line(str(entry.get("author", "")), 120),
        posted_at=posting_time(raw, now, zone),
    )


def _content(entry: Mapping[str, Any]) -> str:
    parts = [str(part.get("value", "")) for part in entry.get("content", [])]
    return max([*parts, str(entry.get("summary", ""))], key=len)


def _web(link: str, base: str) -> str:
    """An absolute web address, or nothing: javascript: and the like are not kept."""
    try:
        whole = urljoin(base, link.strip()) if link.strip() else ""
    except ValueError:
        return ""
    return whole[:2000] if whole.startswith(("http://", "https://")) else ""


def _json_feed(text: str, body: bytes, address: str, now: datetime, zone: ZoneInfo) -> Harvest:
    try:
        feed = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise Trouble("json.unreadable", evidence=body[:20_000]) from error
    if "jsonfeed.org" not in str(feed.get("version", "")) or not isinstance(feed.get("items"), list):
        raise Trouble("feed.unreadable", "JSON", evidence=body[:20_000])
    harvest = Harvest()
    for place, entry in enumerate(feed["items"][:MOST_ITEMS], start=1):
        _keep(harvest, _json_item(entry if isinstance(entry, dict) else {}, address, now, zone), place)
    return harvest


def _json_item(entry: Mapping[str, Any], address: str, now: datetime, zone: ZoneInfo) -> Item:
    body = str(entry.get("content_text") or "") or plain(
        str(entry.get("content_html") or entry.get("summary") or "")
    )
    title, text = trimmed(plain(str(entry.get("title") or "")), body)
    link = _web(str(entry.get("url") or entry.get("external_url") or ""), address)
    raw = entry.get("date_published") or entry.get("date_modified")
    return Item(
        key=key_of(str(entry.get("id") or link or ""), title, text, str(raw or "")),
        title=title,
        text=text,
        address=link,
        author=one_line(_json_author(entry), 120),
        posted_at=posting_time(raw, now, zone),
    )


def _json_author(entry: Mapping[str, Any]) -> str:
    """Version 1.1 has a list of authors, version 1 a single one."""
    listed = entry.get("authors")
    first = listed[0] if isinstance(listed, list) and listed else entry.get("author")
    return str(first.get("name") or "") if isinstance(first, dict) else ""
