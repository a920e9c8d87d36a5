"""An entry that was wrong settles, ends and moves nothing; what it asked for is shown, as not owed."""

from huiying.engine.journal import Entry, Kind, instant
from huiying.engine.obligations import Ledger
from tests.engine.matters import CN, HOUR, START, TEST, Matter, hours


def corrected(matter: Matter, entry: Entry, at: float, reason: str = "点错") -> None:
    matter.note(at, Kind.CORRECTED, entry=entry.seq, reason=reason, text="")


def test_a_closing_by_mistake_ends_nothing_that_is_owed_again_and_again() -> None:
    matter = Matter()
    matter.grade(1, 2)
    closing = matter.note(2, Kind.CLOSED, summary="完")
    assert matter.state("keep-reporting:1", 3) == "void"
    corrected(matter, closing, 3)
    owed = matter.owed(3)
    assert owed["keep-reporting:1"].state == "open"
    assert (owed["review"].state, "点错" in owed["review"].why.zh) == ("void", True)


def test_what_follows_a_true_closing_is_owed_though_one_by_mistake_went_before() -> None:
    matter = Matter()
    matter.grade(1, 2)
    closing = matter.note(2, Kind.CLOSED, summary="完")
    corrected(matter, closing, 3)
    matter.note(4, Kind.CLOSED, summary="真的完了")
    reviews = [one for one in matter.owed(5).values() if one.rule == "review"]
    assert sorted(one.state for one in reviews) == ["open", "void"]


def test_a_first_check_by_mistake_does_not_take_the_place_of_the_true_one() -> None:
    matter = Matter()
    wrong = matter.note(1, Kind.VERIFIED, outcome="untrue")
    corrected(matter, wrong, 1.5)
    true = matter.note(1.6, Kind.VERIFIED, outcome="untrue")
    owed = [one for one in matter.owed(2).values() if one.rule == "correct"]
    assert {(one.state, one.started_by) for one in owed} == {("void", wrong.seq), ("open", true.seq)}
    assert matter.state("verify", 2) == "met"


def test_more_time_that_was_granted_by_mistake_is_not_had() -> None:
    matter = Matter()
    granted = matter.note(3, Kind.EXTENSION_GRANTED, obligation="first", new_due_at=instant(START + 9 * HOUR))
    assert hours(matter.owed(4)["first"].due_at) == 9
    corrected(matter, granted, 4)
    assert (hours(matter.owed(4)["first"].due_at), matter.state("first", 6)) == (5, "missed")


def test_a_waiver_by_mistake_frees_nobody() -> None:
    matter = Matter()
    waiver = matter.note(1, Kind.WAIVED, obligation="verify", reason="免")
    corrected(matter, waiver, 1.5)
    assert (matter.state("verify", 1.5), matter.state("verify", 3)) == ("open", "missed")


def test_a_unit_that_was_asked_by_mistake_is_not_responsible() -> None:
    matter = Matter()
    wrong = matter.note(1, Kind.ASSIGNED, unit="jwc", part="lead")
    corrected(matter, wrong, 1.5)
    matter.note(2, Kind.ASSIGNED, unit="hqc", part="lead")
    owed = matter.owed(3)
    assert {owed["accept:jwc"].state, owed["unit_report:jwc"].state} == {"void"}
    assert {owed["accept:hqc"].state, owed["unit_report:hqc"].state} == {"open"}
    ledger = Ledger(TEST, CN, matter.journal)
    assert (ledger.lead, set(ledger.assigned)) == ("hqc", {"hqc"})


def test_an_acceptance_by_mistake_takes_nothing_over() -> None:
    matter = Matter()
    matter.note(1, Kind.ASSIGNED, unit="hqc", part="lead")
    matter.note(1.5, Kind.ASSIGNED, unit="jwc", part="lead")
    taken = matter.note(2, Kind.ACCEPTED, unit="jwc")
    assert matter.state("unit_report:hqc", 2) == "void"
    corrected(matter, taken, 3)
    assert (matter.state("unit_report:hqc", 3), matter.state("accept:jwc", 3)) == ("open", "open")


def test_a_text_that_was_handed_in_by_mistake_stops_no_approval() -> None:
    matter = Matter()
    matter.note(1, Kind.SUBMITTED, draft=7, chain=["office", "head"])
    again = matter.note(1.5, Kind.SUBMITTED, draft=7, chain=["head"])
    corrected(matter, again, 1.6)
    owed = matter.owed(1.7)
    assert (owed["approve:7:2"].state, owed[f"approve:7:{again.seq}"].state) == ("open", "void")


def test_numbers_of_what_is_owed_again_and_again_never_meet() -> None:
    """Graded down and up again, the next report does not take the key of an earlier one."""
    matter = Matter()
    for at, level in ((1, 2), (2, 3), (3, 2)):
        matter.grade(at, level, reason="x")
    matter.note(4, Kind.PROGRESS, text="一")
    matter.note(5, Kind.PROGRESS, text="二")
    reports = {key: one for key, one in matter.owed(6).items() if one.rule == "keep-reporting"}
    assert [one.state for one in reports.values()].count("met") == 2
    assert [one.state for one in reports.values()].count("open") == 1
    ledger = Ledger(TEST, CN, matter.journal)
    assert sum(len(items) for items in ledger.of.values()) == len(ledger.keys)
