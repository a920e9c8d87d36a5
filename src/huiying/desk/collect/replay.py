"""Feeding a recorded file of mentions into the desk, at its own pace or faster."""

import json
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from huiying.desk.collect.attempts import note, well
from huiying.desk.collect.charset import decode
from huiying.desk.collect.house import house_zone
from huiying.desk.collect.models import Source
from huiying.desk.collect.sources.api.parse import read_entries
from huiying.desk.collect.sources.base import Harvest, Item, Payload
from huiying.desk.collect.sources.inbound.parse import FIELDS
from huiying.desk.collect.sources.upload.parse import guess_columns, read_rows, read_table
from huiying.desk.collect.storing import Stored, store
from huiying.desk.collect.trouble import Trouble

STEP = 500  # items in one transaction
LOOK_AGAIN = 1.0  # seconds, at most, between two looks at the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a replay sees time pass; tests have one of their own."""

    now: Callable[[], datetime]
    passed: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


def recorded(path: Path, now: datetime) -> Harvest:
    """What the file holds, oldest first: a table (CSV, TSV, XLSX) or a JSON object on each line. Raises Trouble, OSError."""
    body = path.read_bytes()
    harvest = _lines(body, now) if path.suffix in {".jsonl", ".ndjson"} else _table(body, path.name, now)
    harvest.items.sort(key=lambda item: (item.posted_at is None, item.posted_at or now))
    harvest.payloads = [Payload(address=path.name, content_type="text/plain", body=body)]
    return harvest


def _table(body: bytes, name: str, now: datetime) -> Harvest:
    table = read_table(body, name)
    return read_rows(table, guess_columns(table.headings), now, house_zone())


def _lines(body: bytes, now: datetime) -> Harvest:
    try:
        entries = [json.loads(line) for line in decode(body)[0].splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise Trouble("json.unreadable", str(error)[:120]) from error
    return read_entries(entries, FIELDS, now, house_zone())


def at_once(source: Source, whole: Harvest, clock: Clock) -> Iterator[Stored]:
    """Stores everything now, step by step."""
    for start in range(0, len(whole.items), STEP):
        yield _store(source, whole, whole.items[start : start + STEP], clock.now())


def at_pace(source: Source, whole: Harvest, clock: Clock, speed: float, *, as_now: bool) -> Iterator[Stored]:
    """Stores each item when its time comes, `speed` times as fast as it was recorded; those without a time at the end.

    `as_now` says that each was posted when it is stored, so that an old recording looks like today.
    """
    dated = [item for item in whole.items if item.posted_at is not None]
    offsets, began, done = _offsets(dated), clock.passed(), 0
    while done < len(dated):
        played = (clock.passed() - began) * speed
        reached = min(bisect_right(offsets, played), done + STEP)
        if reached > done:
            yield _store(source, whole, _told(dated[done:reached], clock.now(), as_now), clock.now())
            done = reached
        else:
            clock.pause(min(max((offsets[done] - played) / speed, 0.01), LOOK_AGAIN))
    rest = whole.items[len(dated) :]
    if rest:
        yield _store(source, whole, rest, clock.now())


def _offsets(items: Sequence[Item]) -> list[float]:
    """Recorded seconds from the first item to each."""
    times = [item.posted_at for item in items if item.posted_at is not None]
    return [(at - times[0]).total_seconds() for at in times]


def _told(items: Sequence[Item], now: datetime, as_now: bool) -> list[Item]:
    return [replace(item, posted_at=now) for item in items] if as_now else list(items)


def _store(source: Source, whole: Harvest, items: Sequence[Item], now: datetime) -> Stored:
    part = Harvest(items=list(items), payloads=whole.payloads)
    stored = store(source, part, now)
    row = Source.objects.get(pk=source.pk)
    row.last_tried_at = now
    row.last_new_at = now if stored.new else row.last_new_at
    well(row, now)
    row.save(update_fields=["last_tried_at", "last_new_at", "last_ok_at", "failing_since", "failures"])
    note(row, part, stored, now)
    return stored
