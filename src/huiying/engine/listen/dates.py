"""Posting times as people and machines write them, read as instants in UTC.

The words themselves are read: no library's guess at `CST`, at a time without a zone, or at `11月`.
A time without a zone is meant in the reader's zone; a day without a time is its first minute; a day without a
year is the latest one that is not more than a day ahead.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from huiying.engine.listen.numerals import number

_Reader = Callable[[str, datetime], datetime | None]

FIRST, LAST = 1970, 2200
_LOOK = 200  # characters; a posting time never stands deeper in its field
_CHINESE_ZONES = frozenset(
    {"Asia/Shanghai", "Asia/Chongqing", "Asia/Urumqi", "Asia/Taipei", "Asia/Hong_Kong", "PRC"}
)
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "bst": 60, "cet": 60, "cest": 120, "est": -300, "edt": -240, "cst": -360,
    "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "jst": 540, "kst": 540, "hkt": 480, "北京时间": 480,
}  # fmt: skip
_MONTHS = {
    m: i
    for i, m in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}

_N = r"[0-9〇零一二两三四五六七八九十百半几]"
_CLOCK = (
    r"(?:(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜里|深夜)\s*)?"
    r"(?P<hour>\d{1,2}|[一二两三四五六七八九十]{1,3})\s*[:：时点]\s*"
    r"(?:(?P<minute>\d{1,2}|半|整|[一二三]刻)(?:\s*[:：分]\s*(?P<second>\d{1,2})?(?:[.,](?P<part_second>\d{1,9}))?\s*秒?)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?"
)
_ZONE = r"(?:\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|[+-]\d{1,2}|(?:UTC|GMT)[+-]\d{1,2}(?::?\d{2})?|[A-Z]{2,4}|北京时间)(?![a-z0-9]))?"
_AFTER = rf"(?:[\sT,，]*(?:{_CLOCK})?{_ZONE})"

_YMD = re.compile(
    rf"(?<![\d./-])(?P<year>\d{{4}})\s*(?:[-/.]|年)\s*(?P<month>\d{{1,2}})\s*(?:[-/.]|月)\s*(?P<day>\d{{1,2}})(?!\d)\s*[日号]?{_AFTER}",
    re.I,
)
_YMD_WORDS = re.compile(
    rf"(?P<year>[〇零○一二三四五六七八九]{{4}})年(?P<month>[一二三四五六七八九十]{{1,2}})月(?P<day>[一二三四五六七八九十]{{1,3}})[日号]{_AFTER}",
    re.I,
)
_MD = re.compile(
    rf"(?<![\d./-])(?P<month>\d{{1,2}})\s*(?:[-/]|月)\s*(?P<day>\d{{1,2}})(?![\d./-])\s*[日号]?{_AFTER}", re.I
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"(?:[T ]?(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?)?(?P<zone>Z|[+-]\d{2}:?\d{2})?(?!\d)",
    re.I,
)
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_MONTH_YEAR = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})[ -]{_MONTH}[ -](?P<year>\d{{4}}|\d{{2}}){_AFTER}", re.I
)
_MONTH_DAY_YEAR = re.compile(
    rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}}){_AFTER}", re.I
)
_ASCTIME = re.compile(rf"{_MONTH} +(?P<day>\d{{1,2}}) {_CLOCK}{_ZONE} (?P<year>\d{{4}})", re.I)
_UNIX = re.compile(r"(?P<digits>\d{9,10}|\d{13}|\d{16})(?:\.\d+)?")
_AGO = re.compile(
    rf"(?P<count>\d+(?:\.\d+)?|{_N}{{1,4}}|an?)\s*个?(?P<unit>秒钟?|分钟?|刻钟|小时|钟头|天|日|周|星期|月|年"
    r"|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|months?|years?)(?P<more>半)?\s*(?:以?前|之前|ago)",
    re.I,
)
_JUST = re.compile(r"刚刚|刚才|just now|几秒前", re.I)
_DAY = re.compile(rf"(?P<day>大前天|前天|昨天|昨日|昨晚|今天|今日|今晚|今早|yesterday|today){_AFTER}", re.I)
_ONLY_CLOCK = re.compile(rf"{_CLOCK}{_ZONE}", re.I)
_DAYS = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1, "昨晚": 1, "yesterday": 1}
_SECONDS = {"秒": 1, "s": 1, "分": 60, "m": 60, "刻": 900, "小": 3600, "钟": 3600, "h": 3600, "天": 86400, "日": 86400,
            "d": 86400, "周": 604800, "星": 604800, "w": 604800}  # fmt: skip


def read_instant(text: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The instant that `text` names, in UTC; None where it names none. Words around the time do no harm.

    `now` (with a zone) is when the words were read: `3分钟前` and `昨天` are measured from it.
    """
    line = " ".join(text[:_LOOK].replace("\u3000", " ").split())
    here = now.astimezone(zone)
    for reader in _READERS:
        try:
            found = reader(line, here)
        except (ValueError, OverflowError):
            return None
        if found is not None:
            return found.astimezone(UTC) if FIRST <= found.year <= LAST else None
    return None


def _unix(line: str, now: datetime) -> datetime | None:
    match = _UNIX.fullmatch(line)
    if not match:
        return None
    scale = {13: 1_000, 16: 1_000_000}.get(len(match["digits"]), 1)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(line) / scale)


