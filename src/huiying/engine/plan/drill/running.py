"""One run after the other: matters come in, people do what they owe as soon as they can, the journal says the rest."""

import heapq
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from huiying.engine.calendar import Calendar
from huiying.engine.journal import Entry, Kind, instant
from huiying.engine.obligations import Obligation, obligations, owed_now
from huiying.engine.plan.check.roster import Presence, Roster, Span, merged, without
from huiying.engine.plan.drill.model import Matter, Pace, Rehearsal
from huiying.engine.plan.drill.tally import Tally
from huiying.engine.plan.model import Plan

#: For how long after the last matter people are followed.
AFTER = timedelta(days=30)
#: Somebody who has just done something need not notice the next thing first.
_SOON = timedelta(minutes=15)
#: Acts that are no work of their own here: a chain is passed while its text is on the way.
_NO_TASK = frozenset({"approved", "progress", "urge_answered", "extension_granted", "reopened"})


@dataclass(slots=True)
class Case:
    """A matter being handled in a run."""

    matter: Matter
    unit: str
    journal: list[Entry] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)  # keys that somebody does or did
    waits: dict[str, dict[str, timedelta]] = field(default_factory=dict)  # key -> role -> time waited
    closing: bool = False

    def note(self, at: datetime, kind: Kind, **data: Any) -> None:
        """Write an entry."""
        seq = len(self.journal) + 1
        entry = Entry(seq=seq, at=at, recorded_at=at, kind=kind, actor="system", data=data)
        self.journal.append(entry)


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
    tally = Tally()
    if matters:
        start, end = matters[0].at, matters[-1].at + AFTER
        presence = Presence(roster, calendar, start, end)
        for number in range(runs):
            chance = random.Random(f"{seed}:{number}")
            _Run(plan, presence, pace or Pace(approve=roster.approve or Pace().approve), chance, tally).play(
                matters
            )
    return tally.result(runs=runs, seed=seed, matters=len(matters))


@dataclass(slots=True, order=True)
class Task:
    """One stage of something owed, waiting for somebody: what is due first is taken first."""

    due: datetime
    number: int
    case: Case = field(compare=False)
    owed: Obligation = field(compare=False)
    stages: tuple[tuple[str, timedelta], ...] = field(
        compare=False
    )  # role and about how long, this and later ones
    ready: datetime = field(compare=False)  # since when it waits


Event = Case | Task | None  # a case to open or close, a stage that is done, or only a time to look again


