"""Who takes what, and how fast: queues, hours, stand-ins, people called in, and the file that says so."""

from datetime import UTC, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from huiying.engine.plan.check import Contact, Holder, Roster, Turn
from huiying.engine.plan.check.roster import Presence
from huiying.engine.plan.drill import Pace, read_pace
from huiying.engine.plan.drill.chance import Chance, Times, drawn
from huiying.engine.plan.drill.lines import Lines
from huiying.engine.plan.drill.pace import Band, of_roster
from huiying.engine.plan.drill.staff import Found, Nobody, Rota, Staff, Wish
from tests.engine.matters import CN

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
#: A Tuesday in an ordinary week.
MORNING = datetime(2026, 9, 8, 9, 0, tzinfo=ZONE).astimezone(UTC)
EVENING = datetime(2026, 9, 8, 20, 0, tzinfo=ZONE).astimezone(UTC)
SATURDAY = datetime(2026, 9, 12, 10, 0, tzinfo=ZONE)
PHONE = (Contact(channel="sms"),)


def staff(*people: Holder, pace: Pace | None = None, **roster: object) -> Staff:
    whole = Roster(name="某局", people=people, **roster)  # type: ignore[arg-type]
    return Staff(Rota(Presence(whole, CN, MORNING - HOUR, MORNING + 10 * 24 * HOUR)), pace or Pace())


def holder(id: str, *roles: str, hours: str = "always", **more: object) -> Holder:
    return Holder(id=id, name=id, roles=roles, hours=hours, contacts=PHONE, **more)  # type: ignore[arg-type]


def wish(role: str, due: datetime = EVENING + 90 * 24 * HOUR, **more: object) -> Wish:
    said = {"unit": "", "act": "verified", "lasts": 30 * MINUTE} | more
    return Wish(role=role, due=due, **said)  # type: ignore[arg-type]


def test_one_who_is_there_and_free_takes_it() -> None:
    found = staff(holder("a", "duty"), holder("b", "office")).somebody(wish("duty"), MORNING)
    assert found == Found(person="a", role="duty")


def test_one_person_does_one_thing_at_a_time() -> None:
    team = staff(holder("a", "duty", "office"))
    team.free["a"] = MORNING + HOUR
    assert team.somebody(wish("office"), MORNING) == Nobody(busy=True)
    assert team.somebody(wish("office"), MORNING + HOUR) == Found(person="a", role="office")


def test_who_is_busy_is_waited_for_no_longer_than_until_another_comes() -> None:
    team = staff(holder("a", "office"), holder("b", "office", hours="office"))
    team.free["a"] = MORNING + 48 * HOUR
    found = team.somebody(wish("office"), EVENING)
    opens = datetime(2026, 9, 9, 8, 30, tzinfo=ZONE)
    assert found == Nobody(busy=True, comes=opens.astimezone(UTC))


def test_a_role_with_shifts_is_there_in_its_shifts_alone() -> None:
    turn = Turn(role="duty", people=("a", "b"), first=MORNING, lasts=12 * HOUR)
    team = staff(holder("a", "duty"), holder("b", "duty"), turns=(turn,))
    assert team.somebody(wish("duty"), MORNING) == Found(person="a", role="duty")
    assert team.somebody(wish("duty"), MORNING + 12 * HOUR) == Found(person="b", role="duty")


def test_whoever_stands_in_acts_while_no_holder_is_there_and_not_while_one_is_busy() -> None:
    team = staff(
        holder("head", "head", hours="office"), holder("deputy", "deputy"), stand_ins={"head": ("deputy",)}
    )
    assert team.somebody(wish("head"), EVENING) == Found(person="deputy", role="deputy")
    team.free["head"] = MORNING + HOUR
    assert isinstance(team.somebody(wish("head"), MORNING), Nobody)


def test_nobody_stands_in_for_what_they_may_not_do() -> None:
    people = (holder("head", "head", hours="office"), holder("duty", "duty"))
    team = staff(*people, stand_ins={"head": ("duty",)}, able={"approved": frozenset({"head", "deputy"})})
    assert isinstance(team.somebody(wish("head", act="approved"), EVENING), Nobody)
    assert isinstance(team.somebody(wish("head", act="verified"), EVENING), Found)


