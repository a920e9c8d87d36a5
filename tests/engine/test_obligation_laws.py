"""Laws that hold for every journal, tried on many."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiying.engine.calendar import Calendar, Year
from huiying.engine.journal import Entry, Kind, instant
from huiying.engine.obligations import (
    Ledger,
    Obligation,
    OtherPlan,
    next_wake,
    notices,
    obligations,
    pinned,
)
from huiying.engine.obligations.order import in_order
from huiying.engine.plan import Plan
from tests.engine.matters import CN, HOUR, PLAN, START, TEST, the_plan

Rows = list[
    tuple[int, int, Kind, dict[str, Any]]
]  # minute it happened, minutes until written down, kind, data

_UNITS = st.sampled_from(["hqc", "jwc", "xgc"])
_KEYS = st.sampled_from(
    [
        "verify",
        "grade",
        "first",
        "formal",
        "complaint",
        "report-3h",
        "report-phone",
        "keep-reporting:1",
        "accept:hqc",
        "unit_report:hqc",
        "promise:p1",
        "instruction:i1",
        "urge:1",
        "pair:double:online",
        "lines",
    ]
)
_DUE = st.integers(-120, 14400).map(lambda minutes: instant(START + timedelta(minutes=minutes)))


def data(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Data whose fields are fixed values or strategies."""
    made = {k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in fields.items()}
    return st.fixed_dictionaries(made)


_PART = st.sampled_from(["lead", "cooperating"])
_STAGE = st.sampled_from(["first", "formal", "progress", "correction", "final"])
_ACTS: dict[Kind, st.SearchStrategy[dict[str, Any]]] = {
    Kind.VERIFIED: data(outcome=st.sampled_from(["true", "untrue"])),
    Kind.LEVEL_PROPOSED: data(level=st.integers(1, 3)),
    Kind.LEVEL_CONFIRMED: data(level=st.integers(1, 3)),
    Kind.DONE: data(step=st.sampled_from(["meeting", "minutes"])),
    Kind.REPORTED: data(to=st.sampled_from(["higher", "head"]), means=st.sampled_from(["phone", "paper"])),
    Kind.INSTRUCTED: data(ref="i1", text="x"),
    Kind.INSTRUCTION_DONE: data(ref="i1"),
    Kind.ASSIGNED: data(unit=_UNITS, part=_PART),
    Kind.ACCEPTED: data(unit=_UNITS),
    Kind.DECLINED: data(unit=_UNITS, reason="x"),
    Kind.UNIT_REPORTED: data(unit=_UNITS, text="x"),
    Kind.OFFLINE_FIXED: data(text="x"),
    Kind.LINES_SET: data(version=1),
    Kind.SUBMITTED: data(draft=1, chain=st.sampled_from([["office", "head"], ["reviewer&office", "head"]])),
    Kind.APPROVED: data(
        draft=1, step=st.integers(1, 2), approver_role=st.sampled_from(["reviewer", "office", "head"])
    ),
    Kind.RETURNED: data(draft=1, approver_role=st.sampled_from(["reviewer", "head"]), reason="x"),
    Kind.PUBLISHED: data(draft=1, stage=_STAGE, form="reply"),
    Kind.PROMISED: data(ref=st.sampled_from(["p1", "p2"]), due_at=_DUE, text="x"),
    Kind.PROMISE_KEPT: data(ref=st.sampled_from(["p1", "p2"])),
    Kind.PROGRESS: data(text="x"),
    Kind.EXTENSION_ASKED: data(obligation=_KEYS, new_due_at=_DUE, reason="x"),
    Kind.EXTENSION_GRANTED: data(obligation=_KEYS, new_due_at=_DUE),
    Kind.EXTENSION_REFUSED: data(obligation=_KEYS, reason="x"),
    Kind.URGED: data(number="1", unit=_UNITS, text="x"),
    Kind.URGE_ANSWERED: data(number="1", text="x"),
    Kind.REQUESTED: data(number="1", to="交警支队", due_at=_DUE),
    Kind.REQUEST_ANSWERED: data(number="1", outcome="agreed"),
    Kind.WAIVED: data(obligation=_KEYS, reason="免"),
    Kind.CALLED_BACK: data(solved=st.booleans()),
    Kind.CLOSED: data(summary="x"),
    Kind.REOPENED: data(reason="x", relapse=True),
    Kind.REVIEWED: data(summary="x"),
    Kind.ARCHIVED: data(package_sha256="0"),
    Kind.NOTE: data(text="x"),
}
_MINUTES = st.integers(0, 72).map(lambda n: n * 20)  # every 20 minutes of a day: equal instants are common
_DELAY = st.sampled_from([0, 0, 0, 0, 10, 200, 2000])


