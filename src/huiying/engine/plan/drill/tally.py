"""Counting over all runs: what was met, what was not, and whom it waited for."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from huiying.engine.obligations import Obligation
from huiying.engine.plan.drill.model import Bottleneck, Outcome, Rehearsal
from huiying.engine.text import Text

_NONE = timedelta()
Spans = list[tuple[datetime, datetime]]


@dataclass(slots=True)
class _Rule:
    what: Text
    states: Counter[str] = field(default_factory=Counter)
    worst: timedelta | None = None
    waits: dict[str, timedelta] = field(default_factory=dict)


class Tally:
    """The counts so far."""

    def __init__(self) -> None:
        self.rules: dict[str, _Rule] = {}
        self.tasks: Counter[str] = Counter()
        self.waiting: dict[str, timedelta] = {}
        self.working: dict[str, timedelta] = {}
        self._hours: dict[tuple[str, str], Spans] = {}

    def hours(self, id: str, role: str, find: Callable[[], Spans]) -> Spans:
        """The hours of a person in a role, found once for all runs."""
        key = (id, role)
        if key not in self._hours:
            self._hours[key] = find()
        return self._hours[key]

    def worked(self, role: str, waited: timedelta, took: timedelta) -> None:
        """Somebody did something."""
        self.tasks[role] += 1
        self.waiting[role] = self.waiting.get(role, _NONE) + waited
        self.working[role] = self.working.get(role, _NONE) + took

    def count(self, found: Iterable[Obligation], waits: Mapping[str, Mapping[str, timedelta]]) -> None:
        """What became of everything owed on one case."""
        for one in found:
            if one.state not in ("met", "late", "missed") or one.key not in waits:
                continue
            rule = self.rules.setdefault(one.rule, _Rule(what=one.what))
            rule.states[one.state] += 1
            if one.met_at is not None:
                behind = one.met_at - one.due_at
                rule.worst = behind if rule.worst is None else max(rule.worst, behind)
            if one.state != "met":
                for role, span in waits[one.key].items():
                    rule.waits[role] = rule.waits.get(role, _NONE) + span

    def result(self, *, runs: int, seed: int, matters: int) -> Rehearsal:
        """Everything put together."""
        outcomes = [_outcome(id, rule) for id, rule in self.rules.items()]
        outcomes.sort(key=lambda one: (-one.failed, one.rule))
        blamed: dict[str, timedelta] = {}
        for one in outcomes:
            for role, span in one.waits.items():
                blamed[role] = blamed.get(role, _NONE) + span
        roles = [
            Bottleneck(
                role=role,
                tasks=self.tasks[role],
                waited=self.waiting.get(role, _NONE),
                worked=self.working.get(role, _NONE),
                blamed=blamed.get(role, _NONE),
            )
            for role in sorted({*self.tasks, *blamed})
        ]
        roles.sort(key=lambda one: (-one.blamed, -one.waited, one.role))
        return Rehearsal(runs=runs, seed=seed, matters=matters, outcomes=tuple(outcomes), roles=tuple(roles))


def _outcome(id: str, rule: _Rule) -> Outcome:
    states = rule.states
    return Outcome(
        rule=id,
        what=rule.what,
        owed=states.total(),
        met=states["met"],
        late=states["late"],
        missed=states["missed"],
        worst=rule.worst or _NONE,
        waits=rule.waits,
    )
