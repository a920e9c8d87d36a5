"""Instants as people say them. `frontend/src/times.js` says the same while a page stays open; keep them in step."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def english(language: str) -> bool:
    """True when the page is in English; every other language tag gets Chinese."""
    return language.startswith("en")


def exact(at: datetime, zone: ZoneInfo, language: str) -> str:
    """The instant in full, to the second, with its weekday and zone."""
    local = at.astimezone(zone)
    if english(language):
        return f"{SHORT[local.weekday()]} {local:%Y-%m-%d %H:%M:%S} {local.tzname()}"
    return f"{local:%Y年%-m月%-d日} {WEEKDAYS[local.weekday()]} {local:%H:%M:%S}({zone.key})"


def day_of_week(local: datetime, language: str) -> str:
    """The day on the wall clock: "周三 11-25", "Wed 25 Nov"."""
    if english(language):
        return f"{SHORT[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"
    return f"{WEEKDAYS[local.weekday()]} {local:%m-%d}"


def to_the_minute(at: datetime, zone: ZoneInfo, language: str) -> str:
    """The instant with date, weekday and minute, for sentences in which the reader's own "now" plays no part."""
    local = at.astimezone(zone)
    if english(language):
        return f"{SHORT[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"
    return f"{local:%Y年%-m月%-d日}{WEEKDAYS[local.weekday()]} {local:%H:%M}"


def length(span: timedelta, language: str) -> str:
    """A stretch of time in its one or two largest units, rounded down: "2 小时 5 分", "3 天"."""
    minutes = int(abs(span) // timedelta(minutes=1))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    day, hour, minute = ("d", "h", "min") if english(language) else ("天", "小时", "分钟")
    if days:
        return f"{days} {day}" + (f" {hours} {hour}" if hours and days < 7 else "")
    if hours:
        return f"{hours} {hour}" + (f" {rest} {minute[0] if minute == '分钟' else minute}" if rest else "")
    return f"{minutes} {minute}"


def _date(local: datetime, now: datetime, language: str) -> str:
    days = (local.date() - now.date()).days
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天")}.get(days)
    if near:
        return near
    if english(language):
        year = f" {local.year}" if local.year != now.year else ""
        return f"{local.day} {MONTHS[local.month - 1]}{year}"
    return f"{local:%Y年%-m月%-d日}" if local.year != now.year else f"{local:%-m月%-d日}"


def spoken(at: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """The instant as people say it at `now`: "刚刚", "40 分钟后", "昨天 16:20", "11月26日 09:00"."""
    span = at - now
    if abs(span) < timedelta(minutes=1):
        return _("刚刚") if span <= timedelta() else _("马上")
    if abs(span) < HOUR:
        words = length(span, language)
        return (
            _("%(length)s后") % {"length": words}
            if span > timedelta()
            else _("%(length)s前") % {"length": words}
        )
    local, here = at.astimezone(zone), now.astimezone(zone)
    return f"{_date(local, here, language)} {local:%H:%M}"


def remaining(at: datetime, now: datetime, language: str) -> str:
    """How long is left until the deadline `at`, or by how much it is past."""
    words = length(at - now, language)
    if now >= at:
        return _("已超时 %(length)s") % {"length": words}
    return _("还有 %(length)s") % {"length": words}


def urgency(at: datetime, now: datetime) -> str:
    """ "late" from the very instant of the deadline, "soon" in the two hours before it, else "ok"."""
    if now >= at:
        return "late"
    return "soon" if at - now <= 2 * HOUR else "ok"
