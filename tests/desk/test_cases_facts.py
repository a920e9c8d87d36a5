"""What a journal tells of a case, without a database."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huiying.desk.cases.facts import Projected, calendar_refs, corrected, project
from huiying.engine.journal import Entry, Kind, seal

START = datetime(2026, 11, 24, 1, tzinfo=UTC)
PLAN_1 = {"id": "school", "version": 1, "sha256": "a"}
PLAN_2 = {"id": "school", "version": 2, "sha256": "b"}


class Tale:
    """A journal that grows entry by entry, an hour apart."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.then(
            Kind.OPENED, title="汤有异味", how="hand", plan=PLAN_1, calendar={"name": "CN", "version": 1}
        )

    def then(self, kind: Kind, **data: Any) -> "Tale":
        at = START + len(self.entries) * timedelta(hours=1)
        entry = Entry(seq=0, at=at, recorded_at=at, kind=kind, actor="person:1", data=data)
        self.entries.append(seal(entry, self.entries[-1] if self.entries else None))
        return self

    def asked(self, unit: str, part: str = "lead") -> "Tale":
        return self.then(Kind.ASSIGNED, unit=unit, part=part)

    @property
    def facts(self) -> Projected:
        return project(self.entries)

    def states(self, part: str = "lead") -> Mapping[str, str]:
        return {share.unit: share.state for share in self.facts.parts if share.part == part}


def test_a_case_stands_at_verification_until_its_level_is_confirmed() -> None:
    tale = Tale()
    assert tale.facts.step == "verify"
    assert tale.then(Kind.VERIFIED, outcome="true", facts="是").facts.step == "verify"
    assert tale.then(Kind.LEVEL_PROPOSED, level=2).facts.step == "verify"
    assert tale.then(Kind.LEVEL_CONFIRMED, level=2, plan=PLAN_1).facts.step == "report"


@pytest.mark.parametrize("kind", [Kind.REPORTED, Kind.ASSIGNED, Kind.PUBLISHED, Kind.OFFLINE_FIXED])
def test_after_grading_the_first_act_of_handling_moves_it_on(kind: Kind) -> None:
    tale = Tale().then(Kind.LEVEL_CONFIRMED, level=3, plan=PLAN_1)
    assert tale.then(kind, unit="hqc", part="lead").facts.step == "handle"


def test_closing_archiving_and_reopening() -> None:
    tale = (
        Tale().then(Kind.LEVEL_CONFIRMED, level=3, plan=PLAN_1).asked("hqc").then(Kind.CLOSED, summary="好了")
    )
    assert tale.facts.step == "closed"
    assert tale.then(Kind.ARCHIVED, package_sha256="x").facts.step == "archived"
    reopened = tale.then(Kind.REOPENED, reason="又起", relapse=True).facts
    assert (reopened.step, reopened.closed_at, reopened.relapses, reopened.archived) == (
        "handle",
        None,
        1,
        False,
    )


def test_the_first_grading_pins_the_plan_for_good() -> None:
    tale = Tale()
    assert (tale.facts.plan, tale.facts.pinned) == (PLAN_1, False)
    assert tale.then(Kind.LEVEL_CONFIRMED, level=3, plan=PLAN_2).facts.plan == PLAN_2
    raised = tale.then(Kind.LEVEL_CONFIRMED, level=1, plan=PLAN_1).facts
    assert (raised.plan, raised.level, raised.pinned) == (PLAN_2, 1, True)


def test_a_proposal_waits_until_a_level_is_confirmed() -> None:
    tale = Tale().then(Kind.LEVEL_PROPOSED, level=2)
    assert tale.facts.proposed_level == 2
    assert tale.then(Kind.LEVEL_CONFIRMED, level=3, plan=PLAN_1).facts.proposed_level is None


def test_the_first_unit_asked_is_responsible_at_once() -> None:
    facts = Tale().asked("hqc").facts
    assert (facts.asked_first, facts.lead) == ("hqc", "hqc")


def test_the_first_unit_asked_stays_responsible_when_it_declines() -> None:
    facts = Tale().asked("hqc").then(Kind.DECLINED, unit="hqc", reason="不归我们").facts
    assert (facts.lead, facts.returns, facts.returned) == ("hqc", 1, True)


def test_the_first_unit_asked_stays_responsible_until_another_accepts() -> None:
    tale = Tale().asked("hqc").then(Kind.DECLINED, unit="hqc", reason="不归我们").asked("jwc")
    assert (tale.facts.lead, tale.facts.returned) == ("hqc", False)
    tale.then(Kind.ACCEPTED, unit="jwc")
    assert (tale.facts.asked_first, tale.facts.lead) == ("hqc", "jwc")


def test_a_lead_that_had_accepted_is_replaced_only_when_another_accepts() -> None:
    tale = Tale().asked("hqc").then(Kind.ACCEPTED, unit="hqc").asked("jwc")
    assert tale.states() == {"hqc": "accepted", "jwc": "asked"}
    tale.then(Kind.ACCEPTED, unit="jwc")
    assert tale.states() == {"hqc": "replaced", "jwc": "accepted"}


