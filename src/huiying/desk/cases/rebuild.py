"""Making every projection again from the journals: used by `huiying rebuild`. It must change nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from huiying.desk.cases import journal, projection
from huiying.desk.cases.models import Case, Owed

#: What belongs to the row alone.
OWN = {"id", "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that a projection said differently from its journal."""

    number: str
    what: str  # a column of the row, "owed", "units", "mentions"
    was: Any
    now: Any


@dataclass(slots=True)
class Report:
    """What a rebuild did."""

    cases: int = 0
    entries: int = 0
    changes: list[Change] = field(default_factory=list)


def picture(case: Case) -> dict[str, Any]:
    """All that the projection of a case says, as plain values."""
    columns = {f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields if f.name not in OWN}
    rows = Owed.objects.filter(case=case).order_by("key").values()
    owed = {row["key"]: {k: v for k, v in row.items() if k not in {"id", "case_id"}} for row in rows}
    return {
        **columns,
        "owed": owed,
        "units": sorted(case.units.values_list("code", flat=True)),
        "cooperating": sorted(case.cooperating.values_list("code", flat=True)),
        "mentions": sorted(case.mentions.values_list("pk", flat=True)),
    }


@transaction.atomic
def rebuild(case: Case, now: datetime) -> list[Change]:
    """Make one case again as of the instant at which it was last counted; gives what was different."""
    journal.lock(case)
    before = picture(case)
    at = case.reckoned_at or now
    projection.refresh(case, at, woken=case.wake_at is None or case.wake_at > at)
    after = picture(case)
    return [
        Change(number=case.number, what=name, was=before[name], now=after[name])
        for name in after
        if before[name] != after[name]
    ]


def rebuild_all(now: datetime) -> Report:
    """Every case, each in its own transaction, absorbed ones after those they joined."""
    report = Report()
    for case in Case.objects.order_by("pk").iterator():
        report.changes += rebuild(case, now)
        report.cases += 1
        report.entries += case.entries_count
    return report
