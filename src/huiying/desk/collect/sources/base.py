"""What every kind of source has in common: what a visit may use, and what it brings back."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from huiying.desk.collect.plain import clean, one_line
from huiying.desk.net.client import Answer, Client
from huiying.engine.text import Text

MOST_ITEMS = 2000
MOST_TEXT = 100_000
NOTHING_SAID = Text("没有标题也没有正文，未收", "Neither title nor text: not taken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a source said, before it is stored. `author` is the raw name; storing makes it a pseudonym."""

    key: str  # what the source itself calls it, else a hash: see `key_of`
    title: str = ""
    text: str = ""
    address: str = ""
    author: str = ""
    site: str = ""
    kind: str = "post"  # a value of collect.models.MentionKind
    posted_at: datetime | None = None
    reach: int = 0
    rank: int | None = None
    due_at: datetime | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    payload: int = 0  # which payload of the harvest is its evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Bytes exactly as they came, and where from."""

    address: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Something that could not be read: where it stands and why. The others go on."""

    place: Text | str  # str where it reads the same in every language
    message: Text
    taken: bool = False  # the item was taken all the same, without what could not be read

    @property
    def where(self) -> Text:
        """The place in both languages."""
        return self.place if isinstance(self.place, Text) else Text(self.place, self.place)


@dataclass(slots=True, kw_only=True)
class Harvest:
    """What one visit brought back."""

    items: list[Item] = field(default_factory=list)
    payloads: list[Payload] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    cursor: dict[str, Any] = field(default_factory=dict)  # where the next visit begins
    title: str = ""  # what the source calls itself, where it says
    waiting: int = 0  # entries that are left for the next visit
    unchanged: bool = False  # the source says that nothing is new

    def take(self, item: Item, place: Text | str, note: Text | None = None) -> None:
        """Keeps an item that says something; names the place of one that does not, and of a note about one that does."""
        if not item.title and not item.text:
            self.rejected.append(Rejected(place=place, message=NOTHING_SAID))
            return
        self.items.append(item)
        if note is not None:
            self.rejected.append(Rejected(place=place, message=note, taken=True))


def nothing_known(keys: Collection[str]) -> frozenset[str]:
    """No item is known: for previews."""
    return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a fetch may use."""

    settings: Mapping[str, Any]
    client: Client
    now: datetime
    zone: ZoneInfo
    secret: str = ""
    cursor: Mapping[str, Any] = field(default_factory=dict)
    known: Callable[[Collection[str]], frozenset[str]] = (
        nothing_known  # which of these keys are stored already
    )
    most_pages: int = 20  # article pages per visit; the rest waits for the next one


def key_of(identity: str, *rest: str) -> str:
    """The key of an item: what the source itself calls it, hashed where it is long or not plain.

    Without such a name the key is a hash of the rest. The rest never counts beside a name: a corrected title makes
    no second mention.
    """
    name = identity.strip()
    if name and len(name) <= 100 and name.isascii() and name.isprintable():
        return name
    return "h:" + hashlib.sha256((name or "\x1f".join(rest)).encode()).hexdigest()


def web_address(link: str, base: str = "") -> str:
    """An absolute web address, or nothing: javascript: and the like are not kept."""
    text = one_line(link, 2000).replace(" ", "%20")
    try:
        whole = urljoin(base, text) if text else ""
        host = urlsplit(whole).hostname
    except ValueError:
        return ""
    return whole[:2000] if host and whole.startswith(("http://", "https://")) else ""


def trimmed(title: str, text: str) -> tuple[str, str]:
    """Title and text as they are stored; a text that only repeats the title is dropped."""
    head, body = one_line(title), clean(text)[:MOST_TEXT]
    return head, "" if one_line(body) == head else body


def sensible(posted_at: datetime | None, now: datetime) -> datetime | None:
    """A posting time if it can be true: not more than a day ahead, not before the Web. Else None."""
    if posted_at is None or posted_at > now + timedelta(days=1) or posted_at.year < 1995:
        return None
    return posted_at


def validators(cursor: Mapping[str, Any], address: str) -> dict[str, str]:
    """Headers of a conditional request, from what the same address answered last time."""
    if cursor.get("address") != address:
        return {}
    pairs = (("If-None-Match", cursor.get("etag")), ("If-Modified-Since", cursor.get("modified")))
    return {name: str(value) for name, value in pairs if value}


def cursor_after(answer: Answer, address: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """The cursor for the next conditional request; after "not modified" the old validators stay."""
    if answer.unchanged:
        return dict(before)
    found = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
    return {"address": address, **{name: value for name, value in found.items() if _sendable(value)}}


def _sendable(value: str) -> bool:
    """Whether a header of a stranger may be sent back to it as it is."""
    return 0 < len(value) < 1000 and value.isascii() and value.isprintable()


def payload_of(answer: Answer) -> Payload:
    """An answer as evidence."""
    return Payload(address=answer.url, content_type=answer.content_type[:120], body=answer.body)
