"""Where somebody else than the proposer has to confirm a level: are there two people, at every instant?"""

from collections.abc import Iterator
from datetime import datetime

from huiying.engine.plan.check.approvals import matched
from huiying.engine.plan.check.needs import Need, confirming
from huiying.engine.plan.check.people import too_long
from huiying.engine.plan.check.proofs import Proofs
from huiying.engine.plan.check.roster import Presence, Roster, Span
from huiying.engine.plan.consistency import Source
from huiying.engine.plan.instants import clock, stretch
from huiying.engine.plan.model import Level, Plan
from huiying.engine.plan.vocabulary import PROPOSERS
from huiying.engine.text import Text

_ACT = "level_confirmed"


def _levels(plan: Plan, source: Source) -> Iterator[tuple[Level, Need]]:
    for level, need in zip(plan.levels, confirming(plan, source), strict=True):
        if level.second_person:
            yield level, need


def proposers(plan: Plan) -> tuple[str, ...]:
    """The roles that propose levels: those of the desk, and whom the plan asks to."""
    asked = (duty.role for duty in plan.duties if duty.act == "level_proposed")
    return tuple(dict.fromkeys((*PROPOSERS, *asked)))


def prove_two(plan: Plan, source: Source, roster: Roster, proofs: Proofs) -> None:
    """For each such level there are two different people, one to propose it and one to confirm it."""
    propose = {person.id for role in proposers(plan) for person in roster.holders(role)}
    for level, need in _levels(plan, source):
        acting = (other for role in level.confirm for other in (role, *roster.acting(role, _ACT)))
        confirm = {person.id for role in acting for person in roster.holders(role)}
        if not propose or not confirm or matched([propose, confirm]) == 2:
            continue
        (only,) = {person.name for person in roster.people if person.id in propose | confirm}
        proofs.add(
            "plan.one-person",
            need.place,
            Text(
                f"“{level.name.zh}”要由另一人确认，却没有第二个人",
                f'"{level.name.en}" is to be confirmed by a second person, and there is none',
            ),
            because=Text(
                f"能提出等级的和能确认的都只有 {only}",
                f"{only} alone can propose the level and alone can confirm it",
            ),
            mend=Text("让另一个人可以确认，或可以提出", "Let somebody else confirm, or propose"),
        )


def prove_two_at_every_instant(plan: Plan, source: Source, presence: Presence, proofs: Proofs) -> None:
    """Whoever proposes such a level, somebody else can confirm it in time."""
    fine = 0
    for level, need in _levels(plan, source):
        found = list(_alone(plan, need, presence))
        fine += not found
        if found:
            _nobody_else((level, need), found, presence, proofs)
    if fine:
        proofs.show(
            Text(f"{fine} 个等级随时有另一人确认", f"A second person can always confirm {fine} levels"),
            Text(
                "逐个提出人查过：其本人不算，仍有人能在时限内确认",
                "Tried for each who may propose: without them somebody can still confirm in time",
            ),
        )


def _alone(plan: Plan, need: Need, presence: Presence) -> Iterator[tuple[str, datetime, Span]]:
    """Somebody who proposes at an instant, and the time in which nobody else can confirm."""
    confirmers = {
        person
        for one in need.role.split("|")
        for role in (one, *presence.roster.acting(one, _ACT))
        for person in presence.each(role)
    }
    for role in proposers(plan):
        for person, spans in presence.each(role).items():
            if person not in confirmers:
                continue
            for gap in presence.gaps(need.role, act=_ACT, but=frozenset({person})):
                for begins, ends in spans:
                    at = max(begins, gap[0])
                    if at < min(ends, gap[1]) and too_long(need, (at, gap[1]), presence):
                        yield person, at, gap


def _nobody_else(
    asked: tuple[Level, Need], found: list[tuple[str, datetime, Span]], presence: Presence, proofs: Proofs
) -> None:
    level, need = asked
    id, at, gap = min(found, key=lambda one: (one[1], one[0]))
    who = next(person.name for person in presence.roster.people if person.id == id)
    calendar = presence.calendar
    start, end = clock(at, calendar), clock(gap[1], calendar)
    due = clock(need.within.due(at, calendar), calendar) if need.within else end
    long = stretch(gap[1] - at)
    proofs.add(
        "plan.nobody-there",
        need.place,
        Text(
            f"有时没有第二个人确认“{level.name.zh}”",
            f'At times there is no second person to confirm "{level.name.en}"',
        ),
        because=Text(
            f"{start.zh} 由{who}提出，须在 {due.zh} 前确认；到 {end.zh} 为止（{long.zh}）除其本人外没有能确认的人",
            f"Proposed by {who} at {start.en}, it is to be confirmed by {due.en}; until {end.en} ({long.en}) nobody but them can confirm",
        ),
        mend=Text("让另一人随时可联络", "Make somebody else reachable at any hour"),
    )
