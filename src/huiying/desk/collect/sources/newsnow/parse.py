"""newsnow's answer to items; the rank is the position."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import one_line, plain
from huiying.desk.collect.sources.base import MOST_ITEMS, Harvest, Item, Rejected, key_of, web_address
from huiying.desk.collect.sources.when import posting_time, unclear
from huiying.desk.collect.trouble import Trouble
from huiying.engine.text import Text

OLD = timedelta(hours=2)


def parse(body: bytes, content_type: str, now: datetime, zone: ZoneInfo) -> Harvest:
    """Items of a list. Raises Trouble if the answer is no list.

    `updatedTime` is when newsnow last asked the site, not when anything was posted: it dates no item. An old one is
    reported, because the list may be a copy from before.
    """
    answer = _read(body, content_type)
    harvest = Harvest()
    for rank, entry in enumerate(answer["items"][:MOST_ITEMS], start=1):
        found = entry if isinstance(entry, dict) else {}
        raw = _date(found)
        item = _item(found, raw, rank, now, zone)
        harvest.take(item, f"items[{rank - 1}]", unclear(raw, item.posted_at))
    harvest.rejected += _staleness(answer.get("updatedTime"), now)
    return harvest


def _read(body: bytes, content_type: str) -> Mapping[str, Any]:
    try:
        answer = json.loads(decode(body, content_type)[0])
    except (ValueError, RecursionError) as error:
        raise Trouble("json.unreadable", evidence=body[:20_000]) from error
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        said = str(answer.get("message") or answer.get("status") or "") if isinstance(answer, dict) else ""
        raise Trouble("newsnow.error", one_line(said, 120), evidence=body[:20_000])
    return answer


def _extra(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    extra = entry.get("extra")
    return extra if isinstance(extra, dict) else {}


def _date(entry: Mapping[str, Any]) -> Any:
    return entry.get("pubDate") or _extra(entry).get("date")


def _item(entry: Mapping[str, Any], raw: Any, rank: int, now: datetime, zone: ZoneInfo) -> Item:
    title = one_line(plain(str(entry.get("title") or "")))
    link = web_address(str(entry.get("url") or entry.get("mobileUrl") or ""))
    return Item(
        key=key_of(str(entry.get("id") or link), title),
        title=title,
        text=plain(str(_extra(entry).get("hover") or ""))[:5000] if title else "",
        address=link,
        kind="list",
        rank=rank,
        posted_at=posting_time(raw, now, zone),
    )


def _staleness(updated: Any, now: datetime) -> list[Rejected]:
    try:
        at = datetime.fromtimestamp(float(updated) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return []
    if now - at < OLD:
        return []
    hours = int((now - at) / timedelta(hours=1))
    message = Text(f"榜单是约 {hours} 小时前的旧内容", f"The list is a copy from about {hours} hours ago")
    return [Rejected(place="updatedTime", message=message, taken=True)]
