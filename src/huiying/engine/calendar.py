"""Working days and hours, and the instants at which spans of time end.

How spans are counted (the plan may choose between the two ends of a day):

- Minutes and hours run on the elapsed clock from the instant of the event itself, through nights, rest days
  and changes of summer time (中华人民共和国民法典 第二百零一条第二款: 按小时计算的，自约定的时间开始计算).
- Days and working days: the day of the event does not count, counting begins with the next day
  (第二百零一条第一款); the span ends at 24:00 of its last day, or when business closes on that day where the
  plan says so (第二百零三条第二款).
- A span of days whose last day is a day of rest ends on the first working day after it, if the plan asks for
  that (第二百零三条第一款). A span of working days cannot end on a day of rest.
- Working days are those of the State Council's yearly notice: weekends and public holidays are off, make-up
  days count as working days (全国年节及纪念日放假办法).
- A year that the table does not hold is refused: no holiday is ever guessed.

A span ends at `due`: what is done at that very instant is in time, and from that instant on it is missed if not done.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huiying.engine.fields import Fields, Notes
from huiying.engine.findings import Finding
from huiying.engine.spans import End, Within
from huiying.engine.text import Text
from huiying.engine.toml import Node, parse

__all__ = ["OFFICE", "Calendar", "UnknownYear", "Within", "Year", "read_calendar"]

#: The hours that most Chinese offices keep; a table may give its own.
OFFICE = ((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30)))
_WEEK = frozenset({0, 1, 2, 3, 4})
_DAY = timedelta(days=1)


class UnknownYear(ValueError):
    """The calendar has no table for a year that a count needs."""

    def __init__(self, year: int, calendar: str) -> None:
        super().__init__(f"calendar {calendar} has no year {year}")
        self.year = year
        self.calendar = calendar

    @property
    def text(self) -> Text:
        """What a person reads."""
        return Text(
            f"工作日历“{self.calendar}”缺 {self.year} 年，补录后才能推算",
            f'The calendar "{self.calendar}" has no year {self.year}; add it and this can be computed',
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One year's exceptions to the ordinary week."""

    holidays: frozenset[date] = frozenset()  # days off, whatever day of the week
    workdays: frozenset[date] = frozenset()  # make-up days that are worked
    names: Mapping[date, str] = field(default_factory=dict)  # which holiday a day belongs to
    papers: tuple[str, ...] = ()  # where it was published


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calendar:
    """A table of working days in one time zone; compare by `name` and the text it was read from."""

    name: str
    zone: ZoneInfo
    years: Mapping[int, Year]
    office: tuple[tuple[time, time], ...] = OFFICE  # in order, each within one day
    days_off: frozenset[date] = frozenset()  # the institution's own, beside the public ones
    week: frozenset[int] = _WEEK  # ordinary working days; Monday is 0
    title: Text = field(default_factory=lambda: Text("", ""))
    _days: tuple[int, ...] = field(init=False, repr=False)  # ordinals of all working days, ascending
    _begins: dict[int, datetime] = field(
        init=False, repr=False, default_factory=dict
    )  # day -> its first instant
    _ends: dict[tuple[int, int, End], datetime] = field(
        init=False, repr=False, default_factory=dict
    )  # counts made

    def __post_init__(self) -> None:
        days = tuple(day.toordinal() for year in sorted(self.years) for day in self._working(year))
        object.__setattr__(self, "_days", days)

    def _working(self, year: int) -> Iterator[date]:
        table, day = self.years[year], date(year, 1, 1)
        while day.year == year:
            if self._works(day, table):
                yield day
            if day == date.max:
                return
            day += _DAY

    def _works(self, day: date, table: Year) -> bool:
        if day in self.days_off or day in table.holidays:
            return False
        return day in table.workdays or day.weekday() in self.week

    def table(self, year: int) -> Year:
        """The exceptions of `year`. Raises UnknownYear."""
        found = self.years.get(year)
        if found is None:
            raise UnknownYear(year, self.name)
        return found

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on `day`. Raises UnknownYear."""
        return self._works(day, self.table(day.year))

    def holiday(self, day: date) -> str:
        """The name of the holiday that `day` belongs to as a day off, else "". Raises UnknownYear."""
        table = self.table(day.year)
        return table.names.get(day, "") if day in table.holidays else ""

    def local(self, at: datetime) -> datetime:
        """The instant on the calendar's own clock. Raises ValueError for a time without zone."""
        if at.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {at.isoformat()}")
        return at.astimezone(self.zone)

    def midnight(self, day: date) -> datetime:
        """The instant, in UTC, at which `day` begins; 24:00 of the day before."""
        found = self._begins.get(day.toordinal())
        if found is None:
            found = datetime.fromtimestamp(datetime.combine(day, time(), self.zone).timestamp(), UTC)
            self._begins[day.toordinal()] = found
        return found

    def year_start(self, year: int) -> datetime:
        """The instant, in UTC, at which `year` begins."""
        return self.midnight(date(year, 1, 1))

    def day_end(self, day: date, until: End = "midnight") -> datetime:
        """The instant, in UTC, at which `day` ends: 24:00, or when the office closes."""
        if until == "office_close" and self.office:
            return datetime.combine(day, self.office[-1][1], self.zone).astimezone(UTC)
        return self.midnight(day + _DAY)

    def nth_working_day(self, day: date, n: int) -> date:
        """The n-th working day after `day` (n from 1), or `day` or the first one after it (n 0). Raises UnknownYear."""
        self.table(day.year)
        ordinal = day.toordinal()
        index = bisect_right(self._days, ordinal - (n == 0)) + max(n, 1) - 1
        known = index < len(self._days)
        found = date.fromordinal(self._days[index]) if known else date(max(self.years) + 1, 1, 1)
        for year in range(day.year + 1, found.year + 1):
            self.table(year)
        return found

    def add_days(self, at: datetime, n: int, *, until: End = "midnight", roll: bool = False) -> datetime:
        """The end, in UTC, of the n-th day after the day of `at` (n 0: of that day itself).

        With `roll` a span that would end on a day of rest ends on the next working day. Raises UnknownYear if rolled.
        """
        day = self.local(at).date() + timedelta(days=n)
        return self.day_end(self.nth_working_day(day, 0) if roll else day, until)

    def add_working_days(self, at: datetime, n: int, *, until: End = "midnight") -> datetime:
        """The end, in UTC, of the n-th working day after the day of `at`.

        With n 0: of that day if it is worked, else of the first working day after it. Raises UnknownYear.
        """
        day = self.local(at).date()
        asked = (day.toordinal(), n, until)
        found = self._ends.get(asked)
        if found is None:
            found = self._ends[asked] = self.day_end(self.nth_working_day(day, n), until)
        return found

    def stretches(self, day: date) -> list[tuple[datetime, datetime]]:
        """The office hours of `day` as instants in UTC; none on a day of rest. Raises UnknownYear."""
        if not self.is_working_day(day):
            return []
        return [
            (
                datetime.combine(day, opens, self.zone).astimezone(UTC),
                datetime.combine(day, closes, self.zone).astimezone(UTC),
            )
            for opens, closes in self.office
        ]

    def add_working_time(self, at: datetime, span: timedelta) -> datetime:
        """The instant, in UTC, at which `span` of office hours has passed since `at`. Raises UnknownYear.

        Where `at` lies outside office hours, counting begins when the office next opens.
        """
        if not self.office:
            raise ValueError(f"calendar {self.name} has no office hours")
        day, left = self.local(at).date(), span
        while True:
            for opens, closes in self.stretches(day):
                begins = max(opens, at)
                if begins < closes and left <= closes - begins:
                    return (begins + left).astimezone(UTC)
                left -= max(closes - begins, timedelta())
            day += _DAY

    def working_days_between(self, a: datetime, b: datetime) -> int:
        """Working days after the day of `a` up to and with the day of `b`; negative if `b` comes first.

        An instant that is midnight exactly belongs, as an end, to the day before. Raises UnknownYear.
        """
        if b < a:
            return -self.working_days_between(b, a)
        first, last = self.local(a).date(), self.local(b).date()
        if self.midnight(last) == b and last > first:
            last -= _DAY
        for year in range(first.year, last.year + 1):
            self.table(year)
        return bisect_right(self._days, last.toordinal()) - bisect_right(self._days, first.toordinal())

    def working_time_between(self, a: datetime, b: datetime) -> timedelta:
        """How much of the time from `a` to `b` is office hours; negative if `b` comes first. Raises UnknownYear."""
        if b < a:
            return -self.working_time_between(b, a)
        day, last, total = self.local(a).date(), self.local(b).date(), timedelta()
        while day <= last:
            for opens, closes in self.stretches(day):
                total += max(min(closes, b) - max(opens, a), timedelta())
            day += _DAY
        return total


