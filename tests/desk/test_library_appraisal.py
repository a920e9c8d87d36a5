"""Appraisal: from the journals, by unit and period, with the system's own downtime told apart."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from huiying.desk.cases import actions as cases
from huiying.desk.cases.models import Case
from huiying.desk.library.judging import Course, joined, verdict
from huiying.desk.library.queries.appraisal import appraise
from huiying.desk.notify.models import Downtime
from huiying.engine.journal import Kind
from tests.desk import handling
from tests.desk.world import NOW, World

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def course(met: datetime | None, act: str = "published", state: str = "") -> Course:
    """Owed from NOW until four hours later."""
    said = state or ("missed" if met is None else "met" if met <= NOW + 4 * HOUR else "late")
    return Course(act=act, started_at=NOW, due_at=NOW + 4 * HOUR, met_at=met, state=said)


@pytest.mark.parametrize(
    ("met", "act", "said"),
    [
        (3, "published", "in_time"),
        (5, "published", "late"),
        (None, "published", "missed"),
        (5, "reported", "afterwards"),
        (5, "unit_reported", "afterwards"),
        (None, "reported", "unreported"),
    ],
)
def test_the_verdicts(met: int | None, act: str, said: str) -> None:
    at = None if met is None else NOW + met * HOUR
    assert verdict(course(at, act), NOW + 9 * HOUR) == said


@pytest.mark.parametrize(
    ("begin", "end", "met", "said"),
    [
        (1, 2, 5, "system"),  # an hour late, an hour down
        (1, 2, 6, "late"),  # two hours late, an hour down
        (-3, -1, 5, "late"),  # down before it was owed
        (6, 8, 5, "late"),  # down after it was done
        (3, 20, None, "system"),  # down ever since
        (1, 2, None, "missed"),  # up again for long enough
    ],
)
def test_the_systems_own_lateness_is_told_apart(begin: int, end: int, met: int | None, said: str) -> None:
    stretches = [(NOW + begin * HOUR, NOW + end * HOUR)]
    at = None if met is None else NOW + met * HOUR
    assert verdict(course(at), NOW + 20 * HOUR, stretches) == said


def test_downtimes_that_overlap_count_once() -> None:
    both = [(NOW + 2 * HOUR, NOW + 4 * HOUR), (NOW, NOW + 3 * HOUR), (NOW + 9 * HOUR, NOW + 10 * HOUR)]
    assert joined(both) == [(NOW, NOW + 4 * HOUR), (NOW + 9 * HOUR, NOW + 10 * HOUR)]


def late_unit(world: World, now: datetime) -> Case:
    """The logistics unit reports its result a week after it was asked to."""
    case = handling.handed(world, now)
    cases.unit_report(
        by=world["handler"], now=now + 9 * DAY, case=case, unit=world.units["hqc"], text="已修好"
    )
    return case


def test_a_unit_that_reports_afterwards_is_named_and_no_person(world: World, now: datetime) -> None:
    late_unit(world, now)
    found = appraise(now, now + 10 * DAY, now + 10 * DAY)
    line = next(line for line in found.lines if line.unit == world.units["hqc"])
    assert line.counts["afterwards"] == 1
    words = " ".join(item.what for item in found.items) + " ".join(line.name for line in found.lines)
    assert not any(person.name in words for person in world.people.values())


def test_a_period_takes_what_fell_due_in_it(world: World, now: datetime) -> None:
    late_unit(world, now)
    assert appraise(now - 9 * DAY, now, now + 10 * DAY).lines == []
    assert appraise(now, now + 30 * DAY, now + 40 * DAY).total.owed > 0


def test_a_long_downtime_takes_the_blame(world: World, now: datetime) -> None:
    late_unit(world, now)
    Downtime.objects.create(starts_at=now + HOUR, ends_at=now + 8 * DAY)
    line = next(
        line
        for line in appraise(now, now + 10 * DAY, now + 10 * DAY).lines
        if line.unit == world.units["hqc"]
    )
    assert line.counts["system"] == 1 and line.counts["afterwards"] == 0


def test_a_text_published_past_its_approval_is_counted(world: World, now: datetime) -> None:
    case = handling.handed(world, now)
    data = {"draft": 1, "stage": "first", "form": "reply", "outlet": "public", "bypass": True, "title": "急"}
    handling.wrote(case, Kind.PUBLISHED, data, now + HOUR, world["spokesperson"])
    line = next(line for line in appraise(now, now + DAY, now + DAY).lines if line.unit == world.units["hqc"])
    assert line.counts["bypassed"] == 1


def test_a_report_that_was_corrected_is_counted(world: World, now: datetime) -> None:
    case = late_unit(world, now)
    wrong = case.entries.get(kind=Kind.UNIT_REPORTED)
    data = {"entry": wrong.seq, "reason": "不实", "text": "没有修好"}
    handling.wrote(case, Kind.CORRECTED, data, now + 10 * DAY, world["office"])
    found = appraise(now + 10 * DAY, now + 11 * DAY, now + 12 * DAY)
    assert [line.counts["corrected"] for line in found.lines if line.unit == world.units["hqc"]] == [1]


def test_drills_are_nobodys_fault(world: World, now: datetime) -> None:
    Case.objects.filter(pk=late_unit(world, now).pk).update(drill=True)
    assert appraise(now, now + 10 * DAY, now + 10 * DAY).lines == []


def test_the_page_and_the_sheets(world: World, as_role: Callable[[str], Client]) -> None:
    late_unit(world, NOW)
    Case.objects.update(title='=HYPERLINK("http://x")')
    client, span = as_role("auditor"), "?since=2026-11-01&until=2026-12-31"
    page = client.get(f"/library/appraisal/{span}").content.decode()
    assert "后勤处" in page and "appraisal-data" in page
    for what in ("units", "items"):
        answer = client.get(f"/library/appraisal/{what}.xlsx{span}")
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert len(rows) > 1 and not any(str(cell).startswith("=") for row in rows for cell in row)


@pytest.mark.parametrize(
    "span",
    [
        "?since=x&until=y",
        "?since=2026-12-01&until=2026-01-01",
        "?since=9999-12-31&until=9999-12-31",
        "?since=0001-01-01&until=2026-01-01",
    ],
)
def test_a_period_that_makes_no_sense_shows_what_is_wrong(
    as_role: Callable[[str], Client], span: str
) -> None:
    assert as_role("head").get(f"/library/appraisal/{span}").status_code == 422


def test_who_may_not_appraise(as_role: Callable[[str], Client]) -> None:
    assert {
        as_role(role).get("/library/appraisal/").status_code for role in ("duty", "handler", "admin")
    } == {403}
