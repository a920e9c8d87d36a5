"""An answer against its deadline: written, then approved step by step, each time by somebody else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from huiying.engine.findings import Place
from huiying.engine.plan.chains import parts
from huiying.engine.plan.check.roster import NOBODY, Presence, Roster
from huiying.engine.plan.consistency import Source
from huiying.engine.plan.model import Duty, Plan

_MINUTE = timedelta(minutes=1)
#: How long an approval is taken to last where neither plan nor roster says.
USUAL = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What is asked of somebody in each of these roles at the same time."""

    roles: tuple[str, ...]
    act: str
    takes: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """An answer, its deadline, and the chain that it has to pass before."""

    duty: Duty
    chain: tuple[str, ...]
    level: int | None
    unsure: bool
    place: Place

    def stages(self, draft: timedelta, each: timedelta) -> tuple[Stage, ...]:
        """The writing, then each step of the chain: who is asked at once, for what, and how long each takes."""
        steps = (Stage(roles=parts(step), act="approved", takes=each) for step in self.chain)
        return Stage(roles=(self.duty.role,), act="drafted", takes=draft), *steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A race run from one instant: who began what when, and when all was done; None where somebody never comes."""

    start: datetime
    due: datetime
    steps: tuple[tuple[str, str, datetime], ...]  # role, person, begin
    finish: datetime | None

    @property
    def late(self) -> bool:
        """Whether it was not done by its deadline."""
        return self.finish is None or self.finish > self.due

    @property
    def behind(self) -> timedelta:
        """How much too late; negative is in time."""
        return (self.finish or datetime.max.replace(tzinfo=self.due.tzinfo)) - self.due


def races(plan: Plan, source: Source) -> Iterator[Race]:
    """Every different combination of answer and chain."""
    seen = set()
    for duty in plan.duties:
        if duty.act != "published" or duty.closing:
            continue
        levels: Sequence[int | None] = duty.applies.levels or [level.number for level in plan.levels]
        for level, unsure in product(levels, (False, True)):
            chain = plan.chain(level, duty.form or "reply", unsure)
            if (duty.id, chain) not in seen:
                seen.add((duty.id, chain))
                place = source.rule(duty).place
                yield Race(duty=duty, chain=chain, level=level, unsure=unsure, place=place)


def pace(plan: Plan, roster: Roster) -> timedelta:
    """How long each approval takes: as the roster says, else as long as the plan allows, else half an hour."""
    if roster.approve is not None:
        return roster.approve
    allowed = plan.approve_within
    if allowed is None or not allowed.elapsed:
        return USUAL
    return timedelta(minutes=allowed.amount * (1 if allowed.unit == "minutes" else 60))


def run(race: Race, start: datetime, presence: Presence, each: timedelta) -> Run:
    """The race from one instant on, as soon as it can be done by different people. Raises UnknownYear."""
    due = race.duty.within.due(start, presence.calendar)
    stages = race.stages(presence.roster.draft, each)
    asked = [(role, stage) for stage in stages for role in stage.roles]
    best = _Search(asked, presence).soonest(start)
    return Run(start=start, due=due, steps=best.steps, finish=best.finish)


@dataclass(slots=True)
class _Best:
    steps: tuple[tuple[str, str, datetime], ...] = ()
    finish: datetime | None = None


def _least(asked: Sequence[tuple[str, Stage]], place: int) -> timedelta:
    """How long everything from `place` on takes at least."""
    stages = {id(stage): stage for _role, stage in asked[place:]}
    return sum((stage.takes for stage in stages.values()), timedelta())


class _Search:
    """The soonest way to have everything done by different people: whoever wrote or approved does not approve again."""

    def __init__(self, asked: Sequence[tuple[str, Stage]], presence: Presence) -> None:
        self.asked, self.presence, self.best = asked, presence, _Best()
        self.left = [_least(asked, place) for place in range(len(asked) + 1)]

    def soonest(self, start: datetime) -> _Best:
        """The best way from an instant on; without a finish the longest that anybody came."""
        self._go(0, start, start, (), NOBODY)
        return self.best

    def _go(
        self,
        place: int,
        at: datetime,
        done: datetime,
        steps: tuple[tuple[str, str, datetime], ...],
        used: frozenset[str],
    ) -> None:
        """From the part at `place`, which can begin at `at`; `done` is when the parts beside it are."""
        best = self.best
        if best.finish is not None and max(done, at + self.left[place]) >= best.finish:
            return
        if place == len(self.asked):
            best.steps, best.finish = steps, done
            return
        if best.finish is None and len(steps) >= len(best.steps):
            best.steps = steps
        role, stage = self.asked[place]
        beside = place + 1 < len(self.asked) and self.asked[place + 1][1] is stage
        tried: set[tuple[datetime, object]] = set()
        for begins, person in self.presence.takers(role, at, act=stage.act, but=used):
            like = begins, self.presence.alike(person)
            if like in tried:
                continue  # somebody of the same roles and hours was tried: no other outcome
            tried.add(like)
            ends = max(done, begins + stage.takes)
            self._go(
                place + 1, at if beside else ends, ends, (*steps, (role, person, begins)), used | {person}
            )


def starts(race: Race, presence: Presence, each: timedelta) -> list[datetime]:
    """The instants from which it can be worst.

    In hours that run on: those from which a stage comes just when somebody leaves; later ones only wait less. In days and working
    hours: also the last instants of each day and those before the office opens, for which the deadline is the same as
    for all before them.
    """
    offset, offsets = timedelta(), dict[str, set[timedelta]]()
    for stage in race.stages(presence.roster.draft, each):
        for role in stage.roles:
            offsets.setdefault(role, set()).update((timedelta(), offset))
        offset += stage.takes
    found = {presence.start}
    for role, before in offsets.items():
        for ends in presence.leavings(role):
            found.update(ends - span for span in before if ends - span >= presence.start)
    if not race.duty.within.elapsed:
        found |= set(_last_instants(presence))
    return sorted(found)


def _last_instants(presence: Presence) -> Iterator[datetime]:
    for day in presence.days():
        ends = [
            presence.calendar.day_end(day),
            *(opens for opens, _closes in presence.calendar.stretches(day)),
        ]
        yield from (at - _MINUTE for at in ends if presence.start <= at - _MINUTE < presence.end)
