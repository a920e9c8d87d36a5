"""The few large figures of the transparency page, computed from the journals, each with its table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from django.db.models import Max, Min, QuerySet

from huiying.desk.cases.models import Case, JournalEntry, Owed
from huiying.desk.replies.models import Referral
from huiying.desk.shell.zone import here
from huiying.engine.journal import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One row of the table: matters by the month in which they were heard of."""

    first: datetime
    matters: int
    answered: int
    middle: timedelta | None  # median time to the first answer
    worst: timedelta | None
    due: int  # deadlines that fell due
    missed: int  # of these, met late or not at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Corrections asked for and referrals of one ground."""

    kind: str
    ground: str
    proposed: int
    agreed: int
    refused: int
    sent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A year in figures."""

    year: int
    matters: int
    answered: int
    middle: timedelta | None
    worst: timedelta | None
    due: int
    missed: int
    corrections: int  # corrections of our own texts
    withdrawals: int
    bypasses: int  # texts published before their approval
    promises: int
    promises_kept: int
    months: tuple[Month, ...]
    grounds: tuple[Ground, ...]


def _year(year: int) -> tuple[datetime, datetime]:
    zone = here()
    return datetime(year, 1, 1, tzinfo=zone).astimezone(UTC), datetime(
        year + 1, 1, 1, tzinfo=zone
    ).astimezone(UTC)


def years(now: datetime) -> list[int]:
    """The years of which there is something to tell, newest first."""
    span = Case.objects.filter(drill=False).aggregate(first=Min("discovered_at"), last=Max("discovered_at"))
    this = now.astimezone(here()).year
    first = span["first"].astimezone(here()).year if span["first"] else this
    return list(range(this, first - 1, -1))


def figures(year: int, now: datetime) -> Figures:
    """What the journals of the year's matters say. Drills and matters that joined another are left out."""
    begins, ends = _year(year)
    cases = Case.objects.filter(
        drill=False, merged_into=None, discovered_at__gte=begins, discovered_at__lt=ends
    )
    times = _times(cases)
    deadlines = _deadlines(begins, min(ends, now))
    entries = JournalEntry.objects.filter(case__drill=False, at__gte=begins, at__lt=ends)
    told = list(entries.filter(kind=Kind.PUBLISHED, data__outlet="public").values_list("data", flat=True))
    return Figures(
        year=year,
        matters=len(times),
        answered=len(_known(times.values())),
        middle=_middle(_known(times.values())),
        worst=max(_known(times.values()), default=None),
        due=len(deadlines),
        missed=sum(late for _at, late in deadlines),
        corrections=sum(data.get("stage") == "correction" and not data.get("withdraws") for data in told),
        withdrawals=sum(bool(data.get("withdraws")) for data in told),
        bypasses=sum(bool(data.get("bypass")) for data in told),
        promises=entries.filter(kind=Kind.PROMISED).count(),
        promises_kept=entries.filter(kind=Kind.PROMISE_KEPT).count(),
        months=tuple(_months(year, cases, times, deadlines)),
        grounds=tuple(_grounds(entries)),
    )


def _times(cases: QuerySet[Case]) -> dict[int, timedelta | None]:
    """Case -> from hearing of the matter to the first published answer; None while there is none."""
    first = JournalEntry.objects.filter(case__in=cases, kind=Kind.PUBLISHED).values("case_id")
    spoken = {row["case_id"]: row["at"] for row in first.annotate(at=Min("at"))}
    return {
        pk: max(spoken[pk] - heard, timedelta()) if pk in spoken else None
        for pk, heard in cases.values_list("pk", "discovered_at")
    }


def _known(times: Iterable[timedelta | None]) -> list[timedelta]:
    return [time for time in times if time is not None]


def _middle(times: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(time.total_seconds() for time in times)) if times else None


def _deadlines(begins: datetime, ends: datetime) -> list[tuple[datetime, bool]]:
    """Deadlines that fell due, and whether each was met late or not at all."""
    owed = Owed.objects.filter(case__drill=False, due_at__gte=begins, due_at__lt=ends).exclude(
        state=Owed.State.VOID
    )
    rows = owed.values_list("due_at", "state")
    return [(due_at, state in (Owed.State.LATE, Owed.State.MISSED)) for due_at, state in rows]


def _months(
    year: int,
    cases: QuerySet[Case],
    times: dict[int, timedelta | None],
    deadlines: Sequence[tuple[datetime, bool]],
) -> Iterable[Month]:
    zone = here()
    heard = {pk: at.astimezone(zone).month for pk, at in cases.values_list("pk", "discovered_at")}
    for month in range(1, 13):
        mine = [times[pk] for pk, number in heard.items() if number == month]
        due = [late for at, late in deadlines if at.astimezone(zone).month == month]
        if mine or due:
            known = _known(mine)
            yield Month(
                first=datetime(year, month, 1, tzinfo=zone),
                matters=len(mine),
                answered=len(known),
                middle=_middle(known),
                worst=max(known, default=None),
                due=len(due),
                missed=sum(due),
            )


def _grounds(entries: QuerySet[JournalEntry]) -> Iterable[Ground]:
    """By kind and ground, as the journals tell it: every decision is an entry of its own."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for data in entries.filter(kind=Kind.NOTE, data__has_key="referral").values_list("data", flat=True):
        told = data["referral"]
        counted[str(told["kind"]), str(told["ground"]), str(told["state"])] += 1
    for ground, label in Referral.Ground.choices:
        kind = Referral.Kind.CORRECTION if ground == Referral.Ground.UNTRUE else Referral.Kind.REFERRAL
        numbers = {state: counted[kind.value, ground, state] for state in Referral.State.values}
        yield Ground(
            kind=str(kind.label),
            ground=str(label),
            proposed=numbers[Referral.State.PROPOSED],
            agreed=numbers[Referral.State.APPROVED],
            refused=numbers[Referral.State.REFUSED],
            sent=numbers[Referral.State.SENT],
        )
