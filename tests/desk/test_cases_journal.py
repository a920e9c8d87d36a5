"""The journal of a case: sealed entry by entry, refused to change by the database, one writer at a time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from huiying.desk.accounts.models import Person
from huiying.desk.cases import actions, append_only, journal
from huiying.desk.cases.models import Case, JournalEntry
from huiying.desk.cases.verify import verify_all
from huiying.engine.journal import Kind, verify
from tests.desk.handling import opened, with_plan, wrote
from tests.desk.world import NOW, World, found_school


def test_opening_writes_the_first_entry_with_the_plan_and_calendar_of_that_moment(
    world: World, now: datetime
) -> None:
    case = opened(world, now)
    (entry,) = journal.entries(case)
    assert case.plan is not None
    assert entry.kind is Kind.OPENED
    assert entry.data["plan"] == {"id": "school", "version": 1, "sha256": case.plan.sha256}
    assert (entry.data["calendar"]["name"], entry.data["calendar"]["version"]) == ("CN", 1)
    assert entry.data["discovered_at"] == "2026-11-24T01:00:00.000000+00:00"
    assert (case.number, case.step, case.entries_count) == ("2026-0001", "verify", 1)


def test_each_entry_is_chained_to_the_one_before(world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.add_note(by=world["office"], now=now, case=case, text="打过电话")
    entries = journal.entries(case)
    assert [entry.seq for entry in entries] == [1, 2]
    assert entries[1].prev == entries[0].hash
    assert case.head_hash == entries[1].hash
    assert verify(entries) == []


def test_the_entry_names_who_did_it_and_in_which_role(world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.add_note(by=world["office"], now=now, case=case, text="打过电话")
    row = case.entries.get(seq=2)
    assert (row.actor, row.role) == (f"person:{world['office'].pk}", "office")
    assert wrote(case, Kind.NOTE, {"text": "系统"}, now, None).actor == "system"


def test_what_happened_earlier_keeps_both_instants(world: World, now: datetime) -> None:
    case = opened(world, now)
    later = now + timedelta(hours=2)
    actions.report_up(
        by=world["duty"],
        now=later,
        case=case,
        to="group",
        means="phone",
        text="电话报过",
        at=now + timedelta(hours=1),
    )
    row = case.entries.get(kind=Kind.REPORTED)
    assert (row.at, row.recorded_at) == (now + timedelta(hours=1), later)


def test_nothing_happens_after_it_is_written_down(world: World, now: datetime) -> None:
    case = opened(world, now)
    with pytest.raises(ValueError, match="cannot happen"), transaction.atomic():
        journal.write(
            case=case, kind=Kind.NOTE, data={"text": "x"}, now=now, by=None, at=now + timedelta(seconds=1)
        )


@pytest.mark.django_db(transaction=True)
def test_a_journal_is_written_inside_a_transaction_or_not_at_all() -> None:
    world = found_school()
    case = opened(world, NOW)
    with pytest.raises(RuntimeError, match="inside a transaction"):
        journal.write(case=case, kind=Kind.NOTE, data={"text": "x"}, now=NOW, by=None)


def test_an_entry_that_fails_leaves_no_trace(world: World, now: datetime) -> None:
    case = opened(world, now)

    class Gone(Exception):
        pass

    with pytest.raises(Gone), transaction.atomic():
        journal.write(case=case, kind=Kind.NOTE, data={"text": "x"}, now=now, by=None)
        raise Gone
    case.refresh_from_db()
    assert (case.entries.count(), case.entries_count) == (1, 1)


@pytest.fixture
def guarded(db: None) -> None:
    """The guard as the migration puts it there (a test that commits may have taken it away on SQLite)."""
    append_only.guard(connection)


def test_the_database_refuses_to_change_an_entry(guarded: None, world: World, now: datetime) -> None:
    case = opened(world, now)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        case.entries.update(actor="person:999")
    assert case.entries.get().actor == f"person:{world['duty'].pk}"


def test_the_database_refuses_to_remove_an_entry(guarded: None, world: World, now: datetime) -> None:
    case = opened(world, now)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        case.entries.all().delete()
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM cases_journalentry")
    assert case.entries.count() == 1


def test_the_migration_puts_the_guard_there(db: None) -> None:
    append_only.unguard(connection)
    append_only.guard(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname = 'journal_keeps'")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'journal_keeps%'"
            )
        assert cursor.fetchall()


@pytest.fixture
def tampering(db: None) -> Iterator[None]:
    """Somebody with the database's own keys takes the guard away."""
    append_only.unguard(connection)
    yield
    append_only.guard(connection)