def test_who_had_a_hand_in_it_does_not_approve_it() -> None:
    team = staff(holder("a", "office"), holder("b", "office"))
    assert team.somebody(wish("office", but={"a"}), MORNING) == Found(person="b", role="office")
    assert team.somebody(wish("office", but={"a", "b"}), MORNING) == Nobody(busy=False)


def test_somebody_is_called_in_only_for_what_cannot_wait() -> None:
    team = staff(holder("a", "deputy", hours="office"), pace=Pace(off_duty=3.0))
    opens = datetime(2026, 9, 9, 8, 30, tzinfo=ZONE).astimezone(UTC)
    assert team.somebody(wish("deputy", due=EVENING + HOUR), EVENING) == Found(
        person="a", role="deputy", factor=3.0
    )
    assert team.somebody(wish("deputy", due=opens + 30 * MINUTE), EVENING) == Nobody(busy=False, comes=opens)
    assert isinstance(team.somebody(wish("deputy", due=opens + 29 * MINUTE), EVENING), Found)


@pytest.mark.parametrize(
    "more", [{"away": ((MORNING, EVENING + 48 * HOUR),)}, {"contacts": ()}], ids=["on leave", "no phone"]
)
def test_nobody_is_called_in_who_cannot_be_reached(more: dict[str, object]) -> None:
    person = {"id": "a", "name": "a", "roles": ("deputy",), "hours": "office", "contacts": PHONE} | more
    team = staff(Holder(**person), pace=Pace(off_duty=3.0))  # type: ignore[arg-type]
    assert isinstance(team.somebody(wish("deputy", due=EVENING + HOUR), EVENING), Nobody)


def test_somebody_who_is_at_it_need_not_notice_the_next_thing() -> None:
    team = staff(holder("a", "duty"))
    assert team.idle("a", MORNING)
    team.free["a"] = MORNING
    assert not team.idle("a", MORNING + 15 * MINUTE)
    assert team.idle("a", MORNING + 16 * MINUTE)


# Lines


def test_a_line_knows_why_each_that_stood_in_it_waited() -> None:
    lines: Lines[int] = Lines()
    lines.join("duty", "", 2, MORNING)
    (line,) = lines
    line.look(MORNING + 10 * MINUTE)  # nobody was there until now
    line.held = True
    lines.join("duty", "", 1, MORNING + 15 * MINUTE)
    first, waited = line.leave(MORNING + 20 * MINUTE)
    assert (first, waited.absent, waited.busy) == (1, timedelta(), 5 * MINUTE)
    second, waited = line.leave(MORNING + 30 * MINUTE)
    assert (second, waited.absent, waited.busy) == (2, 10 * MINUTE, 20 * MINUTE)
    assert list(lines) == []


# Chance


def test_the_same_thing_has_the_same_luck_and_another_thing_another() -> None:
    luck = Chance(1, 0).normal("0|verify|0|0")
    assert Chance(1, 0).normal("0|verify|0|0") == luck
    others = {Chance(1, 1), Chance(2, 0)}
    assert luck not in {chance.normal("0|verify|0|0") for chance in others}
    assert luck != Chance(1, 0).normal("0|verify|1|0")


def test_times_are_lognormal_about_their_median() -> None:
    times = Times(median=60 * MINUTE, spread=0.6)
    draws = [drawn(times, 1.0, Chance(1, run).normal("x")) / MINUTE for run in range(2000)]
    assert median(draws) == pytest.approx(60, rel=0.08)
    assert sum(draw > 60 * 2.158 for draw in draws) / 2000 == pytest.approx(0.1, abs=0.02)
    assert min(draws) > 0


def test_one_of_many_is_drawn_evenly() -> None:
    found = [Chance(3, run).choice("unit", 4) for run in range(800)]
    assert all(160 < found.count(one) < 240 for one in range(4))


# The file

FILE = """
format = 1
name = "某局的反应"

[react]
median = "5 minutes"
spread = 0.5

[react.duty]
median = "2 minutes"
nine_in_ten = "6 minutes"

[[band]]
hours = "22:00-07:00"
factor = 4

[[band]]
days = "off"
factor = 2

[off_duty]
factor = 3

[work.verified]
median = "1 hour"
"""


