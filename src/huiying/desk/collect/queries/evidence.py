"""The evidence behind a mention, and who else says the very same."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from huiying.desk.collect.models import Capture, Mention

LATE = timedelta(days=1)
ENDINGS = {
    "json": ".json",
    "html": ".html",
    "xml": ".xml",
    "rss": ".xml",
    "csv": ".csv",
    "rfc822": ".eml",
    "spreadsheetml": ".xlsx",
    "jpeg": ".jpg",
    "png": ".png",
    "webp": ".webp",
    "pdf": ".pdf",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A captured payload as a page or a download shows it."""

    capture: Capture
    mentions: int  # how many mentions it is behind

    @property
    def emptied(self) -> bool:
        """Whether retention emptied the payload; the hash is still there."""
        return self.capture.purged_at is not None

    @property
    def file_name(self) -> str:
        """A plain name for the download."""
        kind = self.capture.content_type.lower()
        ending = next((end for mark, end in ENDINGS.items() if mark in kind), ".bin")
        return f"capture-{self.capture.sha256[:12]}{ending}"

    @property
    def body(self) -> bytes:
        """The payload as it came; empty once it was emptied."""
        return zlib.decompress(bytes(self.capture.payload)) if self.capture.payload else b""


def evidence(capture: Capture) -> Evidence:
    """A capture with what hangs on it."""
    return Evidence(capture=capture, mentions=capture.mentions.count())


def same_words(mention: Mention, most: int = 8) -> tuple[Sequence[Mention], int]:
    """Other mentions with the very same words, earliest first, and how many there are; none once its own were purged."""
    if mention.purged_at is not None:
        return [], 0
    others = Mention.objects.filter(text_sha256=mention.text_sha256).exclude(pk=mention.pk)
    return list(others.select_related("source").order_by("captured_at", "pk")[:most]), others.count()


def lag(mention: Mention) -> timedelta | None:
    """How long after its posting a mention was heard, when it was longer than a day; else None."""
    if mention.posted_at is None or mention.captured_at - mention.posted_at <= LATE:
        return None
    return mention.captured_at - mention.posted_at
