"""Promises are found, resolved on the working-day calendar, and told from rules and reports."""

from datetime import datetime, timedelta

import pytest

from huiying.engine.calendar import Within
from huiying.engine.reply.check import check
from huiying.engine.reply.model import Context, DraftText
from huiying.engine.reply.promises import find
from tests.engine.reply_drafts import NOW, ZONE, calendar


def due(text: str, now: datetime = NOW) -> list[str]:
    """The last moments of the promises in `text`, on Beijing's clock."""
    found = find(text, now, calendar())
    return [f"{one.due_at.astimezone(ZONE):%Y-%m-%d %H:%M}" for one in found if one.due_at]


@pytest.mark.parametrize(
    ("text", "midnight"),
    [
        ("我局将于次月底前完成改造。", "2027-01-01 00:00"),
        ("预计12月10日前修好。", "2026-12-11 00:00"),
        ("争取11月底前恢复供水。", "2026-12-01 00:00"),
        ("计划明年3月上旬完工。", "2027-03-11 00:00"),
        ("力争年底前通车。", "2027-01-01 00:00"),
        ("确保2026年12月25日前答复。", "2026-12-26 00:00"),
        ("将于本周五公布结果。", "2026-11-28 00:00"),
        ("预计2027年第一季度投入使用。", "2027-04-01 00:00"),
        ("承诺28日前整改到位。", "2026-11-29 00:00"),
        ("后勤处将在今年内更换锅炉。", "2027-01-01 00:00"),
        ("责令物业于十二月五日前拆除。", "2026-12-06 00:00"),
    ],
)
def test_a_day_that_is_promised_ends_at_its_midnight(text: str, midnight: str) -> None:
    assert due(text) == [midnight]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("我局将在5个工作日内答复您。", "2026-12-02 00:00"),
        ("会在三个工作日内反馈结果。", "2026-11-28 00:00"),
        ("承诺3日内修好。", "2026-11-28 00:00"),
        ("将在一周内更换。", "2026-12-02 00:00"),
        ("预计半个月内完成。", "2026-12-10 00:00"),
        ("争取24小时内恢复。", "2026-11-25 09:00"),
        ("预计两个月内开通。", "2027-01-25 00:00"),
    ],
)
def test_within_so_long_counts_from_now(text: str, instant: str) -> None:
    assert due(text) == [instant]


def test_working_days_skip_the_holiday_and_count_the_make_up_day() -> None:
    """Before the National Day of 2026: 1 to 7 October off, 20 September and 10 October worked."""
    before = datetime(2026, 9, 29, 10, 0, tzinfo=ZONE)
    assert due("我局将在5个工作日内答复。", before) == ["2026-10-13 00:00"]


@pytest.mark.parametrize(
    "text",
    [
        "您应当自收到决定书之日起15日内缴纳。",
        "根据《物业管理条例》，应在30日内办理。",
        "申请材料受理后10个工作日内办结。",
        "该处已于2026年10月20日前完成整改。",
        "2015年8月31日召开会议，9月2日公示，10月8日结束。",
        "参保缴费截止时间为12月31日。",
        "物业称“将于12月10日前修好”。",
        "我们并没有承诺三年内解决编制。",
        "青禾市第九中学 2026年11月24日",
        "2026年9月24日下达指令书，责令三家企业在3个工作日内付清。",
    ],
)
def test_rules_reports_and_other_peoples_words_are_no_promises(text: str) -> None:
    assert due(text) == []


def test_a_day_without_a_year_is_the_nearest_one() -> None:
    assert due("预计1月15日前完成。") == ["2027-01-16 00:00"]
    assert due("预计10月15日前完成。") == []


def test_a_promise_for_today_is_one_until_midnight() -> None:
    assert due("后勤处将于11月24日前修好。") == ["2026-11-25 00:00"]
    assert due("后勤处将于11月24日前修好。", NOW + timedelta(days=1)) == []


def test_a_year_that_the_calendar_lacks_is_named_not_guessed() -> None:
    late = datetime(2026, 12, 30, 9, 0, tzinfo=ZONE)
    (promise,) = find("我局将在10个工作日内答复。", late, calendar())
    assert promise.due_at is None and promise.unknown_year == 2027


def told(text: str, now: datetime = NOW, days: int = 5) -> list[str]:
    """The codes that the promise check gives."""
    context = Context(now=now, calendar=calendar(), promise_max=Within(amount=days, unit="working_days"))
    found = check(DraftText(text=text), context)
    return [one.code for one in found if one.code.startswith("reply.promise")]


def test_before_a_month_is_over_when_the_month_begins() -> None:
    assert due("预计12月前完成。") == ["2026-12-01 00:00"]
    assert due("预计12月底前完成。") == ["2027-01-01 00:00"]
    assert due("预计12月完成。") == ["2027-01-01 00:00"]


def test_the_plans_longest_promise_is_kept_to_the_day() -> None:
    """Five working days from a Tuesday end with the next Tuesday."""
    assert told("预计12月1日前修好。") == []
    assert told("预计12月2日前修好。") == ["reply.promise.too-far"]


def test_soon_without_a_day_asks_for_one() -> None:
    assert told("我局将尽快修复。") == ["reply.promise.no-date"]
    assert told("我局将尽快修复，11月27日前通车。") == []


def test_an_unknown_year_is_a_finding() -> None:
    late = datetime(2026, 12, 30, 9, 0, tzinfo=ZONE)
    assert "reply.promise.unknown-year" in told("我局将在10个工作日内答复。", late)


def test_the_place_is_the_words_that_name_the_time() -> None:
    text = "您好。热水循环泵已换，预计11月26日前恢复。"
    (promise,) = find(text, NOW, calendar())
    assert text[promise.start : promise.end] == "11月26日"