def test_verify_finds_a_changed_entry(tampering: None, world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.add_note(by=world["office"], now=now, case=case, text="打过电话")
    assert verify_all() == []
    row = case.entries.get(seq=2)
    case.entries.filter(seq=2).update(data={**row.data, "text": "没打过电话"})
    assert [(trouble.number, trouble.seq, trouble.why) for trouble in verify_all()] == [
        ("2026-0001", 2, "hash")
    ]


def test_verify_finds_a_missing_entry(tampering: None, world: World, now: datetime) -> None:
    case = opened(world, now)
    for text in ("一", "二"):
        actions.add_note(by=world["office"], now=now, case=case, text=text)
    JournalEntry.objects.filter(case=case, seq=2).delete()
    assert {trouble.why for trouble in verify_all()} == {"gap", "prev", "head"}


def test_verify_finds_the_last_entry_cut_off(tampering: None, world: World, now: datetime) -> None:
    case = opened(world, now)
    actions.add_note(by=world["office"], now=now, case=case, text="最后一条")
    JournalEntry.objects.filter(case=case, seq=2).delete()
    assert [trouble.why for trouble in verify_all()] == ["head"]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(-1e18, 1e18)
    | st.text(max_size=20)
    | st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)),  # noqa: DTZ001  # hypothesis adds the zone
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_what_a_journal_takes_comes_back_as_it_went_in(value: object) -> None:
    once = journal.plain(value)
    assert journal.plain(once) == once


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"bytes"])
def test_what_has_no_lasting_form_is_refused(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        journal.plain(value)


def test_numbers_that_databases_write_differently_keep_their_hash(world: World, now: datetime) -> None:
    case = opened(world, now)
    wrote(
        case, Kind.NOTE, {"text": "数", "numbers": [1e22, 0.1 + 0.2, -0.0, 1.0, 3.14159265358979]}, now, None
    )
    assert verify_all() == []


def test_text_with_characters_that_postgresql_refuses_is_kept_without_them(
    world: World, now: datetime
) -> None:
    case = opened(world, now)
    actions.add_note(by=world["office"], now=now, case=case, text="前\0后 \ud800 完")
    assert case.entries.get(seq=2).data["text"] == "前后 ? 完"
    assert verify_all() == []


@pytest.mark.django_db(transaction=True)
def test_two_writers_on_one_case_make_one_chain() -> None:
    world = found_school()
    case = opened(world, NOW)
    start, people = Barrier(4), [world[name] for name in ("office", "duty", "head", "deputy")]

    def write_five(person: Person) -> None:
        start.wait()
        mine = Case.objects.get(pk=case.pk)
        for number in range(5):
            actions.add_note(by=person, now=NOW, case=mine, text=f"{person} {number}")
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_five, people))
    entries = journal.entries(Case.objects.get(pk=case.pk))
    assert [entry.seq for entry in entries] == list(range(1, 22))
    assert verify(entries) == []
    assert verify_all() == []


@pytest.mark.django_db(transaction=True)
def test_two_openers_never_get_one_number() -> None:
    world = found_school()
    with_plan(world, NOW)
    start = Barrier(4)

    def open_three(number: int) -> None:
        start.wait()
        for turn in range(3):
            actions.open_case(by=world["duty"], now=NOW, title=f"第 {number}-{turn} 件")
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(open_three, range(4)))
    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == [f"2026-{number:04d}" for number in range(1, 13)]
