"""Working days, make-up days, office hours, and what is refused."""

import hashlib
import json
import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiying import calendars
from huiying.engine.calendar import Calendar, UnknownYear, Within, Year, read_calendar
from huiying.engine.spans import Counting, read_span

DATA = (
    Path(os.environ.get("HUIYING_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "holidays"
)
#: Working days of each year, and the hash of "date 0|1" over every day of the twenty years, as checked against the data.
WORKING = {
    **{
        2007: 249,
        2008: 251,
        2009: 250,
        2010: 250,
        2011: 250,
        2012: 249,
        2013: 250,
        2014: 250,
        2015: 249,
        2016: 250,
    },
    **{
        2017: 249,
        2018: 250,
        2019: 250,
        2020: 249,
        2021: 250,
        2022: 249,
        2023: 249,
        2024: 251,
        2025: 248,
        2026: 248,
    },
}


def china() -> Calendar:
    calendar, findings = read_calendar(calendars.shipped()["CN"], "CN.toml")
    assert findings == []
    assert calendar is not None
    return calendar


CN = china()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def days(first: date, last: date) -> list[date]:
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]


# The shipped table


@pytest.mark.skipif(not DATA.is_dir(), reason="the public holiday data is not on this machine (HUIYING_DATA)")
def test_every_day_of_twenty_years_agrees_with_the_published_notices() -> None:
    """A day is what the notices say it is; where they say nothing, the weekday decides. The sources do not differ."""
    said: dict[date, bool] = {}
    for year in range(2007, 2027):
        for row in json.loads((DATA / f"{year}.json").read_text("utf-8"))["days"]:
            day = date.fromisoformat(row["date"])
            assert said.setdefault(day, row["isOffDay"]) == row["isOffDay"], f"two notices differ on {day}"
    wrong = [
        day
        for day in days(date(2007, 1, 1), date(2026, 12, 31))
        if CN.is_working_day(day) == said.get(day, day.weekday() > 4)
    ]
    assert wrong == []
    outside = sorted(day.isoformat() for day in said if not 2007 <= day.year <= 2026)
    assert outside == ["2006-12-30", "2006-12-31"]


def test_the_table_is_the_one_that_was_checked() -> None:
    every = days(date(2007, 1, 1), date(2026, 12, 31))
    lines = "\n".join(f"{day.isoformat()} {int(CN.is_working_day(day))}" for day in every)
    assert hashlib.sha256(lines.encode()).hexdigest() == HASH
    counts = {year: sum(CN.is_working_day(day) for day in every if day.year == year) for year in WORKING}
    assert counts == WORKING


HASH = "f2dab9b8e4062d1c5bb27a40ead48f050f83b2a2b38a75044d286a260528030e"


def test_make_up_days_are_worked_and_holidays_have_names() -> None:
    assert CN.is_working_day(date(2026, 10, 10))  # a Saturday worked for National Day
    assert not CN.is_working_day(date(2026, 10, 8 - 1))
    assert CN.holiday(date(2026, 10, 7)) == "国庆节"
    assert CN.holiday(date(2026, 10, 10)) == ""
    assert CN.holiday(date(2026, 11, 28)) == ""  # an ordinary Saturday


# Counting


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-09-30T16:00", 5, "2026-10-14T00:00"),  # over National Day and a make-up Saturday
        ("2026-11-24T09:00", 1, "2026-11-26T00:00"),  # the day itself does not count
        ("2026-11-24T00:00", 1, "2026-11-26T00:00"),  # not even from its first instant
        ("2026-11-24T23:59:59", 1, "2026-11-26T00:00"),
        ("2026-11-28T10:00", 1, "2026-12-01T00:00"),  # a Saturday: Monday is the first
        ("2026-11-28T10:00", 0, "2026-12-01T00:00"),  # "the same working day" of a day of rest
        ("2026-11-27T10:00", 0, "2026-11-28T00:00"),
        ("2026-10-09T18:00", 1, "2026-10-11T00:00"),  # the make-up Saturday
        ("2020-01-23T12:00", 1, "2020-02-04T00:00"),  # the spring festival that was prolonged
        ("2025-12-31T12:00", 1, "2026-01-05T00:00"),  # into the next year; Sunday the 4th is worked
    ],
)
def test_working_days_end_at_midnight_after_the_last(start: str, n: int, end: str) -> None:
    assert CN.add_working_days(at(start), n) == at(end)


def test_a_plan_may_end_days_when_the_office_closes() -> None:
    due = CN.add_working_days(at("2026-09-30T16:00"), 5, until="office_close")
    assert due == at("2026-10-13T17:30")


def test_hours_run_through_nights_and_holidays() -> None:
    within = Within(amount=5, unit="hours")
    assert within.due(at("2026-10-01T22:30"), CN) == at("2026-10-02T03:30")


