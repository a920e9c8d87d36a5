"""A calendar's table as people edit it: lines in, the same lines out, and the whole table unharmed."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from huiying import calendars
from huiying.desk.plans import tables
from huiying.engine.calendar import Calendar, Year, read_calendar
from huiying.engine.text import Text


def cn() -> Calendar:
    calendar, findings = read_calendar(calendars.shipped()["CN"], "CN.toml")
    assert calendar is not None, findings
    return calendar


def read(text: str) -> Calendar:
    calendar, findings = read_calendar(text, "x.toml")
    assert calendar is not None, findings
    return calendar


def same(one: Calendar, other: Calendar) -> bool:
    return (one.name, one.title, one.zone, one.office, one.days_off, one.week) == (
        other.name,
        other.title,
        other.zone,
        other.office,
        other.days_off,
        other.week,
    ) and dict(one.years) == dict(other.years)


def test_the_shipped_table_survives_being_written_and_read() -> None:
    assert same(read(tables.table_text(cn())), cn())


def test_lines_of_a_year_come_back_as_they_were_read() -> None:
    calendar = cn()
    for number, year in calendar.years.items():
        off = tables.lines_of(year.holidays, year.names)
        assert frozenset(tables.read_lines(number, off, "off")) == year.holidays
        work = tables.lines_of(year.workdays, year.names)
        assert frozenset(tables.read_lines(number, work, "work")) == year.workdays


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Nd", "Z")), min_size=1, max_size=8
)
DAYS = st.dates(date(2027, 1, 1), date(2027, 12, 31))


@given(
    st.dictionaries(DAYS, NAMES, max_size=12),
    st.sets(DAYS, max_size=6),
    st.sets(st.dates(date(2020, 1, 1), date(2030, 12, 31)), max_size=4),
)
def test_any_year_survives_being_written_and_read(
    off: dict[date, str], work: set[date], own: set[date]
) -> None:
    names = {**off, **dict.fromkeys(work - set(off), "班")}
    year = Year(holidays=frozenset(off), workdays=frozenset(work - set(off)), names=names)
    calendar = Calendar(
        name="T",
        zone=ZoneInfo("Asia/Shanghai"),
        years={2027: year},
        days_off=frozenset(own),
        title=Text("表", 'table "T"'),
    )
    again = read(tables.table_text(calendar))
    assert again.years[2027].holidays == year.holidays
    assert again.years[2027].workdays == year.workdays
    assert again.days_off == calendar.days_off


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("春节 02-15/02-23", 9),
        ("春节 2月15日至2月17日", 3),
        ("元旦：01-01", 1),
        ("01-01", 1),
        ("劳动节 5.1-5.3、5.9", 4),
        ("", 0),
    ],
)
def test_days_may_be_written_as_people_do(line: str, days: int) -> None:
    assert len(tables.read_lines(2026, line, "off")) == days


@pytest.mark.parametrize("line", ["春节", "02-30", "13-01", "02-23/02-15", "春节 xx-yy"])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ValidationError, match="第 2 行看不懂"):
        tables.read_lines(2026, f"元旦 01-01\n{line}", "off")


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "明天", "02-15"])
def test_days_off_without_a_real_date_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        tables.read_days_off(text)


def test_days_off_are_read_in_several_forms() -> None:
    assert tables.read_days_off("2026-12-31，2027年1月4日\n2027/5/6") == {
        date(2026, 12, 31),
        date(2027, 1, 4),
        date(2027, 5, 6),
    }


def test_office_hours_are_read_and_written() -> None:
    hours = tables.read_office("8:30-12:00，14:00至17:30")
    assert hours == ((time(8, 30), time(12)), (time(14), time(17, 30)))
    assert tables.office_words(cn()) == "08:30-12:00, 14:00-17:30"


@pytest.mark.parametrize("text", ["", "9点到5点", "12:00-08:30", "08:30-12:00, 11:00-13:00", "25:00-26:00"])
def test_office_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="先后排列"):
        tables.read_office(text)


def test_a_day_that_is_both_off_and_worked_is_refused() -> None:
    day = date(2027, 2, 6)
    with pytest.raises(ValidationError, match="2027-02-06 既放假又上班"):
        tables.with_year(cn(), 2027, {day: "春节"}, {day: "春节"})


def test_changing_one_year_leaves_the_others() -> None:
    before = cn()
    after = tables.with_year(before, 2026, {date(2026, 12, 30): "校庆"}, {})
    assert {year: after.years[year] for year in before.years if year != 2026} == {
        year: before.years[year] for year in before.years if year != 2026
    }


def test_the_year_view_knows_every_day() -> None:
    months = tables.months(cn(), 2026)
    days = {cell.day: cell for month in months for week in month for cell in week if cell}
    assert len(days) == 365
    assert days[date(2026, 2, 16)].kind == "holiday"
    assert days[date(2026, 2, 14)].kind == "makeup"
    assert days[date(2026, 2, 14)].works
    assert not days[date(2026, 2, 16)].works
    assert all(len(week) == 7 for month in months for week in month)


def test_an_unknown_year_is_drawn_without_holidays() -> None:
    assert {cell.kind for month in tables.months(cn(), 2027) for week in month for cell in week if cell} == {
        ""
    }
