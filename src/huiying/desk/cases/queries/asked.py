"""What units and other bodies were asked for in so many words, over all cases: urgings (催办、督办) and letters (协调函).

Everything is read from the journals; the owed rows only say by when and whether it was in time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.models import Person, Unit
from huiying.desk.cases.access import visible
from huiying.desk.cases.facts import moment
from huiying.desk.cases.models import Case, JournalEntry, Owed
from huiying.engine.journal import Kind

KINDS: dict[str, str | Promise] = {
    "urge": _("催办"),
    "supervision": _("督办"),
    "request": _("协调函"),
}
STATES: dict[str, str | Promise] = {
    "open": _("等回复"),
    "overdue": _("超时未回复"),
    "answered": _("按时回复"),
    "late": _("超时回复"),
    "void": _("不再要求"),
}
SORTS: dict[str, str | Promise] = {
    "due": _("时限"),
    "at": _("发出时间"),
    "whom": _("对象"),
    "case": _("件号"),
}
TABS = ("waiting", "overdue", "answered", "all")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One urging or one letter, and what became of it."""

    case: Case
    seq: int
    number: int
    kind: str  # urge, supervision, request
    whom: str  # the unit's name, or the body that was asked
    unit: str  # the unit's code; empty for a body outside
    text: str
    at: datetime
    by: str  # who issued it
    copied: tuple[str, ...]
    means: str = ""
    paper: int | None = None  # the paper's id
    paper_number: str = ""
    due_at: datetime | None
    state: str  # open, overdue, answered, late, void
    again: int = 0  # how often it was asked for again
    answered_at: datetime | None = None
    answer: str = ""
    outcome: str = ""
    files: tuple[Mapping[str, Any], ...] = ()

    @property
    def waiting(self) -> bool:
        """True while no answer has come and one is awaited."""
        return self.state in {"open", "overdue"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the address bar asks for."""

    tab: str = "waiting"
    kind: str = ""
    unit: str = ""
    words: str = ""
    sort: str = "due"

    @property
    def filtered(self) -> bool:
        """True when fewer than all of the tab are asked for."""
        return bool(self.kind or self.unit or self.words)


def wish_of(asked: Mapping[str, str]) -> Wish:
    """The wish that a query string spells; what it cannot mean is left out."""
    tab, sort = asked.get("tab", ""), asked.get("sort", "")
    return Wish(
        tab=tab if tab in TABS else "waiting",
        kind=asked.get("kind", "") if asked.get("kind", "") in {"urge", "supervision"} else "",
        unit=asked.get("unit", "")[:60],
        words=asked.get("q", "").replace("\0", "").strip()[:100],
        sort=sort if sort in SORTS else "due",
    )


def urges(person: Person, now: datetime, case: Case | None = None) -> list[Asked]:
    """Every urging that `person` may see, the newest first; of one case when it is named."""
    return _asked(person, now, case, (Kind.URGED, Kind.URGE_ANSWERED), "urge")


def requests(person: Person, now: datetime, case: Case | None = None) -> list[Asked]:
    """Every letter to another body that `person` may see, the newest first; of one case when it is named."""
    return _asked(person, now, case, (Kind.REQUESTED, Kind.REQUEST_ANSWERED), "request")


def counts(rows: Iterable[Asked]) -> dict[str, int]:
    """How many stand behind each tab that has a number."""
    listed = list(rows)
    return {
        "waiting": sum(row.waiting for row in listed),
        "overdue": sum(row.state == "overdue" for row in listed),
    }


def chosen(rows: Iterable[Asked], wish: Wish) -> list[Asked]:
    """Those that the wish asks for, in its order."""
    kept = [row for row in rows if _in_tab(row, wish.tab) and _fits(row, wish)]
    return sorted(kept, key=lambda row: _place(row, wish.sort))


def _in_tab(row: Asked, tab: str) -> bool:
    match tab:
        case "waiting":
            return row.waiting
        case "overdue":
            return row.state == "overdue"
        case "answered":
            return row.state in {"answered", "late"}
    return True


def _fits(row: Asked, wish: Wish) -> bool:
    text = f"{row.case.number} {row.case.title} {row.whom} {row.text} {row.paper_number}"
    return (
        (not wish.kind or row.kind == wish.kind)
        and (not wish.unit or row.unit == wish.unit)
        and all(word in text for word in wish.words.split())
    )


def _place(row: Asked, sort: str) -> tuple[Any, ...]:
    newest = -row.at.timestamp()
    match sort:
        case "at":
            return (newest,)
        case "whom":
            return (row.whom, newest)
        case "case":
            return (row.case.number, row.number)
    due = row.due_at.timestamp() if row.due_at else float("inf")
    return (not row.waiting, due, newest)


def _asked(
    person: Person, now: datetime, case: Case | None, kinds: tuple[Kind, Kind], rule: str
) -> list[Asked]:
    # The book of all cases is a record of work and is exported: drills stand on their own pages only.
    cases = visible(person).filter(drill=False) if case is None else visible(person).filter(pk=case.pk)
    entries = JournalEntry.objects.filter(case__in=cases.order_by().values("pk"))
    rows = list(entries.filter(kind__in=kinds).select_related("case").order_by("case_id", "seq"))
    if not rows:
        return []
    ids = {row.case_id for row in rows}
    wrong = {
        (row.case_id, row.data.get("entry"))
        for row in JournalEntry.objects.filter(case__in=ids, kind=Kind.CORRECTED)
    }
    told: dict[tuple[int, Any], list[JournalEntry]] = defaultdict(list)
    for row in rows:
        if (row.case_id, row.seq) not in wrong:
            told[row.case_id, row.data.get("number")].append(row)
    owed: dict[tuple[int, int], Owed] = {
        (one.case_id, one.started_by): one for one in Owed.objects.filter(case__in=ids, rule=rule)
    }
    names = _Names(rows)
    found = [_row(group, kinds, owed, names, now) for group in told.values() if group[0].kind == kinds[0]]
    return sorted(found, key=lambda one: (one.at, one.number), reverse=True)


class _Names:
    """Names of the people and units that the entries speak of, read once."""

    def __init__(self, rows: Sequence[JournalEntry]) -> None:
        actors = {row.actor for row in rows} | {a for row in rows for a in row.data.get("copied", ())}
        ids = {int(actor[7:]) for actor in actors if actor.startswith("person:") and actor[7:].isdigit()}
        self.people = {one.actor: str(one) for one in Person.objects.filter(pk__in=ids)}
        self.units = dict(Unit.objects.values_list("code", "name"))


def _row(
    group: Sequence[JournalEntry],
    kinds: tuple[Kind, Kind],
    owed: Mapping[tuple[int, int], Owed],
    names: _Names,
    now: datetime,
) -> Asked:
    """One matter asked for: the first entry, those that asked again, the answer."""
    asks = [entry for entry in group if entry.kind == kinds[0]]
    answer = next((entry for entry in group if entry.kind == kinds[1]), None)
    first, last = asks[0], asks[-1]
    due = owed.get((last.case_id, last.seq))
    due_at = due.due_at if due else moment(last.data.get("due_at"))
    paper, code = first.data.get("paper") or {}, str(first.data.get("unit") or "")
    kind = "request" if kinds[0] == Kind.REQUESTED else "urge"
    return Asked(
        case=first.case,
        seq=first.seq,
        number=int(first.data["number"]),
        kind="supervision" if first.data.get("supervision") else kind,
        whom=names.units.get(code, code) or str(first.data.get("to", "")),
        unit=code,
        text=str(first.data.get("text", "")),
        at=first.at,
        by=names.people.get(first.actor, ""),
        copied=tuple(names.people.get(actor, actor) for actor in first.data.get("copied", ())),
        means=str(first.data.get("means") or ""),
        paper=paper.get("id"),
        paper_number=str(paper.get("number") or ""),
        due_at=due_at,
        state=_state(first.case, due, due_at, answer, now),
        again=len(asks) - 1,
        answered_at=(due.met_at if due and due.met_at else answer.at) if answer else None,
        answer=str(answer.data.get("text", "")) if answer else "",
        outcome=str(answer.data.get("outcome") or "") if answer else "",
        files=tuple(one for one in answer.data.get("evidence") or () if one.get("sha256")) if answer else (),
    )


def _state(
    case: Case, due: Owed | None, due_at: datetime | None, answer: JournalEntry | None, now: datetime
) -> str:
    """Where it stands at `now`; what is answered at the very instant of the deadline is in time."""
    if answer is not None:
        return "late" if due is not None and due.state == Owed.State.LATE else "answered"
    if case.merged_into_id is not None or (due is not None and due.state == Owed.State.VOID):
        return "void"
    return "overdue" if due_at is not None and due_at <= now else "open"
