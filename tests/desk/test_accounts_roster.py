"""Duty: filled by turns, without gaps, and never by somebody who is not there."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from huiying.desk.accounts import actions, queries
from huiying.desk.accounts.models import Person, Shift
from huiying.desk.accounts.patterns import Pattern, rotation
from huiying.desk.accounts.queries.month import Day
from tests.desk.world import World

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 24)


def beijing(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BEIJING)


@pytest.fixture
def empty(world: World) -> World:
    """The school with an empty roster."""
    Shift.objects.all().delete()
    return world


def fill(world: World, people: list[Person], now: datetime, **asked: object) -> list[Shift]:
    given = {"pattern": Pattern.DAY, "first_day": DAY, "days": 3, "zone": BEIJING} | asked
    return actions.fill_roster(by=world["office"], now=now, people=people, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("pattern", list(Pattern))
def test_turns_follow_each_other_without_a_gap(empty: World, pattern: Pattern) -> None:
    turns = rotation([empty["duty"], empty["office"]], pattern, DAY, 30, BEIJING)
    assert turns[0].starts_at == beijing(24, 8)
    assert turns[-1].ends_at == beijing(24, 8, 12)
    assert all(one.ends_at == other.starts_at for one, other in pairwise(turns))


def test_a_week_belongs_to_one_person_until_monday(empty: World) -> None:
    turns = rotation([empty["duty"], empty["office"]], Pattern.WEEK, DAY, 14, BEIJING)
    changes = [
        turn.starts_at for turn, before in zip(turns[1:], turns, strict=False) if turn.person != before.person
    ]
    assert changes == [beijing(30, 8), beijing(7, 8, 12)]


def test_three_shifts_of_eight_hours_reach_into_the_next_day(empty: World) -> None:
    turns = rotation([empty["duty"]], Pattern.THREE, DAY, 1, BEIJING)
    assert [turn.starts_at for turn in turns] == [beijing(24, 8), beijing(24, 16), beijing(25, 0)]


def test_summer_time_makes_no_gap(empty: World) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    turns = rotation([empty["duty"]], Pattern.DAY, date(2026, 3, 27), 4, berlin)
    lengths = [turn.ends_at.astimezone(UTC) - turn.starts_at.astimezone(UTC) for turn in turns]
    assert timedelta(hours=23) in lengths
    assert all(one.ends_at == other.starts_at for one, other in pairwise(turns))


def test_filling_begins_now_and_not_in_the_past(empty: World, now: datetime) -> None:
    made = fill(empty, [empty["duty"]], now, first_day=DAY - timedelta(days=1))
    assert min(shift.starts_at for shift in made) == now
    assert queries.gaps(now, beijing(26, 8)) == []


def test_filling_leaves_what_is_taken_and_closes_only_the_holes(empty: World, now: datetime) -> None:
    actions.add_shift(
        by=empty["office"],
        now=now,
        person=empty["office"],
        starts_at=beijing(24, 10),
        ends_at=beijing(24, 12),
    )
    fill(empty, [empty["duty"]], now)
    assert queries.gaps(now, beijing(27, 8)) == []
    kept = Shift.objects.get(person=empty["office"])
    assert (kept.starts_at, kept.ends_at) == (beijing(24, 10), beijing(24, 12))
    around = Shift.objects.filter(person=empty["duty"], starts_at__lt=beijing(25, 8)).order_by("starts_at")
    assert [(shift.starts_at, shift.ends_at) for shift in around] == [
        (now, beijing(24, 10)),
        (beijing(24, 12), beijing(25, 8)),
    ]


def test_filling_twice_changes_nothing(empty: World, now: datetime) -> None:
    fill(empty, [empty["duty"]], now)
    assert fill(empty, [empty["office"]], now) == []


def test_leads_and_watches_do_not_take_each_others_time(empty: World, now: datetime) -> None:
    fill(empty, [empty["duty"]], now)
    fill(empty, [empty["head"], empty["deputy"]], now, lead=True)
    assert [shift.person for shift in queries.on_duty(now)] == [empty["head"], empty["duty"]]


def test_nobody_watches_and_leads_at_once(empty: World, now: datetime) -> None:
    fill(empty, [empty["duty"]], now)
    assert fill(empty, [empty["duty"]], now, lead=True) == []


def test_whoever_left_is_not_put_on_duty(empty: World, now: datetime) -> None:
    actions.let_go(by=empty["admin"], now=now, person=empty["duty"])
    with pytest.raises(ValidationError) as refused:
        fill(empty, [empty["duty"]], now)
    assert "people" in refused.value.message_dict


@pytest.mark.parametrize("days", [0, 367])
def test_a_span_that_is_no_span_is_refused(empty: World, now: datetime, days: int) -> None:
    with pytest.raises(ValidationError) as refused:
        fill(empty, [empty["duty"]], now, days=days)
    assert "days" in refused.value.message_dict


def test_duty_counts_from_the_start_up_to_but_not_at_the_end(empty: World, now: datetime) -> None:
    fill(empty, [empty["duty"], empty["office"]], now)
    assert [shift.person for shift in queries.on_duty(beijing(25, 8) - timedelta(seconds=1))] == [
        empty["duty"]
    ]
    assert [shift.person for shift in queries.on_duty(beijing(25, 8))] == [empty["office"]]


def test_one_person_has_one_shift_at_a_time(empty: World, now: datetime) -> None:
    fill(empty, [empty["duty"]], now)
    with pytest.raises(ValidationError) as refused:
        actions.add_shift(
            by=empty["office"],
            now=now,
            person=empty["duty"],
            starts_at=beijing(24, 20),
            ends_at=beijing(25, 20),
        )
    assert "person" in refused.value.message_dict


def test_a_shift_must_have_a_length(empty: World, now: datetime) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.add_shift(by=empty["office"], now=now, person=empty["duty"], starts_at=now, ends_at=now)
    assert "ends_at" in refused.value.message_dict


def test_two_people_change_shifts(empty: World, now: datetime) -> None:
    one, other, *_rest = fill(empty, [empty["duty"], empty["office"]], now)
    actions.swap_shifts(by=empty["office"], now=now, one=one, other=other)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.person, other.person) == (empty["office"], empty["duty"])


def test_an_exchange_that_would_double_somebody_is_refused(empty: World, now: datetime) -> None:
    first, _second, third = fill(empty, [empty["duty"], empty["office"], empty["reviewer"]], now)
    actions.add_shift(
        by=empty["office"],
        now=now,
        person=empty["reviewer"],
        starts_at=first.starts_at,
        ends_at=first.ends_at,
    )
    with pytest.raises(ValidationError):
        actions.swap_shifts(by=empty["office"], now=now, one=first, other=third)


def test_a_shift_that_has_begun_is_cut_short_not_forgotten(empty: World, now: datetime) -> None:
    shift = fill(empty, [empty["duty"]], now)[0]
    later = now + timedelta(hours=2)
    actions.drop_shift(by=empty["office"], now=later, shift=shift)
    shift.refresh_from_db()
    assert shift.ends_at == later


def test_a_shift_that_is_over_stays(empty: World, now: datetime) -> None:
    shift = fill(empty, [empty["duty"]], now)[0]
    with pytest.raises(ValidationError):
        actions.drop_shift(by=empty["office"], now=shift.ends_at, shift=shift)


def test_whoever_is_away_is_not_told_though_on_the_roster(world: World, now: datetime) -> None:
    actions.set_away(by=world["duty"], now=now, person=world["duty"], until=now + timedelta(days=1))
    assert queries.holders("duty", at=now) == []
    assert queries.stand_in("duty", now) == [world["office"]]
    assert queries.stand_in("duty", now + timedelta(days=1)) == [world["duty"]]


def day_of(weeks: list[list[Day]], number: int) -> Day:
    return next(day for week in weeks for day in week if day.inside and day.date.day == number)


def test_a_month_shows_the_gaps_of_each_day(empty: World, now: datetime) -> None:
    fill(empty, [empty["duty"]], now, days=1)
    weeks = queries.month_of(2026, 11, BEIJING, now)
    assert [len(week) for week in weeks] == [7] * 6
    today, tomorrow = day_of(weeks, 24), day_of(weeks, 25)
    assert today.today
    assert today.gaps == ()
    assert [(slot.starts, slot.ends, slot.goes_on) for slot in today.slots] == [("09:00", "24:00", True)]
    assert [(slot.begins_here, slot.ends) for slot in tomorrow.slots] == [(False, "08:00")]
    assert [(gap.starts, gap.ends, gap.at) for gap in tomorrow.gaps] == [("08:00", "24:00", (480, 960))]
    assert day_of(weeks, 23).gaps == ()


def test_a_month_is_one_read(empty: World, now: datetime, django_assert_num_queries: object) -> None:
    fill(empty, [empty["duty"], empty["office"]], now, days=30)
    with django_assert_num_queries(1):  # type: ignore[operator]
        weeks = queries.month_of(2026, 12, BEIJING, now)
        assert [slot.shift.person.name for week in weeks for day in week for slot in day.slots]