def test_a_cooperating_unit_that_accepts_takes_no_responsibility() -> None:
    tale = Tale().asked("hqc").then(Kind.ACCEPTED, unit="hqc").asked("jwc", "cooperating")
    tale.then(Kind.ACCEPTED, unit="jwc")
    assert (tale.facts.lead, tale.facts.cooperating) == ("hqc", ("jwc",))


def test_a_cooperating_unit_that_declines_helps_no_more() -> None:
    tale = Tale().asked("hqc").asked("jwc", "cooperating").then(Kind.DECLINED, unit="jwc", reason="没有人手")
    assert (tale.facts.cooperating, tale.facts.returned) == ((), True)


def test_every_return_is_counted_back_and_forth() -> None:
    tale = Tale()
    for unit in ("hqc", "jwc", "hqc"):
        tale.asked(unit).then(Kind.DECLINED, unit=unit, reason="不归我们")
    assert (tale.facts.returns, tale.facts.lead, tale.facts.units) == (3, "hqc", ("hqc", "jwc"))


def test_a_unit_that_reports_may_report_again() -> None:
    tale = (
        Tale().asked("hqc").then(Kind.ACCEPTED, unit="hqc").then(Kind.UNIT_REPORTED, unit="hqc", text="好了")
    )
    assert tale.states() == {"hqc": "reported"}
    assert tale.then(Kind.UNIT_REPORTED, unit="hqc", text="又补了").facts.parts[-1].reason == "又补了"


def test_posts_are_added_once_and_in_order() -> None:
    tale = (
        Tale().then(Kind.MENTIONS_ADDED, mentions=[3, 1], story=7).then(Kind.MENTIONS_ADDED, mentions=[1, 5])
    )
    assert (tale.facts.mentions, tale.facts.story) == ((3, 1, 5), 7)


def test_posts_of_a_case_that_joined_come_along() -> None:
    tale = (
        Tale().then(Kind.MENTIONS_ADDED, mentions=[1]).then(Kind.MERGED, other="2026-0002", mentions=[2, 1])
    )
    assert (tale.facts.mentions, tale.facts.merged_into) == ((1, 2), "")


def test_a_case_that_joined_another_is_over() -> None:
    facts = Tale().then(Kind.MERGED, into="2026-0001").facts
    assert (facts.merged_into, facts.step) == ("2026-0001", "closed")


def test_posts_after_closing_may_be_a_relapse_until_somebody_judges() -> None:
    tale = Tale().then(Kind.LEVEL_CONFIRMED, level=3, plan=PLAN_1).then(Kind.MENTIONS_ADDED, mentions=[1])
    tale.then(Kind.CLOSED, summary="好了")
    assert tale.facts.back == 0
    assert tale.then(Kind.MENTIONS_ADDED, mentions=[1, 2, 3]).facts.back == 2
    assert tale.then(Kind.NOTE, text="转帖而已", relapse=False).facts.back == 0


def test_an_extension_waits_until_it_is_decided_and_counts_only_when_granted() -> None:
    tale = Tale().then(
        Kind.EXTENSION_ASKED, obligation="formal", new_due_at="2026-12-01T00:00:00+00:00", reason="等"
    )
    assert tale.facts.asking == ("formal",)
    tale.then(Kind.EXTENSION_REFUSED, obligation="formal", reason="不行")
    assert (tale.facts.asking, tale.facts.extensions) == ((), 0)
    tale.then(
        Kind.EXTENSION_ASKED, obligation="formal", new_due_at="2026-12-01T00:00:00+00:00", reason="真等"
    )
    tale.then(Kind.EXTENSION_GRANTED, obligation="formal", new_due_at="2026-12-01T00:00:00+00:00")
    assert (tale.facts.asking, tale.facts.extensions) == ((), 1)


def test_a_corrected_entry_stays_and_counts_no_more() -> None:
    tale = Tale().asked("hqc").then(Kind.DECLINED, unit="hqc", reason="点错了")
    tale.then(Kind.CORRECTED, entry=3, reason="点错", text="没有退办")
    assert (tale.facts.returns, corrected(tale.entries)) == (0, {3})


@pytest.mark.parametrize("entry", [1, 2])
def test_opening_and_grading_cannot_be_corrected_away(entry: int) -> None:
    tale = Tale().then(Kind.LEVEL_CONFIRMED, level=2, plan=PLAN_1).then(Kind.CORRECTED, entry=entry, text="x")
    assert (tale.facts.title, tale.facts.level) == ("汤有异味", 2)


def test_a_calendar_counts_from_the_entry_that_names_it() -> None:
    tale = Tale().then(Kind.NOTE, text="x").then(Kind.NOTE, calendar={"name": "CN", "version": 2}, moved=[])
    assert [(index, ref["version"]) for index, ref in calendar_refs(tale.entries)] == [(0, 1), (2, 2)]
