"""What the prover finds: a folder of plans and rosters with one fault each, each found by its code and its line."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from huiying import plans
from huiying.cli import main
from huiying.engine.assess import Evidence, assess
from huiying.engine.findings import Finding
from huiying.engine.plan.check import Report, Roster, check_plan, read_roster
from huiying.engine.plan.check.roster import Presence, merged, without
from huiying.engine.plan.witness import least
from tests.engine.matters import CN
from tests.engine.test_shipped_plans import NAMES, PLANS

HERE = Path(__file__).parent / "broken"
ZONE = ZoneInfo("Asia/Shanghai")
#: 30 days with a holiday of a week and make-up days before and after it.
START = datetime(2026, 9, 15, 1, 0, tzinfo=UTC)
Capture = pytest.CaptureFixture[str]


def roster(text: str, file: str = "roster.toml") -> tuple[Roster | None, list[Finding]]:
    return read_roster(text, file=file, zone=ZONE)


def report(plan: str, people: str, start: datetime = START, days: int = 30) -> Report:
    found, findings = roster(people)
    assert found is not None, findings
    return check_plan(
        plan, file="plan.toml", library=plans.shipped(), calendar=CN, start=start, days=days, roster=found
    )


SOUND_PLAN = (HERE / "sound.plan.toml").read_text("utf-8")
SOUND_ROSTER = (HERE / "sound.roster.toml").read_text("utf-8")
FAULTS = sorted(path.name for path in HERE.glob("*.toml") if not path.name.startswith("sound."))


def test_the_sound_plan_with_the_sound_roster_is_clean() -> None:
    found = report(SOUND_PLAN, SOUND_ROSTER)
    assert found.clean, found.findings
    assert len(found.proofs) == 8


def test_there_are_enough_of_them() -> None:
    assert len(FAULTS) >= 70


def beginning(text: str) -> datetime:
    """The day after "from" in the first line, else the usual one."""
    _, _, day = text.splitlines()[0].partition(" from ")
    return datetime.fromisoformat(day).replace(tzinfo=ZONE) if day else START


def wanted(text: str) -> tuple[str, int]:
    """The code that stands in the first line, and the line marked in the file or, after "@", meant in the sound plan."""
    head, *_rest = text.splitlines()
    code, _, mark = head.removeprefix("# ").partition(" from ")[0].partition(" @ ")
    if not mark:
        return code, next(n for n, row in enumerate(text.splitlines(), 1) if row.endswith("#!"))
    if mark.isdigit():
        return code, int(mark)
    return code, meant(mark)


def meant(mark: str) -> int:
    """The line of the sound plan on which the table begins that holds `mark`."""
    rows = SOUND_PLAN.splitlines()
    header, _, which = mark.partition(" ")
    at = rows.index(header if header.startswith("[") else mark)
    assert not which or which in ("=", "1", '= "grade"') or rows[at].startswith("[")
    while not rows[at].startswith("["):
        at -= 1
    return at + 1


#: Codes that the text alone decides; every other finding says how it was derived, with the instant or the evidence.
OF_THE_TEXT = {"plan.bad-value"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_at_its_line(name: str) -> None:
    text = (HERE / name).read_text("utf-8")
    code, line = wanted(text)
    found = found_in(name, text)
    places = [(one.code, one.place.line) for one in found]
    assert (code, line) in places, places
    for one in found:
        assert one.message.zh
        assert one.message.en
        assert one.mend is not None
        proved = one.code.startswith("plan.") and one.code not in OF_THE_TEXT
        if proved or one.code in ("roster.no-contact", "roster.unit-without-holder", "roster.no-units"):
            assert one.because is not None
            assert one.because.zh
            assert one.because.en


def found_in(name: str, text: str) -> tuple[Finding, ...]:
    """What is found in a file of the folder, together with the sound file of the other kind."""
    if name.endswith(".plan.toml"):
        return report(text, SOUND_ROSTER, beginning(text)).findings
    read, findings = roster(text)
    return tuple(findings) if read is None else report(SOUND_PLAN, text).findings


#: What a plan is proved of, and a file of the folder in which it fails.
KINDS = {
    "a level that cannot be reached": "a-lighter-level-asks-for-more.plan.toml",
    "levels out of order": "one-group-asks-for-more.plan.toml",
    "nobody to confirm": "leaders-in-office-hours.roster.toml",
    "nobody else to confirm": "nobody-else-to-confirm.plan.toml",
    "nobody to report": "a-duty-at-night-of-an-office.plan.toml",
    "nobody to approve": "an-approver-asleep.plan.toml",
    "nobody to answer": "a-spokesperson-asleep.roster.toml",
    "nobody on a holiday": "the-only-deputy-on-leave.roster.toml",
    "approval that is too late": "approval-by-an-office-at-night.plan.toml",
    "approval by the writer": "the-writer-would-approve.roster.toml",
    "a role without holder": "nobody-is-deputy.roster.toml",
    "a holder without working contact": "a-contact-that-fails.roster.toml",
    "a route to no unit": "a-route-to-no-unit.plan.toml",
    "one thing owed differently": "two-deadlines-for-one-thing.plan.toml",
    "one thing owed differently on some days": "a-narrow-rule-with-more-time-over-a-holiday.plan.toml",
    "a year that the calendar lacks": "a-year-that-is-not-known.plan.toml",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fault_has_its_file_and_its_counterexample(kind: str) -> None:
    assert KINDS[kind] in FAULTS
    text = (HERE / KINDS[kind]).read_text("utf-8")
    code, _line = wanted(text)
    (one, *_rest) = [found for found in found_in(KINDS[kind], text) if found.code == code]
    assert one.because is not None
    assert set(one.because.en) & set("0123456789") or "has" in one.because.en, one.because.en


# The shipped plans


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "start", [START, datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 4, 20, tzinfo=UTC)]
)
def test_the_shipped_plans_are_clean_with_their_sample_rosters(name: str, start: datetime) -> None:
    found, findings = roster(plans.rosters()[name])
    assert findings == []
    result = check_plan(
        plans.shipped()[name],
        file=f"{name}.toml",
        library=plans.shipped(),
        calendar=CN,
        start=start,
        roster=found,
    )
    assert [(one.code, str(one.because)) for one in result.findings] == []
    claims = [proof.claim.en for proof in result.proofs]
    assert "More evidence never gives a lower level" in claims
    assert "Every approval chain finishes in time" in claims
    assert sum(claim.endswith("can be reached") for claim in claims) == len(PLANS[name].levels)


# Levels


@pytest.mark.parametrize("name", NAMES)
def test_the_least_evidence_of_a_group_fulfils_it_and_less_does_not(name: str) -> None:
    plan = PLANS[name]
    for level in plan.levels:
        for group in level.groups:
            for evidence in least(group):
                given_level = assess(plan, evidence).level
                assert given_level is not None
                assert given_level <= level.number


SHARES = some.floats(0, 1)
COUNTS = some.integers(0, 400)


@some.composite
def more_and_less(draw: some.DrawFn) -> tuple[str, Evidence, Evidence]:
    """A plan, some evidence, and evidence that has as much of everything or more."""
    name = draw(some.sampled_from(NAMES))
    plan = PLANS[name]
    low: dict[str, object] = {}
    high: dict[str, object] = {}
    for field in ("sites", "voices", "mentions", "reach"):
        low[field] = draw(COUNTS)
        high[field] = draw(some.integers(low[field], 400))  # type: ignore[arg-type]
    for field in ("growth", "negative_share", "concern", "forecast"):
        low[field] = draw(SHARES)
        high[field] = draw(some.floats(low[field], 4.0 if field == "growth" else 1.0))  # type: ignore[arg-type]
    low["tiers"] = {tier: draw(some.integers(0, 3)) for tier in ("national", "portal", "board", "city")}
    high["tiers"] = {tier: n + draw(some.integers(0, 3)) for tier, n in low["tiers"].items()}  # type: ignore[attr-defined]
    for field, known in (("subjects", plan.subjects), ("places", plan.places), ("flags", plan.flags)):
        ids = [item.id for item in known]
        low[field] = frozenset(draw(some.sets(some.sampled_from(ids)))) if ids else frozenset()
        high[field] = low[field] | (
            frozenset(draw(some.sets(some.sampled_from(ids)))) if ids else frozenset()
        )  # type: ignore[operator]
    for field in ("key_period", "mishandled"):
        low[field] = draw(some.booleans())
        high[field] = low[field] or draw(some.booleans())
    return name, Evidence(**low), Evidence(**high)  # type: ignore[arg-type]


@given(more_and_less())
def test_more_evidence_never_gives_a_lower_level(found: tuple[str, Evidence, Evidence]) -> None:
    name, low, high = found
    before, after = assess(PLANS[name], low).level or 9, assess(PLANS[name], high).level or 9
    assert after <= before


def test_an_unreachable_level_shows_the_evidence_that_proves_it() -> None:
    text = (HERE / "a-lighter-level-asks-for-more.plan.toml").read_text("utf-8")
    (one,) = [f for f in report(text, SOUND_ROSTER).findings if f.code == "plan.level-unreachable"]
    assert one.because is not None
    assert "80 posts, 80 voices" in one.because.en
    assert 'already gives "重"' in one.because.en


# Instants


def because(name: str, code: str) -> str:
    found = report(SOUND_PLAN, (HERE / f"{name}.roster.toml").read_text("utf-8")).findings
    return next(one.because.en for one in found if one.code == code and one.because)


def test_a_gap_names_its_first_instant_and_the_deadline_that_passes_in_it() -> None:
    words = because("the-only-deputy-on-leave", "plan.nobody-there")
    assert "From 2026-09-30 (Wed) 24:00 to 2026-10-07 (Wed) 24:00 (7 d) nobody is there" in words
    assert "is due by 2026-10-01 (Thu) 03:00 (within 3 hours)" in words


def test_a_blocked_approval_shows_the_race_step_by_step() -> None:
    text = (HERE / "approval-by-an-office-at-night.plan.toml").read_text("utf-8")
    (one,) = [f for f in report(text, SOUND_ROSTER).findings if f.code == "plan.approval-blocked"]
    assert one.because is not None
    assert "the reviewer (ding) 2026-10-08 (Thu) 08:30" in one.because.en


def presence(people: str, start: datetime = START, days: int = 30) -> Presence:
    found, findings = roster(people)
    assert found is not None, findings
    return Presence(found, CN, start, start + timedelta(days=days))


def test_office_hours_follow_holidays_and_make_up_days() -> None:
    it = presence(SOUND_ROSTER)
    days = {begins.astimezone(ZONE).date().isoformat() for begins, _ends in it.of("reviewer")}
    assert "2026-09-20" in days  # a Sunday that is worked
    assert "2026-10-01" not in days
    assert "2026-09-19" not in days


def test_a_rotation_covers_every_instant_with_one_person_after_the_other() -> None:
    it = presence(SOUND_ROSTER)
    assert it.gaps("duty") == []
    turns = list(it.roster.turns[0].spans(it.start, it.start + timedelta(days=3)))
    assert [who for who, _span in turns] in (["wu", "ji", "wu", "ji"], ["ji", "wu", "ji", "wu"])


def test_leave_opens_a_gap_in_a_rotation() -> None:
    away = SOUND_ROSTER.replace('id = "wu"\n', 'id = "wu"\naway = ["2026-09-20/2026-09-21"]\n')
    assert presence(away).gaps("duty") != []


def test_either_of_two_roles_is_enough() -> None:
    it = presence(SOUND_ROSTER)
    assert it.gaps("reviewer") != []
    assert it.gaps("reviewer|office") == []


SPANS = some.lists(some.tuples(some.integers(0, 50), some.integers(0, 50)))


@given(SPANS, SPANS)
def test_time_is_joined_and_cut_as_sets_are(one: list[tuple[int, int]], two: list[tuple[int, int]]) -> None:
    def at(n: int) -> datetime:
        return START + timedelta(hours=n)

    spans = [(at(min(s)), at(max(s))) for s in one]
    holes = [(at(min(s)), at(max(s))) for s in two]
    left = without(merged(spans), holes)
    for hour in range(50):
        middle = at(hour) + timedelta(minutes=30)
        inside = any(a <= middle < b for a, b in spans) and not any(a <= middle < b for a, b in holes)
        assert any(a <= middle < b for a, b in left) == inside


# The calendar


def test_a_year_that_the_calendar_lacks_is_named() -> None:
    found = report(SOUND_PLAN, SOUND_ROSTER, start=datetime(2026, 12, 20, tzinfo=UTC))
    (one,) = found.findings
    assert (one.code, one.level) == ("plan.calendar-unknown", "error")
    assert one.because is not None
    assert "2026-12-31 (Thu) 24:00" in one.because.en


def test_deadlines_that_lead_into_a_year_not_known_are_a_warning() -> None:
    found = report(SOUND_PLAN, SOUND_ROSTER, start=datetime(2026, 11, 30, tzinfo=UTC))
    (one,) = found.findings
    assert (one.code, one.level) == ("plan.calendar-ends", "warning")
    assert SOUND_PLAN.splitlines()[(one.place.line or 0) - 1] == 'within = "3 working days"'


# The command


def test_the_command_proves_and_says_how(capsys: Capture) -> None:
    words = ["plan", "check", "school", "--roster", "school", "--from", "2026-09-15T09:00"]
    assert main([*words, "--english", "--proofs"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("✓ school.toml\n")
    assert "∎ Every approval chain finishes in time" in out
    assert main([*words, "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert one["findings"] == []
    assert len(one["proofs"]) >= 7


def test_the_command_fails_where_somebody_is_missing(tmp_path: Path, capsys: Capture) -> None:
    people = tmp_path / "people.toml"
    people.write_text(plans.rosters()["school"].replace('roles = ["deputy"]', 'roles = ["admin"]'), "utf-8")
    words = ["plan", "check", "school", "--roster", str(people), "--from", "2026-09-15T09:00", "--english"]
    assert main(words) == 1
    out = capsys.readouterr().out
    assert 'Nobody is "deputy head of the group" (deputy) [plan.role-without-holder]' in out
    assert "    because The plan asks for" in out


def test_a_bad_roster_is_refused_with_its_lines(tmp_path: Path, capsys: Capture) -> None:
    people = tmp_path / "people.toml"
    people.write_text('format = 1\n[[person]]\nid = "a"\nroles = ["boss"]\n', "utf-8")
    assert main(["plan", "check", "school", "--roster", str(people)]) == 2
    assert f"{people}:4" in capsys.readouterr().err
