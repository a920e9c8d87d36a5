"""The approvals that a text waits for: step after step, the parts of a step at the same time."""

from itertools import permutations
from typing import Any

import pytest

from huiying.engine.journal import Kind
from huiying.engine.obligations import BadEntry
from huiying.engine.obligations.seats import chain_of, seats
from huiying.engine.plan.chains import in_turn, parts, roles_of, step_of
from tests.engine.matters import Matter, hours

CHAIN = ["reviewer&office|deputy", "head"]


def submitted(chain: list[Any] | None = None) -> Matter:
    matter = Matter()
    matter.note(1, Kind.SUBMITTED, draft=7, chain=CHAIN if chain is None else chain)
    return matter


def approvals(matter: Matter, at: float) -> dict[str, tuple[str, str]]:
    """Role -> state and until when, of every approval that was ever waited for."""
    owed = matter.owed(at).values()
    return {one.role: (one.state, f"{hours(one.due_at):g}") for one in owed if one.rule == "approve"}


# How a chain is written


def test_a_step_is_a_word_or_a_list_of_words_that_are_asked_at_once() -> None:
    assert step_of("office|deputy") == "office|deputy"
    assert step_of(["reviewer", "office|deputy"]) == CHAIN[0]
    assert [step_of(wrong) for wrong in ([], "", 3, [["office"]], None)] == [None] * 5
    assert parts(CHAIN[0]) == ("reviewer", "office|deputy")
    assert roles_of(CHAIN[0]) == ("reviewer", "office", "deputy")
    assert in_turn(CHAIN) == ("reviewer", "office|deputy", "head")


# What is owed


def test_the_parts_of_a_step_are_owed_at_the_same_time() -> None:
    matter = submitted()
    assert approvals(matter, 1) == {"reviewer": ("open", "2"), "office|deputy": ("open", "2")}
    owed = matter.owed(1)["approve:7:2:1"]
    assert (owed.what.en, owed.ref) == ("Approve the answer (step 1 of 2; 2 approve at the same time)", "7")


@pytest.mark.parametrize("order", [("reviewer", "deputy"), ("deputy", "reviewer")])
def test_the_next_step_begins_with_the_last_part_in_whatever_order_they_are_given(
    order: tuple[str, str],
) -> None:
    matter = submitted()
    matter.note(1.25, Kind.APPROVED, draft=7, step=1, approver_role=order[0])
    assert "head" not in approvals(matter, 1.25)
    matter.note(1.5, Kind.APPROVED, draft=7, step=1, approver_role=order[1])
    found = approvals(matter, 1.5)
    assert found["head"] == ("open", "2.5")
    assert {found["reviewer"][0], found["office|deputy"][0]} == {"met"}


def test_a_list_in_the_journal_means_the_same_as_the_word() -> None:
    matter = submitted([["reviewer", "office|deputy"], "head"])
    assert approvals(matter, 1) == approvals(submitted(), 1)


def test_one_who_is_late_does_not_make_the_other_late() -> None:
    matter = submitted()
    matter.note(1.5, Kind.APPROVED, draft=7, step=1, approver_role="office")
    assert approvals(matter, 3) == {"reviewer": ("missed", "2"), "office|deputy": ("met", "2")}
    matter.note(4, Kind.APPROVED, draft=7, step=1, approver_role="reviewer")
    assert approvals(matter, 4) == {
        "reviewer": ("late", "2"),
        "office|deputy": ("met", "2"),
        "head": ("open", "5"),
    }


def test_the_same_approver_twice_is_one_approval() -> None:
    matter = submitted()
    for at in (1.25, 1.5):
        matter.note(at, Kind.APPROVED, draft=7, step=1, approver_role="reviewer")
    assert approvals(matter, 1.5) == {"reviewer": ("met", "2"), "office|deputy": ("open", "2")}


def test_a_step_of_one_that_is_approved_twice_asks_the_next_only_once() -> None:
    matter = submitted(["office", "head"])
    for at in (1.25, 1.5):
        matter.note(at, Kind.APPROVED, draft=7, step=1, approver_role="office")
    assert [key for key in matter.owed(1.5) if key.startswith("approve")] == ["approve:7:2", "approve:7:3"]


def test_who_stands_in_takes_the_seat_of_the_one_who_is_away() -> None:
    matter = submitted()
    matter.note(1.25, Kind.APPROVED, draft=7, step=1, approver_role="duty", stood_in_for="reviewer")
    assert approvals(matter, 1.25)["reviewer"][0] == "met"


def test_an_approval_that_names_its_part_or_nothing_is_understood() -> None:
    matter = submitted(["office&office", "head"])
    matter.note(1.25, Kind.APPROVED, draft=7, step=1, part=2, approver_role="office")
    assert matter.state("approve:7:2:2", 1.25) == "met"
    assert matter.state("approve:7:2:1", 1.25) == "open"
    matter.note(1.5, Kind.APPROVED, draft=7)
    assert matter.state("approve:7:2:1", 1.5) == "met"
    assert approvals(matter, 1.5)["head"][0] == "open"


def test_approvals_written_down_at_one_instant_finish_the_chain_in_any_order() -> None:
    given: list[dict[str, Any]] = [
        {"step": 1, "approver_role": "reviewer"},
        {"step": 1, "approver_role": "deputy"},
        {"step": 2, "approver_role": "head"},
    ]
    for order in permutations(given):
        matter = submitted()
        for data in order:
            matter.note(1.5, Kind.APPROVED, draft=7, **data)
        assert {state for state, _due in approvals(matter, 1.5).values()} == {"met"}, order
        assert len(approvals(matter, 1.5)) == 3


def test_who_returns_has_answered_and_the_others_need_not() -> None:
    matter = submitted()
    matter.note(1.5, Kind.RETURNED, draft=7, approver_role="reviewer", reason="改一句")
    assert approvals(matter, 1.5) == {"reviewer": ("met", "2"), "office|deputy": ("void", "2")}
    matter.note(1.75, Kind.SUBMITTED, draft=7, chain=CHAIN)
    assert matter.owed(1.75)["approve:7:4:2"].state == "open"


def test_what_its_writer_takes_back_is_nobodys_merit() -> None:
    matter = submitted(["office", "head"])
    matter.note(1.5, Kind.RETURNED, draft=7, reason="重写", recalled=True)
    owed = matter.owed(1.5)["approve:7:2"]
    assert (owed.state, owed.why.zh.split("，")[0]) == ("void", "起草人已收回")


def test_an_approval_that_was_recorded_by_mistake_leaves_its_seat_free() -> None:
    matter = submitted()
    matter.note(1.25, Kind.APPROVED, draft=7, step=1, approver_role="reviewer")
    matter.note(1.3, Kind.CORRECTED, entry=3, reason="点错", text="")
    assert approvals(matter, 1.3)["reviewer"] == ("open", "2")


def test_a_chain_that_cannot_be_read_is_refused_by_its_entry() -> None:
    matter = submitted([["office", 3]])
    with pytest.raises(BadEntry, match="entry 2: This chain of approval cannot be read"):
        matter.owed(1)


def test_an_approval_of_a_step_that_is_not_there_takes_no_seat() -> None:
    matter = submitted()
    entry = matter.note(1.5, Kind.APPROVED, draft=7, step=9, approver_role="reviewer")
    assert seats(chain_of(matter.journal[1]), [entry]) == {}
    assert approvals(matter, 1.5)["reviewer"][0] == "open"
