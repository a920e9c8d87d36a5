"""The plans that come along: each can be used, and each says what its kind of body needs."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huiying import plans
from huiying.engine.journal import Kind, instant
from huiying.engine.obligations import obligations, owed_now
from huiying.engine.plan import Plan, read_plan
from huiying.engine.plan.extending import self_contained
from huiying.engine.plan.model import Duty
from huiying.engine.plan.vocabulary import FORMS
from huiying.engine.text import Text
from tests.engine.matters import CN, HOUR, START, Matter, hours

NAMES = ("school", "township", "city", "methods", "road", "national")


def shipped(name: str) -> Plan:
    plan, findings = read_plan(plans.shipped()[name], file=f"{name}.toml", library=plans.shipped())
    assert findings == []
    assert plan is not None
    return plan


PLANS = {name: shipped(name) for name in NAMES}


def texts(plan: Plan) -> list[Text]:
    found = [plan.name, plan.summary, *plan.principles]
    for duty in plan.duties:
        found += [duty.what, duty.why]
    for step in plan.steps:
        found.append(step.name)
    for level in plan.levels:
        found += [level.name, level.handling, *(group.text for group in level.groups if group.text)]
    named = (*plan.subjects, *plan.places, *plan.flags, *plan.recipients, *plan.key_periods, *plan.matters)
    return found + [item.name for item in named] + [item.what for item in plan.routines]


def test_the_six_plans_are_there() -> None:
    assert set(plans.shipped()) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_is_there_in_both_languages(name: str) -> None:
    for text in texts(PLANS[name]):
        assert text.zh.strip()
        assert text.en.strip()
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in text.en), text.en
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text.zh), text.zh


@pytest.mark.parametrize("name", NAMES)
def test_every_level_has_who_confirms_and_every_text_who_approves(name: str) -> None:
    plan = PLANS[name]
    for level in plan.levels:
        assert level.confirm
        for form in FORMS:
            for unsure in (True, False):
                assert plan.chain(level.number, form, unsure)
    for form in ("referral", "correction"):
        assert all(len(plan.chain(level.number, form, False)) >= 2 for level in plan.levels)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_goes_through_the_plan_from_opening_to_archive(name: str) -> None:
    """Whatever is owed is done in time, of every level; in the end nothing is owed and nothing was late."""
    plan = PLANS[name]
    for level in plan.levels:
        matter = Matter(plan)
        matter.note(0, Kind.VERIFIED, outcome="true")
        matter.grade(0.1, level.number)
        matter.note(0.2, Kind.ASSIGNED, unit="hqc", part="lead")
        matter.note(0.3, Kind.ACCEPTED, unit="hqc")
        work_off(matter, closing=False)
        matter.note(hours(matter.journal[-1].at) + 1, Kind.CLOSED, summary="完")
        work_off(matter, closing=True)
        final = obligations(plan, matter.journal, CN, START + 400 * HOUR)
        assert {one.state for one in final} <= {"met", "void"}, [(one.key, one.state) for one in final]
        assert owed_now(final) == ()


def work_off(matter: Matter, *, closing: bool) -> None:
    """Do everything that is owed, soonest first, until nothing is."""
    at = hours(matter.journal[-1].at)
    for _ in range(60):
        open_ones = [one for one in matter.owed(at).values() if one.state == "open"]
        wanted = [
            one
            for one in open_ones
            if one.closing == closing and not one.rule.startswith(("progress", "keep", "trend"))
        ]
        if not wanted:
            return
        one = min(wanted, key=lambda item: item.due_at)
        at += 0.01
        kind = Kind(one.act)
        data = {"to": one.to, "means": one.means or "phone", "stage": one.stage, "form": one.form or "reply"}
        matter.note(
            at, kind, **data, step=one.step, unit=one.unit or "hqc", text="已办", solved=True, outcome="true"
        )
    raise AssertionError("it never ends")


# What each kind of body needs. The ids are those of the requirements.


def rule(name: str, id: str) -> Duty:
    found = PLANS[name].duty(id)
    assert found is not None, f"{name} has no rule {id}"
    return found


def span(name: str, id: str) -> tuple[int, str, str]:
    duty = rule(name, id)
    return duty.within.amount, duty.within.unit, duty.since


def subjects(name: str) -> int:
    return len(PLANS[name].subjects)


def has_step(name: str, *ids: str) -> bool:
    return set(ids) <= {step.id for step in PLANS[name].steps}


def pairs(name: str) -> set[str]:
    return {pair.id for pair in PLANS[name].pairs}


def evidence(name: str, level: int) -> set[str]:
    found = PLANS[name].level(level)
    assert found is not None
    return {condition.kind for group in found.groups for condition in group.conditions}


SCHOOL, TOWNSHIP, CITY, ROAD = PLANS["school"], PLANS["township"], PLANS["city"], PLANS["road"]
ROWS: dict[str, Callable[[], bool]] = {
    "A1 roles and who is always on duty": lambda: (
        "duty" in SCHOOL.roster.always and len(SCHOOL.roster.names) >= 6
    ),
    "A2 four steps": lambda: (
        {step.phase for step in SCHOOL.steps} >= {"collect", "verify", "report", "handle"}
    ),
    "A3 handed over": lambda: rule("school", "assign").act == "assigned",
    "A4 five hours, holidays included": lambda: span("school", "first") == (5, "hours", "discovered"),
    "A5 a day after the post": lambda: span("school", "formal") == (24, "hours", "posted"),
    "A6 promise": lambda: (
        rule("school", "formal").or_promise
        and str(SCHOOL.promise_max and SCHOOL.promise_max.text) == "5 个工作日"
    ),
    "A7 unsure: the head": lambda: (
        SCHOOL.chain(3, "reply", True)[-1] == "head" != SCHOOL.chain(3, "reply", False)[-1]
    ),
    "A9 every answer is reviewed": lambda: all(
        "reviewer" in SCHOOL.chain(n, "reply", False)[0] for n in (1, 2, 3)
    ),
    "A12 relapse": lambda: (
        bool(SCHOOL.relapse_watch(1))
        and SCHOOL.relapse_watch(3) is None
        and rule("school", "relapse").since == "reopened"
    ),
    "A13 lead and cooperating": lambda: all(
        item.report and item.cooperate and item.review for item in SCHOOL.assigning
    ),
    "B1 watch": lambda: bool(TOWNSHIP.roster.always) and any(p.holidays for p in TOWNSHIP.key_periods),
    "B2 transfers": lambda: TOWNSHIP.recipient(TOWNSHIP.transfer_to) is not None,
    "B3 graded reporting": lambda: (
        rule("township", "report-group").to == "group"
        and rule("township", "report-higher-1").to == "higher"
        and rule("township", "report-result").since == "closed"
    ),
    "B4 subject areas, expert, coordination": lambda: (
        subjects("township") == 8 and has_step("township", "expert", "coordinate")
    ),
    "B5 principles and one wording": lambda: (
        any("慎报原因" in text.zh for text in TOWNSHIP.principles)
        and rule("township", "lines").act == "lines_set"
    ),
    "B6 an answer in the end": lambda: rule("township", "satisfy").stage == "final",
    "B7 by level": lambda: len({level.confirm for level in TOWNSHIP.levels}) > 1,
    "B8 archive": lambda: span("township", "archive") == (5, "working_days", "closed"),
    "C1 principles": lambda: any("谁主管谁负责" in text.zh for text in CITY.principles),
    "C2 pairs": lambda: (
        pairs("city") == {"deployed-together", "decided-together", "authorised-together", "double"}
    ),
    "C3 bodies": lambda: {body.id for body in CITY.bodies} == {"group", "office", "administrator", "members"},
    "C4 first report": lambda: span("city", "first-report") == (30, "minutes", "opened"),
    "C6 briefings": lambda: has_step("city", "briefing"),
    "C7 informants and transfers": lambda: (
        any(item.id == "informants" for item in CITY.routines) and CITY.transfer_to == "higher"
    ),
    "C9 fermentation": lambda: {"negative", "growth", "forecast"} <= evidence("city", 3),
    "C10 progress": lambda: all(rule("city", f"progress-{n}").every for n in (1, 2, 3)),
    "C11 correction": lambda: (
        rule("city", "correct").where == (("outcome", ("untrue",)),) and has_step("city", "correction-letter")
    ),
    "C12 referral": lambda: has_step("city", "referral") and len(CITY.chain(4, "referral", False)) == 2,
    "C13 topics": lambda: any(item.id == "topics" for item in CITY.routines),
    "C14 places and times": lambda: len(CITY.places) >= 4 and len(CITY.key_periods) >= 3,
    "C15 two and three hours": lambda: (
        (span("city", "report-1"), span("city", "report-2"))
        == ((2, "hours", "discovered"), (3, "hours", "discovered"))
    ),
    "C16 four levels by evidence": lambda: (
        "flags" in evidence("city", 1) and {"tiers", "places", "key_period"} <= evidence("city", 2)
    ),
    "D2 tiers": lambda: {"tiers", "voices"} <= evidence("methods", 1),
    "D4 forecast": lambda: "forecast" in evidence("methods", 2) and has_step("methods", "prepare"),
    "E2 three levels by evidence": lambda: (
        len(ROAD.levels) == 3 and {"tiers", "mishandled", "flags"} <= evidence("road", 1)
    ),
    "E3 a named body confirms": lambda: ROAD.confirmers(1) == ("head",) and "duty" not in ROAD.confirmers(3),
    "E4 in every department": lambda: {"handler", "spokesperson"} <= set(ROAD.roster.units),
    "E5 E6 E22 routines": lambda: (
        {"search", "channel", "media-contacts"} <= {item.id for item in ROAD.routines}
    ),
    "E7 E11 meeting, task force, plans": lambda: has_step(
        "road", "meeting", "task-force", "activate", "monitoring-plan", "assess"
    ),
    "E8 the head at once": lambda: span("road", "tell-head") == (15, "minutes", "level_proposed"),
    "E9 flash by phone and on paper": lambda: (
        (span("road", "flash-phone")[:2], span("road", "flash-paper")[:2]) == ((30, "minutes"), (1, "hours"))
        and rule("road", "brief").means == "paper"
    ),
    "E10 three synchronisations": lambda: (
        pairs("road") >= {"deployed-together", "decided-together", "authorised-together"}
    ),
    "E12 instruction and watching": lambda: (
        ROAD.instruction_within is not None
        and rule("road", "keep-watching").every
        and ROAD.report_again is not None
    ),
    "E13 third level": lambda: (
        rule("road", "to-department").applies.levels == (3,) and rule("road", "report-back").since == "closed"
    ),
    "E14 routing": lambda: (
        (ROAD.route(addressee="市委书记"), ROAD.route(addressee="市长信箱")) == ("党委督查室", "行政督查室")
        and rule("road", "tell-leader").to == "leader"
    ),
    "E15 E18 E19 approvals by form": lambda: (
        ROAD.chain(2, "letter", False) != ROAD.chain(2, "statement", False)
        and ROAD.chain(1, "briefing", False)[-1] == "head"
        and has_step("road", "conference-approval", "coordination-letter", "media-statement")
    ),
    "E16 review by level": lambda: len({ROAD.chain(n, "reply", False) for n in (1, 2, 3)}) == 3,
    "E20 one voice": lambda: rule("road", "lines").applies.levels == (1, 2),
    "E21 review": lambda: [ROAD.review_required(n) for n in (1, 2, 3)] == [True, True, False],
    "N1 five hours, a day, two days": lambda: (
        [span("national", id)[0] for id in ("authoritative", "conference", "answered")] == [5, 24, 48]
    ),
    "P1 extension": lambda: CITY.extending.decide is not None and rule("city", "tell-extension").each,
    "P2 return": lambda: all(item.review for item in CITY.assigning),
    "P3 merged": lambda: rule("city", "answer-merged").since == "merged",
    "P4 call-back": lambda: rule("city", "not-solved").where == (("solved", (False,)),),
    "P5 urging": lambda: CITY.urge_within is not None,
    "P6 clocks by kind": lambda: (
        [span("city", f"formal-{kind}")[:2] for kind in ("enquiry", "complaint", "complex", "emergency")]
        == [(2, "working_days"), (5, "working_days"), (15, "working_days"), (0, "days")]
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_the_plan_says_what_the_requirement_asks(row: str) -> None:
    assert ROWS[row]()


# Extending


def test_a_plan_carries_what_it_extends_and_then_needs_nobody() -> None:
    text = self_contained(plans.shipped()["school"], plans.shipped())
    alone, findings = read_plan(text, file="school.toml")
    assert findings == []
    assert alone is not None
    assert alone.duties == PLANS["school"].duties
    assert alone.levels == PLANS["school"].levels
    assert self_contained(text, {}) == text
    assert self_contained(plans.shipped()["national"], plans.shipped()) == plans.shipped()["national"]


def test_an_emergency_is_answered_the_same_day_and_an_enquiry_in_two_working_days() -> None:
    evening = datetime(2026, 9, 30, 21, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    for matter, due in (("emergency", date(2026, 9, 30)), ("enquiry", date(2026, 10, 9))):
        case = Matter(CITY, matter=matter)
        case.journal.clear()
        case.note((evening - START) / HOUR, Kind.OPENED, discovered_at=instant(evening), matter=matter)
        found = case.owed((evening - START) / HOUR)[f"formal-{matter}"]
        assert (found.due_at.astimezone(evening.tzinfo) - timedelta(seconds=1)).date() == due


def test_key_periods_are_found_by_day_and_by_holiday() -> None:
    zone = ZoneInfo(SCHOOL.zone)

    def period(day: date) -> str:
        found = SCHOOL.key_period(datetime(day.year, day.month, day.day, 12, tzinfo=zone), CN.holiday(day))
        return found.id if found else ""

    assert period(date(2026, 6, 5)) == "gaokao"
    assert period(date(2026, 6, 26)) == ""
    assert period(date(2026, 10, 1)) == "holidays"
    assert period(date(2026, 11, 24)) == ""
