"""How papers say dates, lists and numbers."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from huiying.desk.accounts.models import Institution


def day(at: datetime, zone: ZoneInfo) -> str:
    """The date in full: 2026年11月24日."""
    return f"{at.astimezone(zone):%Y年%-m月%-d日}"


def minute(at: datetime, zone: ZoneInfo) -> str:
    """Date and time: 11月24日7时52分."""
    return f"{at.astimezone(zone):%-m月%-d日%-H时%-M分}"


def hour(at: datetime, zone: ZoneInfo) -> str:
    """Date and hour: 11月24日18时."""
    return f"{at.astimezone(zone):%-m月%-d日%-H时}"


def stretch(span: timedelta) -> str:
    """A length: 3小时5分钟, 2天4小时."""
    minutes = max(0, int(span // timedelta(minutes=1)))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = ((days, "天"), (hours, "小时"), (rest if not days else 0, "分钟"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "不到1分钟"


def listed(items: Iterable[str]) -> str:
    """甲、乙、丙."""
    return "、".join(item for item in items if item)


def closed(text: str) -> str:
    """The text with a full stop at its end; nothing for nothing."""
    words = text.strip()
    return words if not words or words[-1] in "。！？；.!?…”" else f"{words}。"


def paragraphs(*parts: str) -> str:
    """The parts that say something, a line each."""
    return "\n".join(part.strip() for part in parts if part.strip())


def zone_of(body: Institution | None) -> ZoneInfo:
    """The institution's time zone."""
    return ZoneInfo(body.zone if body else "Asia/Shanghai")


def short_name(body: Institution | None) -> str:
    """The institution in its papers' numbers."""
    return (body.short_name or body.name) if body else ""
