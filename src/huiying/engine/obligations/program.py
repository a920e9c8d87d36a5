"""A plan arranged for folding journals: which rules begin with which event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import ALSO_SETTLES, Act, instant
from huiying.engine.plan.model import Assigning, Duty, Pair, Plan, Step

#: Events at which a rule begins anew each time.
RESTARTS = frozenset({"closed", "reopened"})


class Facts(NamedTuple):
    """What decides which rules apply to a case."""

    level: int | None = None
    matter: str = ""
    subject: str = ""
    how: str = ""
    addressee: str = ""


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


@dataclass(slots=True)
class Program:
    """What a fold asks a plan, found once."""

    plan: Plan
    since: dict[str, tuple[Duty, ...]]  # event -> rules measured from it
    pairs: dict[str, tuple[tuple[Pair, Step], ...]]  # kind -> steps of pairs that an entry of the kind may do
    steps: dict[str, Step]
    acts: dict[str, Act]  # step -> what it asks for
    ways: dict[str, Way]  # kind -> what its entries can do
    followed: frozenset[str]  # rules that another is measured from
    rules: frozenset[str]  # ids of all duties
    _active: dict[Facts, frozenset[str]] = field(default_factory=dict)
    _assigning: dict[Facts, Assigning] = field(default_factory=dict)

    def active(self, facts: Facts) -> frozenset[str]:
        """The ids of the rules that apply to such a case."""
        found = self._active.get(facts)
        if found is None:
            found = frozenset(duty.id for duty in self.plan.duties if duty.applies.to(*facts))
            self._active[facts] = found
        return found

    def assigning(self, facts: Facts) -> Assigning:
        """The clocks of assignments on such a case."""
        found = self._assigning.get(facts)
        if found is None:
            found = next((item for item in self.plan.assigning if item.applies.to(*facts)), Assigning())
            self._assigning[facts] = found
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
        followed=frozenset(name[5:] for name in since if name.startswith("duty:")),
        rules=frozenset(duty.id for duty in plan.duties),
    )
