"""What is owed on a case: the engine's answer, with each stretch of the journal counted by the calendar it knew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from huiying.desk.cases.facts import calendar_refs
from huiying.engine.calendar import Calendar
from huiying.engine.journal import Entry
from huiying.engine.obligations import Obligation, obligations
from huiying.engine.plan.model import Plan

CalendarOf = Callable[[Mapping[str, Any]], Calendar]
SETTLED = frozenset({"met", "late"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A deadline that another calendar puts elsewhere."""

    key: str
    was: datetime
    now: datetime


def reckon(
    plan: Plan, entries: Sequence[Entry], calendar_of: CalendarOf, now: datetime
) -> tuple[Obligation, ...]:
    """What is owed by whom. A table published late counts from its entry on: what was settled before stays as judged then."""
    refs = calendar_refs(entries)
    if not refs:
        return ()
    settled: dict[str, Obligation] = {}
    for (_start, ref), (end, _next) in pairwise(refs):
        until = entries[:end]
        for owed in obligations(plan, until, calendar_of(ref), entries[end].recorded_at):
            if owed.state in SETTLED:
                settled.setdefault(owed.key, owed)
    latest = obligations(plan, entries, calendar_of(refs[-1][1]), now)
    if not settled:
        return latest
    return tuple(sorted((settled.get(o.key, o) for o in latest), key=lambda o: (o.due_at, o.key)))


def moved(before: Sequence[Obligation], after: Sequence[Obligation]) -> list[Moved]:
    """Deadlines of things not yet settled that differ between two answers."""
    old = {owed.key: owed for owed in before}
    return [
        Moved(key=owed.key, was=old[owed.key].due_at, now=owed.due_at)
        for owed in after
        if owed.key in old and owed.state not in SETTLED | {"void"} and old[owed.key].due_at != owed.due_at
    ]
