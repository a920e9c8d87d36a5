"""Appraisal by unit and period, from the journals: never of a person."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Unit
from huiying.desk.cases.models import Case, JournalEntry, Owed
from huiying.desk.library.judging import Course, Stretch, joined, verdict
from huiying.desk.notify.queries import downtimes
from huiying.engine.journal import Kind

#: The longest stretch of an obligation that is looked at.
LONGEST = timedelta(days=92)
COUNTED = ("met", "late", "missed")
#: Kinds of entries that report something; one that was corrected later reported what was not so.
REPORTING = (Kind.REPORTED, Kind.UNIT_REPORTED, Kind.VERIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One obligation and its verdict, or one entry that should not have been."""

    unit: int | None
    case: Case
    what: str
    due_at: datetime
    met_at: datetime | None
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One unit; None is what falls to roles of the whole institution."""

    unit: Unit | None
    counts: Counter[str]

    @property
    def name(self) -> str:
        """The unit's name."""
        return str(self.unit) if self.unit else _("全单位的岗位")

    @property
    def owed(self) -> int:
        """How many obligations were judged."""
        return sum(
            self.counts[one] for one in ("in_time", "late", "missed", "afterwards", "unreported", "system")
        )

    @property
    def share(self) -> float | None:
        """In time, of those that were not the system's; None where there is nothing to judge."""
        judged = self.owed - self.counts["system"]
        return self.counts["in_time"] / judged if judged else None

    @property
    def percent(self) -> str:
        """The same in words."""
        return "—" if self.share is None else f"{self.share * 100:.0f}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """A period."""

    since: datetime
    until: datetime
    lines: Sequence[Line]
    items: Sequence[Item] = field(default=())  # everything but what was in time, oldest first
    downtimes: Sequence[Stretch] = field(default=())

    @property
    def total(self) -> Line:
        """All units together."""
        counts: Counter[str] = Counter()
        for line in self.lines:
            counts.update(line.counts)
        return Line(unit=None, counts=counts)


def earliest(since: datetime) -> datetime:
    """From when on the system's own silence matters: an obligation may have begun long before it fell due."""
    return since - LONGEST


def appraise(since: datetime, until: datetime, now: datetime) -> Appraisal:
    """What fell due between `since` and `until` (not included), by the unit that owed it; drills and merged cases left out."""
    stretches = joined(downtimes(earliest(since), max(now, until)))
    items = [*_owed(since, until, now, stretches), *_published(since, until), *_corrected(since, until)]
    counts: dict[int | None, Counter[str]] = defaultdict(Counter)
    for item in items:
        counts[item.unit][item.verdict] += 1
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[pk for pk in counts if pk])}
    lines = [Line(unit=units.get(pk) if pk else None, counts=tally) for pk, tally in counts.items()]
    lines.sort(key=lambda line: (line.unit is None, line.name))
    faults = sorted((item for item in items if item.verdict != "in_time"), key=lambda item: item.due_at)
    return Appraisal(
        since=since,
        until=until,
        lines=lines,
        items=faults,
        downtimes=[one for one in stretches if one[1] > since and one[0] < until],
    )


def _owed(since: datetime, until: datetime, now: datetime, stretches: Sequence[Stretch]) -> Iterable[Item]:
    rows = Owed.objects.filter(
        state__in=COUNTED, due_at__gte=since, due_at__lt=until, case__drill=False, case__merged_into=None
    )
    for row in rows.select_related("case").order_by("due_at", "pk"):
        course = Course(
            act=row.act, started_at=row.started_at, due_at=row.due_at, met_at=row.met_at, state=row.state
        )
        yield Item(
            unit=row.unit_id,
            case=row.case,
            what=row.what_zh,
            due_at=row.due_at,
            met_at=row.met_at,
            verdict=verdict(course, now, stretches),
        )


def _entries(since: datetime, until: datetime, kind: Kind) -> Iterable[JournalEntry]:
    rows = JournalEntry.objects.filter(kind=kind, at__gte=since, at__lt=until, case__drill=False)
    return rows.select_related("case").order_by("at", "pk")


def _published(since: datetime, until: datetime) -> Iterable[Item]:
    """Texts that went out before their approval: counted at the unit that led the case."""
    for row in _entries(since, until, Kind.PUBLISHED):
        if row.data.get("bypass"):
            what = _("未经审批发布：%(title)s") % {"title": row.data.get("title") or row.case.title}
            yield Item(
                unit=row.case.lead_id,
                case=row.case,
                what=what,
                due_at=row.at,
                met_at=row.at,
                verdict="bypassed",
            )


def _corrected(since: datetime, until: datetime) -> Iterable[Item]:
    """Reports that a later entry declared wrong."""
    codes = dict(Unit.objects.values_list("code", "pk"))
    for row in _entries(since, until, Kind.CORRECTED):
        wrong = JournalEntry.objects.filter(
            case=row.case, seq=row.data.get("entry") or 0, kind__in=REPORTING
        ).first()
        if wrong is not None:
            unit = codes.get(str(wrong.data.get("unit", ""))) or None
            what = _("报告后被更正：第 %(seq)s 条") % {"seq": wrong.seq}
            yield Item(
                unit=unit, case=row.case, what=what, due_at=wrong.at, met_at=row.at, verdict="corrected"
            )