def row(kinds: Sequence[Kind]) -> st.SearchStrategy[tuple[int, int, Kind, dict[str, Any]]]:
    """One thing that happens."""
    return st.sampled_from(kinds).flatmap(
        lambda kind: st.tuples(_MINUTES, _DELAY, st.just(kind), _ACTS[kind])
    )


KINDS = list(_ACTS)
rows = st.lists(row(KINDS), max_size=14)


def written(found: Rows) -> list[Entry]:
    """A journal: the opening, then everything in the order in which it was written down."""
    opening: Rows = [(0, 0, Kind.OPENED, {"title": "x", "discovered_at": instant(START)})]
    ordered = sorted(found, key=lambda item: item[0] + item[1])
    return [
        Entry(
            seq=seq,
            at=START + timedelta(minutes=at),
            recorded_at=START + timedelta(minutes=at + delay),
            kind=kind,
            actor="x",
            data=fields,
        )
        for seq, (at, delay, kind, fields) in enumerate(opening + ordered, 1)
    ]


def owed(journal: Sequence[Entry], hours: float) -> dict[str, Obligation]:
    return {one.key: one for one in obligations(TEST, journal, CN, START + hours * HOUR)}


def essence(found: Sequence[Obligation]) -> list[tuple[Any, ...]]:
    """What is owed without the numbers of entries."""
    return sorted(
        (one.rule, one.what.zh, one.unit, one.state, one.due_at, one.started_at, str(one.met_at), one.lapsed)
        for one in found
    )


# The same journal, the same answer


@given(rows, st.randoms(use_true_random=False), st.integers(0, 400))
def test_the_order_in_which_entries_of_one_instant_arrive_changes_nothing(
    found: Rows, random: Any, hours: int
) -> None:
    journal = written(found)
    mixed = list(journal[1:])
    random.shuffle(mixed)
    mixed.sort(key=lambda entry: (entry.recorded_at, entry.at))
    first = sorted(journal[1:], key=lambda entry: (entry.recorded_at, entry.at))
    one = [journal[0], *(replace(entry, seq=n) for n, entry in enumerate(first, 2))]
    two = [journal[0], *(replace(entry, seq=n) for n, entry in enumerate(mixed, 2))]
    now = START + hours * HOUR
    assert essence(obligations(TEST, one, CN, now)) == essence(obligations(TEST, two, CN, now))


@given(rows, st.lists(st.integers(0, 400), min_size=1, max_size=5))
def test_however_often_and_whenever_it_is_asked_the_answer_is_the_same(found: Rows, asked: list[int]) -> None:
    """Also on a ledger that grows entry by entry, and with a clock that goes back and forth."""
    journal = written(found)
    ledger = Ledger(TEST, CN)
    for number, entry in enumerate(journal):
        ledger.add(entry)
        ledger.obligations(START + asked[number % len(asked)] * HOUR)
    for hours in [*asked, *reversed(asked)]:
        now = START + hours * HOUR
        fresh = obligations(TEST, journal, CN, now)
        assert ledger.obligations(now) == fresh
        assert obligations(TEST, list(reversed(journal)), CN, now) == fresh


@given(rows, st.integers(0, 400))
def test_no_two_obligations_share_a_key_and_they_stand_in_order(found: Rows, hours: int) -> None:
    """Nor does one take the place of another: whatever began is listed."""
    ledger = Ledger(TEST, CN, written(found))
    owing = ledger.obligations(START + hours * HOUR)
    assert len({one.key for one in owing}) == len(owing) == sum(map(len, ledger.of.values()))
    assert list(owing) == sorted(owing, key=lambda one: (one.due_at, one.key))


