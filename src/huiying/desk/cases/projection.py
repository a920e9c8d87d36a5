"""The case row, its units, mentions and owed rows, made again from the journal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from huiying.desk.accounts.models import Unit
from huiying.desk.cases.facts import Projected, project
from huiying.desk.cases.models import Case, JournalEntry, Owed
from huiying.desk.cases.reckoning import reckon
from huiying.desk.collect.models import Mention
from huiying.desk.listen.models import Story
from huiying.desk.listen.search import put
from huiying.desk.plans import queries as plans
from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations import Obligation, next_wake, notices
from huiying.engine.plan.model import Plan

__all__ = ["Projected", "engine_plan", "entries_of", "entry_of", "project", "reckoned", "refresh"]
#: Columns of an owed row that hold what the engine says, unchanged.
AS_THEY_ARE = (
    "rule", "act", "role", "to", "means", "stage", "form", "step", "ref", "started_at", "started_by", "due_at", "state",
    "met_at", "met_by", "void_by", "closing", "lapsed", "unknown_year",
)  # fmt: skip


def entry_of(row: JournalEntry) -> Entry:
    """The row as the engine's entry."""
    return Entry(
        seq=row.seq,
        at=row.at,
        recorded_at=row.recorded_at,
        kind=Kind(row.kind),
        actor=row.actor,
        role=row.role,
        data=row.data,
        prev=row.prev,
        hash=row.hash,
    )


def entries_of(case: Case) -> list[Entry]:
    """The whole journal, in order."""
    return [entry_of(row) for row in case.entries.order_by("seq")]


def engine_plan(facts: Projected) -> Plan | None:
    """The plan that governs the case: the one active at its opening until the first grading pins one for good."""
    if not facts.plan:
        return None
    return plans.engine_plan(plans.plan_of(facts.plan))


def reckoned(entries: Sequence[Entry], now: datetime) -> tuple[Obligation, ...]:
    """What is owed as the journal, its plan and its calendars say."""
    plan = engine_plan(project(entries))
    return reckon(plan, entries, plans.calendar_of, now) if plan else ()


def refresh(case: Case, now: datetime, *, woken: bool = False) -> tuple[Obligation, ...]:
    """Make the row and everything beside it again from the journal; the caller holds the case.

    Gives what is owed. With `woken` the caller tells whoever has to be told
    by now; otherwise, when anything has to be told, the case asks to be woken at once.
    """
    entries = entries_of(case)
    facts = project(entries)
    _fill(case, facts, entries)
    owed = _owe(case, facts, entries, now, woken)
    case.reckoned_at = now
    case.save()
    _join(case, facts)
    put("case", case.pk, f"{case.number} {case.title}", _findable(entries), case.opened_at)
    return owed


def _findable(entries: Sequence[Entry]) -> str:
    """What search finds a case by: everything that people wrote about it."""
    fields = ("summary", "facts", "text", "reason")
    words = (entry.data.get(name) for entry in entries for name in fields)
    return "\n".join(dict.fromkeys(word for word in words if isinstance(word, str) and word))


def _unit(code: str) -> Unit | None:
    return Unit.objects.filter(code=code).first() if code else None


def _fill(case: Case, facts: Projected, entries: Sequence[Entry]) -> None:
    """The plain columns."""
    for name in (
        "title",
        "summary",
        "how",
        "drill",
        "step",
        "level",
        "proposed_level",
        "subject",
        "addressee",
        "due_at",
        "closed_at",
        "watch_until",
        "returns",
        "extensions",
        "relapses",
        "back",
        "returned",
        "asked_at",
    ):
        setattr(case, name, getattr(facts, name))
    if entries and facts.opened_at and facts.discovered_at:
        case.opened_at, case.discovered_at = facts.opened_at, facts.discovered_at
    case.plan = plans.plan_of(facts.plan) if facts.plan else None
    case.asked_first, case.lead = _unit(facts.asked_first), _unit(facts.lead)
    case.story = Story.objects.filter(pk=facts.story).first() if facts.story else None
    case.merged_into = Case.objects.filter(number=facts.merged_into).first() if facts.merged_into else None
    case.asks = len(facts.asking)
    case.entries_count = len(entries)
    case.head_hash = entries[-1].hash if entries else ""


def _join(case: Case, facts: Projected) -> None:
    """Units and mentions; rows that are right already stay untouched."""
    case.cooperating.set(Unit.objects.filter(code__in=facts.cooperating))
    case.units.set(Unit.objects.filter(code__in=facts.units))
    case.mentions.set(Mention.every.filter(pk__in=facts.mentions))


def _owe(
    case: Case, facts: Projected, entries: Sequence[Entry], now: datetime, woken: bool
) -> tuple[Obligation, ...]:
    """What is owed, and when to look again."""
    plan = plans.engine_plan(case.plan) if case.plan else None
    if plan is None:
        return ()
    owed = reckon(plan, entries, plans.calendar_of, now)
    case.unknown_year = next((o.unknown_year for o in owed if o.unknown_year and o.state == "open"), None)
    _store(case, owed)
    case.next_due_at = min((item.due_at for item in owed if item.state == "open"), default=None)
    case.overdue = sum(item.state == "missed" for item in owed)
    if facts.merged_into:
        case.wake_at = None
    elif not woken and notices(plan, owed, now):
        case.wake_at = now
    else:
        case.wake_at = next_wake(plan, owed, now)
    return owed


def _values(owed: Obligation, units: dict[str, int]) -> dict[str, Any]:
    return {
        "what_zh": owed.what.zh[:300],
        "what_en": owed.what.en[:300],
        "why_zh": owed.why.zh[:600],
        "why_en": owed.why.en[:600],
        "unit_id": units.get(owed.unit),
        **{name: getattr(owed, name) for name in AS_THEY_ARE},
    }


def _store(case: Case, owed: Sequence[Obligation]) -> None:
    """Make the owed rows say what was computed; rows that say it already stay untouched."""
    codes = {item.unit for item in owed if item.unit}
    units = {unit.code: unit.pk for unit in Unit.objects.filter(code__in=codes)} if codes else {}
    wanted = {item.key: _values(item, units) for item in owed}
    for row in Owed.objects.filter(case=case):
        values = wanted.pop(row.key, None)
        if values is None:
            row.delete()
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    Owed.objects.bulk_create(Owed(case=case, key=key, **values) for key, values in wanted.items())
