"""One run: matters come in, people do what they owe as soon as they can, the journal says the rest.

A discrete-event simulation with the next event taken from a queue (Banks, Carson, Nelson and Nicol, Discrete-Event System
Simulation, 5th edition 2010, chapter 3). What is owed, by when, and whether it was met is never its own opinion: the same
`Ledger` that the desk asks folds the journals that it writes.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from huiying.engine.calendar import Calendar
from huiying.engine.journal import Entry, Kind, instant
from huiying.engine.obligations import Ledger, Obligation, owed_now
from huiying.engine.plan.chains import parts
from huiying.engine.plan.check.roster import Presence
from huiying.engine.plan.drill.chance import Chance, Times, drawn
from huiying.engine.plan.drill.lines import Lines, Waited
from huiying.engine.plan.drill.matters import Matter, Rise
from huiying.engine.plan.drill.pace import Pace
from huiying.engine.plan.drill.results import Deed, Diary, Run
from huiying.engine.plan.drill.staff import Found, Rota, Staff, Wish
from huiying.engine.plan.drill.tally import ASSESS, Counter
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text

#: Acts that are no work of their own here: a chain is passed while its text is on the way.
_NO_TASK = frozenset({"approved", "progress", "urge_answered", "extension_granted", "reopened"})
_PICK_UP = Text("看到并立件", "Notice it and open a case")
_GRADE_AGAIN = Text("按新的证据重新定级", "Grade it again by the new evidence")


@dataclass(slots=True)
class Case:
    """A matter being handled in a run."""

    matter: Matter
    number: int  # place in the stream
    unit: str
    level: int  # that the evidence has by now
    ledger: Ledger
    opened: bool = False
    closing: bool = False
    confirmed: int | None = None
    opener: str = ""  # who picked it up and proposed its level
    taken: set[str] = field(default_factory=set)  # keys that somebody does or did
    waits: dict[str, dict[str, int]] = field(default_factory=dict)  # key -> role -> seconds waited

    def note(self, at: datetime, kind: Kind, **data: Any) -> None:
        """Write an entry."""
        seq = len(self.ledger.entries) + 1
        entry = Entry(seq=seq, at=at, recorded_at=at, kind=kind, actor="system", data=data)
        self.ledger.add(entry)


@dataclass(slots=True)
class Stage:
    """Who does a part of something owed, and how long it takes."""

    role: str
    act: str
    lasts: Times


#: What has to be done at the same time, every part of it.
Together = tuple[Stage, ...]


@dataclass(slots=True, kw_only=True)
class Job:
    """Something to be done on a case."""

    case: Case
    key: str
    rule: str
    what: Text
    due: datetime
    unit: str = ""
    owed: Obligation | None = None  # None: to pick the matter up, or to grade it again
    had: set[str] = field(default_factory=set)  # who had a hand in it and may not approve it
    left: int = 0  # parts of the present stage that are not done


@dataclass(slots=True, order=True)
class Task:
    """One stage of a job, waiting for somebody: what is due first is taken first."""

    due: datetime
    number: int
    job: Job = field(compare=False)
    stage: Stage = field(compare=False)
    rest: tuple[Together, ...] = field(compare=False)  # what comes after it
    step: int = field(compare=False)  # how many stages came before this one
    part: int = field(compare=False)  # of what has to be done at the same time
    ready: datetime = field(compare=False)  # since when it waits

    @property
    def name(self) -> str:
        """By which chance knows the stage."""
        return f"{self.job.case.number}|{self.job.key}|{self.step}|{self.part}"

    def wish(self, role: str, unit: str) -> Wish:
        """Who is wanted for it."""
        return Wish(role, unit, self.stage.act, self.due, self.stage.lasts.median, self.job.had)


#: A case to open or close, a graver level, a stage that is done, or only a time to look again.
Event = Case | tuple[Case, Rise] | Task | None


class Play:
    """One run."""

    def __init__(
        self, plan: Plan, rota: Rota, pace: Pace, *, seed: int, number: int, diary: Diary | None = None
    ) -> None:
        self.plan, self.pace, self.diary = plan, pace, diary
        self.presence: Presence = rota.presence
        self.calendar: Calendar = self.presence.calendar
        self.end = self.presence.end
        self.chance = Chance(seed, number)
        self.staff = Staff(rota, pace)
        self.counter = Counter(Run(number=number))
        self.queue: list[tuple[datetime, int, Event]] = []
        self.lines: Lines[Task] = Lines()
        self.woken: set[datetime] = set()
        self.numbers = count()

    def play(self, matters: Sequence[Matter]) -> Run:
        """Let everything happen, then count what was met."""
        cases = [self.case(number, matter) for number, matter in enumerate(matters)]
        while self.queue and self.queue[0][0] < self.end:
            at, _number, event = heapq.heappop(self.queue)
            self.happen(at, event)
            self.give_out(at)
        for line in self.lines:
            while line.heap:
                task, waited = line.leave(self.end)
                self.waited(task, self.end, waited)
                self.write(task, "", None, None)
        for case in cases:
            self.judge(case)
        return self.counter.run

    def case(self, number: int, matter: Matter) -> Case:
        """The matter before anybody has seen it."""
        ledger = Ledger(self.plan, self.calendar)
        case = Case(matter, number, self.unit(number, matter), matter.level, ledger)
        self.push(matter.at, case)
        for rise in matter.rises:
            self.push(rise.at, (case, rise))
        return case

    def unit(self, number: int, matter: Matter) -> str:
        """The unit that handles the matter: as it was heard or by its route, else any."""
        roster, named = self.presence.roster, matter.unit or self.plan.route(matter.subject)
        found = roster.unit(named) if named else None
        if found:
            return found.code
        return (
            roster.units[self.chance.choice(f"{number}|unit", len(roster.units))].code
            if roster.units
            else "unit"
        )

    def push(self, at: datetime, event: Event) -> None:
        heapq.heappush(self.queue, (at, next(self.numbers), event))

    # What happens

    def happen(self, at: datetime, event: Event) -> None:
        """What the event writes into the journal, and what comes to be owed by it."""
        if isinstance(event, Task):
            self.stage_done(at, event)
        elif isinstance(event, tuple):
            self.rise(at, *event)
        elif event is not None and event.closing:
            event.note(at, Kind.CLOSED, summary="")
            self.take(at, event)
        elif event is not None:
            self.notice(at, event)

    def notice(self, at: datetime, case: Case) -> None:
        """The duty has to see the matter and open a case."""
        within, due = self.plan.assess_within, at + timedelta(hours=1)
        due = within.due(at, self.calendar) if within else due
        job = Job(case=case, key=ASSESS, rule=ASSESS, what=_PICK_UP, due=due)
        self.put(at, job, ((Stage("duty", "opened", self.pace.works("assessed")),),))

    def stage_done(self, at: datetime, task: Task) -> None:
        """The next stage waits for somebody, or the whole is done."""
        job, case = task.job, task.job.case
        job.left -= 1
        if job.left:
            return
        if task.rest:
            self.put(at, job, task.rest, task.step + 1)
            return
        if job.owed is not None:
            self.do(at, case, job.owed)
        elif job.rule == ASSESS:
            self.open(at, case)
        elif case.confirmed is not None and case.level < case.confirmed:
            self.confirm(at, case)
        self.take(at, case)

    def open(self, at: datetime, case: Case) -> None:
        """The matter becomes a case."""
        matter, case.opened = case.matter, True
        data = {"how": "story", "title": matter.title, "discovered_at": instant(matter.at)}
        if matter.posted_at:
            data["posted_at"] = instant(matter.posted_at)
        case.note(at, Kind.OPENED, **data, matter=matter.matter, subject=matter.subject)
        case.note(at, Kind.LEVEL_PROPOSED, level=case.level)

    def rise(self, at: datetime, case: Case, rise: Rise) -> None:
        """The evidence reaches a graver level; a case that is graded is graded again by whoever may."""
        case.level = rise.level
        if not case.opened or case.closing:
            return
        case.note(at, Kind.LEVEL_PROPOSED, level=rise.level)
        if case.confirmed is not None:
            role = "|".join(self.plan.confirmers(rise.level)) or "deputy"
            job = Job(
                case=case,
                key=f"again:{rise.level}",
                rule="again",
                what=_GRADE_AGAIN,
                due=at + timedelta(hours=1),
                had=self.may_not(case, "level_confirmed"),
            )
            self.put(at, job, ((Stage(role, "level_confirmed", self.pace.works("level_confirmed")),),))
        self.take(at, case)

    def confirm(self, at: datetime, case: Case) -> None:
        """The level that the evidence has by now is set."""
        case.confirmed = case.level
        case.note(at, Kind.LEVEL_CONFIRMED, level=case.level)
        if self.diary is not None:
            self.diary.levels.append((case.number, at, case.level))

    def do(self, at: datetime, case: Case, what: Obligation) -> None:
        """Somebody has done it."""
        if what.act == "level_confirmed":
            self.confirm(at, case)
            return
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
        if what.act == "assigned":
            data["part"] = "lead"
        case.note(at, Kind(what.act), **data)

    def take(self, at: datetime, case: Case) -> None:
        """Whatever has come to be owed waits for somebody; the case is closed when nothing is owed."""
        owed = case.ledger.obligations(at)
        for one in owed:
            if one.state in ("open", "missed") and one.key not in case.taken and self.is_task(one):
                case.taken.add(one.key)
                job = Job(
                    case=case,
                    key=one.key,
                    rule=one.rule,
                    what=one.what,
                    due=one.due_at,
                    unit=one.unit,
                    owed=one,
                    had=self.may_not(case, one.act),
                )
                self.put(at, job, tuple(self.stages(case, one)))
        if not case.closing and not owed_now(owed):
            case.closing = True
            luck = self.chance.normal(f"{case.number}|close")
            self.push(at + drawn(self.pace.works("closed"), 1.0, luck), case)

    def may_not(self, case: Case, act: str) -> set[str]:
        """Who may not do it: whoever proposed a level, where the plan asks for a second person to confirm it."""
        second = act == "level_confirmed" and self.plan.second_person(case.level)
        return {case.opener} if second else set()

    def is_task(self, one: Obligation) -> bool:
        """Whether somebody has to do it once; what is owed again and again is not rehearsed."""
        duty = self.plan.duty(one.rule)
        return one.act not in _NO_TASK and not (duty and duty.every)

    def stages(self, case: Case, one: Obligation) -> Iterator[Together]:
        """Who does it, and for a text who approves it after that, step by step."""
        writes = one.act == "published"
        yield (Stage(one.role, "drafted" if writes else one.act, self.pace.works(one.act)),)
        if writes:
            for step in self.plan.chain(case.confirmed or case.level, one.form or "reply", False):
                yield tuple(Stage(role, "approved", self.pace.works("approve")) for role in parts(step))

    def put(self, at: datetime, job: Job, stages: tuple[Together, ...], step: int = 0) -> None:
        """The parts of a stage wait for somebody."""
        job.left = len(stages[0])
        for part, stage in enumerate(stages[0]):
            task = Task(job.due, next(self.numbers), job, stage, stages[1:], step, part, ready=at)
            self.lines.join(stage.role, job.unit if stage.role == "handler" else "", task, at)

    # People

    def give_out(self, at: datetime) -> None:
        """Everything that waits, soonest due first, to whoever is there and free; who is to come is waited for."""
        heads = [(line.heap[0][0], line) for line in self.lines]
        heapq.heapify(heads)
        while heads:
            task, line = heapq.heappop(heads)
            found = self.staff.somebody(task.wish(line.role, line.unit), at)
            if isinstance(found, Found):
                self.begin(at, *line.leave(at), found)
                if line.head is not None:
                    heapq.heappush(heads, (line.head, line))
                continue
            line.look(at)
            line.held = found.busy
            self.counter.queued(line.role, len(line.heap))
            if found.comes is not None and found.comes not in self.woken:
                self.woken.add(found.comes)
                self.push(found.comes, None)

    def begin(self, at: datetime, task: Task, waited: Waited, who: Found) -> None:
        """Somebody takes it: they notice, begin, and are done after a while."""
        stage, notice = task.stage, timedelta()
        if self.staff.idle(who.person, at):
            factor = self.pace.slower(at, self.calendar) * who.factor
            notice = drawn(self.pace.reaction(who.role), factor, self.chance.normal(f"{task.name}|react"))
        takes = drawn(stage.lasts, 1.0, self.chance.normal(f"{task.name}|work"))
        began, done = at + notice, at + notice + takes
        self.waited(task, began, waited, notice)
        self.counter.worked(stage.role, who.person, takes)
        self.staff.free[who.person] = done
        if task.rest or task.step:
            task.job.had.add(who.person)
        if task.job.rule == ASSESS:
            task.job.case.opener = who.person
        self.push(done, task)
        self.write(task, who.person, began, done)

    def waited(self, task: Task, until: datetime, waited: Waited, notice: timedelta = timedelta()) -> None:
        """Note for whom the task has waited, and why."""
        role, waits = task.stage.role, task.job.case.waits.setdefault(task.job.key, {})
        waits[role] = waits.get(role, 0) + int((until - task.ready).total_seconds())
        self.counter.waited(role, absent=waited.absent, busy=waited.busy, notice=notice)

    def write(self, task: Task, person: str, began: datetime | None, done: datetime | None) -> None:
        """One line of the diary."""
        if self.diary is None:
            return
        job = task.job
        self.diary.deeds.append(
            Deed(
                matter=job.case.number,
                key=job.key,
                rule=job.rule,
                what=job.what,
                role=task.stage.role,
                person=person,
                ready=task.ready,
                began=began,
                done=done,
                due=job.due,
            )
        )

    # The end

    def judge(self, case: Case) -> None:
        """What was met. A matter that nobody ever took up is opened at the end: what it owed since it was found is missed."""
        opened = case.ledger.entries[0].at if case.opened else None
        if opened is None:
            self.open(self.end, case)
        found = case.ledger.obligations(self.end)
        for one in found:
            if opened is None:
                case.waits.setdefault(one.key, {})["duty"] = int((self.end - case.matter.at).total_seconds())
        states = self.counter.count(found, case.waits, case.matter.at)
        if self.plan.assess_within is not None:
            due = self.plan.assess_within.due(case.matter.at, self.calendar)
            states[ASSESS] = self.counter.assessed(opened, due, case.waits.get(ASSESS, {}))
        for deed in self.diary.deeds if self.diary is not None else ():
            if deed.matter == case.number:
                deed.state = states.get(deed.key, "")