_RANGE = re.compile(r"(\d\d)-(\d\d)(?:/(\d\d)-(\d\d))?")
_OPEN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def read_calendar(text: str, file: str) -> tuple[Calendar | None, list[Finding]]:
    """A calendar from its TOML table (see docs/plan-format.md), or None and what is wrong with it."""
    notes = Notes("calendar")
    root, broken = parse(text, file=file)
    if root is None:
        return None, broken
    fields = Fields(root, notes)
    fields.integer("format", 1, least=1, most=1)
    name = fields.string("id", required=True)
    calendar = Calendar(
        name=name,
        zone=_zone(fields),
        years=_years(fields),
        office=_office(fields),
        days_off=frozenset(_dates(fields)),
        week=_week(fields),
        title=fields.text("name") or Text(name, name),
    )
    fields.get("source")
    fields.done()
    return (None if notes.failed else calendar), notes.found


def _zone(fields: Fields) -> ZoneInfo:
    name = fields.string("zone", "UTC", required=True)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        mend = Text("例：Asia/Shanghai", "For example: Asia/Shanghai")
        fields.notes.add(
            "bad-zone",
            fields.place("zone"),
            Text(f"没有这个时区：{name}", f"No such time zone: {name}"),
            mend,
        )
        return ZoneInfo("UTC")


