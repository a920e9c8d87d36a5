"""A calendar's table as people edit it: one year at a time, in lines, and back into the whole text."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from huiying.engine.calendar import Calendar, Year

DAY = timedelta(days=1)
SPAN = re.compile(r"(\d{1,2})[-./月](\d{1,2})日?(?:\s*[-/~至到—–]+\s*(\d{1,2})[-./月](\d{1,2})日?)?")
HOURS = re.compile(r"([01]?\d|2[0-3])[::]([0-5]\d)\s*[-–—至到~]\s*([01]?\d|2[0-3])[::]([0-5]\d)")
FULL = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the year view."""

    day: date
    works: bool
    kind: str  # "", holiday, makeup, own
    name: str = ""


def lines_of(days: Iterable[date], names: Mapping[date, str]) -> str:
    """Days as lines "name MM-DD/MM-DD", one stretch of one holiday a line."""
    lines: list[tuple[str, date, date]] = []
    for day in sorted(days):
        name = names.get(day, "")
        if lines and lines[-1][0] == name and lines[-1][2] + DAY == day:
            lines[-1] = (name, lines[-1][1], day)
        else:
            lines.append((name, day, day))
    return "\n".join(f"{name} {_short(first, last)}".strip() for name, first, last in lines)


def _short(first: date, last: date) -> str:
    return f"{first:%m-%d}" if first == last else f"{first:%m-%d}/{last:%m-%d}"


def read_lines(year: int, text: str, field: str) -> dict[date, str]:
    """Day -> name from such lines. Raises ValidationError on `field`, naming the line."""
    found: dict[date, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        spans = list(SPAN.finditer(line))
        name = SPAN.sub("", line).strip(" ,，、:：")
        try:
            days = [day for span in spans for day in _days(year, span)]
        except ValueError:
            days = []
        if not days:
            raise ValidationError({field: _wrong(number, line)})
        found |= dict.fromkeys(days, name or _("放假"))
    return found


def _wrong(number: int, line: str) -> str:
    return _("第 %(n)s 行看不懂：“%(line)s”。写成“春节 02-15/02-23”。") % {
        "n": number,
        "line": line.strip()[:40],
    }


def _days(year: int, span: re.Match[str]) -> list[date]:
    first = date(year, int(span[1]), int(span[2]))
    last = date(year, int(span[3]), int(span[4])) if span[3] else first
    if last < first:
        raise ValueError
    return [first + offset * DAY for offset in range((last - first).days + 1)]


def read_days_off(text: str) -> frozenset[date]:
    """The institution's own days off, each with its year. Raises ValidationError on `days_off`."""
    try:
        days = frozenset(date(int(m[1]), int(m[2]), int(m[3])) for m in FULL.finditer(text))
    except ValueError as wrong:
        raise ValidationError({"days_off": _("有一天不存在，请核对。")}) from wrong
    if FULL.sub("", text).strip(" ,，、;；\r\n\t"):
        raise ValidationError({"days_off": _("写成 2026-12-31，一行一天或用逗号隔开。")})
    return days


def read_office(text: str) -> tuple[tuple[time, time], ...]:
    """Office hours. Raises ValidationError on `office`."""
    found = tuple((time(int(m[1]), int(m[2])), time(int(m[3]), int(m[4]))) for m in HOURS.finditer(text))
    rest = HOURS.sub("", text).strip(" ,，、;；\r\n\t")
    orderly = all(opens < closes for opens, closes in found)
    apart = all(one[1] <= other[0] for one, other in pairwise(found))
    if rest or not found or not orderly or not apart:
        raise ValidationError({"office": _("写成 08:30-12:00, 14:00-17:30，先后排列，不重叠。")})
    return found


def office_words(calendar: Calendar) -> str:
    """Office hours as people write them."""
    return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in calendar.office)


def with_year(calendar: Calendar, number: int, off: Mapping[date, str], work: Mapping[date, str]) -> Calendar:
    """The calendar with this year's exceptions. Raises ValidationError for a day that is both off and worked."""
    both = sorted(set(off) & set(work))
    if both:
        raise ValidationError({"work": _("%(day)s 既放假又上班。") % {"day": both[0].isoformat()}})
    before = calendar.years.get(number)
    year = Year(
        holidays=frozenset(off),
        workdays=frozenset(work),
        names={**off, **work},
        papers=before.papers if before else (),
    )
    return replace(calendar, years={**calendar.years, number: year})


def _text(value: str) -> str:
    """A TOML basic string; JSON's form is one, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(days: Iterable[date], names: Mapping[date, str]) -> Iterable[str]:
    groups: dict[str, list[str]] = {}
    for line in lines_of(days, names).splitlines():
        name, _sep, span = line.rpartition(" ")
        groups.setdefault(name, []).append(span)
    for name, spans in groups.items():
        yield f"{_text(name)} = [{', '.join(map(_text, spans))}]"


def table_text(calendar: Calendar, source: str = "") -> str:
    """The whole table as TOML; reading it gives the same calendar."""
    out = ["format = 1", f"id = {_text(calendar.name)}"]
    out.append(f"name = {{ zh = {_text(calendar.title.zh)}, en = {_text(calendar.title.en)} }}")
    out += [f"zone = {_text(calendar.zone.key)}", f"week = {[day + 1 for day in sorted(calendar.week)]}"]
    out.append(f"office = [{', '.join(_text(part) for part in office_words(calendar).split(', ') if part)}]")
    if calendar.days_off:
        out.append(f"days_off = [{', '.join(day.isoformat() for day in sorted(calendar.days_off))}]")
    if source:
        out.append(f"source = {_text(source)}")
    for number in sorted(calendar.years):
        out += _year(number, calendar.years[number])
    return "\n".join(out) + "\n"


def _year(number: int, year: Year) -> list[str]:
    out = ["", f"[year.{number}]"]
    if year.papers:
        out.append(f"papers = [{', '.join(map(_text, year.papers))}]")
    for key, days in (("off", year.holidays), ("work", year.workdays)):
        if days:
            out += [f"[year.{number}.{key}]", *_listed(days, year.names)]
    return out


def months(calendar: Calendar, number: int) -> list[list[list[Day | None]]]:
    """The twelve months of a year in weeks from Monday; None fills the first and last week."""
    known = calendar.years.get(number, Year())
    shown = (
        calendar if number in calendar.years else replace(calendar, years={**calendar.years, number: known})
    )
    return [_weeks(shown, number, month, known) for month in range(1, 13)]


def _weeks(calendar: Calendar, number: int, month: int, year: Year) -> list[list[Day | None]]:
    day = date(number, month, 1)
    cells: list[Day | None] = [None] * day.weekday()
    while day.month == month:
        cells.append(_day(calendar, day, year))
        day += DAY
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def _day(calendar: Calendar, day: date, year: Year) -> Day:
    kind = "own" if day in calendar.days_off else ""
    kind = kind or ("holiday" if day in year.holidays else "makeup" if day in year.workdays else "")
    return Day(day, calendar.is_working_day(day), kind, year.names.get(day, "") if kind != "own" else "")


def with_house(
    calendar: Calendar, days_off: frozenset[date], office: tuple[tuple[time, time], ...]
) -> Calendar:
    """The calendar with the institution's own days off and office hours."""
    return replace(calendar, days_off=days_off, office=office)
