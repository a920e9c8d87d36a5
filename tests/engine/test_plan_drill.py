"""A plan rehearsed with its people: repeatable, never kinder than the journal, and right about who is too few."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiying import plans
from huiying.cli import main
from huiying.engine.journal import Kind
from huiying.engine.plan.check import Roster, read_roster
from huiying.engine.plan.drill import Matter, Outcome, Pace, Rehearsal, Rise, read_stream, rehearse, scene
from huiying.engine.plan.drill.chance import Times
from huiying.engine.plan.drill.results import Diary, as_plain, from_plain
from huiying.engine.plan.drill.telling import as_json, as_text
from tests.engine.matters import CN
from tests.engine.test_shipped_plans import PLANS

ZONE = ZoneInfo("Asia/Shanghai")
#: A Tuesday, 09:00 in Beijing, in an ordinary week.
START = datetime(2026, 9, 8, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SCHOOL = PLANS["school"]
Capture = pytest.CaptureFixture[str]


def people(text: str = plans.rosters()["school"]) -> Roster:
    roster, findings = read_roster(text, file="people.toml", zone=ZONE)
    assert roster is not None, findings
    return roster


def matters(*levels: int, every: timedelta = 20 * HOUR) -> list[Matter]:
    return [Matter(at=START + index * every, level=level) for index, level in enumerate(levels)]


def rehearsed(
    stream: Sequence[Matter],
    roster: Roster | None = None,
    *,
    seed: int = 1,
    runs: int = 3,
    pace: Pace | None = None,
) -> Rehearsal:
    return rehearse(SCHOOL, roster or people(), stream, CN, seed=seed, runs=runs, pace=pace)


def rule(found: Rehearsal, id: str) -> Outcome:
    return next(one for one in found.outcomes if one.rule == id)


def failed(found: Rehearsal) -> int:
    return sum(one.late + one.missed for one in found.outcomes)


AT_ONCE = Times(median=timedelta(), spread=0.0)
SWIFT = Pace(react=AT_ONCE, spread=0.0)
#: Nobody needs any time for anything.
NO_TIME = Pace(react=AT_ONCE, work=dict.fromkeys([*Kind, "assessed", "approve"], AT_ONCE))


def test_the_same_seed_gives_the_same_result_and_another_seed_another() -> None:
    one = as_json(rehearsed(matters(1, 2, 3)))
    assert as_json(rehearsed(matters(1, 2, 3))) == one
    assert as_json(rehearsed(matters(1, 2, 3), seed=2)) != one


def test_more_runs_begin_with_the_same_ones() -> None:
    few, more = rehearsed(matters(1, 3), runs=2), rehearsed(matters(1, 3), runs=4)
    assert sum(one.owed for one in more.outcomes) == 2 * sum(one.owed for one in few.outcomes)


def test_people_who_are_swift_and_not_busy_keep_every_deadline() -> None:
    found = rehearsed(matters(1, 2, 3), pace=SWIFT)
    assert failed(found) == 0
    assert found.bottleneck is None
    assert {"verify", "grade", "first", "formal", "report-higher"} <= {one.rule for one in found.outcomes}


def test_every_matter_is_carried_to_the_archive() -> None:
    found = rehearsed(matters(1, 2, 3), runs=2, pace=SWIFT)
    assert rule(found, "archive").owed == 6
    assert rule(found, "archive").met == 6
    assert rule(found, "review").owed == 4  # of levels 1 and 2


def test_a_role_that_nobody_holds_misses_what_it_owes_and_is_the_bottleneck() -> None:
    text = plans.rosters()["school"].replace('roles = ["spokesperson"]', 'roles = ["auditor"]')
    found = rehearsed(matters(3, 3), people(text))
    first = rule(found, "first")
    assert (first.met, first.late, first.missed) == (0, 0, first.owed)
    assert found.bottleneck is not None
    assert found.bottleneck.who == "spokesperson"


def test_a_role_in_office_hours_fails_at_night_and_not_by_day() -> None:
    text = plans.rosters()["school"].replace(
        'roles = ["deputy"]\nhours = "always"', 'roles = ["deputy"]\nhours = "office"'
    )
    text = text.replace('roles = ["head"]\nhours = "always"', 'roles = ["head"]\nhours = "office"')
    by_day = rehearsed([Matter(at=START, level=3)], people(text), pace=SWIFT)
    by_night = rehearsed([Matter(at=START + 13 * HOUR, level=3)], people(text), pace=SWIFT)
    assert rule(by_day, "grade").late == 0
    assert rule(by_night, "grade").late == rule(by_night, "grade").owed
    assert rule(by_night, "grade").worst == timedelta(hours=7, minutes=35)  # 08:30 and 15 minutes, not 01:10


def test_many_matters_at_once_are_more_than_few_people_can_do() -> None:
    alone = rehearsed(matters(*[1] * 8, every=10 * timedelta(minutes=1)))
    apart = rehearsed(matters(*[1] * 8, every=48 * HOUR))
    assert failed(alone) > 3 * failed(apart)


VOICE_B = 'id = "voice-b"\nname = "己发言人"\nroles = ["spokesperson"]\nhours = "office"'
TWO_VOICES = plans.rosters()["school"].replace(VOICE_B, VOICE_B.replace('"office"', '"always"'))
ONE_VOICE = plans.rosters()["school"].replace(VOICE_B, VOICE_B.replace("spokesperson", "auditor"))


def test_a_second_pair_of_hands_helps_where_things_wait_for_hands() -> None:
    stream = matters(*[3] * 10, every=timedelta(minutes=5))
    quick = Pace(work={"approve": Times(median=timedelta(minutes=1))})
    one, two = (rehearsed(stream, people(text), pace=quick) for text in (ONE_VOICE, TWO_VOICES))
    assert rule(one, "first").failed > rule(two, "first").failed
    assert one.bottleneck and one.bottleneck.who == "spokesperson"


def test_a_second_pair_of_hands_can_only_move_the_queue() -> None:
    """Two write faster than one can approve: nothing is promised of more people at one place alone."""
    stream = matters(*[3] * 10, every=timedelta(minutes=5))
    one, two = (rehearsed(stream, people(text)) for text in (ONE_VOICE, TWO_VOICES))
    assert two.bottleneck and two.bottleneck.who != "spokesperson"
    assert rule(two, "first").failed >= rule(one, "first").failed


@given(
    levels=st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=4),
    gap=st.integers(0, 3000),
    start=st.integers(0, 20_000),
)
@settings(max_examples=15, deadline=None)
def test_who_needs_no_time_and_is_always_there_misses_nothing(
    levels: list[int], gap: int, start: int
) -> None:
    text = plans.rosters()["school"].replace('hours = "office"', 'hours = "always"')
    text = text[: text.index("[[rotation]]")]
    stream = [
        Matter(at=START + timedelta(minutes=start + index * gap), level=level)
        for index, level in enumerate(levels)
    ]
    found = rehearsed(stream, people(text), runs=1, pace=NO_TIME)
    assert [(one.rule, one.late, one.missed) for one in found.outcomes if one.failed] == []


def test_what_was_due_before_it_was_found_is_told_apart_and_nobody_is_blamed_for_it() -> None:
    stream = [Matter(at=START, level=2, posted_at=START - timedelta(days=9))]
    found = rehearsed(stream, pace=NO_TIME, runs=2)
    formal = rule(found, "formal")
    assert (formal.late, formal.past) == (2, 2)
    assert found.bottleneck is None
    assert "2 of these were due before the matter was found" in as_text(SCHOOL, found, "en")


@given(levels=st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=3))
@settings(max_examples=6, deadline=None)
def test_with_nobody_there_everything_that_is_owed_is_missed(levels: list[int]) -> None:
    empty = Roster(name="空")
    found = rehearsed(matters(*levels), empty, runs=1)
    assert {one.rule for one in found.outcomes} == {"assess", "first", "formal"}  # nobody opened a case
    assert all(one.missed == one.owed > 0 for one in found.outcomes)
    assert found.bottleneck and found.bottleneck.who == "duty"


def test_the_ledger_of_the_desk_judges_what_the_simulation_wrote() -> None:
    """Everything that was owed at the end is counted as the ledger says, once for each run."""
    ready = scene(SCHOOL, people(), matters(1, 3), CN, seed=4)
    diary = Diary()
    run = ready.play(0, diary)
    states = {(deed.matter, deed.key): deed.state for deed in diary.deeds if deed.state}
    assert len(states) == run.owed
    assert sum(state != "met" for state in states.values()) == run.failed


def test_a_run_can_be_put_away_and_taken_up_again() -> None:
    ready = scene(SCHOOL, people(), matters(1, 2, 3), CN)
    runs = [ready.play(number) for number in range(3)]
    kept = json.loads(json.dumps([as_plain(run) for run in reversed(runs)]))
    again = ready.put_together(map(from_plain, kept))
    assert as_json(again) == as_json(rehearsed(matters(1, 2, 3)))


def test_a_matter_that_grows_is_graded_again_and_owes_what_the_graver_level_asks() -> None:
    still = rehearsed([Matter(at=START, level=3)], pace=SWIFT)
    grown = rehearsed([Matter(at=START, level=3, rises=(Rise(at=START + HOUR, level=1),))], pace=SWIFT)
    more = {one.rule for one in grown.outcomes} - {one.rule for one in still.outcomes}
    assert {"report-higher", "review"} <= more


def test_people_are_followed_to_the_end_of_the_known_calendar_at_most() -> None:
    december = datetime(2026, 12, 15, 1, 0, tzinfo=UTC)
    ready = scene(SCHOOL, people(), [Matter(at=december, level=3)], CN)
    assert ready.rota is not None
    assert ready.rota.presence.end == datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


def test_a_matter_that_has_grown_before_it_was_graded_is_graded_once() -> None:
    stream = [Matter(at=START, level=3, rises=(Rise(at=START + timedelta(minutes=1), level=1),))]
    diary = Diary()
    scene(SCHOOL, people(), stream, CN).play(0, diary)
    assert [level for _matter, _at, level in diary.levels] == [1]


def test_slower_work_never_meets_more() -> None:
    stream = matters(1, 2, 3, 1)
    swift = rehearsed(stream, pace=Pace(spread=0.0))
    slow = rehearsed(stream, pace=Pace(spread=0.0, work={"verified": Times(median=5 * HOUR)}))
    assert rule(slow, "verify").failed > rule(swift, "verify").failed


def test_no_matter_means_nothing_owed() -> None:
    found = rehearsed([])
    assert found.outcomes == ()
    assert "No deadline was missed." in as_text(SCHOOL, found, "en")


# The stream


def stream(*lines: object) -> tuple[list[Matter], list[tuple[str, int | None]]]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    found, wrong = read_stream(text, file="x.jsonl", plan=SCHOOL, zone=ZONE)
    return found, [(one.code, one.place.line) for one in wrong]


def test_a_matter_has_a_level_or_the_evidence_for_one() -> None:
    found, wrong = stream(
        {"at": "2026-09-08T20:00", "voices": 200, "growth": 3, "negative_share": 0.8, "mentions": 300},
        "",
        {"at": "2026-09-08T09:00+08:00", "level": 3},
        {"at": "2026-09-08T21:00", "mentions": 1},
    )
    assert wrong == []
    assert [(one.level, one.at.hour) for one in found] == [(3, 1), (1, 12)]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]",
        '{"level": 1}',
        '{"at": "soon", "level": 1}',
        '{"at": "2026-09-08T09:00", "level": 9}',
        '{"at": "2026-09-08T09:00", "tiers": 3}',
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    found, wrong = stream({"at": "2026-09-08T09:00", "level": 3}, line)
    assert len(found) == 1
    assert wrong == [("stream.bad-line", 2)]


# The command


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "stream.jsonl"
    path.write_text(
        '{"at": "2026-09-08T02:00", "level": 1}\n{"at": "2026-09-08T02:05", "level": 1}\n', "utf-8"
    )
    return path


def drill(file: Path, *words: str) -> int:
    return main(
        ["plan", "drill", "school", "--roster", "school", "--stream", str(file), "--runs", "3", *words]
    )


def test_the_command_tells_what_is_missed_and_where_it_waits(file: Path, capsys: Capture) -> None:
    assert drill(file) == 0
    out = capsys.readouterr().out
    assert out.startswith("学校网络舆情应对预案：推演 3 次，每次 2 件")
    assert "瓶颈：" in out
    assert "%" in out
    assert drill(file, "--language", "en", "--seed", "5") == 0
    assert "(seed 5)" in capsys.readouterr().out


def test_the_command_answers_programs(file: Path, capsys: Capture) -> None:
    assert drill(file, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["runs"], told["matters"]) == (3, 2)
    assert all(one["failed_low"] <= one["failed"] <= one["failed_high"] for one in told["rules"])
    assert all(one["owed"] == one["met"] + one["late"] + one["missed"] for one in told["rules"])


def test_what_cannot_be_used_is_named(file: Path, tmp_path: Path, capsys: Capture) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{\n", "utf-8")
    assert drill(bad) == 2
    assert f"{bad}:1" in capsys.readouterr().err
    bad.write_text('{"at": "2026-12-30T09:00", "level": 1}\n', "utf-8")
    assert drill(bad) == 2
    assert "2027" in capsys.readouterr().err
    assert main(["plan", "drill", "school", "--roster", "nowhere.toml", "--stream", str(file)]) == 2
