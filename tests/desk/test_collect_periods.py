"""The calendar of key periods: the plan's and our own, a second person, who is there, and what changes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from huiying.desk.accounts.models import Shift
from huiying.desk.cases.models import Case
from huiying.desk.collect import actions, periods
from huiying.desk.collect.models import Heightened
from huiying.desk.collect.queries.calendar import PeriodDay, coming, month
from huiying.desk.notify.models import Message
from huiying.desk.plans.actions import activate, upload
from huiying.desk.plans.reading import changes
from tests.desk.handling import PLAN, graded, opened
from tests.desk.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEIJING = ZoneInfo("Asia/Shanghai")
SECOND = """
[heighten]
approve = ["head", "deputy"]
"""
STRICT = """
[[answer]]
id = "exam-first"
what = "高考期间首次回应"
stage = "first"
periods = ["gaokao"]
within = "1 hour"
"""


def plan_of(world: World, now: datetime, more: str = "") -> None:
    text = PLAN.replace('interval = "5 minutes"', 'interval = "5 minutes"\nlead = true') + more
    version = upload(by=world["office"], now=now, text=text, file="school.toml")
    activate(by=world["deputy"], now=now, version=version)


def added(world: World, now: datetime, **more: object) -> Heightened:
    values = {"name": "校庆", "starts_at": now, "ends_at": now + 2 * DAY, **more}
    return actions.heighten(by=world["office"], now=now, **values)  # type: ignore[arg-type]


def ids(at: datetime) -> list[str]:
    return [one.id for one in periods.now_in_force(at)]


# What is in force


def test_the_plans_period_makes_sources_read_more_often(world: World, now: datetime) -> None:
    plan_of(world, now)
    exam = datetime(2026, 6, 5, 0, 0, tzinfo=BEIJING)
    assert periods.quickened(3600, exam) == 12.0
    assert periods.quickened(3600, exam - timedelta(microseconds=1)) == 1.0
    assert periods.quickened(60, exam) == 1.0, "a source that is read more often already stays so"
    assert ids(exam) == ["gaokao"]


def test_a_period_of_ones_own_begins_at_its_instant_and_ends_before_its_last(
    world: World, now: datetime
) -> None:
    period = added(world, now + HOUR, starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    assert ids(now + HOUR - timedelta(microseconds=1)) == []
    assert ids(now + HOUR) == [f"own:{period.pk}"] == ids(now + 2 * HOUR - timedelta(microseconds=1))
    assert ids(now + 2 * HOUR) == []


def test_one_that_is_like_the_plans_counts_as_that(world: World, now: datetime) -> None:
    plan_of(world, now)
    added(world, now, like="gaokao", factor=2.0)
    assert ids(now) == ["gaokao"]
    assert periods.quickened(3600, now) == 12.0
    with pytest.raises(ValidationError, match="没有这个重点时段"):
        added(world, now, like="春运")


def test_before_the_first_run_there_is_none(world: World, now: datetime) -> None:
    assert (ids(now), periods.quickened(600, now)) == ([], 1.0)


# A second person


def test_where_the_plan_says_so_it_counts_only_once_another_has_approved(world: World, now: datetime) -> None:
    plan_of(world, now, SECOND)
    period = added(world, now)
    assert period.waits and ids(now) == []
    told = Message.objects.filter(key__startswith=f"period|{period.pk}")
    assert {row.person for row in told} == {world["head"], world["deputy"]}
    actions.approve_heightened(by=world["deputy"], now=now + HOUR, period=period)
    assert ids(now + HOUR) == [f"own:{period.pk}"]
    with pytest.raises(ValidationError, match="不在等批准"):
        actions.approve_heightened(by=world["head"], now=now + HOUR, period=period)


def test_nobody_approves_what_one_asked_for_oneself_nor_without_the_plans_role(
    world: World, now: datetime
) -> None:
    plan_of(world, now, SECOND)
    world["deputy"].appointments.create(role="office")
    own = actions.heighten(by=world["deputy"], now=now, name="x", starts_at=now, ends_at=now + DAY)
    with pytest.raises(PermissionDenied):
        actions.approve_heightened(by=world["deputy"], now=now, period=own)
    other = added(world, now)
    with pytest.raises(PermissionDenied):
        actions.approve_heightened(by=world["duty"], now=now, period=other)
    world["office"].appointments.create(role="admin")
    asked = actions.heighten(by=world["admin"], now=now, name="y", starts_at=now, ends_at=now + DAY)
    with pytest.raises(PermissionDenied, match="预案指定"):
        actions.approve_heightened(by=world["office"], now=now, period=asked)


def test_when_those_leaders_are_away_whoever_stands_in_approves(world: World, now: datetime) -> None:
    plan_of(world, now, SECOND)
    asked = actions.heighten(by=world["admin"], now=now, name="y", starts_at=now, ends_at=now + DAY)
    for role in ("head", "deputy"):
        world[role].away_until = now + DAY
        world[role].save()
    assert not actions.approve_heightened(by=world["office"], now=now, period=asked).waits


def test_refused_it_never_counts_and_says_why(world: World, now: datetime) -> None:
    plan_of(world, now, SECOND)
    period = added(world, now)
    with pytest.raises(ValidationError, match="理由"):
        actions.refuse_heightened(by=world["head"], now=now, period=period, why=" ")
    actions.refuse_heightened(by=world["head"], now=now, period=period, why="不必")
    assert ids(now + HOUR) == []
    with pytest.raises(ValidationError):
        actions.approve_heightened(by=world["head"], now=now, period=period)


def test_too_late_to_approve(world: World, now: datetime) -> None:
    plan_of(world, now, SECOND)
    period = added(world, now, ends_at=now + HOUR)
    with pytest.raises(ValidationError, match="已经过去"):
        actions.approve_heightened(by=world["head"], now=now + HOUR, period=period)


def test_approved_in_the_browser(world: World, as_role: Callable[[str], Client], now: datetime) -> None:
    plan_of(world, now, SECOND)
    asked = {"name": "校庆", "starts_at": "2098-06-01T00:00", "ends_at": "2099-06-07T00:00", "factor": "3.0"}
    as_role("office").post("/sources/heightened/add/", {**asked, "like": "gaokao", "why": "百年校庆"})
    period = Heightened.objects.get()
    address = f"/sources/heightened/{period.pk}/approve/"
    assert address not in as_role("office").get("/sources/heightened/").content.decode()
    page = as_role("head").get("/sources/heightened/").content.decode()
    assert address in page and "百年校庆" in page and "须有人带班" in page
    as_role("head").post(address)
    period.refresh_from_db()
    assert (period.waits, period.approved_by) == (False, world["head"])
    assert "甲校长批准" in as_role("handler").get("/sources/heightened/").content.decode()


# What sees it


def test_a_case_notes_in_which_periods_it_was_opened_and_stricter_clocks_hold(
    world: World, now: datetime
) -> None:
    plan_of(world, now, STRICT)
    plain = graded(world, now)
    added(world, now, like="gaokao")
    case = graded(world, now, title="校庆当天的事")
    assert case.entries.get(kind="opened").data["periods"] == ["gaokao"]
    assert plain.entries.get(kind="opened").data["periods"] == []
    assert case.owed.get(key="exam-first").due_at == now + HOUR
    assert not plain.owed.filter(key="exam-first").exists()


def test_a_case_is_assessed_within_it(world: World, now: datetime) -> None:
    case: Case = opened(world, now)
    added(world, now)
    plan = periods.active_plan()
    assert plan is not None and periods.ids_at(now, plan, periods.calendar())
    assert case.level is None


# The calendar


def day_of(weeks: list[list[PeriodDay]], day: int) -> PeriodDay:
    return next(one for week in weeks for one in week if one.day.inside and one.day.date.day == day)


def test_a_month_shows_periods_holidays_and_who_is_missing(world: World, now: datetime) -> None:
    plan_of(world, now, SECOND)
    Shift.objects.all().update(lead=False)
    added(world, now)
    actions.approve_heightened(by=world["head"], now=now, period=Heightened.objects.get())
    added(world, now, name="待定的", like="gaokao")
    weeks = month(2026, 11, BEIJING, now)
    today, after = day_of(weeks, 24), day_of(weeks, 27)
    assert [(one.name, one.own, one.waits) for one in today.periods] == [
        ("校庆", True, False),
        ("待定的", True, True),
    ]
    assert today.heightened and not today.bad and not after.heightened
    assert not today.leaderless, "what nobody approved asks for nothing"
    actions.approve_heightened(by=world["head"], now=now, period=Heightened.objects.get(name="待定的"))
    assert day_of(month(2026, 11, BEIJING, now), 25).leaderless
    Shift.objects.all().update(lead=True)
    assert not day_of(month(2026, 11, BEIJING, now), 25).bad
    Shift.objects.all().delete()
    assert day_of(month(2026, 11, BEIJING, now), 25).bad
    october = month(2026, 10, BEIJING, now)
    assert day_of(october, 1).holiday and day_of(october, 1).heightened


def test_what_comes_is_listed_with_what_changes(world: World, now: datetime) -> None:
    plan_of(world, now, STRICT)
    june = datetime(2026, 6, 1, 12, tzinfo=BEIJING)
    exam = next(one for one in coming(june, BEIJING) if one.name == "高考期间")
    assert (exam.first.day, exam.last.day, exam.on) == (5, 10, False)
    words = " ".join(exam.changes)
    assert "5 分钟" in words and "带班" in words and "高考期间首次回应" in words and "重点时段" in words
    assert coming(datetime(2026, 6, 7, tzinfo=BEIJING), BEIJING)[0].on
    plan = periods.active_plan()
    assert plan is not None and not any("带班" in one for one in changes(plan, "own:1"))


@pytest.mark.parametrize("asked", ["", "?month=2026-06", "?month=x", "?month=9999-99"])
def test_the_page_opens_for_everybody(
    world: World, now: datetime, as_role: Callable[[str], Client], asked: str
) -> None:
    plan_of(world, now)
    page = as_role("handler").get(f"/sources/heightened/{asked}")
    assert page.status_code == 200 and "重点时段日历" in page.content.decode()
