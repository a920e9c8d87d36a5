"""What the prover takes account of: stand-ins, different people, second persons, parallel approvals, and rules that disagree."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from huiying.engine.calendar import Calendar
from huiying.engine.fields import Fields, Notes
from huiying.engine.findings import Finding
from huiying.engine.journal import Entry, Kind, instant
from huiying.engine.obligations import obligations
from huiying.engine.plan import rules
from huiying.engine.plan.agreement import Clash, compared, fortnight, telling, weekdays
from huiying.engine.plan.check.races import Race, races, run, starts
from huiying.engine.plan.check.roster import Presence
from huiying.engine.plan.consistency import Source
from huiying.engine.plan.model import Plan
from huiying.engine.plan.vocabulary import PROPOSERS
from huiying.engine.toml import parse
from tests.engine.matters import CN, PLAN, the_plan
from tests.engine.test_plan_check import HERE, SOUND_PLAN, SOUND_ROSTER, START, presence, report

GRAVE = "[[level]]\nnumber = 1\n"


def codes(plan: str, people: str) -> set[str]:
    return {one.code for one in report(plan, people).findings}


def first(plan: str, people: str, code: str) -> Finding:
    return next(one for one in report(plan, people).findings if one.code == code)


def with_lines(text: str, *lines: str) -> str:
    return text.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n"


def somebody(id: str, *roles: str, hours: str = "always") -> str:
    """One more person of a roster."""
    listed = ", ".join(f'"{role}"' for role in roles)
    contacts = '[{ channel = "sms" }]'
    return f'[[person]]\nid = "{id}"\nroles = [{listed}]\nhours = "{hours}"\ncontacts = {contacts}\n'


# Stand-ins

ON_LEAVE = (HERE / "the-only-deputy-on-leave.roster.toml").read_text("utf-8")


def test_a_leave_is_no_gap_where_somebody_stands_in() -> None:
    assert "plan.nobody-there" in codes(SOUND_PLAN, ON_LEAVE)
    assert codes(SOUND_PLAN, with_lines(ON_LEAVE, "[stand_ins]", 'deputy = ["office"]')) == set()


def test_a_role_without_holder_stays_a_fault_whoever_stands_in() -> None:
    nobody = (HERE / "nobody-is-deputy.roster.toml").read_text("utf-8")
    assert "plan.role-without-holder" in codes(
        SOUND_PLAN, with_lines(nobody, "[stand_ins]", 'deputy = ["office"]')
    )


def test_who_stands_in_counts_only_while_no_holder_is_there() -> None:
    it = presence(with_lines(SOUND_ROSTER, "[stand_ins]", 'reviewer = ["office"]'))
    noon = START.replace(hour=2)  # ten in the morning in Beijing: the reviewer is there
    night = START.replace(hour=14)
    assert [id for _at, id in it.takers("reviewer", noon)] == ["ding"]
    assert [id for at, id in it.takers("reviewer", night) if at == night] == ["bing"]
    assert [id for at, id in it.takers("reviewer", noon, but=frozenset({"ding"})) if at == noon] == ["bing"]
    assert it.gaps("reviewer") == []


def test_who_may_not_do_it_does_not_stand_in_for_it() -> None:
    it = presence(with_lines(SOUND_ROSTER, "[stand_ins]", 'reviewer = ["duty"]'))
    assert it.gaps("reviewer", act="approved") == []
    roster = it.roster
    object.__setattr__(roster, "able", {"approved": frozenset({"head", "deputy", "office"})})
    strict = Presence(roster, CN, it.start, it.end)
    assert strict.gaps("reviewer", act="approved") != []
    assert strict.gaps("reviewer", act="verified") == []


def test_nobody_stands_in_for_being_on_duty() -> None:
    by_day = (HERE / "duty-by-day-only.roster.toml").read_text("utf-8")
    found = report(SOUND_PLAN, with_lines(by_day, "[stand_ins]", 'duty = ["office"]')).findings
    assert [(one.code, one.message.en) for one in found] == [
        ("plan.nobody-there", 'At times there is no duty officer to "be on duty at every instant"')
    ]


# Different people


def test_who_writes_a_text_does_not_approve_it() -> None:
    text = (HERE / "the-writer-would-approve.roster.toml").read_text("utf-8")
    because = first(SOUND_PLAN, text, "plan.approval-blocked").because
    assert because is not None
    assert "the spokesperson (bing) 2026-09-30 (Wed) 16:30" in because.en
    assert "(ding) 2026-10-08 (Thu) 08:30" in because.en
    assert codes(SOUND_PLAN, with_lines(text, somebody("xin", "office"))) == set()


def test_an_approval_that_only_one_person_could_give_twice_is_found() -> None:
    chain = SOUND_PLAN.replace(
        'roles = ["reviewer|office", "deputy|head"]', 'roles = ["office", "office", "head"]'
    )
    assert {"plan.one-person", "plan.approval-blocked"} <= codes(chain, SOUND_ROSTER)
    assert codes(chain, with_lines(SOUND_ROSTER, somebody("xin", "office"))) == set()


def the_race(plan: str, people: str) -> tuple[Race, Presence]:
    root, _broken = parse(plan, file="plan.toml")
    assert root is not None
    return next(races(the_plan(plan), Source(root))), presence(people)


def test_parts_that_are_asked_at_once_take_the_time_of_one() -> None:
    parallel = SOUND_PLAN.replace(
        'roles = ["reviewer|office", "deputy|head"]', 'roles = [["office", "deputy"], "head"]'
    )
    race, there = the_race(parallel, SOUND_ROSTER)
    done = run(race, START, there, timedelta(hours=1))
    assert done.finish == START + timedelta(hours=3)  # an hour to write, then two steps
    assert [(role, at - START) for role, _id, at in done.steps] == [
        ("spokesperson", timedelta()),
        ("office", timedelta(hours=1)),
        ("deputy", timedelta(hours=1)),
        ("head", timedelta(hours=2)),
    ]
    one_by_one, _there = the_race(
        SOUND_PLAN.replace(
            'roles = ["reviewer|office", "deputy|head"]', 'roles = ["office", "deputy", "head"]'
        ),
        SOUND_ROSTER,
    )
    assert run(one_by_one, START, there, timedelta(hours=1)).finish == START + timedelta(hours=4)


@settings(max_examples=25)
@given(some.integers(0, 30 * 24 * 60))
def test_no_instant_is_worse_than_those_that_were_tried(minute: int) -> None:
    """Whatever minute of the period an answer begins in, it finishes with no less time left than from one that was tried."""
    race, there = the_race(SOUND_PLAN, SLEEPY)
    each = timedelta(hours=1)
    tried = [run(race, at, there, each) for at in starts(race, there, each)]
    worst = max(one.behind for one in tried if one.finish)
    found = run(race, START + timedelta(minutes=minute), there, each)
    assert found.finish is None or found.behind <= worst


SLEEPY = SOUND_ROSTER.replace(
    'id = "bing"\nroles = ["office"]\nhours = "always"', 'id = "bing"\nroles = ["office"]'
)


def test_the_last_instant_of_a_day_is_tried_where_days_are_counted() -> None:
    """What begins at 23:59 is due at the same midnight as what began at 00:01, and leaves the approvers least."""
    elapsed, there = the_race(SOUND_PLAN, SOUND_ROSTER)
    by_day, _there = the_race(
        SOUND_PLAN.replace(
            'stage = "first"\nwithin = "5 hours"', 'stage = "first"\nwithin = "1 working day"'
        ),
        SOUND_ROSTER,
    )
    last = datetime(2026, 9, 20, 15, 59, tzinfo=UTC)
    before_opening = datetime(2026, 9, 21, 0, 29, tzinfo=UTC)
    assert {last, before_opening} <= set(starts(by_day, there, timedelta(hours=1)))
    assert last not in starts(elapsed, there, timedelta(hours=1))


def test_what_is_due_the_same_day_is_judged_by_what_leaves_time_enough() -> None:
    plan = SOUND_PLAN.replace('stage = "first"\nwithin = "5 hours"', 'stage = "first"\nwithin = "same day"')
    found = report(plan, SOUND_ROSTER)
    assert found.clean, found.findings
    assert any("leaves time enough with everybody there" in proof.how.en for proof in found.proofs)
    slow = with_lines(SOUND_ROSTER, "[pace]", 'draft = "20 hours"', 'approve = "4 hours"')
    assert "plan.approval-too-slow" in codes(plan, slow)


def test_a_house_of_many_is_proved_as_soon_as_one_of_few() -> None:
    """Sixty who could take each step of five: who is like another who was tried is not tried again."""
    many = "".join(somebody(f"p{n}", "office", "deputy", hours="office") for n in range(60))
    people = SLEEPY.replace('roles = ["deputy"]\nhours = "always"', 'roles = ["deputy"]') + "\n" + many
    plan = SOUND_PLAN.replace(
        'roles = ["reviewer|office", "deputy|head"]',
        'roles = [["office", "deputy"], "office", "deputy", "office"]',
    )
    assert "plan.approval-blocked" in codes(plan, people)


# A second person


def test_a_second_person_is_looked_for_at_every_instant() -> None:
    plan = SOUND_PLAN.replace(GRAVE, GRAVE + 'confirm = ["office"]\nsecond_person = true\n')
    because = first(plan, SOUND_ROSTER, "plan.nobody-there").because
    assert because is not None
    assert "Proposed by bing at 2026-09-15 (Tue) 09:00, it is to be confirmed by 2026-09-15 (Tue) 12:00" in (
        because.en
    )
    assert codes(plan, with_lines(SOUND_ROSTER, somebody("xin", "office"))) == set()
    by_day = with_lines(SOUND_ROSTER, somebody("xin", "office", hours="office"))
    assert "plan.nobody-there" in codes(plan, by_day)


def test_one_person_alone_cannot_be_two() -> None:
    plan = SOUND_PLAN.replace(GRAVE, GRAVE + 'confirm = ["office"]\nsecond_person = true\n')
    alone = SOUND_ROSTER.replace('roles = ["duty"]', 'roles = ["handler"]').replace(
        'people = ["wu", "ji"]', 'people = ["bing"]'
    )
    alone = alone.replace('roles = ["office"]', 'roles = ["office", "duty"]')
    found = first(plan, alone, "plan.one-person")
    assert found.because is not None
    assert found.because.en == "bing alone can propose the level and alone can confirm it"


def test_grading_says_it_for_every_level_and_a_level_for_itself() -> None:
    both = the_plan(PLAN + "[grading]\nsecond_person = true\n")
    assert [level.second_person for level in both.levels] == [True] * 3
    text = PLAN.replace("number = 3\n", "number = 3\nsecond_person = false\n")
    but_one = the_plan(text + "[grading]\nsecond_person = true\n")
    assert [but_one.second_person(number) for number in (1, 2, 3, 9)] == [True, True, False, False]


def test_the_sound_plan_says_that_a_second_person_can_always_confirm() -> None:
    plan = SOUND_PLAN.replace("[grading]\n", "[grading]\nsecond_person = true\n")
    found = report(plan, SOUND_ROSTER)
    assert found.clean, found.findings
    assert "A second person can always confirm 2 levels" in [proof.claim.en for proof in found.proofs]


def test_those_who_propose_are_roles_of_the_plan() -> None:
    assert set(PROPOSERS) == {"office", "duty"}


# Rules that disagree


def duty(id: str, within: str, **more: str) -> str:
    rest = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f'[[duty]]\nid = "{id}"\nact = "lines_set"\nsince = "opened"\nwithin = "{within}"\n{rest}'


def clashes(*duties: str, calendar: Calendar = CN, days: int = 40) -> tuple[Clash, ...]:
    plan = bare(*duties)
    first_day = date(2026, 9, 1)
    instants = telling(calendar, (first_day + timedelta(days=n) for n in range(days)))
    return compared(plan, calendar, instants).clashes


def bare(*duties: str) -> Plan:
    """The sound plan with these duties alone, whether they agree or not."""
    root, _broken = parse("\n".join(duties), file="duties")
    assert root is not None
    notes = Notes("plan")
    made = Fields(root, notes).read("duty", rules.duty)
    assert notes.found == []
    return replace(the_plan(SOUND_PLAN), duties=made)


@pytest.mark.parametrize(
    ("one", "two", "kinds"),
    [
        (duty("a", "4 hours"), duty("b", "5 hours"), ["differ"]),
        (duty("a", "4 hours"), duty("b", "240 minutes"), ["same"]),
        (duty("a", "4 hours"), duty("b", "4 hours", who='"deputy"'), ["owner"]),
        (duty("a", "4 hours", levels="[1]"), duty("b", "5 hours"), []),  # a graver level is more urgent
        (duty("a", "6 hours", levels="[1]"), duty("b", "5 hours"), ["more time"]),
        (duty("a", "4 hours", levels="[1]"), duty("b", "5 hours", levels="[1, 2]"), []),
        (duty("a", "4 hours", levels="[1]"), duty("b", "5 hours", levels="[2]"), []),  # never both
        (duty("a", "4 hours", levels="[1]"), duty("b", "5 hours", matters='["enquiry"]'), ["differ"]),
        (duty("a", "4 hours", matters='["enquiry"]'), duty("b", "5 hours", matters='["complaint"]'), []),
        (duty("a", "4 hours", addressees='["书记"]'), duty("b", "5 hours", addressees='["市长"]'), ["differ"]),
        (duty("a", "4 hours", hows='["transfer"]'), duty("b", "5 hours", hows='["story"]'), []),
        (duty("a", "2 working days"), duty("b", "48 hours"), ["differ"]),
        (duty("a", "5 working days", levels="[1]"), duty("b", "9 days"), ["more time"]),  # over National Day
        (duty("a", "5 working days", levels="[1]"), duty("b", "20 days"), []),
        (duty("a", "1 working day", levels="[1]"), duty("b", "24 hours"), ["more time"]),
    ],
)  # fmt: skip
def test_two_rules_are_compared_on_a_case_to_which_both_apply(one: str, two: str, kinds: list[str]) -> None:
    found = clashes(one, two)
    assert [clash.kind for clash in found] == kinds
    assert [clash.kind for clash in clashes(two, one)] == kinds


def test_what_plain_weeks_hide_a_holiday_shows() -> None:
    rules = duty("a", "5 working days", levels="[1]"), duty("b", "9 days")
    plain = weekdays("Asia/Shanghai")
    assert compared(bare(*rules), plain, fortnight(plain)).clashes == ()
    (clash,) = clashes(*rules)
    assert clash.due_one > clash.due_two
    assert clash.facts.level == 1


SPANS = some.sampled_from(
    [
        "1 hour",
        "5 hours",
        "24 hours",
        "1 working day",
        "1 day",
        "2 working days",
        "48 hours",
        "8 working hours",
    ]
)
LEVELS = some.sampled_from(["[1]", "[2]", "[1, 2]", ""])


@settings(max_examples=40)
@given(some.lists(some.tuples(SPANS, LEVELS), min_size=2, max_size=4))
def test_a_clash_is_owed_as_it_says_on_a_case_that_is_so(rules: list[tuple[str, str]]) -> None:
    """The engine itself owes both on such a case, by just these two deadlines."""
    made = [
        duty(f"r{n}", span, **({"levels": levels} if levels else {}))
        for n, (span, levels) in enumerate(rules)
    ]
    for clash in clashes(*made, days=20):
        plan, at = bare(*made), clash.at
        entries = [
            Entry(
                seq=1, at=at, recorded_at=at, kind=Kind.OPENED, actor="x", data={"discovered_at": instant(at)}
            )
        ]
        if clash.facts.level:
            data = {"level": clash.facts.level}
            entries.append(
                Entry(seq=2, at=at, recorded_at=at, kind=Kind.LEVEL_CONFIRMED, actor="x", data=data)
            )
        owed = {one.rule: one.due_at for one in obligations(plan, entries, CN, at)}
        assert (owed[clash.one.id], owed[clash.two.id]) == (clash.due_one, clash.due_two)
        assert (clash.due_one != clash.due_two) == (clash.kind in ("differ", "more time"))


@settings(max_examples=40)
@given(some.lists(some.tuples(SPANS, LEVELS), min_size=2, max_size=3), some.integers(0, 20 * 24 * 60))
def test_where_no_clash_is_found_there_is_none_at_any_minute(
    rules: list[tuple[str, str]], minute: int
) -> None:
    made = [
        duty(f"r{n}", span, **({"levels": levels} if levels else {}))
        for n, (span, levels) in enumerate(rules)
    ]
    plan, clashing = bare(*made), {(one.one.id, one.two.id) for one in clashes(*made, days=21)}
    at = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=minute)
    for one, two in combinations(plan.duties, 2):
        a, b = set(one.applies.levels or (0, 1, 2)), set(two.applies.levels or (0, 1, 2))
        if (one.id, two.id) in clashing or not a & b:
            continue
        dues = one.within.due(at, CN), two.within.due(at, CN)
        assert a != b
        assert a <= b or b <= a
        assert (dues[0] <= dues[1]) if a < b else (dues[1] <= dues[0])
