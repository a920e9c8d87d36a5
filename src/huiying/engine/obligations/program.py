"""A plan arranged for folding journals: which rules begin with which event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import ALSO_SETTLES, Act, instant
from huiying.engine.plan.model import NOTHING, Assigning, Duty, Pair, Plan, Step
from huiying.engine.plan.sentences import why_text
from huiying.engine.spans import Within
from huiying.engine.text import Text

#: Events at which a rule begins anew each time.
RESTARTS = frozenset({"closed", "reopened"})


class Facts(NamedTuple):
    """What decides which rules apply to a case."""

    level: int | None = None
    matter: str = ""
    subject: str = ""
    how: str = ""
    addressee: str = ""
    periods: tuple[str, ...] = ()  # key periods in which it was opened


Clock = tuple[Within, Text]  # a span, and why it is owed within it


class Way(NamedTuple):
    """What an entry of one kind can do under a plan."""

    act: str  # the act that it settles
    settles: bool  # something owed may ask for that act
    vows: bool  # it may complete a promise in public
    stepping: bool  # it may do a step that a pair or a rule looks at
    begins: bool  # rules are measured from it


#: Acts that are owed whatever the plan says, or that decide what is.
_ALWAYS = frozenset(
    {"accepted", "unit_reported", "assigned", "promise_kept", "instruction_done", "urge_answered", "approved"}
    | {"request_answered"}
    | {"extension_granted", "reported", "published", "promised", "submitted", "offline_fixed"}
)


class Handing(NamedTuple):
    """How long a unit has to accept and to report, and how long a return may wait; each with the reason in words."""

    accept: Clock | None
    report: Clock | None
    cooperate: Clock | None
    review: Clock | None


@dataclass(slots=True)
class Program:
    """What a fold asks a plan, found once."""

    plan: Plan
    since: dict[str, tuple[Duty, ...]]  # event -> rules measured from it
    pairs: dict[str, tuple[tuple[Pair, Step], ...]]  # kind -> steps of pairs that an entry of the kind may do
    steps: dict[str, Step]
    acts: dict[str, Act]  # step -> what it asks for
    ways: dict[str, Way]  # kind -> what its entries can do
    marks: dict[
        str, tuple[tuple[Step, str], ...]
    ]  # kind -> steps that rules are measured from, and the event
    followed: frozenset[str]  # rules that another is measured from
    whys: dict[str, Text]  # what is asked for in words, without a date -> why it is owed by then
    rules: frozenset[str]  # ids of all duties
    of_matters: tuple[Duty, ...]  # those that are for some kinds of matter only
    _active: dict[Facts, frozenset[str]] = field(default_factory=dict)
    _handing: dict[Facts, Handing] = field(default_factory=dict)
    _newly: dict[tuple[frozenset[str], frozenset[str]], tuple[Duty, ...]] = field(default_factory=dict)

    def active(self, facts: Facts) -> frozenset[str]:
        """The ids of the rules that apply to such a case."""
        found = self._active.get(facts)
        if found is None:
            found = frozenset(duty.id for duty in self.plan.duties if duty.applies.to(*facts))
            self._active[facts] = found
        return found

    def newly(self, old: frozenset[str], now: frozenset[str]) -> tuple[Duty, ...]:
        """The rules that apply now and did not before, in the plan's order."""
        key = old, now
        found = self._newly.get(key)
        if found is None:
            new = now - old
            found = self._newly[key] = tuple(duty for duty in self.plan.duties if duty.id in new)
        return found

    def handing(self, facts: Facts) -> Handing:
        """The clocks of assignments on such a case."""
        found = self._handing.get(facts)
        if found is None:
            clocks = next((item for item in self.plan.assigning if item.applies.to(*facts)), Assigning())
            found = self._handing[facts] = _handing(clocks)
        return found


def holds_where(duty: Duty, entry: Entry) -> bool:
    """Whether the entry carries what the duty asks of the one it is measured from."""
    return all(entry.data.get(key) in values for key, values in duty.where)


def start_of(duty: Duty, entry: Entry) -> datetime:
    """The instant from which the duty is measured."""
    if duty.since == "discovered":
        return instant(entry, "discovered_at") or entry.at
    if duty.since == "posted":
        return instant(entry, "posted_at") or instant(entry, "discovered_at") or entry.at
    return entry.at


def _act(step: Step) -> Act:
    done = step.id if step.act == "done" else ""
    return Act(act=step.act, to=step.to, stage=step.stage, form=step.form, step=done)


def _handing(clocks: Assigning) -> Handing:
    asked, back = Text("交办", "assignment"), Text("退办", "the return")

    def clock(since: Text, within: Within | None) -> Clock | None:
        return (within, why_text(since, within, clocks.source)) if within else None

    return Handing(
        accept=clock(asked, clocks.accept),
        report=clock(asked, clocks.report),
        cooperate=clock(asked, clocks.cooperate or clocks.report),
        review=clock(back, clocks.review),
    )


def _whys(plan: Plan) -> dict[str, Text]:
    asked = {
        "instruction": (Text("收到批示", "the instruction"), plan.instruction_within),
        "urge": (Text("催办", "the urging notice"), plan.urge_within),
        "promise": (Text("作出承诺", "the promise"), plan.promise_max),
    }
    return {rule: why_text(since, within, NOTHING) for rule, (since, within) in asked.items() if within}


def _marks(steps: Mapping[str, Step], since: Mapping[str, object]) -> dict[str, tuple[tuple[Step, str], ...]]:
    found: dict[str, list[tuple[Step, str]]] = {}
    for step in steps.values():
        if f"step:{step.id}" in since:
            found.setdefault(step.act, []).append((step, f"step:{step.id}"))
    return {kind: tuple(marked) for kind, marked in found.items()}


def _way(kind: Kind, plan: Plan, since: Mapping[str, object], stepping: set[str]) -> Way:
    act = ALSO_SETTLES.get(kind, kind.value)
    return Way(
        act=act,
        settles=act in _ALWAYS or act in stepping or any(duty.act == act for duty in plan.duties),
        vows=kind in (Kind.PUBLISHED, Kind.PROMISED),
        stepping=kind in stepping,
        begins=kind in since,
    )


@lru_cache(maxsize=128)
def program(plan: Plan) -> Program:
    """The program of a plan; the same object for the same plan."""
    since: dict[str, list[Duty]] = {}
    for duty in plan.duties:
        since.setdefault(duty.since, []).append(duty)
    steps = {step.id: step for step in plan.steps}
    pairs: dict[str, list[tuple[Pair, Step]]] = {}
    for pair in plan.pairs:
        for id in pair.steps:
            if id in steps:
                pairs.setdefault(steps[id].act, []).append((pair, steps[id]))
    watched = {steps[name[5:]].act for name in since if name.startswith("step:") and name[5:] in steps}
    return Program(
        plan=plan,
        since={name: tuple(found) for name, found in since.items()},
        pairs={kind: tuple(found) for kind, found in pairs.items()},
        steps=steps,
        acts={step.id: _act(step) for step in plan.steps},
        ways={kind: _way(kind, plan, since, watched | set(pairs)) for kind in Kind},
        marks=_marks(steps, since),
        whys=_whys(plan),
        followed=frozenset(name[5:] for name in since if name.startswith("duty:")),
        rules=frozenset(duty.id for duty in plan.duties),
        of_matters=tuple(duty for duty in plan.duties if duty.applies.matters),
    )
