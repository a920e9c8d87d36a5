"""The bytes of a feed to items. feedparser finds the entries; dates, encodings and JSON Feed are read here."""

import io
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import feedparser

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import one_line, page_title, plain
from huiying.desk.collect.sources.base import (
    MOST_ITEMS,
    Harvest,
    Item,
    Rejected,
    key_of,
    trimmed,
    web_address,
)
from huiying.desk.collect.sources.when import posting_time, unclear
from huiying.desk.collect.trouble import Trouble
from huiying.engine.text import Text

_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>", re.I)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:([0-9]{1,9})|[xX]([0-9a-fA-F]{1,8}));")
_DATES = ("published", "updated", "created")


def parse(body: bytes, content_type: str, address: str, now: datetime, zone: ZoneInfo) -> Harvest:
    """Items of an RSS, Atom or JSON feed. Raises Trouble if the bytes are no feed at all."""
    text = decode(body, content_type)[0].lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _json_feed(text, body, address, now, zone)
    return _xml_feed(text, body, address, now, zone)


def _xml_feed(text: str, body: bytes, address: str, now: datetime, zone: ZoneInfo) -> Harvest:
    try:
        found = _feedparser(text)
    except Exception as fault:  # on hostile input the library fails in ways of its own
        raise Trouble("feed.unreadable", type(fault).__name__, evidence=body[:20_000]) from fault
    if not found.entries and not found.get("version"):
        raise _no_feed(text, body)
    harvest = Harvest(rejected=_flaws(found), title=one_line(plain(str(found.feed.get("title", ""))), 60))
    for place, entry in enumerate(found.entries[:MOST_ITEMS], start=1):
        raw = next((str(entry[name]) for name in _DATES if entry.get(name)), "")
        item = _item(entry, raw, address, now, zone)
        harvest.take(item, Text(f"第 {place} 条", f"entry {place}"), unclear(raw, item.posted_at))
    return harvest


def _no_feed(text: str, body: bytes) -> Trouble:
    head = text[:2000].lower()
    if "<html" in head or "<!doctype html" in head:
        title = page_title(text)
        return Trouble(
            "feed.html", Text(f"《{title}》", f'"{title}"') if title else "", evidence=body[:20_000]
        )
    return Trouble("feed.unreadable", evidence=body[:20_000])


def _feedparser(text: str) -> Any:
    """feedparser on clean UTF-8 without a document type, so that no entity of a stranger is ever expanded.

    It is not told the feed's address: it would make web addresses of plain ids, and they would change with it.
    """
    body = without_doctype(_ILLEGAL.sub("", _DECLARATION.sub("", text, count=1)))
    body = _REFERENCE.sub(_possible, body)
    headers = {"content-type": "application/xml; charset=utf-8"}
    source = io.BytesIO(body.encode("utf-8", "replace"))
    return feedparser.parse(
        source, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _possible(reference: re.Match[str]) -> str:
    """A numeric reference if it stands for a character; one to half a character is dropped: it defeats the parser."""
    number = int(reference[1]) if reference[1] else int(reference[2], 16)
    return "" if number == 0 or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF else reference[0]


def without_doctype(text: str) -> str:
    """The document without its type declaration and the entities inside; read once through, whatever it holds."""
    start = text[:4096].lower().find("<!doctype")
    if start < 0:
        return text
    end, inner = text.find(">", start), text.find("[", start)
    if 0 <= inner < end:
        end = text.find(">", text.find("]", inner))
    return text[:start] + (text[end + 1 :] if end >= 0 else "")


def _flaws(found: Any) -> list[Rejected]:
    error = found.get("bozo_exception")
    if not found.get("bozo") or error is None:
        return []
    line = getattr(error, "getLineNumber", lambda: None)()
    place = Text(f"第 {line} 行", f"line {line}") if line else Text("全文", "feed")
    count = len(found.entries)
    message = Text(
        f"订阅源格式有错，仍读出 {count} 条", f"The feed is malformed; {count} entries could still be read"
    )
    return [Rejected(place=place, message=message, taken=True)]


def _item(entry: Mapping[str, Any], raw: str, address: str, now: datetime, zone: ZoneInfo) -> Item:
    title, text = trimmed(plain(str(entry.get("title", ""))), plain(_content(entry)))
    link = _link(entry, address)
    return Item(
        key=key_of(str(entry.get("id") or link), title, text, raw),
        title=title,
        text=text,
        address=link,
        author=one_line(str(entry.get("author", "")), 120),
        posted_at=posting_time(raw, now, zone),
    )


def _link(entry: Mapping[str, Any], address: str) -> str:
    """The entry's link; an id that merely stands in for one counts only if it is a web address itself."""
    link = str(entry.get("link", ""))
    if entry.get("guidislink") and not link.startswith(("http://", "https://")):
        return ""
    return web_address(link, address)


def _content(entry: Mapping[str, Any]) -> str:
    parts = [str(part.get("value", "")) for part in entry.get("content", [])]
    return max([*parts, str(entry.get("summary", ""))], key=len)


def _json_feed(text: str, body: bytes, address: str, now: datetime, zone: ZoneInfo) -> Harvest:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Trouble("json.unreadable", evidence=body[:20_000]) from error
    if "jsonfeed.org" not in str(feed.get("version", "")) or not isinstance(feed.get("items"), list):
        raise Trouble("feed.unreadable", "JSON", evidence=body[:20_000])
    harvest = Harvest(title=one_line(str(feed.get("title") or ""), 60))
    for place, found in enumerate(feed["items"][:MOST_ITEMS], start=1):
        entry = found if isinstance(found, dict) else {}
        raw = entry.get("date_published") or entry.get("date_modified")
        item = _json_item(entry, raw, address, now, zone)
        harvest.take(item, f"items[{place - 1}]", unclear(raw, item.posted_at))
    return harvest


def _json_item(entry: Mapping[str, Any], raw: Any, address: str, now: datetime, zone: ZoneInfo) -> Item:
    body = str(entry.get("content_text") or "") or plain(
        str(entry.get("content_html") or entry.get("summary") or "")
    )
    title, text = trimmed(plain(str(entry.get("title") or "")), body)
    link = web_address(str(entry.get("url") or entry.get("external_url") or ""), address)
    return Item(
        key=key_of(str(entry.get("id") or link), title, text, str(raw or "")),
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
