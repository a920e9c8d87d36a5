"""A calendar that is published late: open deadlines are counted anew, the earlier ones stay on record."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from huiying.desk.accounts.models import AuditLog
from huiying.desk.cases import actions
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries import timeline
from huiying.desk.cases.rebuild import rebuild_all
from huiying.desk.plans import queries, tables
from huiying.desk.plans.actions import save_calendar
from huiying.desk.plans.models import CalendarTable
from tests.desk.handling import HOUR, closed, handed, opened, owed
from tests.desk.world import World

NEW_YEAR = {date(2027, 1, 1): "元旦"}


def with_days_off(*days: date) -> str:
    """The table in force with days off of the institution's own."""
    calendar = queries.calendar_in_force()
    return tables.table_text(tables.with_house(calendar, frozenset(days), calendar.office))


def with_2027() -> str:
    return tables.table_text(tables.with_year(queries.calendar_in_force(), 2027, NEW_YEAR, {}))


def save(world: World, now: datetime, text: str) -> CalendarTable:
    return save_calendar(by=world["office"], now=now, text=text, note="校庆")


def test_a_day_off_declared_late_moves_open_deadlines_and_keeps_the_earlier_ones(
    world: World, now: datetime
) -> None:
    case = handed(world, now)
    before = owed(case, "unit_report:hqc").due_at
    table = save(world, now + HOUR, with_days_off(date(2026, 11, 26)))
    after = owed(case, "unit_report:hqc").due_at
    assert after > before
    assert table.recounted == 1
    note = case.entries.get(kind="note")
    assert note.data["calendar"]["version"] == 2
    moved = {item["key"]: item for item in note.data["moved"]}
    assert datetime.fromisoformat(moved["unit_report:hqc"]["was"]) == before
    assert datetime.fromisoformat(moved["unit_report:hqc"]["now"]) == after


def test_elapsed_hours_do_not_move(world: World, now: datetime) -> None:
    case = handed(world, now)
    before = owed(case, "first").due_at
    save(world, now + HOUR, with_days_off(date(2026, 11, 24), date(2026, 11, 25)))
    assert owed(case, "first").due_at == before


def test_what_was_settled_stays_as_it_was_judged(world: World, now: datetime) -> None:
    case = handed(world, now)
    day_later = now + timedelta(days=3)
    actions.unit_report(by=world["handler"], now=day_later, case=case, unit=world.units["hqc"], text="好了")
    before = owed(case, "unit_report:hqc")
    save(world, day_later + HOUR, with_days_off(date(2026, 11, 26)))
    after = owed(case, "unit_report:hqc")
    assert (after.due_at, after.state) == (before.due_at, "met")


def test_a_year_that_becomes_known_makes_its_deadlines_computable(world: World) -> None:
    late = datetime.fromisoformat("2026-12-30T01:00:00+00:00")
    case = handed(world, late)
    assert case.unknown_year == 2027
    save(world, late + HOUR, with_2027())
    case.refresh_from_db()
    row = owed(case, "unit_report:hqc")
    assert (case.unknown_year, row.unknown_year) == (None, None)
    # Thursday 31 December, Monday 4 and Tuesday 5 January
    assert row.due_at == datetime.fromisoformat("2027-01-05T16:00:00+00:00")


def test_cases_that_are_over_and_owe_nothing_are_left_alone(world: World, now: datetime) -> None:
    case = closed(world, now)
    for row in case.owed.filter(state="open"):
        actions.waive(by=world["head"], now=now, case=case, obligation=row.key, reason="x")
    assert save(world, now + HOUR, with_days_off(date(2026, 11, 26))).recounted == 0
    assert not case.entries.filter(kind="note").exists()


def test_a_case_opened_later_counts_by_the_new_table_from_the_start(world: World, now: datetime) -> None:
    handed(world, now)
    save(world, now + HOUR, with_days_off(date(2026, 11, 26)))
    later = opened(world, now + 2 * HOUR, title="后来的")
    assert later.entries.get(seq=1).data["calendar"]["version"] == 2


def test_a_case_that_is_opened_again_counts_by_the_table_of_now(world: World, now: datetime) -> None:
    case = closed(world, now)
    for row in case.owed.filter(state="open"):
        actions.waive(by=world["head"], now=now, case=case, obligation=row.key, reason="x")
    save(world, now + HOUR, with_days_off(date(2026, 11, 26)))
    actions.reopen(by=world["office"], now=now + 2 * HOUR, case=case, reason="又起")
    assert case.entries.order_by("-seq")[0].data["calendar"]["version"] == 2


def test_the_timeline_tells_what_moved(world: World, now: datetime) -> None:
    case = handed(world, now)
    save(world, now + HOUR, with_days_off(date(2026, 11, 26)))
    line = timeline(case)[-1]
    assert line.sentence.startswith("工作日历换成第 2 版")
    assert "→" in line.text


def test_rebuilding_after_a_late_calendar_changes_nothing(world: World, now: datetime) -> None:
    case = handed(world, now)
    actions.unit_report(by=world["handler"], now=now + HOUR, case=case, unit=world.units["hqc"], text="好了")
    save(world, now + 2 * HOUR, with_days_off(date(2026, 11, 26)))
    assert rebuild_all(now + 3 * HOUR).changes == []


def test_a_table_that_cannot_be_read_changes_nothing(world: World, now: datetime) -> None:
    case = handed(world, now)
    with pytest.raises(ValidationError, match="看不懂的日期"):
        save(world, now, queries.calendar_text("CN").replace('"01-01/01-03"', '"13-45"'))
    assert CalendarTable.objects.count() == 1
    assert not case.entries.filter(kind="note").exists()
    assert not AuditLog.objects.filter(verb="calendar.save").exists()


def test_the_same_table_again_is_refused(world: World, now: datetime) -> None:
    opened(world, now)
    with pytest.raises(ValidationError, match="完全相同"):
        save(world, now, queries.calendar_text("CN"))


def test_another_calendars_table_is_refused(world: World, now: datetime) -> None:
    opened(world, now)
    with pytest.raises(ValidationError, match="单位用的是“CN”"):
        save(world, now, queries.calendar_text("CN").replace('id = "CN"', 'id = "XX"'))


def test_many_open_cases_are_counted_anew_at_once(world: World, now: datetime) -> None:
    for number in range(5):
        opened(world, now, title=f"第 {number} 件")
    assert save(world, now + HOUR, with_days_off(date(2026, 11, 26))).recounted == 5
    assert Case.objects.filter(entries__kind="note").count() == 5
