"""Posting times as sources write them: the raw words are read, never a library's guess at them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiying.engine.listen.dates import read_instant

from huiying.desk.collect.sources.base import sensible


def posting_time(raw: Any, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant that a source's raw words or Unix number name, in UTC; None if they name none that can be true."""
    if isinstance(raw, bool) or raw is None:
        return None
    text = str(raw).strip()[:100]
    return sensible(read_instant(text, now=now, zone=zone), now) if text else None