class _Run:
    """One run."""

    def __init__(
        self, plan: Plan, presence: Presence, pace: Pace, chance: random.Random, tally: Tally
    ) -> None:
        self.plan, self.presence, self.pace, self.chance, self.tally = plan, presence, pace, chance, tally
        self.calendar = presence.calendar
        self.free: dict[str, datetime] = {}  # person -> when they are done with what they do
        self.queue: list[tuple[datetime, int, Event]] = []
        self.waiting: list[Task] = []
        self.woken: set[datetime] = set()
        self.number = count()

    def play(self, matters: Sequence[Matter]) -> None:
        """Let everything happen, then count what was met."""
        cases = [Case(matter=matter, unit=self.unit(matter)) for matter in matters]
        for case in cases:
            self.push(case.matter.at, case)
        while self.queue:
            at, _number, event = heapq.heappop(self.queue)
            if at >= self.presence.end:
                break
            self.happen(at, event)
            self.give_out(at)
        for task in self.waiting:
            self.waited(task, self.presence.end)
        for case in cases:
            found = obligations(self.plan, case.journal, self.calendar, self.presence.end)
            self.tally.count(found, case.waits)

    def unit(self, matter: Matter) -> str:
        """The unit that handles the matter: by its route, else any."""
        units, name = self.presence.roster.units, self.plan.route(matter.subject)
        found = self.presence.roster.unit(name) if name else None
        return found.code if found else self.chance.choice(units).code if units else "unit"

    def push(self, at: datetime, event: Event) -> None:
        heapq.heappush(self.queue, (at, next(self.number), event))

    def happen(self, at: datetime, event: Event) -> None:
        """What the event writes into the journal, and what comes to be owed by it."""
        if isinstance(event, Task):
            if len(event.stages) > 1:
                self.put(at, event.case, event.owed, event.stages[1:])
                return
            self.do(at, event.case, event.owed)
            self.take(at, event.case)
        elif event is not None:
            if event.journal:
                event.note(at, Kind.CLOSED, summary="")
            else:
                self.open(at, event)
            self.take(at, event)

    def open(self, at: datetime, case: Case) -> None:
        """The matter becomes a case."""
        matter = case.matter
        data = {"how": "story", "title": matter.title, "discovered_at": instant(at)}
        if matter.posted_at:
            data["posted_at"] = instant(matter.posted_at)
        case.note(at, Kind.OPENED, **data, matter=matter.matter, subject=matter.subject)
        case.note(at, Kind.LEVEL_PROPOSED, level=matter.level)

    def do(self, at: datetime, case: Case, what: Obligation) -> None:
        """Somebody has done it."""
        data: dict[str, Any] = {
            "to": what.to,
            "means": what.means or "phone",
            "stage": what.stage,
            "form": what.form or "reply",
            "step": what.step,
            "unit": what.unit or case.unit,
            "ref": what.ref,
            "outcome": "true",
            "solved": True,
        }
        if what.act == "level_confirmed":
            data = {"level": case.matter.level}
        if what.act == "assigned":
            data["part"] = "lead"
        case.note(at, Kind(what.act), **data)

    def take(self, at: datetime, case: Case) -> None:
        """Whatever has come to be owed waits for somebody; the case is closed when nothing is owed."""
        owed = obligations(self.plan, case.journal, self.calendar, at)
        for one in owed:
            if one.state in ("open", "missed") and one.key not in case.taken and self.is_task(one):
                case.taken.add(one.key)
                self.put(at, case, one, tuple(self.stages(case, one)))
        if not case.closing and not owed_now(owed):
            case.closing = True
            self.push(at + self.drawn(timedelta(minutes=30)), case)

    def is_task(self, one: Obligation) -> bool:
        """Whether somebody has to do it once; what is owed again and again is not rehearsed."""
        duty = self.plan.duty(one.rule)
        return one.act not in _NO_TASK and not (duty and duty.every)

    def stages(self, case: Case, one: Obligation) -> Iterator[tuple[str, timedelta]]:
        """Who does it, and for a text who approves it after that."""
        yield one.role, self.pace.works(one.act)
        if one.act == "published":
            for role in self.plan.chain(case.matter.level, one.form or "reply", False):
                yield role, self.pace.approve

    def put(
        self, at: datetime, case: Case, one: Obligation, stages: tuple[tuple[str, timedelta], ...]
    ) -> None:
        """A stage waits for somebody."""
        task = Task(due=one.due_at, number=next(self.number), case=case, owed=one, stages=stages, ready=at)
        heapq.heappush(self.waiting, task)

    # People

    def give_out(self, at: datetime) -> None:
        """Everything that waits, soonest due first, to whoever is there and free; who is to come is waited for."""
        left: list[Task] = []
        while self.waiting:
            task = heapq.heappop(self.waiting)
            role, work = task.stages[0]
            person = self.somebody(task, role, at)
            if person is None:
                left.append(task)
                continue
            begin = at + (self.drawn(self.reaction(at)) if self.is_idle(person, at) else timedelta())
            takes = self.drawn(work)
            self.waited(task, begin)
            self.tally.worked(role, begin - task.ready, takes)
            self.free[person] = begin + takes
            self.push(begin + takes, task)
        self.waiting = left
        heapq.heapify(self.waiting)

    def waited(self, task: Task, until: datetime) -> None:
        """Note for whom the task has waited."""
        role, waits = task.stages[0][0], task.case.waits.setdefault(task.owed.key, {})
        waits[role] = waits.get(role, timedelta()) + (until - task.ready)

    def is_idle(self, person: str, at: datetime) -> bool:
        """Whether they do nothing just now, and have first to notice."""
        return self.free.get(person, self.presence.start - _SOON) + _SOON < at

    def somebody(self, task: Task, role: str, at: datetime) -> str | None:
        """Who can take it now; if nobody is there, the run looks again when somebody comes."""
        unit = task.owed.unit if role == "handler" else ""
        comes: list[datetime] = []
        for id in self.people(role, unit):
            begins = self.there(id, role, at)
            if begins == at and self.free.get(id, at) <= at:
                return id
            if begins is not None and begins > at:
                comes.append(begins)
        again = min(comes, default=None)
        if again is not None and again not in self.woken:
            self.woken.add(again)
            self.push(again, None)
        return None

    def people(self, role: str, unit: str) -> list[str]:
        """Ids of those who hold one of the roles, those of the unit if it has any."""
        roster = self.presence.roster
        for place in (unit, "") if unit else ("",):
            found = [person.id for one in role.split("|") for person in roster.holders(one, place)]
            if found:
                return list(dict.fromkeys(found))
        return []

    def there(self, id: str, role: str, at: datetime) -> datetime | None:
        """The first instant from `at` on at which the person is there."""
        for begins, ends in self.tally.hours(id, role, lambda: self.spans(id, role)):
            if ends > at:
                return max(at, begins)
        return None

    def spans(self, id: str, role: str) -> list[Span]:
        """When a person is there in one of the roles: in their shifts, where the role has any, else in their hours."""
        found: list[Span] = []
        for one in role.split("|"):
            turns = [turn for turn in self.presence.roster.turns if turn.role == one]
            people = [person for person in self.presence.roster.holders(one) if person.id == id]
            for turn in turns if people else ():
                mine = turn.spans(self.presence.start, self.presence.end)
                found += without([span for who, span in mine if who == id], people[0].away)
            for person in people if not turns else ():
                found += self.presence.hours(person)
        return merged(found)

    def reaction(self, at: datetime) -> timedelta:
        """How long until somebody who is there begins, about."""
        hour = self.calendar.local(at).hour
        return self.pace.by_day if 7 <= hour < 22 else self.pace.by_night

    def drawn(self, median: timedelta) -> timedelta:
        """A time about the median: most are near it, a few take several times as long."""
        times = math.exp(self.chance.gauss(0.0, self.pace.spread))
        return timedelta(minutes=round(median.total_seconds() / 60 * times))
