"""Days and stretches of time in a text: 8月底, 次月上旬, 11月23日, 本周五, 5个工作日内."""

import calendar as months
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from huiying.engine.reply.numbers import NUMBER, plain, value_of
from huiying.engine.reply.spans import Span

Unit = Literal["working_days", "days", "hours", "weeks", "months", "years"]
_YEARS = {"今年": 0, "本年": 0, "明年": 1, "次年": 1, "后年": 2, "去年": -1, "前年": -2}
_MONTHS = {"本月": 0, "这个月": 0, "下月": 1, "下个月": 1, "次月": 1, "上月": -1, "上个月": -1}
_THIRDS = {"上旬": 10, "初": 10, "中旬": 20, "中": 20, "下旬": 31, "底": 31, "末": 31}
_WEEKDAYS = {char: number for number, char in enumerate("一二三四五六日")} | {"天": 6, "末": 6}
_UNITS: dict[str, Unit] = {
    "个工作日": "working_days",
    "工作日": "working_days",
    "个自然日": "days",
    "日": "days",
    "天": "days",
    "小时": "hours",
    "个小时": "hours",
    "周": "weeks",
    "个星期": "weeks",
    "星期": "weeks",
    "个月": "months",
    "年": "years",
}
_NEAR = 80
_NUM = r"(?:\d{1,2}|[〇一二三四五六七八九十]{1,3})"
_YEAR = r"(?:(?P<year>\d{4}|[〇一二三四五六七八九]{4})年|(?P<near>今年|本年|明年|次年|后年|去年|前年)的?)"
_THIRD = r"(?P<third>上旬|中旬|下旬|底|初|末|中)"
_PATTERNS = (
    re.compile(
        rf"{_YEAR}?\s*(?P<month>{_NUM})月份?(?:\s*(?:{_NUM}[日号]?[-—–~至到])?(?P<day>{_NUM})[日号]|{_THIRD})?"
    ),
    re.compile(rf"(?P<moon>本月|这个月|下个?月|次月|上个?月)(?:份)?(?:\s*(?P<day>{_NUM})[日号]|{_THIRD})?"),
    re.compile(rf"{_YEAR}?(?:第?(?P<quarter>[一二三四1-4])季度|(?P<half>[上下])半年)"),
    re.compile(rf"{_YEAR}年?(?:底|末|内)|(?<![\d一二三四五六七八九十两几])(?P<bare>年底|年末|年内)"),
    re.compile(r"(?P<week>本|这|下|上)(?:个?星期|周)(?P<weekday>[一二三四五六日天末]|内|之内)?"),
    re.compile(r"(?P<near>今[天日]|明[天日]|后天|昨[天日])"),
    re.compile(rf"(?<![月\d])(?P<alone>{_NUM})[日号](?=前|之前|以前)"),
)
_STRETCH = re.compile(
    rf"(?P<number>{NUMBER}|半)(?P<unit>个工作日|工作日|个自然日|个?小时|日|天|个?星期|周|个月|年)(?:之内|以内|内)"
)


@dataclass(frozen=True, slots=True)
class Days:
    """A day or a stretch of days that a text names."""

    span: Span
    first: date
    last: date
    exact: bool  # a single day
    year_given: bool

    @property
    def whole_month(self) -> bool:
        """True when a month is named and no part of it."""
        starts = self.first.day == 1 and self.first.month == self.last.month
        return starts and self.last.day >= 28 and self.span.text.rstrip("份").endswith("月")


@dataclass(frozen=True, slots=True)
class Stretch:
    """ "Within so much": counted from an instant that the text does not name."""

    span: Span
    amount: int
    unit: Unit


def named_days(text: str, today: date) -> list[Days]:
    """The days that `text` names, seen from `today`; a day that does not exist (2月30日) is left out.

    Without a year the nearest is meant: at most half a year back or ahead. A month's beginning ends with its
    tenth day, its middle with the twentieth.
    """
    found: list[Days] = []
    narrow = plain(text)
    for pattern, read in zip(_PATTERNS, _READERS, strict=True):
        for match in pattern.finditer(narrow):
            if any(match.start() < one.span.end and one.span.start < match.end() for one in found):
                continue
            stretch = read(match, today)
            if stretch:
                first, last, given = stretch
                span = Span(match.start(), match.end(), text[match.start() : match.end()])
                found.append(Days(span, first, last, first == last, given))
    return _told_in_order(sorted(found, key=lambda one: one.span.start))


def _told_in_order(found: list[Days]) -> list[Days]:
    """A day without a year that follows a day with one belongs to that year: 2015年8月31日开会，9月2日公示.

    Only within `_NEAR` characters and only forward in time; else the nearest year stays.
    """
    told: list[Days] = []
    for one in found:
        told.append(_after(told[-1], one) if told else one)
    return told


def _after(before: Days, one: Days) -> Days:
    if one.year_given or not before.year_given or one.span.start - before.span.end > _NEAR:
        return one
    moved = _in_year(one, before.first.year)
    return replace(moved, year_given=True) if moved and moved.last >= before.first else one


