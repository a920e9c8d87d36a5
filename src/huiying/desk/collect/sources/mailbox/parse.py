"""One message's bytes to an item."""

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import clean, one_line, plain
from huiying.desk.collect.sources.base import MOST_TEXT, Item, key_of
from huiying.desk.collect.sources.when import posting_time


def parse(body: bytes, fallback: str, payload: int, now: datetime, zone: ZoneInfo) -> Item:
    """The message as an item; `fallback` is its key when it has no Message-ID. Broken messages give what they have."""
    message = email.message_from_bytes(body, policy=email.policy.default)
    title = _header(message, "Subject")
    return Item(
        key=key_of(_header(message, "Message-ID") or fallback, fallback),
        title=one_line(title) or one_line(fallback),
        text=clean(_text(message))[:MOST_TEXT],
        author=_header(message, "From")[:200],
        kind="message",
        posted_at=posting_time(_header(message, "Date"), now, zone),
        payload=payload,
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return one_line(str(message.get(name) or ""))
    except (
        ValueError,
        IndexError,
        AttributeError,
        UnicodeError,
        LookupError,
    ):  # the parser's own faults on bad headers
        raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
        return one_line(str(raw))


def _text(message: EmailMessage) -> str:
    """The plain part, else the HTML part as text."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    for kind in ("text/plain", "text/html"):
        found = next(
            (part for part in parts if part.get_content_type() == kind and not part.get_filename()), None
        )
        if found is not None:
            text = _decoded(found)
            return plain(text) if kind == "text/html" else text
    return ""


def _decoded(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True)
    charset = part.get_content_charset("") or ""
    return decode(raw, f"text/plain; charset={charset}")[0] if isinstance(raw, bytes) else ""