def _dated(pattern: re.Pattern[str]) -> _Reader:
    """A reader of dates that carry their year."""

    def read(line: str, now: datetime) -> datetime | None:
        match = pattern.search(line)
        if not match:
            return None
        day = date(_year(match["year"]), _month(match["month"]), number(match["day"]))
        return _at(day, match, now)

    return read


def _this_year(line: str, now: datetime) -> datetime | None:
    """A month and a day: the latest that is not more than a day ahead (29 February looks back to a leap year)."""
    match = _MD.search(line)
    if not match or not (match["hour"] or len(line) <= 12):
        return None
    for year in range(now.year + 1, now.year - 9, -1):
        try:
            found = _at(date(year, int(match["month"]), int(match["day"])), match, now)
        except ValueError:
            continue
        if found <= now + timedelta(days=1):
            return found
    return None


def _ago(line: str, now: datetime) -> datetime | None:
    if _JUST.search(line):
        return now
    match = _AGO.search(line)
    if not match:
        return None
    count = _count(match["count"]) + (0.5 if match["more"] else 0)
    unit = match["unit"].lower()
    if unit[0] in "月年y" or unit.startswith("mo"):
        return _months_back(now, round(count * (1 if unit[0] in "月m" else 12)))
    return now - timedelta(seconds=count * _SECONDS[unit[0]])


def _named_day(line: str, now: datetime) -> datetime | None:
    match = _DAY.search(line)
    if not match:
        return None
    word = match["day"].lower()
    late = word.endswith("晚") and not match["part"]
    found = _at(now.date() - timedelta(days=_DAYS.get(word, 0)), match, now)
    return found + timedelta(hours=12) if late and 0 < found.hour < 12 else found


def _clock_only(line: str, now: datetime) -> datetime | None:
    """A time alone is today's, or yesterday's where today's is still ahead."""
    match = _ONLY_CLOCK.fullmatch(line)
    if not match:
        return None
    found = _at(now.date(), match, now)
    return found if found <= now + timedelta(minutes=5) else found - timedelta(days=1)


def _at(day: date, match: re.Match[str], now: datetime) -> datetime:
    found = match.groupdict()
    clock, later = _clock(found)
    moment = datetime.combine(day, clock, tzinfo=_offset(found.get("zone"), now))
    return moment + later


def _clock(found: dict[str, str | None]) -> tuple[time, timedelta]:
    if not found.get("hour"):
        return time(), timedelta()
    hour, minute = number(found["hour"] or "0"), _minute(found.get("minute"))
    second = int(found.get("second") or 0)
    micro = int((found.get("part_second") or "0").ljust(6, "0")[:6])
    hour = _of_day(hour, found.get("part") or "", (found.get("half") or "").lower())
    later = timedelta(days=1) if hour == 24 and minute == second == 0 else timedelta()
    return time(0 if later else hour, minute, min(second, 59), micro), later


def _of_day(hour: int, part: str, half: str) -> int:
    """The hour of 24 that an hour of 12 with its part of the day means."""
    afternoon = part in ("下午", "傍晚", "晚上", "晚间", "夜里", "深夜") or half.startswith("p")
    if part == "中午" and hour < 3:
        return hour + 12
    if hour == 12 and (half.startswith("a") or part in ("凌晨", "夜里", "深夜", "晚上")):
        return 0 if part != "晚上" else 24
    small_hours = part in ("夜里", "深夜") and hour < 6
    return hour + 12 if afternoon and hour < 12 and not small_hours else hour


def _minute(word: str | None) -> int:
    if not word or word == "整":
        return 0
    if word == "半":
        return 30
    return 15 * number(word[0]) if word.endswith("刻") else int(word)


def _offset(zone: str | None, now: datetime) -> timezone | ZoneInfo:
    here = now.tzinfo
    assert isinstance(here, ZoneInfo)
    if not zone:
        return here
    name = zone.lower()
    if name == "cst" and here.key in _CHINESE_ZONES:
        return here
    if name in _ZONES:
        return timezone(timedelta(minutes=_ZONES[name]))
    digits = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?", name)
    if not digits:
        return here
    minutes = int(digits[2]) * 60 + int(digits[3] or 0)
    return timezone(timedelta(minutes=-minutes if digits[1] == "-" else minutes))


def _year(word: str) -> int:
    if word.isascii():
        return int(word) + (2000 if len(word) == 2 else 0)
    return int("".join(str(number(c)) for c in word))


def _month(word: str) -> int:
    return _MONTHS[word.lower()[:3]] if word[0].isalpha() and word.isascii() else number(word)


def _count(word: str) -> float:
    if word.lower() in ("a", "an", "一", "几"):
        return 3 if word == "几" else 1
    if word == "半":
        return 0.5
    return float(word) if word[0].isascii() else number(word)


def _months_back(now: datetime, months: int) -> datetime:
    index = now.year * 12 + now.month - 1 - months
    year, month = divmod(index, 12)
    for day in range(now.day, 27, -1):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return now.replace(year=year, month=month + 1)


_READERS: tuple[_Reader, ...] = (
    _unix,
    _dated(_YMD),
    _dated(_YMD_WORDS),
    _dated(_DAY_MONTH_YEAR),
    _dated(_MONTH_DAY_YEAR),
    _dated(_ASCTIME),
    _dated(_COMPACT),
    _ago,
    _named_day,
    _this_year,
    _clock_only,
)
