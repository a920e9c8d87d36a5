"""newsnow's answer to items; the rank is the position."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import one_line, plain
from huiying.desk.collect.sources.base import MOST_ITEMS, Harvest, Item, Rejected, key_of
from huiying.desk.collect.sources.when import posting_time
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
        item = _item(entry, rank, now, zone) if isinstance(entry, dict) else None
        if item is None:
            message = Text("没有标题，未收", "No title: not taken")
            harvest.rejected.append(Rejected(place=f"items[{rank - 1}]", message=message))
        else:
            harvest.items.append(item)
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


def _item(entry: Mapping[str, Any], rank: int, now: datetime, zone: ZoneInfo) -> Item | None:
    title = one_line(plain(str(entry.get("title") or "")))
    if not title:
        return None
    link = str(entry.get("url") or entry.get("mobileUrl") or "")
    extra = entry.get("extra") if isinstance(entry.get("extra"), dict) else {}
    raw = entry.get("pubDate") or (extra or {}).get("date")
    return Item(
        key=key_of(str(entry.get("id") or link), title),
        title=title,
        text=plain(str((extra or {}).get("hover") or ""))[:5000],
        address=link if link.startswith(("http://", "https://")) else "",
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
    return [Rejected(place="updatedTime", message=message)]