def read(text: str) -> tuple[Pace | None, list[str]]:
    pace, findings = read_pace(text, file="pace.toml")
    return pace, [one.code for one in findings]


def test_a_file_says_how_fast_each_role_is_at_each_hour() -> None:
    pace, found = read(FILE)
    assert pace is not None, found
    assert pace.reaction("duty").median == 2 * MINUTE
    assert pace.reaction("duty").spread == pytest.approx(0.857, abs=0.001)  # ln 3 / 1.2816
    assert pace.reaction("head|duty").median == 2 * MINUTE
    assert pace.reaction("head") == Times(median=5 * MINUTE, spread=0.5)
    assert pace.works("verified").median == HOUR
    assert pace.works("reported").median == 8 * MINUTE
    assert pace.off_duty == 3.0


@pytest.mark.parametrize(
    ("at", "factor"),
    [
        (MORNING, 1.0),
        (datetime(2026, 9, 8, 22, 0, tzinfo=ZONE), 4.0),
        (datetime(2026, 9, 8, 21, 59, tzinfo=ZONE), 1.0),
        (datetime(2026, 9, 9, 6, 59, tzinfo=ZONE), 4.0),
        (datetime(2026, 9, 9, 7, 0, tzinfo=ZONE), 1.0),
        (SATURDAY, 2.0),
        (datetime(2026, 9, 12, 23, 0, tzinfo=ZONE), 8.0),
        (datetime(2026, 10, 5, 10, 0, tzinfo=ZONE), 2.0),  # a Monday of the National Day holiday
        (datetime(2026, 9, 20, 10, 0, tzinfo=ZONE), 1.0),  # a Sunday that is worked
        (datetime(2031, 9, 13, 10, 0, tzinfo=ZONE), 2.0),  # a Saturday of a year without table
    ],
)
def test_nights_weekends_and_holidays_are_slower(at: datetime, factor: float) -> None:
    pace, _found = read(FILE)
    assert pace is not None
    assert pace.slower(at, CN) == factor


def test_without_bands_the_night_is_four_times_as_slow_and_with_an_empty_list_it_is_not() -> None:
    usual, plain = read("format = 1")[0], read("format = 1\nband = []")[0]
    assert usual is not None
    assert plain is not None
    night = datetime(2026, 9, 8, 23, 0, tzinfo=ZONE)
    assert (usual.slower(night, CN), plain.slower(night, CN)) == (4.0, 1.0)


def test_a_band_without_hours_is_the_whole_day() -> None:
    assert Band(factor=2.0).covers(SATURDAY, works=False)
    assert not Band(days="working").covers(SATURDAY, works=False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[react]\nmedian = "two weeks"', "pace.bad-span"),
        ('[react]\nmedian = "2 days"', "pace.bad-span"),
        ('[react]\nmedian = "5 minutes"\nnine_in_ten = "4 minutes"', "pace.bad-value"),
        ('[react.king]\nmedian = "5 minutes"', "pace.unknown-key"),
        ('[work.sleeping]\nmedian = "5 minutes"', "pace.unknown-key"),
        ('[[band]]\nhours = "night"', "pace.bad-hours"),
        ('[[band]]\ndays = "sometimes"', "pace.unknown-value"),
        ("[off_duty]\nfactor = 0.5", "pace.bad-value"),
        ("format = 1\nformat = 2", "toml.syntax"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, code: str) -> None:
    pace, found = read(text)
    assert pace is None
    assert code in found


def test_the_roster_says_how_long_drafts_and_approvals_take_unless_the_pace_does() -> None:
    roster = Roster(name="某局", draft=3 * HOUR, approve=7 * MINUTE)
    assert of_roster(roster).works("published").median == 3 * HOUR
    assert of_roster(roster).works("approve").median == 7 * MINUTE
    own = Pace(work={"published": Times(median=MINUTE)})
    assert of_roster(roster, own).works("published").median == MINUTE
    assert of_roster(Roster(name="某局")).works("approve").median == 20 * MINUTE
