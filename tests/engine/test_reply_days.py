"""Days in a text: which stretch of days each way of writing means."""

from datetime import date

import pytest

from huiying.engine.reply.days import add_months, impossible_days, named_days, stretches

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026年12月5日", date(2026, 12, 5), date(2026, 12, 5)),
        ("二〇二六年十二月五日", date(2026, 12, 5), date(2026, 12, 5)),
        ("１２月５日", date(2026, 12, 5), date(2026, 12, 5)),
        ("12月5日-9日", date(2026, 12, 9), date(2026, 12, 9)),
        ("12月上旬", date(2026, 12, 1), date(2026, 12, 10)),
        ("12月中旬", date(2026, 12, 11), date(2026, 12, 20)),
        ("12月底", date(2026, 12, 21), date(2026, 12, 31)),
        ("明年2月底", date(2027, 2, 21), date(2027, 2, 28)),
        ("下月10日", date(2026, 12, 10), date(2026, 12, 10)),
        ("次月", date(2026, 12, 1), date(2026, 12, 31)),
        ("本周五", date(2026, 11, 27), date(2026, 11, 27)),
        ("下周一", date(2026, 11, 30), date(2026, 11, 30)),
        ("本周内", date(2026, 11, 23), date(2026, 11, 29)),
        ("明年上半年", date(2027, 1, 1), date(2027, 6, 30)),
        ("第四季度", date(2026, 10, 1), date(2026, 12, 31)),
        ("年底", date(2026, 12, 1), date(2026, 12, 31)),
        ("明天", date(2026, 11, 25), date(2026, 11, 25)),
    ],
)
def test_each_way_of_naming_days(text: str, first: date, last: date) -> None:
    (found,) = named_days(text, TODAY)
    assert (found.first, found.last) == (first, last)


def test_the_last_month_of_the_year_rolls_over() -> None:
    (found,) = named_days("下月底", date(2026, 12, 24))
    assert found.last == date(2027, 1, 31)


def test_a_day_that_follows_a_dated_one_belongs_to_its_year() -> None:
    told = named_days("2015年8月31日召开大会，9月2日公示。", TODAY)
    assert [one.first for one in told] == [date(2015, 8, 31), date(2015, 9, 2)]


def test_a_day_that_does_not_exist_is_left_out_and_named() -> None:
    assert named_days("2月30日", TODAY) == []
    assert [span.text for span in impossible_days("2月30日、13月1日、2026年2月29日、2024年2月29日")] == [
        "2月30日",
        "13月1日",
        "2026年2月29日",
    ]


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("5个工作日内", 5, "working_days"),
        ("十五个工作日之内", 15, "working_days"),
        ("3天内", 3, "days"),
        ("一周内", 1, "weeks"),
        ("两个月以内", 2, "months"),
        ("半个月内", 15, "days"),
        ("半年内", 6, "months"),
        ("24小时内", 24, "hours"),
        ("三年内", 3, "years"),
    ],
)
def test_within_so_much(text: str, amount: int, unit: str) -> None:
    (found,) = stretches(text)
    assert (found.amount, found.unit) == (amount, unit)


def test_a_year_is_no_number_of_years() -> None:
    assert stretches("2018年内") == []


def test_months_are_added_to_the_last_day_where_a_month_is_shorter() -> None:
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert add_months(date(2027, 12, 31), 2) == date(2028, 2, 29)
