"""A calendar published late: every open case counts by it from now on, and keeps on record what it moved."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from huiying.desk.accounts.models import Person
from huiying.desk.cases import journal
from huiying.desk.cases.facts import calendar_refs
from huiying.desk.cases.models import Case
from huiying.desk.cases.projection import engine_plan, entries_of, project
from huiying.desk.cases.reckoning import Moved, moved, reckon
from huiying.desk.plans import queries as plans
from huiying.desk.plans.models import CalendarTable
from huiying.engine.journal import Entry, Kind


def recount(table: CalendarTable, by: Person, now: datetime) -> int:
    """Let every case that still has something to do count by the table, in the transaction that saves it; how many did."""
    busy = Q(closed_at=None) | Q(owed__state__in=["open", "missed"])
    rows = Case.objects.filter(busy, merged_into=None).distinct().order_by("pk").values_list("pk", flat=True)
    ref = plans.calendar_ref(table.name)
    return sum(adopt(Case.objects.get(pk=pk), ref, by, now) for pk in list(rows))


def catch_up(case: Case, now: datetime) -> None:
    """A case that is opened again counts by the table of now, not by that of its day."""
    known = calendar_refs(entries_of(case))
    if known:
        adopt(case, plans.calendar_ref(str(known[-1][1]["name"])), None, now)


def adopt(case: Case, ref: dict[str, Any], by: Person | None, now: datetime) -> bool:
    """Let the case count by the calendar of `ref` from now on; False when it does already, or counts by another name."""
    journal.lock(case)
    entries = entries_of(case)
    known = calendar_refs(entries)
    if not known or known[-1][1]["name"] != ref["name"] or known[-1][1]["version"] == ref["version"]:
        return False
    changes = [
        {"key": change.key, "was": change.was, "now": change.now} for change in _moved(entries, ref, now)
    ]
    data = {"calendar": ref, "moved": changes, "text": ""}
    journal.write(case=case, kind=Kind.NOTE, data=data, now=now, by=by)
    return True


def _moved(entries: Sequence[Entry], ref: dict[str, Any], now: datetime) -> list[Moved]:
    """The open deadlines that the other table puts elsewhere."""
    plan = engine_plan(project(entries))
    if plan is None:
        return []
    before = reckon(plan, entries, plans.calendar_of, now)
    note = Entry(
        seq=len(entries) + 1,
        at=now,
        recorded_at=now,
        kind=Kind.NOTE,
        actor="system",
        data={"calendar": ref},
    )
    return moved(before, reckon(plan, [*entries, note], plans.calendar_of, now))