def _in_year(one: Days, year: int) -> Days | None:
    try:
        first = one.first.replace(year=year)
        return replace(
            one, first=first, last=one.last.replace(year=first.year + one.last.year - one.first.year)
        )
    except ValueError:
        return None


def impossible_days(text: str) -> Iterator[Span]:
    """Dates that no calendar has: 2月30日, 13月1日."""
    for match in re.finditer(r"(?:(\d{4})年)?(?<![\d.])(\d{1,2})月(\d{1,2})日", plain(text)):
        year, month, day = int(match[1] or 2024), int(match[2]), int(match[3])
        if not 1 <= month <= 12 or not 1 <= day <= months.monthrange(year, month)[1]:
            yield Span(match.start(), match.end(), text[match.start() : match.end()])


def stretches(text: str) -> list[Stretch]:
    """Every "within so many days" of `text`; half a month is 15 days."""
    found = []
    for match in _STRETCH.finditer(plain(text)):
        value, unit = value_of(match["number"]), _UNITS[match["unit"]]
        span = Span(match.start(), match.end(), text[match.start() : match.end()])
        if match["number"] == "半":
            halves: dict[Unit, tuple[int, Unit]] = {
                "months": (15, "days"),
                "years": (6, "months"),
                "days": (12, "hours"),
            }
            if unit in halves:
                found.append(Stretch(span, *halves[unit]))
        elif value is not None and value == int(value) and 0 < value < 1000:
            found.append(Stretch(span, int(value), unit))
    return found


_Read = tuple[date, date, bool]


def _number(written: str) -> int:
    value = value_of(written)
    return int(value) if value is not None else 0


def _year(match: re.Match[str], today: date) -> int | None:
    if match["year"]:
        return _number(match["year"])
    return today.year + _YEARS[match["near"]] if match["near"] else None


def _month_part(year: int, month: int, match: re.Match[str]) -> tuple[date, date] | None:
    """The day or the third of a month, or the whole of it."""
    if not (1 <= month <= 12 and 1900 <= year <= 2200):
        return None
    length = months.monthrange(year, month)[1]
    if match["day"]:
        day = _number(match["day"])
        return (date(year, month, day), date(year, month, day)) if 1 <= day <= length else None
    last = min(_THIRDS.get(match["third"] or "", 31), length)
    first = {10: 1, 20: 11}.get(last, 21 if match["third"] else 1)
    return date(year, month, first), date(year, month, last)


def _by_month(match: re.Match[str], today: date) -> _Read | None:
    year, month = _year(match, today), _number(match["month"])
    if year is not None:
        part = _month_part(year, month, match)
        return (*part, True) if part else None
    parts = [_month_part(today.year + step, month, match) for step in (-1, 0, 1)]
    known = [part for part in parts if part]
    if not known:
        return None
    return (*min(known, key=lambda part: abs((part[1] - today).days)), False)


def _by_moon(match: re.Match[str], today: date) -> _Read | None:
    counted = today.year * 12 + today.month - 1 + _MONTHS[match["moon"]]
    part = _month_part(counted // 12, counted % 12 + 1, match)
    return (*part, True) if part else None


def _by_quarter(match: re.Match[str], today: date) -> _Read | None:
    year = _year(match, today) or today.year
    last = {"上": 6, "下": 12}[match["half"]] if match["half"] else _number(match["quarter"]) * 3
    first = last - (5 if match["half"] else 2)
    return date(year, first, 1), date(year, last, months.monthrange(year, last)[1]), True


def _by_year_end(match: re.Match[str], today: date) -> _Read | None:
    year = _year(match, today) or today.year
    return date(year, 12, 1), date(year, 12, 31), True


def _by_week(match: re.Match[str], today: date) -> _Read | None:
    monday = (
        today - timedelta(days=today.weekday()) + timedelta(weeks={"下": 1, "上": -1}.get(match["week"], 0))
    )
    weekday = _WEEKDAYS.get(match["weekday"] or "")
    if weekday is None:
        return monday, monday + timedelta(days=6), True
    day = monday + timedelta(days=weekday)
    return day, day, True


def _by_day(match: re.Match[str], today: date) -> _Read | None:
    step = {"今": 0, "明": 1, "后": 2, "昨": -1}[match["near"][0]]
    day = today + timedelta(days=step)
    return day, day, True


def _alone(match: re.Match[str], today: date) -> _Read | None:
    day = _number(match["alone"])
    if not 1 <= day <= months.monthrange(today.year, today.month)[1]:
        return None
    return today.replace(day=day), today.replace(day=day), True


_READERS: tuple[Callable[[re.Match[str], date], _Read | None], ...] = (
    _by_month,
    _by_moon,
    _by_quarter,
    _by_year_end,
    _by_week,
    _by_day,
    _alone,
)


def add_months(day: date, number: int) -> date:
    """The same day `number` months on, or that month's last where it is shorter."""
    counted = day.year * 12 + day.month - 1 + number
    year, month = counted // 12, counted % 12 + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))