@given(rows, st.integers(0, 400))
def test_states_are_what_the_times_say(found: Rows, hours: int) -> None:
    now = START + hours * HOUR
    for one in obligations(TEST, written(found), CN, now):
        met = one.met_at is not None
        expected = {
            "open": not met and now < one.due_at,
            "missed": not met and now >= one.due_at,
            "met": met and one.met_at is not None and one.met_at <= one.due_at,
            "late": met and one.met_at is not None and one.met_at > one.due_at,
            "void": not met and one.void_by is not None,
        }
        assert expected[one.state], one


# What later entries can do


def later(found: Rows) -> tuple[list[Entry], list[Entry], int]:
    """The journal cut after the entries written down in the first half of the time, and the minute of the cut."""
    journal = written(found)
    times = sorted({int((entry.recorded_at - START) / timedelta(minutes=1)) for entry in journal})
    cut = times[len(times) // 2]
    early = [entry for entry in journal if entry.recorded_at <= START + timedelta(minutes=cut)]
    return early, journal, cut


@settings(max_examples=300)
@given(rows)
def test_nothing_owed_is_lost(found: Rows) -> None:
    early, journal, cut = later(found)
    hours = cut / 60
    assert set(owed(early, hours)) <= set(owed(journal, hours))


@settings(max_examples=300)
@given(rows)
def test_no_entry_makes_a_missed_obligation_unmissed_without_saying_why(found: Rows) -> None:
    early, journal, cut = later(found)
    missed = {key: one for key, one in owed(early, cut / 60).items() if one.state == "missed"}
    after = owed(journal, 400)
    for key, one in missed.items():
        now = after[key]
        assert now.due_at == one.due_at
        assert now.lapsed
        assert now.state in ("missed", "late", "void")
        assert now.state != "void" or "其时已超期" in now.why.zh


@given(rows, st.integers(2, 15))
def test_a_correction_makes_no_missed_obligation_unmissed_without_saying_why(found: Rows, wrong: int) -> None:
    """What had been missed stays so, or is void and says which entry was wrong; what still stands settles as it did."""
    journal = written(found)
    at = max(entry.recorded_at for entry in journal) + timedelta(minutes=1)
    correction = Entry(
        seq=len(journal) + 1,
        at=at,
        recorded_at=at,
        kind=Kind.CORRECTED,
        actor="x",
        data={"entry": wrong, "reason": "误", "text": "x"},
    )
    before = {one.key: one for one in obligations(TEST, journal, CN, at)}
    after = {one.key: one for one in obligations(TEST, [*journal, correction], CN, at)}
    entry = next((e for e in journal if e.seq == wrong), None)
    spared = entry is None or entry.kind in (Kind.OPENED, Kind.LEVEL_CONFIRMED)
    if spared:
        assert after == before
    for key, one in before.items():
        if one.state == "missed" and key in after and after[key].state == "void":
            assert f"第 {wrong} 条记录有误" in after[key].why.zh or after[key].void_by != correction.seq
    assert sum(one.state in ("met", "late") and one.met_by == wrong for one in after.values()) == 0 or spared


@settings(max_examples=300)
@given(rows)
def test_what_was_settled_stays_settled_at_the_same_instant(found: Rows) -> None:
    early, journal, cut = later(found)
    after = owed(journal, 400)
    for key, one in owed(early, cut / 60).items():
        if one.state in ("met", "late"):
            assert after[key].met_at is not None
            assert after[key].met_at <= one.met_at  # an extension can only move the deadline
            assert after[key].state in ("met", one.state)


@given(rows, st.integers(1, 3), st.integers(1, 3))
def test_raising_the_level_keeps_what_was_met(found: Rows, before: int, after: int) -> None:
    journal = written([(0, 0, Kind.LEVEL_CONFIRMED, {"level": max(before, after)}), *found])
    at = journal[-1].recorded_at + timedelta(minutes=1)
    raised = Entry(
        seq=len(journal) + 1,
        at=at,
        recorded_at=at,
        kind=Kind.LEVEL_CONFIRMED,
        actor="x",
        data={"level": min(before, after)},
    )
    was = obligations(TEST, journal, CN, at)
    now = {one.key: one for one in obligations(TEST, [*journal, raised], CN, at)}
    for one in was:
        if one.state in ("met", "late", "missed", "void"):
            assert (now[one.key].state, now[one.key].met_at) in {
                (one.state, one.met_at),
                ("late" if one.rule == "grade" and one.state == "missed" else one.state, now[one.key].met_at),
            }


# Clocks


@given(rows, st.sampled_from([-61, 61]), st.integers(1, 12))
def test_a_clock_that_jumps_an_hour_loses_and_doubles_nothing(found: Rows, jump: int, place: int) -> None:
    """From some instant on the clock is an hour (and a minute) off: the same things are owed and settled."""
    prompt: Rows = [(at, 0, kind, fields) for at, _delay, kind, fields in found]
    journal = written(prompt)
    moment = journal[min(place, len(journal) - 1)].at
    off = timedelta(minutes=jump)
    shifted = [
        entry if entry.at < moment else replace(entry, at=entry.at + off, recorded_at=entry.recorded_at + off)
        for entry in journal
    ]
    plain, moved = owed(journal, 400), owed(shifted, 400)
    timely = [entry for entry in prompt if entry[2] not in (Kind.LEVEL_CONFIRMED, *_MOVERS)]
    if len(timely) == len(prompt):  # whether something was still open at the jump may decide what replaces it
        assert set(plain) == set(moved)
        settled = {key for key, one in plain.items() if one.met_by}
        assert settled == {key for key, one in moved.items() if one.met_by}
    assert {"verify", "grade", "first", "formal", "complaint"} <= set(moved)


#: What ends or moves only what is still open, so that an hour more or less can decide.
_MOVERS = (Kind.EXTENSION_GRANTED, Kind.ASSIGNED, Kind.ACCEPTED, Kind.REOPENED, Kind.CLOSED)


@given(rows)
def test_ten_days_without_anybody_looking_change_nothing(found: Rows) -> None:
    journal = written(found)
    watched = Ledger(TEST, CN, journal)
    end = START + 300 * HOUR
    for hour in range(0, 300, 7):
        watched.obligations(START + hour * HOUR)
    assert watched.obligations(end) == obligations(TEST, journal, CN, end)


# Plan versions


#: The plan, edited: a time, a name, to which level a rule applies, a comment.
EDITED = [
    the_plan(PLAN.replace(old, new, 1) if old else new + PLAN)
    for old, new in (
        ('within = "5 hours"', 'within = "6 hours"'),
        ('within = "24 hours"', 'within = "1 hour"'),
        ('name = "重大"', 'name = "特大"'),
        ("levels = [1]", "levels = [2]"),
        ("", "# 只加一行注释\n"),
    )
]


@given(rows, st.integers(0, 400), st.sampled_from(EDITED))
def test_a_case_that_is_graded_answers_to_its_own_version_and_to_no_edit(
    found: Rows, hours: int, changed: Plan
) -> None:
    """Whatever is edited, the pinned text gives the same answer, and the edited one is refused instead of used."""
    pin = {"id": TEST.id, "version": 1, "sha256": TEST.sha256}
    graded: Rows = [(0, 0, Kind.LEVEL_CONFIRMED, {"level": 2, "plan": pin})]
    journal = [
        replace(entry, data=dict(entry.data) | {"plan": {"id": "other", "version": 9, "sha256": "9" * 64}})
        if entry.kind == Kind.LEVEL_CONFIRMED and entry.data.get("plan") is None
        else entry
        for entry in written(graded + found)
    ]
    now = START + hours * HOUR
    assert changed.sha256 != TEST.sha256
    first = in_order(journal)[1:]
    if next(entry for entry in first if entry.kind == Kind.LEVEL_CONFIRMED).data["plan"] != pin:
        return  # another grading of the very same instant counts first: it names another version
    before = obligations(TEST, journal, CN, now)
    with pytest.raises(OtherPlan):
        obligations(changed, journal, CN, now)
    assert obligations(TEST, journal, CN, now) == before
    found_pin = pinned(journal)
    assert found_pin is not None
    assert found_pin.sha256 == TEST.sha256


# Telling


def test_whoever_wakes_when_told_misses_no_notice() -> None:
    """Waking only at next_wake() finds every notice that looking every ten minutes finds."""

    @given(rows)
    @settings(max_examples=60)
    def holds(found: Rows) -> None:
        owing = [one for one in obligations(TEST, written(found), CN, START) if one.state != "void"]
        told, at = set(), START
        for _ in range(400):
            shown = [
                one._replace(state="missed" if one.due_at <= at else "open")
                for one in owing
                if one.met_at is None
            ]
            told |= {(note.obligation.key, note.stage) for note in notices(TEST, shown, at)}
            wake = next_wake(TEST, shown, at)
            if wake is None:
                break
            assert wake > at
            at = wake
        else:
            raise AssertionError("it never ends")
        end = {
            (one.key, stage) for one in owing if one.met_at is None for stage in ("due", "late:1", "late:2")
        }
        assert end <= told

    holds()


@given(rows, st.integers(0, 200))
def test_after_ten_days_without_anybody_looking_each_thing_is_told_once(found: Rows, hours: int) -> None:
    """Whatever is missed is told as missed, with everybody it is escalated to, and nothing twice."""
    now = START + hours * HOUR + timedelta(days=10)
    owing = obligations(TEST, written(found), CN, now)
    told = [(note.obligation.key, note.stage) for note in notices(TEST, owing, now)]
    assert len(set(told)) == len(told)
    missed = {one.key for one in owing if one.state == "missed" and one.due_at <= now - HOUR}
    assert {(key, stage) for key in missed for stage in ("due", "late:1", "late:2")} <= set(told)
    settled = {one.key for one in owing if one.state in ("met", "late", "void")}
    assert not settled & {key for key, _stage in told}


# Summer time


def _abroad(name: str, zone: str) -> Calendar:
    return Calendar(name=name, zone=ZoneInfo(zone), years={year: Year() for year in (2025, 2026, 2027)})


_GERMANY, _NEW_YORK = _abroad("DE", "Europe/Berlin"), _abroad("NY", "America/New_York")


@given(
    rows,
    st.sampled_from(
        [
            (_GERMANY, "2026-03-28T14:00"),
            (_GERMANY, "2026-03-29T00:30"),
            (_GERMANY, "2026-10-24T14:00"),
            (_GERMANY, "2026-10-25T01:30"),
            (_NEW_YORK, "2026-03-07T14:00"),
            (_NEW_YORK, "2026-03-08T01:30"),
            (_NEW_YORK, "2026-10-31T14:00"),
            (_NEW_YORK, "2026-11-01T00:30"),
        ]
    ),
)
def test_a_change_of_summer_time_loses_and_doubles_nothing(found: Rows, when: tuple[Calendar, str]) -> None:
    """The same day, lived through a change of the clock and a week later without one, owes and settles the same things."""
    calendar, begin = when
    summer = datetime.fromisoformat(begin).replace(tzinfo=calendar.zone).astimezone(UTC)
    outcomes = []
    for start in (summer, summer + timedelta(days=7)):
        off = start - START
        moved = [replace(one, at=one.at + off, recorded_at=one.recorded_at + off) for one in written(found)]
        opened = replace(moved[0], data={"discovered_at": instant(start)})
        plain = [one for one in moved[1:] if not ({"due_at", "new_due_at"} & set(one.data))]
        owing = obligations(TEST, [opened, *plain], calendar, start + timedelta(days=20))
        outcomes.append({one.key: one for one in owing})
        hours_long = {duty.id for duty in TEST.duties if duty.within.elapsed}
        for one in owing:
            if one.rule in hours_long:
                duty = TEST.duty(one.rule)
                assert duty is not None
                assert one.due_at <= one.started_at + timedelta(hours=duty.within.amount)
    assert set(outcomes[0]) == set(outcomes[1])
    changing, plainly = outcomes
    for key, one in changing.items():
        assert (one.state == "void") == (plainly[key].state == "void") or one.rule in (
            "accept",
            "unit_report",
        )