def test_days_of_rest_at_the_end_roll_on_only_where_asked() -> None:
    start = at("2026-11-26T09:00")  # a Thursday; two days on is Saturday
    assert Within(amount=2, unit="days").due(start, CN) == at("2026-11-29T00:00")
    assert Within(amount=2, unit="days", roll=True).due(start, CN) == at("2026-12-01T00:00")
    assert Within(amount=0, unit="days").due(start, CN) == at("2026-11-27T00:00")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-24T09:00", 8, "2026-11-25T10:00"),  # 3 h + 3.5 h today, 1.5 h tomorrow
        ("2026-11-24T12:00", 1, "2026-11-24T15:00"),  # at the very end of the morning
        ("2026-11-24T13:00", 1, "2026-11-24T15:00"),
        ("2026-11-24T16:30", 1, "2026-11-24T17:30"),  # exactly until closing
        ("2026-11-24T17:30", 1, "2026-11-25T09:30"),
        ("2026-11-27T17:00", 1, "2026-11-30T09:00"),  # over a weekend
        ("2026-09-30T17:00", 1, "2026-10-08T09:00"),  # over National Day
    ],
)
def test_working_hours_count_only_while_the_office_is_open(start: str, hours: int, end: str) -> None:
    assert CN.add_working_time(at(start), timedelta(hours=hours)) == at(end)


def test_the_institutions_own_days_off_are_no_working_days() -> None:
    own = Calendar(name="own", zone=SHANGHAI, years=CN.years, days_off=frozenset({date(2026, 11, 25)}))
    assert own.add_working_days(at("2026-11-24T09:00"), 1) == at("2026-11-27T00:00")
    assert own.working_time_between(at("2026-11-25T00:00"), at("2026-11-26T00:00")) == timedelta()


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CN.add_working_days(datetime(2026, 11, 24, 9, 0), 1)  # noqa: DTZ001 - that is the point


# Years that are not known


def test_an_unknown_year_is_refused_and_named() -> None:
    for work in (
        lambda: CN.is_working_day(date(2027, 1, 1)),
        lambda: CN.add_working_days(at("2026-12-31T09:00"), 1),
        lambda: CN.add_working_days(at("2026-12-01T09:00"), 60),
        lambda: CN.working_days_between(at("2026-12-01T09:00"), at("2027-01-05T09:00")),
        lambda: CN.add_working_time(at("2026-12-31T17:00"), timedelta(hours=1)),
    ):
        with pytest.raises(UnknownYear) as refused:
            work()
        assert refused.value.year == 2027
        assert "2027" in refused.value.text.zh


def test_a_gap_between_known_years_is_refused_too() -> None:
    gap = Calendar(name="gap", zone=SHANGHAI, years={2024: CN.years[2024], 2026: CN.years[2026]})
    with pytest.raises(UnknownYear) as refused:
        gap.add_working_days(at("2024-12-31T09:00"), 1)
    assert refused.value.year == 2025


def test_elapsed_time_needs_no_calendar_year() -> None:
    assert Within(amount=24, unit="hours").due(at("2031-05-01T09:00"), CN) == at("2031-05-02T09:00")
    assert Within(amount=2, unit="days").due(at("2031-05-01T09:00"), CN) == at("2031-05-04T00:00")


# Summer time


def test_hours_are_elapsed_hours_when_the_clock_changes() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    here = Calendar(name="DE", zone=berlin, years={2026: Year()})
    before = at("2026-03-28T22:00", berlin)  # the clock goes from 02:00 to 03:00 that night
    assert Within(amount=5, unit="hours").due(before, here).astimezone(berlin).hour == 4
    assert Within(amount=1, unit="days").due(before, here) == at("2026-03-30T00:00", berlin)
    autumn = at("2026-10-24T22:00", berlin)
    assert Within(amount=24, unit="hours").due(autumn, here).astimezone(berlin) == at(
        "2026-10-25T21:00", berlin
    )


def test_a_midnight_that_does_not_exist_ends_the_day_when_the_clock_jumps() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # 2026-04-24 begins at 01:00
    here = Calendar(name="EG", zone=cairo, years={2026: Year()}, week=frozenset(range(7)))
    end = here.add_days(at("2026-04-23T12:00", cairo), 0)
    assert end == datetime(2026, 4, 23, 22, 0, tzinfo=UTC)
    assert end.astimezone(cairo).isoformat() == "2026-04-24T01:00:00+03:00"


def test_office_hours_are_shorter_on_the_night_the_clock_jumps() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = Calendar(
        name="N", zone=berlin, years={2026: Year()}, week=frozenset(range(7)), office=((time(1), time(5)),)
    )
    jump, plain = date(2026, 3, 29), date(2026, 3, 30)
    assert night.working_time_between(night.midnight(jump), night.midnight(plain)) == timedelta(hours=3)
    assert night.working_time_between(night.midnight(plain), night.day_end(plain)) == timedelta(hours=4)


# Laws

