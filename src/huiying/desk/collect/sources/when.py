"""Posting times as sources write them: the raw words are read, never a library's guess at them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiying.desk.collect.plain import one_line
from huiying.desk.collect.sources.base import sensible
from huiying.engine.listen.dates import read_instant
from huiying.engine.text import Text


def posting_time(raw: Any, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant that a source's raw words or Unix number name, in UTC; None if they name none that can be true."""
    text = _words(raw)
    return sensible(read_instant(text, now=now, zone=zone), now) if text else None


def unclear(raw: Any, at: datetime | None) -> Text | None:
    """What to say about words for a time that could not be read; None when there is nothing to say."""
    text = _words(raw)
    if at is not None or not text:
        return None
    shown = text[:30]
    return Text(f"时间“{shown}”读不懂，已按无时间收下", f'The time "{shown}" is unclear; taken without it')


def _words(raw: Any) -> str:
    return "" if raw is None or isinstance(raw, bool) else one_line(str(raw), 100)
