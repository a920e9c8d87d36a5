"""A calendar that comes late, on the journal alone: what is open is counted anew, what was settled stays as judged."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from huiying.desk.cases.reckoning import moved, reckon
from huiying.engine.calendar import Calendar, Year
from huiying.engine.journal import Kind
from huiying.engine.obligations import obligations
from tests.engine.matters import CN, HOUR, START, TEST, Matter

#: The tables by version: as shipped, with days off that were declared later, and one that knows a year more.
TABLES = {
    1: CN,
    2: replace(CN, days_off=frozenset({date(2026, 11, 26), date(2026, 11, 27)})),
    3: replace(CN, years={**CN.years, 2027: Year(holidays=frozenset({date(2027, 1, 1)}))}),
}


def table(ref: Mapping[str, Any]) -> Calendar:
    return TABLES[ref["version"]]


def ref(version: int) -> dict[str, Any]:
    return {"name": "CN", "version": version, "sha256": str(version)}


def matter(**told: Any) -> Matter:
    found = Matter(calendar=ref(1), **told)
    found.note(1, Kind.ASSIGNED, unit="hqc", part="lead")
    return found


def test_open_deadlines_in_working_days_move_and_the_note_can_say_from_where() -> None:
    case = matter()
    now = START + 2 * HOUR
    before = reckon(TEST, case.journal, table, now)
    case.note(2, Kind.NOTE, calendar=ref(2))
    after = reckon(TEST, case.journal, table, now)
    changes = {change.key: (change.was, change.now) for change in moved(before, after)}
    assert {"unit_report:hqc", "complaint"} <= set(changes)
    assert all(was < then for was, then in changes.values())
    assert {one.key for one in before} == {one.key for one in after}


def test_elapsed_clocks_stand_still() -> None:
    case = matter()
    case.note(2, Kind.NOTE, calendar=ref(2))
    dues = {one.key: one.due_at for one in reckon(TEST, case.journal, table, START + 2 * HOUR)}
    assert dues["first"] == START + 5 * HOUR


def test_what_was_settled_before_keeps_the_deadline_it_was_judged_by() -> None:
    case = matter()
    case.note(3, Kind.ACCEPTED, unit="hqc")
    judged = next(
        one for one in reckon(TEST, case.journal, table, START + 4 * HOUR) if one.key == "accept:hqc"
    )
    case.note(5, Kind.NOTE, calendar=ref(2))
    after = next(
        one for one in reckon(TEST, case.journal, table, START + 6 * HOUR) if one.key == "accept:hqc"
    )
    assert (judged.state, judged.due_at) == (after.state, after.due_at) == ("met", judged.due_at)


@pytest.mark.parametrize(("version", "year"), [(1, 2027), (3, None)])
def test_a_year_that_becomes_known_gives_its_deadlines_a_date(version: int, year: int | None) -> None:
    case = Matter(calendar=ref(1))
    case.note(24 * 35, Kind.ASSIGNED, unit="hqc", part="lead")  # 29 December
    case.note(24 * 35, Kind.NOTE, calendar=ref(version))
    owed = next(
        one
        for one in reckon(TEST, case.journal, table, START + 24 * 36 * HOUR)
        if one.key == "unit_report:hqc"
    )
    assert (owed.unknown_year, owed.state) == (year, "open")


@given(
    some.lists(some.sampled_from([Kind.VERIFIED, Kind.PROGRESS, Kind.LINES_SET]), max_size=4),
    some.integers(0, 200),
)
def test_a_table_that_says_the_same_changes_nothing(kinds: list[Kind], hours: int) -> None:
    case = matter()
    for number, kind in enumerate(kinds):
        case.note(2 + number, kind, outcome="true", text="x", version=1)
    case.note(10, Kind.NOTE, calendar=ref(1))
    now = START + hours * HOUR
    assert reckon(TEST, case.journal, table, now) == obligations(TEST, case.journal, CN, now)
