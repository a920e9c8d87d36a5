"""What is told about what is owed, to whom and when."""

from datetime import timedelta

from huiying.engine.journal import Kind, instant
from huiying.engine.obligations import Notice, next_wake, notices, obligations, owed_now
from tests.engine.matters import CN, HOUR, START, TEST, Matter, hours


def told(matter: Matter, at: float) -> list[Notice]:
    now = START + at * HOUR
    return list(notices(TEST, obligations(TEST, matter.journal, CN, now), now))


def stages(matter: Matter, at: float, key: str) -> list[str]:
    return [note.stage for note in told(matter, at) if note.obligation.key == key]


def test_a_reminder_goes_out_an_hour_and_a_quarter_before_and_at_the_deadline() -> None:
    matter = Matter()
    assert stages(matter, 3.9, "first") == []
    assert stages(matter, 4, "first") == ["before:60"]
    assert stages(matter, 4.75, "first") == ["before:15"]
    assert stages(matter, 5, "first") == ["due", "late:1"]
    assert stages(matter, 6, "first") == ["due", "late:1", "late:2"]


def test_who_owes_it_is_reminded_and_the_leaders_hear_of_the_miss() -> None:
    matter = Matter()
    found = {note.stage: note for note in told(matter, 6) if note.obligation.key == "first"}
    assert {stage: note.role for stage, note in found.items()} == {
        "due": "spokesperson",
        "late:1": "deputy",
        "late:2": "head",
    }
    assert hours(found["late:2"].at) == 6
    assert all(note.urgent for note in found.values())


def test_what_is_done_is_not_told_about() -> None:
    matter = Matter()
    matter.note(1, Kind.PUBLISHED, stage="formal", form="reply")
    assert stages(matter, 6, "first") == []
    late = Matter()
    late.note(7, Kind.PUBLISHED, stage="formal", form="reply")
    assert stages(late, 8, "first") == []


def test_a_short_deadline_is_told_at_once_and_is_urgent() -> None:
    matter = Matter()
    matter.grade(1, 1)
    note = next(note for note in told(matter, 1) if note.obligation.key == "report-phone")
    assert (note.stage, note.urgent, note.at) == ("new", True, START + HOUR)
    assert stages(matter, 1.25, "report-phone") == ["before:15"]


def test_a_unit_hears_at_once_what_it_is_asked() -> None:
    matter = Matter()
    matter.note(1, Kind.ASSIGNED, unit="hqc", part="lead")
    found = [note for note in told(matter, 1) if note.unit == "hqc"]
    assert {(note.obligation.key, note.stage, note.role) for note in found} == {
        ("accept:hqc", "new", "handler"),
        ("unit_report:hqc", "new", "handler"),
    }
    assert not any(note.urgent for note in found)


def test_after_an_outage_people_hear_what_is_so() -> None:
    """Nobody looked for ten days: each missed obligation is told once for each stage, and no reminder of the past."""
    matter = Matter()
    found = told(matter, 240)
    assert {note.stage for note in found} == {"due", "late:1", "late:2"}
    assert len(found) == len({(note.obligation.key, note.stage) for note in found})
    assert [note.at for note in found] == sorted(note.at for note in found)


def test_the_next_wake_is_the_next_thing_that_happens() -> None:
    matter = Matter()
    wakes, now = [], START
    for _ in range(8):
        wake = next_wake(TEST, obligations(TEST, matter.journal, CN, now), now)
        assert wake is not None
        wakes.append(hours(wake))
        now = wake
    assert wakes == [1, 1.75, 2, 2.75, 3, 4, 4.75, 5]


def test_when_nothing_is_owed_nobody_need_wake() -> None:
    matter = Matter()
    matter.note(1, Kind.MERGED, into="2026-0001")
    now = START + 2 * HOUR
    owed = obligations(TEST, matter.journal, CN, now)
    assert next_wake(TEST, owed, now) is None
    assert notices(TEST, owed, now) == ()
    assert owed_now(owed) == ()


def test_what_waits_for_a_calendar_year_is_not_reminded_of() -> None:
    matter = Matter(discovered_at=instant(START + timedelta(days=37)))
    now = START + timedelta(days=60)
    owed = obligations(TEST, matter.journal, CN, now)
    waiting = [one.key for one in owed if one.unknown_year]
    assert waiting == ["complaint"]
    assert "complaint" in {one.key for one in owed_now(owed)}
    assert "complaint" not in {note.obligation.key for note in notices(TEST, owed, now)}
    assert next_wake(TEST, [one for one in owed if one.unknown_year], now) is None
