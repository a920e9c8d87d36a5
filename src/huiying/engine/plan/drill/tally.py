"""Counting: what was met, what was not, and whom it waited for, in one run and over all."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from huiying.engine.obligations import Obligation
from huiying.engine.plan.drill.results import CAUSES, STATES, RoleCount, RuleCount, Run
from huiying.engine.text import Text

#: The rule that a story which reaches a level is assessed in time; no ledger holds it, for there is no case yet.
ASSESS = "assess"
ASSESS_WHAT = Text("研判话题并立件", "Assess the story and open a case")


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


class Counter:
    """The counts of one run."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def role(self, role: str) -> RoleCount:
        """The counts of a role."""
        return self.run.roles.setdefault(role, RoleCount())

    def waited(self, role: str, *, absent: timedelta, busy: timedelta, notice: timedelta) -> None:
        """Something waited for the role: for somebody to be there, to be free, to notice."""
        waits = self.role(role).waits
        for cause, span in zip(CAUSES, (absent, busy, notice), strict=True):
            if span:
                waits[cause] = waits.get(cause, 0) + _seconds(span)

    def worked(self, role: str, person: str, span: timedelta) -> None:
        """Somebody did something."""
        for count in (self.role(role), self.run.people.setdefault(person, RoleCount())):
            count.tasks += 1
            count.worked += _seconds(span)

    def queued(self, role: str, length: int) -> None:
        """So many things wait for the role now."""
        count = self.role(role)
        count.queue = max(count.queue, length)

    def count(
        self, found: Iterable[Obligation], waits: Mapping[str, Mapping[str, int]], known: datetime
    ) -> dict[str, str]:
        """What became of everything owed on one case, found at `known`, that somebody had to do; gives key -> state."""
        states: dict[str, str] = {}
        for one in found:
            if one.state not in STATES or one.key not in waits:
                continue
            states[one.key] = one.state
            behind = one.met_at - one.due_at if one.met_at is not None else None
            self._add(one.rule, one.what, one.state, behind, waits[one.key], past=one.due_at <= known)
        return states

    def assessed(self, opened: datetime | None, due: datetime, waits: Mapping[str, int]) -> str:
        """A story was taken up, or never; gives the state."""
        state = "missed" if opened is None else "met" if opened <= due else "late"
        self._add(ASSESS, ASSESS_WHAT, state, opened - due if opened else None, waits)
        return state

    def _add(
        self,
        rule: str,
        what: Text,
        state: str,
        behind: timedelta | None,
        waits: Mapping[str, int],
        *,
        past: bool = False,
    ) -> None:
        count = self.run.rules.setdefault(rule, RuleCount(what=what))
        setattr(count, state, getattr(count, state) + 1)
        if behind is not None:
            seconds = _seconds(behind)
            count.worst = seconds if count.worst is None else max(count.worst, seconds)
        if state != "met" and past:
            count.past += 1
        elif state != "met":
            for role, span in waits.items():
                count.waits[role] = count.waits.get(role, 0) + span
