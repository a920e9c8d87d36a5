"""Urgings over all cases, leaders' instructions and who carries them out, and how a matter grew since it was reported."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from huiying.desk.accounts.models import Unit
from huiying.desk.cases import actions, journal
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.asked import Wish, chosen, counts, urges
from huiying.desk.cases.queries.growth import grown
from huiying.engine.journal import Kind
from tests.desk.handling import HOUR, handed, opened, owed, somebody, wrote
from tests.desk.letters import post
from tests.desk.world import World

MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(world: World, now: datetime) -> Case:
    return handed(world, now)


def urged(world: World, case: Case, now: datetime, due_at: datetime | None = None, **more: object) -> int:
    return actions.urge(
        by=world["office"], now=now, case=case, text="请报进展", due_at=due_at or now + HOUR, **more
    )


def states(world: World, now: datetime, role: str = "office") -> list[tuple[int, str]]:
    return [(row.number, row.state) for row in sorted(urges(world[role], now), key=lambda row: row.number)]


def test_at_the_very_instant_of_the_deadline_it_is_overdue_and_an_answer_then_in_time(
    world: World, case: Case, now: datetime
) -> None:
    urged(world, case, now)
    assert states(world, now + HOUR - timedelta(microseconds=1)) == [(1, "open")]
    assert states(world, now + HOUR) == [(1, "overdue")]
    actions.answer_urge(by=world["handler"], now=now + HOUR, case=case, number=1, text="在办")
    assert states(world, now + 9 * HOUR) == [(1, "answered")]


def test_a_reply_after_the_deadline_is_late(world: World, case: Case, now: datetime) -> None:
    urged(world, case, now)
    actions.answer_urge(by=world["handler"], now=now + HOUR + MINUTE, case=case, number=1, text="在办")
    assert states(world, now + 9 * HOUR) == [(1, "late")]


def test_a_reply_on_paper_is_written_down_by_the_office_with_its_own_hour(
    world: World, case: Case, now: datetime
) -> None:
    urged(world, case, now)
    with pytest.raises(ValidationError, match="早于催办"):
        actions.answer_urge(
            by=world["office"], now=now + 3 * HOUR, at=now - HOUR, case=case, number=1, text="书面回复"
        )
    actions.answer_urge(
        by=world["office"],
        now=now + 3 * HOUR,
        at=now + HOUR,
        recorded_late="书面送来，当晚未录",
        case=case,
        number=1,
        text="书面回复",
    )
    assert states(world, now + 4 * HOUR) == [(1, "answered")]


def test_only_the_unit_that_was_urged_replies(world: World, case: Case, now: datetime) -> None:
    jwc = somebody("jwc", "handler", world.units["jwc"])
    actions.assign(by=world["office"], now=now, case=case, unit=world.units["jwc"], part="cooperating")
    urged(world, case, now, unit=world.units["jwc"])
    with pytest.raises(PermissionDenied, match="教务处"):
        actions.answer_urge(by=world["handler"], now=now, case=case, number=1, text="替他们答")
    actions.answer_urge(by=jwc, now=now, case=case, number=1, text="在办")
    assert states(world, now) == [(1, "answered")]


def test_a_reply_that_was_wrong_is_corrected_and_given_again(world: World, case: Case, now: datetime) -> None:
    urged(world, case, now)
    actions.answer_urge(by=world["office"], now=now, case=case, number=1, text="写错了件")
    entry = case.entries.get(kind=Kind.URGE_ANSWERED)
    actions.correct(by=world["office"], now=now, case=case, seq=entry.seq, reason="写错", text="还没有回复")
    assert states(world, now) == [(1, "open")]
    actions.answer_urge(by=world["handler"], now=now, case=case, number=1, text="在办")
    assert states(world, now) == [(1, "answered")]


def test_an_urging_that_was_wrong_is_gone_and_its_number_is_not_given_again(
    world: World, case: Case, now: datetime
) -> None:
    urged(world, case, now)
    entry = case.entries.get(kind=Kind.URGED)
    actions.correct(by=world["office"], now=now, case=case, seq=entry.seq, reason="催错", text="不催")
    assert states(world, now) == []
    assert urged(world, case, now) == 2


def test_who_was_copied_stands_in_the_book(world: World, case: Case, now: datetime) -> None:
    urged(world, case, now)
    urged(world, case, now, supervision=True)
    copied = {row.number: row.copied for row in urges(world["office"], now)}
    assert copied == {1: (world["deputy"].name,), 2: (world["head"].name,)}


def test_a_merged_case_asks_no_more(world: World, case: Case, now: datetime) -> None:
    urged(world, case, now)
    into = opened(world, now, title="同一件事")
    actions.merge(by=world["duty"], now=now + MINUTE, case=into, other=case)
    assert states(world, now + 9 * HOUR) == [(1, "void")]


def test_the_book_is_chosen_from_and_ordered(world: World, case: Case, now: datetime) -> None:
    urged(world, case, now, now + 5 * HOUR)
    urged(world, case, now + MINUTE, now + 2 * HOUR, supervision=True)
    urged(world, case, now + 2 * MINUTE, now + 3 * HOUR)
    actions.answer_urge(by=world["office"], now=now + HOUR, case=case, number=3, text="在办")
    rows = urges(world["office"], now + 2 * HOUR)
    assert counts(rows) == {"waiting": 2, "overdue": 1}
    assert [row.number for row in chosen(rows, Wish())] == [2, 1]
    assert [row.number for row in chosen(rows, Wish(tab="overdue"))] == [2]
    assert [row.number for row in chosen(rows, Wish(tab="answered"))] == [3]
    assert [row.number for row in chosen(rows, Wish(tab="all", kind="supervision"))] == [2]
    assert [row.number for row in chosen(rows, Wish(tab="all", sort="at"))] == [3, 2, 1]
    assert chosen(rows, Wish(tab="all", unit="jwc")) == []
    assert len(chosen(rows, Wish(tab="all", words=f"{case.number} 后勤处"))) == 3


def test_a_unit_sees_its_own_book(
    world: World, case: Case, now: datetime, as_role: Callable[[str], Client]
) -> None:
    other = opened(world, now, title="别的部门的事")
    actions.assign(by=world["office"], now=now, case=other, unit=world.units["jwc"])
    actions.urge(by=world["office"], now=now, case=other, text="教务处请速报")
    urged(world, case, now)
    page = as_role("handler").get("/cases/urges/").content.decode()
    assert "请报进展" in page and "教务处请速报" not in page


def test_the_book_leaves_as_a_table_without_formulas_or_telephones(
    world: World, case: Case, now: datetime, as_role: Callable[[str], Client]
) -> None:
    actions.urge(by=world["office"], now=now, case=case, text="=1+1 请回电13912345678")
    answer = as_role("office").get("/cases/urges/export/csv/?tab=all")
    head, line = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert head[:3] == ["件号", "件名", "号"] and line[0] == case.number
    assert line[6].startswith("'=1+1") and "13912345678" not in line[6]
    assert as_role("office").get("/cases/urges/export/xlsx/").content.startswith(b"PK")
    assert as_role("office").get("/cases/urges/export/pdf/").status_code == 404


def test_the_case_shows_its_urgings_and_answers_from_the_book(
    world: World, case: Case, now: datetime, as_role: Callable[[str], Client]
) -> None:
    urged(world, case, now)
    page = as_role("handler").get(f"/cases/{case.number}/").content.decode()
    assert "催办第 1 号" in page and f"/cases/{case.number}/answer-urge/?number=1" in page
    form = as_role("handler").get(f"/cases/{case.number}/answer-urge/?number=1")
    assert form.status_code == 200
    sent = as_role("handler").post(f"/cases/{case.number}/answer-urge/", {"number": "1", "text": "在办"})
    assert sent.status_code == 302 and case.entries.filter(kind=Kind.URGE_ANSWERED).exists()


# Instructions


def test_a_leader_writes_the_instruction_and_the_unit_carries_it_out(
    world: World, case: Case, now: datetime
) -> None:
    ref = actions.record_instruction(
        by=world["head"], now=now, case=case, leader="甲校长", text="三日内修好", unit=world.units["hqc"]
    )
    row = owed(case, f"instruction:{ref}")
    assert (row.role, row.unit) == ("handler", world.units["hqc"])
    with pytest.raises(PermissionDenied):
        actions.instruction_done(
            by=somebody("other", "handler", world.units["jwc"]), now=now, case=case, ref=ref, text="不是我们"
        )
    actions.instruction_done(by=world["handler"], now=now + HOUR, case=case, ref=ref, text="修好了")
    assert owed(case, f"instruction:{ref}").state == "met"


def test_an_instruction_that_names_no_unit_is_the_offices(world: World, case: Case, now: datetime) -> None:
    ref = actions.record_instruction(by=world["deputy"], now=now, case=case, leader="乙", text="跟到底")
    assert owed(case, f"instruction:{ref}").role == "office"
    with pytest.raises(PermissionDenied, match="舆情办"):
        actions.instruction_done(by=world["handler"], now=now, case=case, ref=ref, text="办了")


@pytest.mark.parametrize(("first", "part"), [(True, "lead"), (False, "cooperating")])
def test_a_unit_that_has_not_the_case_is_handed_it_with_the_instruction(
    world: World, now: datetime, first: bool, part: str
) -> None:
    case = opened(world, now) if first else handed(world, now)
    unit: Unit = world.units["xgc"]
    actions.record_instruction(
        by=world["head"], now=now, case=case, leader="甲", text="请学工处办", unit=unit, due_at=now + 9 * HOUR
    )
    handed_to = case.entries.filter(kind=Kind.ASSIGNED).order_by("-seq")[0]
    assert (handed_to.data["unit"], handed_to.data["part"]) == ("xgc", part)
    assert unit in case.units.all()


def test_an_instruction_refused_hands_nothing_over(world: World, case: Case, now: datetime) -> None:
    with pytest.raises(ValidationError):
        actions.record_instruction(
            by=world["head"], now=now, case=case, leader="甲", text="办", unit=world.units["xgc"], due_at=now
        )
    assert not case.entries.filter(kind=Kind.ASSIGNED, data__unit="xgc").exists()


# Growth


def test_growth_counts_posts_and_voices_since_an_entry(world: World, now: datetime) -> None:
    case = opened(world, now)
    first = [post(now, address=f"https://forum.example/t/{n}").pk for n in (1, 2)]
    wrote(case, Kind.MENTIONS_ADDED, {"mentions": first}, now, None)
    mark = wrote(case, Kind.NOTE, {"text": "此时"}, now, None).seq
    later = [post(now, address=f"https://forum.example/t/{n}").pk for n in (3, 4, 5)]
    wrote(case, Kind.MENTIONS_ADDED, {"mentions": [first[0], *later]}, now, None)
    found = grown(journal.entries(case), mark)
    assert (found.posts_then, found.posts_now, found.more) == (2, 5, 3)
