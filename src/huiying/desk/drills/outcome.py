"""What an exercise came to, from the journals of its cases: duties met, late and missed, by role, and how notices were read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.projection import engine_plan, entries_of, project
from huiying.desk.notify.models import Message
from huiying.desk.plans import queries as plans
from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations import Obligation, obligations
from huiying.engine.plan.model import Plan
from huiying.engine.plan.words import role_text

#: The steps of which it is told how long they took.
STEPS = (Kind.OPENED, Kind.VERIFIED, Kind.LEVEL_CONFIRMED, Kind.ASSIGNED, Kind.ACCEPTED, Kind.PUBLISHED)
STATES = ("met", "late", "missed", "open")


@dataclass(slots=True)
class _Counts:
    states: Counter[str] = field(default_factory=Counter)
    what: tuple[str, str] = ("", "")

    def plain(self, id: str) -> dict[str, Any]:
        return {"id": id, "zh": self.what[0], "en": self.what[1]} | {s: self.states[s] for s in STATES}


def outcome(cases: Sequence[Case], now: datetime) -> dict[str, Any]:
    """The report as JSON values. What is not due yet at `now` counts neither as kept nor as missed."""
    rules: dict[str, _Counts] = {}
    roles: dict[str, _Counts] = {}
    told = [_case(case, now, rules, roles) for case in cases]
    failed = sum(one.states["late"] + one.states["missed"] for one in rules.values())
    settled = failed + sum(one.states["met"] for one in rules.values())
    return {
        "cases": told,
        "rules": _listed(rules),
        "roles": _listed(roles),
        "settled": settled,
        "failed": failed,
        "notices": _notices([case.number for case in cases]),
    }


def _listed(counts: dict[str, _Counts]) -> list[dict[str, Any]]:
    rows = [one.plain(id) for id, one in counts.items()]
    return sorted(rows, key=lambda row: (-row["missed"] - row["late"], -row["met"], row["id"]))


def _case(case: Case, now: datetime, rules: dict[str, _Counts], roles: dict[str, _Counts]) -> dict[str, Any]:
    entries = entries_of(case)
    facts = project(entries)
    plan = engine_plan(facts)
    found = obligations(plan, entries, plans.calendar_in_force(), now) if plan else ()
    by_seq = {entry.seq: entry for entry in entries}
    rows = [_row(one, by_seq, plan) for one in found if one.state != "void"]
    for row in rows:
        for id, counts, what in (
            (row["rule"], rules, (row["zh"], row["en"])),
            (row["role"], roles, (row["role_zh"], row["role_en"])),
        ):
            one = counts.setdefault(id, _Counts(what=what))
            one.states[row["state"]] += 1
    return {
        "number": case.number,
        "title": case.title,
        "level": case.level,
        "duties": rows,
        "steps": _steps(entries, facts.discovered_at or case.discovered_at),
    }


def _row(one: Obligation, entries: dict[int, Entry], plan: Plan | None) -> dict[str, Any]:
    done = entries.get(one.met_by) if one.met_by else None
    name = role_text(plan, one.role) if plan and one.role else None
    by = role_text(plan, done.role) if plan and done and done.role else None
    return {
        "key": one.key,
        "rule": one.rule,
        "zh": one.what.zh,
        "en": one.what.en,
        "role": one.role or one.unit,
        "role_zh": name.zh if name else one.unit,
        "role_en": name.en if name else one.unit,
        "unit": one.unit,
        "due_at": one.due_at.isoformat(),
        "state": one.state,
        "met_at": one.met_at.isoformat() if one.met_at else None,
        "by_zh": by.zh if by else "",
        "by_en": by.en if by else "",
    }


def _steps(entries: Iterable[Entry], found: datetime) -> list[dict[str, Any]]:
    """Step -> minutes from finding the matter to doing it first, and in which role it was done."""
    first: dict[Kind, Entry] = {}
    for entry in entries:
        if entry.kind in STEPS:
            first.setdefault(entry.kind, entry)
    return [
        {"kind": kind.value, "minutes": round((one.at - found).total_seconds() / 60), "role": one.role}
        for kind in STEPS
        if (one := first.get(kind)) is not None
    ]


def _notices(numbers: Sequence[str]) -> dict[str, Any]:
    """How many notices there were, how many were acknowledged, and after how many minutes in the middle."""
    rows = list(
        Message.objects.filter(case_number__in=numbers, purpose=Message.Purpose.NOTICE).values_list(
            "created_at", "acknowledged_at"
        )
    )
    waits = [(seen - made).total_seconds() / 60 for made, seen in rows if seen]
    return {"told": len(rows), "seen": len(waits), "minutes": round(median(waits), 1) if waits else None}


def still_owed(case: Case) -> list[Owed]:
    """What is open or missed on the case."""
    return list(case.owed.filter(state__in=[Owed.State.OPEN, Owed.State.MISSED]))
