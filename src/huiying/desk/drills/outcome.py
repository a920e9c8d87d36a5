"""What an exercise came to, from the journals of its cases: duties met, late and missed, by role, and how notices were read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import Q

from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.projection import engine_plan, entries_of, project
from huiying.desk.drills.models import Exercise
from huiying.desk.listen.config import active_plan
from huiying.desk.notify.models import Message
from huiying.desk.plans import queries as plans
from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations import Obligation, obligations
from huiying.engine.plan.drill.tally import ASSESS, ASSESS_WHAT
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


def outcome(exercise: Exercise, cases: Sequence[Case], now: datetime) -> dict[str, Any]:
    """The report as JSON values. What is not due yet at `now` counts neither as kept nor as missed."""
    rules: dict[str, _Counts] = {}
    roles: dict[str, _Counts] = {}
    assessed = _assessed(exercise, now)
    _count(assessed, rules, roles)
    told = [_case(case, now, rules, roles) for case in cases]
    failed = sum(one.states["late"] + one.states["missed"] for one in rules.values())
    settled = failed + sum(one.states["met"] for one in rules.values())
    return {
        "cases": told,
        "assessed": assessed,
        "rules": _listed(rules),
        "roles": _listed(roles),
        "settled": settled,
        "failed": failed,
        "notices": _notices(exercise, [case.number for case in cases]),
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
    _count(rows, rules, roles)
    return {
        "number": case.number,
        "title": case.title,
        "level": case.level,
        "duties": rows,
        "steps": _steps(entries, facts.discovered_at or case.discovered_at),
    }


def _count(rows: Iterable[dict[str, Any]], rules: dict[str, _Counts], roles: dict[str, _Counts]) -> None:
    """Add rows to the counts of their rule and of the role that owed it."""
    for row in rows:
        rule = rules.setdefault(row["rule"], _Counts(what=(row["zh"], row["en"])))
        role = roles.setdefault(row["role"], _Counts(what=(row["role_zh"], row["role_en"])))
        rule.states[row["state"]] += 1
        role.states[row["state"]] += 1


def _assessed(exercise: Exercise, now: datetime) -> list[dict[str, Any]]:
    """Stories that were put before the duty: whether each became a case within the time that the plan allows."""
    plan, calendar = active_plan(), plans.calendar_in_force()
    if plan is None or plan.assess_within is None:
        return []
    opened = dict(exercise.taken.exclude(story="").values_list("story", "case__opened_at"))
    name, rows = role_text(plan, "duty"), []
    for story in exercise.stories:
        if story["proposed_at"] is None:
            continue
        due = plan.assess_within.due(datetime.fromisoformat(story["proposed_at"]), calendar)
        done = opened.get(story["key"])
        state = ("met" if done <= due else "late") if done else "missed" if due <= now else "open"
        rows.append(
            {
                "key": f"{ASSESS}:{story['key']}",
                "rule": ASSESS,
                "title": story["title"],
                "zh": ASSESS_WHAT.zh,
                "en": ASSESS_WHAT.en,
                "role": "duty",
                "role_zh": name.zh,
                "role_en": name.en,
                "due_at": due.isoformat(),
                "state": state,
                "met_at": done.isoformat() if done else None,
            }
        )
    return rows


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


def _notices(exercise: Exercise, numbers: Sequence[str]) -> dict[str, Any]:
    """How many notices there were, how many were acknowledged, and after how many minutes in the middle."""
    rows = list(
        Message.objects.filter(
            Q(case_number__in=numbers) | Q(key__startswith=f"exercise{exercise.pk}|"),
            purpose=Message.Purpose.NOTICE,
        ).values_list("created_at", "acknowledged_at")
    )
    waits = [(seen - made).total_seconds() / 60 for made, seen in rows if seen]
    return {"told": len(rows), "seen": len(waits), "minutes": round(median(waits), 1) if waits else None}


def still_owed(case: Case) -> list[Owed]:
    """What is open or missed on the case."""
    return list(case.owed.filter(state__in=[Owed.State.OPEN, Owed.State.MISSED]))