instants = st.integers(0, int(timedelta(days=6540).total_seconds())).map(
    lambda seconds: datetime(2008, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(instants, st.integers(1, 15))
def test_what_is_added_is_what_lies_between(start: datetime, n: int) -> None:
    end = CN.add_working_days(start, n)
    assert CN.working_days_between(start, end) == n
    assert CN.working_days_between(end, start) == -n
    assert CN.is_working_day((end - timedelta(seconds=1)).astimezone(SHANGHAI).date())


@given(instants, instants, st.integers(1, 15))
def test_who_begins_later_never_ends_earlier(a: datetime, b: datetime, n: int) -> None:
    first, second = sorted((a, b))
    assert CN.add_working_days(first, n) <= CN.add_working_days(second, n)
    span = timedelta(hours=n)
    assert CN.add_working_time(first, span) <= CN.add_working_time(second, span)


@given(instants, st.integers(1, 60 * 40))
def test_working_time_added_is_working_time_between(start: datetime, minutes: int) -> None:
    end = CN.add_working_time(start, timedelta(minutes=minutes))
    assert CN.working_time_between(start, end) == timedelta(minutes=minutes)


@given(instants, st.integers(1, 5), st.integers(1, 5))
def test_spans_of_working_days_follow_each_other(start: datetime, n: int, m: int) -> None:
    middle = CN.add_working_days(start, n) - timedelta(seconds=1)
    assert CN.add_working_days(middle, m) == CN.add_working_days(start, n + m)


# Words


@pytest.mark.parametrize(
    ("words", "amount", "unit"),
    [
        ("5 working days", 5, "working_days"),
        ("1 working day", 1, "working_days"),
        ("5个工作日", 5, "working_days"),
        ("5 个工作日", 5, "working_days"),
        ("24 hours", 24, "hours"),
        ("24小时", 24, "hours"),
        ("30 minutes", 30, "minutes"),
        ("8 working hours", 8, "working_hours"),
        ("3 天", 3, "days"),
        ("same day", 0, "days"),
        ("当日", 0, "days"),
    ],
)
def test_spans_are_read_in_two_languages(words: str, amount: int, unit: str) -> None:
    within = read_span(words, Counting())
    assert within is not None
    assert (within.amount, within.unit) == (amount, unit)
    assert read_span(within.text.zh, Counting()) == within
    assert read_span(within.text.en, Counting()) == within


@pytest.mark.parametrize(
    "words", ["", "5", "five days", "0 hours", "-1 hours", "5 weeks", "1.5 hours", "5 hours 3 minutes"]
)
def test_what_is_no_span_is_not_guessed(words: str) -> None:
    assert read_span(words, Counting()) is None


# The table's own faults

GOOD = 'format = 1\nid = "X"\nname = "X"\nzone = "Asia/Shanghai"\n'


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (GOOD + "[year.2026", "toml.syntax", 5),
        (GOOD + "[year.20x6]\n", "calendar.bad-value", 5),
        (GOOD + '[year.2026.off]\n"元旦" = ["13-01"]\n', "calendar.bad-value", 6),
        (GOOD + '[year.2026.off]\n"元旦" = ["01-03/01-01"]\n', "calendar.bad-value", 6),
        (GOOD + '[year.2026.off]\n"元旦" = ["02-29"]\n', "calendar.bad-value", 6),
        (
            GOOD + '[year.2026.off]\n"a" = ["01-01"]\n[year.2026.work]\n"a" = ["01-01"]\n',
            "calendar.contradiction",
            7,
        ),
        (GOOD + 'office = ["09:00-08:00"]\n', "calendar.bad-office", 5),
        (GOOD + 'office = ["09:00-12:00", "11:00-14:00"]\n', "calendar.bad-office", 5),
        (GOOD + 'office = ["9-17"]\n', "calendar.bad-office", 5),
        (GOOD + 'days_off = ["2026-02-30"]\n', "calendar.bad-value", 5),
        (GOOD + "week = [0, 8]\n", "calendar.bad-value", 5),
        (GOOD + "holidays = []\n", "calendar.unknown-key", 5),
        (GOOD.replace("Asia/Shanghai", "Asia/Peking"), "calendar.bad-zone", 4),
        ('format = 2\nid = "X"\nzone = "UTC"\n', "calendar.bad-value", 1),
        ('name = "X"\nzone = "UTC"\n', "calendar.missing-key", 1),
    ],
)
def test_a_broken_table_says_where(text: str, code: str, line: int) -> None:
    calendar, findings = read_calendar(text, "x.toml")
    assert calendar is None
    assert (code, line) in [(found.code, found.place.line) for found in findings]
    assert all(found.place.file == "x.toml" for found in findings)


def test_a_table_may_name_its_own_hours_and_days() -> None:
    text = GOOD + 'office = ["09:00-17:00"]\ndays_off = [2026-05-04, "2026-05-05"]\n[year.2026]\n'
    calendar, findings = read_calendar(text, "x.toml")
    assert findings == []
    assert calendar is not None
    assert calendar.office == ((time(9), time(17)),)
    assert not calendar.is_working_day(date(2026, 5, 4))
