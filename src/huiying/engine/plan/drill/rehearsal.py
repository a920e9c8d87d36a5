"""Many runs put together: what was missed and how often, and whom it waited for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from huiying.engine.calendar import Calendar
from huiying.engine.plan.check.roster import Presence, Roster
from huiying.engine.plan.drill.intervals import Share, share
from huiying.engine.plan.drill.matters import Matter
from huiying.engine.plan.drill.pace import Pace, of_roster
from huiying.engine.plan.drill.results import CAUSES, Diary, RoleCount, Run
from huiying.engine.plan.drill.running import Play
from huiying.engine.plan.drill.staff import Rota
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text

#: For how long after the last matter people are followed; less, but never less than `LEAST`, where the calendar ends sooner.
AFTER, LEAST = timedelta(days=30), timedelta(days=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one rule over all matters and runs."""

    rule: str
    what: Text
    owed: int
    met: int
    late: int
    missed: int
    past: int  # of the unmet ones, how many were due before the matter was found at all
    share: Share  # of what was not met in time
    worst: timedelta  # the greatest lateness; negative: the least time left
    waits: Mapping[str, timedelta]  # role -> time that unmet ones spent waiting for it

    @property
    def failed(self) -> float:
        """The share that was not met in time."""
        return self.share.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How a role or a person was kept busy over all runs, and how long things waited for it."""

    who: str  # the role, or the person's id
    tasks: int
    worked: timedelta
    waits: Mapping[str, timedelta]  # absent, busy, notice
    queue: int  # the most things that waited at once
    blamed: timedelta = timedelta()  # waiting in what was then not met in time

    @property
    def waited(self) -> timedelta:
        """Waiting of every cause."""
        return sum(self.waits.values(), timedelta())

    @property
    def role(self) -> str:
        """The role."""
        return self.who

    @property
    def cause(self) -> str:
        """What most of the waiting was for."""
        return max(self.waits, key=lambda cause: self.waits[cause], default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The whole result."""

    seed: int
    matters: int
    each: tuple[Run, ...]  # the runs, in order
    outcomes: tuple[Outcome, ...]  # what failed most often first
    roles: tuple[Load, ...]  # the worst bottleneck first
    people: tuple[Load, ...]  # the busiest first
    names: Mapping[str, str]  # person -> name

    @property
    def runs(self) -> int:
        """How many runs there were."""
        return len(self.each)

    @property
    def bottleneck(self) -> Load | None:
        """The role that unmet deadlines waited for longest."""
        return self.roles[0] if self.roles and self.roles[0].blamed else None

    @property
    def stuck(self) -> timedelta:
        """How long what was not met waited for the bottleneck, for each matter that came in."""
        worst = self.bottleneck
        return worst.blamed / max(1, self.runs * self.matters) if worst else timedelta()

    @property
    def clean(self) -> Share:
        """The share of runs in which every deadline was kept."""
        return share([(int(not run.failed), 1) for run in self.each])

    @property
    def typical(self) -> int:
        """The number of a run in the middle: as many deadlines missed as in half of the runs, or nearest to it."""
        if not self.each:
            return 0
        middle = median(run.failed for run in self.each)
        return min(self.each, key=lambda run: (abs(run.failed - middle), run.number)).number


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that a run needs: the plan, its people, what comes in, and how fast people are."""

    plan: Plan
    rota: Rota | None  # None where nothing comes in
    matters: tuple[Matter, ...]
    pace: Pace
    seed: int

    def play(self, number: int, diary: Diary | None = None) -> Run:
        """One run, the same for the same number; with a diary what happened in it is written down."""
        if self.rota is None:
            return Run(number=number)
        play = Play(self.plan, self.rota, self.pace, seed=self.seed, number=number, diary=diary)
        return play.play(self.matters)

    def put_together(self, runs: Iterable[Run]) -> Rehearsal:
        """The result of these runs, whatever the order in which they were played."""
        each = tuple(sorted(runs, key=lambda run: run.number))
        blamed = _blamed(each)
        roles = [
            _load(id, [run.roles.get(id) for run in each], blamed.get(id, 0)) for id in _ids(each, blamed)
        ]
        people = [
            _load(id, [run.people.get(id) for run in each])
            for id in sorted({i for run in each for i in run.people})
        ]
        return Rehearsal(
            seed=self.seed,
            matters=len(self.matters),
            each=each,
            outcomes=_outcomes(each),
            roles=tuple(sorted(roles, key=lambda one: (-one.blamed, -one.waited, one.who))),
            people=tuple(sorted(people, key=lambda one: (-one.worked, one.who))),
            names={person.id: person.name for person in self.rota.presence.roster.people}
            if self.rota
            else {},
        )


def scene(
    plan: Plan,
    roster: Roster,
    matters: Sequence[Matter],
    calendar: Calendar,
    *,
    seed: int = 1,
    pace: Pace | None = None,
) -> Scene:
    """Everything made ready for runs. Raises UnknownYear where the calendar does not reach."""
    listed = tuple(sorted(matters, key=lambda one: one.at))
    rota = None
    if listed:
        rota = Rota(Presence(roster, calendar, listed[0].at, _end(listed, calendar)))
    return Scene(plan=plan, rota=rota, matters=listed, pace=of_roster(roster, pace), seed=seed)


def _end(matters: Sequence[Matter], calendar: Calendar) -> datetime:
    last = max(one.ends for one in matters)
    known = calendar.year_start(max(calendar.years) + 1)
    return min(last + AFTER, known) if last + LEAST <= known else last + AFTER


def rehearse(
    plan: Plan,
    roster: Roster,
    matters: Sequence[Matter],
    calendar: Calendar,
    *,
    seed: int = 1,
    runs: int = 100,
    pace: Pace | None = None,
) -> Rehearsal:
    """The plan rehearsed `runs` times. Raises UnknownYear where the calendar does not reach."""
    ready = scene(plan, roster, matters, calendar, seed=seed, pace=pace)
    return ready.put_together(ready.play(number) for number in range(runs))


def _outcomes(each: Sequence[Run]) -> tuple[Outcome, ...]:
    rules = {id: one.what for run in reversed(each) for id, one in run.rules.items()}
    found = [_outcome(id, what, each) for id, what in rules.items()]
    return tuple(sorted(found, key=lambda one: (-one.failed, one.rule)))


def _outcome(id: str, what: Text, each: Sequence[Run]) -> Outcome:
    counts = [run.rules[id] for run in each if id in run.rules]
    worst = [one.worst for one in counts if one.worst is not None]
    waits: dict[str, int] = {}
    for one in counts:
        for role, span in one.waits.items():
            waits[role] = waits.get(role, 0) + span
    return Outcome(
        rule=id,
        what=what,
        owed=sum(one.owed for one in counts),
        met=sum(one.met for one in counts),
        late=sum(one.late for one in counts),
        missed=sum(one.missed for one in counts),
        past=sum(one.past for one in counts),
        share=share([(one.failed, one.owed) for one in counts]),
        worst=timedelta(seconds=max(worst, default=0)),
        waits={role: timedelta(seconds=span) for role, span in waits.items()},
    )


def _blamed(each: Sequence[Run]) -> dict[str, int]:
    """Role -> seconds that what was not met waited for it."""
    found: dict[str, int] = {}
    for run in each:
        for one in run.rules.values():
            for role, span in one.waits.items():
                found[role] = found.get(role, 0) + span
    return found


def _ids(each: Sequence[Run], blamed: Mapping[str, int]) -> list[str]:
    return sorted({id for run in each for id in run.roles} | set(blamed))


def _load(who: str, counts: Sequence[RoleCount | None], blamed: int = 0) -> Load:
    known = [one for one in counts if one is not None]
    waits = {cause: sum(one.waits.get(cause, 0) for one in known) for cause in CAUSES}
    return Load(
        who=who,
        tasks=sum(one.tasks for one in known),
        worked=timedelta(seconds=sum(one.worked for one in known)),
        waits={cause: timedelta(seconds=span) for cause, span in waits.items()},
        queue=max((one.queue for one in known), default=0),
        blamed=timedelta(seconds=blamed),
    )