def _week(fields: Fields) -> frozenset[int]:
    node = fields.get("week")
    if node is None:
        return _WEEK
    days = node.plain
    if not isinstance(days, list) or not days or any(day not in range(1, 8) for day in days):
        fields.wrong(
            node, Text("“week”应为 1（周一）到 7（周日）", '"week" must list days 1 (Monday) to 7 (Sunday)')
        )
        return _WEEK
    return frozenset(day - 1 for day in days)


def _office(fields: Fields) -> tuple[tuple[time, time], ...]:
    if "office" not in fields:
        return OFFICE
    hours: list[tuple[time, time]] = []
    for words in fields.strings("office"):
        found = _OPEN.fullmatch(words)
        h = [int(part) for part in found.groups()] if found else [0, 0, 0, 0]
        opens, closes = time(h[0], h[1]), time(h[2], h[3])
        if opens >= closes or (hours and opens < hours[-1][1]):
            example = Text(
                "写成 08:30-12:00，按先后排列，不重叠", "Write 08:30-12:00, in order, without overlap"
            )
            fields.notes.add(
                "bad-office",
                fields.place("office"),
                Text(f"看不懂的办公时间“{words}”", f'Cannot read office hours "{words}"'),
                example,
            )
            return OFFICE
        hours.append((opens, closes))
    return tuple(hours)


def _dates(fields: Fields) -> Iterator[date]:
    node = fields.get("days_off")
    for item in node.items if node else ():
        if isinstance(item.value, date):
            yield item.value
            continue
        try:
            yield date.fromisoformat(str(item.value))
        except ValueError:
            fields.wrong(
                item,
                Text(f"不是日期：{item.value}", f"Not a date: {item.value}"),
                Text("写成 2026-10-08", "Write 2026-10-08"),
            )


def _years(fields: Fields) -> dict[int, Year]:
    table = fields.sub("year")
    years: dict[int, Year] = {}
    for key, node in (table.node.table if table else {}).items():
        if not key.isdigit() or not 1 < int(key) < 9999:
            fields.wrong(node, Text(f"不是年份：{key}", f"Not a year: {key}"))
            continue
        years[int(key)] = _year(int(key), Fields(node, fields.notes))
    return years


def _year(number: int, fields: Fields) -> Year:
    names: dict[date, str] = {}
    off = frozenset(_listed(number, fields, "off", names))
    work = frozenset(_listed(number, fields, "work", names))
    papers = fields.strings("papers")
    fields.done()
    both = off & work
    if both:
        day = min(both).isoformat()
        fields.notes.add(
            "contradiction",
            fields.place("work"),
            Text(f"{day} 既放假又上班", f"{day} is both off and worked"),
            Text("删去其中一处", "Remove one of the two"),
        )
    return Year(holidays=off, workdays=work, names=names, papers=papers)


def _listed(number: int, fields: Fields, key: str, names: dict[date, str]) -> Iterator[date]:
    table = fields.get(key)
    for name, node in (table.table if table else {}).items():
        for item in node.items if isinstance(node.value, list) else [node]:
            for day in _range(number, item, fields):
                names[day] = name
                yield day


def _range(number: int, node: Node, fields: Fields) -> Iterator[date]:
    found = _RANGE.fullmatch(str(node.value))
    try:
        if not found:
            raise ValueError
        first = date(number, int(found.group(1)), int(found.group(2)))
        last = date(number, int(found.group(3)), int(found.group(4))) if found.group(3) else first
        if last < first:
            raise ValueError
    except ValueError:
        fields.wrong(
            node,
            Text(f"看不懂的日期“{node.value}”", f'Cannot read the date "{node.value}"'),
            Text("写成 01-01 或 01-01/01-03", "Write 01-01 or 01-01/01-03"),
        )
        return
    while first <= last:
        yield first
        first += _DAY
