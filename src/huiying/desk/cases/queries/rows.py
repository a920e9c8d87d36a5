"""The list of cases: filters and order, as the address bar says them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from huiying.desk.accounts import access
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.owed import mine

Filter = Callable[[QuerySet[Case], Person, datetime], QuerySet[Case]]
RUNNING = Q(closed_at=None, merged_into=None)


def open_cases(person: Person) -> QuerySet[Case]:
    """What is being handled, of what the person may see."""
    return visible(person).filter(RUNNING)


def _mine(rows: QuerySet[Case], person: Person, now: datetime) -> QuerySet[Case]:
    owed = mine(person, now).filter(state__in=["open", "missed"])
    return rows.filter(RUNNING, pk__in=owed.values("case_id"))


def _unit(rows: QuerySet[Case], person: Person, now: datetime) -> QuerySet[Case]:
    units = person.appointments.exclude(unit=None).values_list("unit_id", flat=True)
    return rows.filter(RUNNING, units__in=list(units)).distinct()


TABS: Mapping[str, Filter] = {
    "open": lambda rows, person, now: rows.filter(RUNNING),
    "mine": _mine,
    "unit": _unit,
    "overdue": lambda rows, person, now: rows.filter(RUNNING, owed__state="missed").distinct(),
    "undecided": lambda rows, person, now: rows.filter(RUNNING, level=None),
    "watch": lambda rows, person, now: rows.filter(closed_at__isnull=False, watch_until__gt=now),
    "closed": lambda rows, person, now: rows.exclude(closed_at=None),
    "all": lambda rows, person, now: rows,
}
SORTS: Mapping[str, tuple[str, ...]] = {
    "due": ("next_due_at",),
    "level": ("level",),
    "number": ("number",),
    "title": ("title",),
    "opened": ("opened_at",),
    "unit": ("lead__name",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the address bar asks for; anything it cannot mean is left out."""

    tab: str = "open"
    level: int | None = None
    unit: str = ""
    subject: str = ""
    step: str = ""
    drill: str = ""
    words: str = ""
    sort: str = "due"

    @property
    def filtered(self) -> bool:
        """True when fewer than all of the tab are asked for."""
        return bool(self.level or self.unit or self.subject or self.step or self.drill or self.words)


def wanted(asked: Mapping[str, str]) -> Wanted:
    """The wish that a query string spells."""
    level = asked.get("level", "")
    return Wanted(
        tab=asked.get("tab", "") if asked.get("tab", "") in TABS else "open",
        level=int(level) if level in {"1", "2", "3", "4"} else None,
        unit=asked.get("unit", ""),
        subject=asked.get("subject", ""),
        step=asked.get("step", "") if asked.get("step", "") in Case.Step.values else "",
        drill=asked.get("drill", "") if asked.get("drill", "") in {"0", "1"} else "",
        words=asked.get("q", "").strip()[:100],
        sort=asked.get("sort", "") if asked.get("sort", "").lstrip("-") in SORTS else "due",
    )


def found(person: Person, wish: Wanted, now: datetime) -> QuerySet[Case]:
    """The cases of a wish, in its order; those without a date or level come last."""
    rows = TABS[wish.tab](visible(person), person, now)
    if wish.level:
        rows = rows.filter(level=wish.level)
    if wish.unit:
        rows = rows.filter(units__code=wish.unit).distinct()
    if wish.subject:
        rows = rows.filter(subject=wish.subject)
    if wish.step:
        rows = rows.filter(step=wish.step)
    if wish.drill:
        rows = rows.filter(drill=wish.drill == "1")
    if wish.words:
        rows = rows.filter(
            Q(number__icontains=wish.words)
            | Q(title__icontains=wish.words)
            | Q(summary__icontains=wish.words)
        )
    return rows.select_related("lead", "asked_first", "plan", "merged_into").order_by(*_order(wish.sort))


def _order(sort: str) -> list[OrderBy]:
    last = [F("opened_at").desc(), F("pk").desc()]
    if sort == "due":
        return [F("overdue").desc(), F("next_due_at").asc(nulls_last=True), *last]
    down = sort.startswith("-")
    columns = [F(name) for name in SORTS[sort.lstrip("-")]]
    return [*(c.desc(nulls_last=True) if down else c.asc(nulls_last=True) for c in columns), *last]


def counts(person: Person, now: datetime) -> dict[str, int]:
    """How many cases stand behind each tab that has a number."""
    rows = visible(person)
    return {
        name: TABS[name](rows, person, now).count()
        for name in ("open", "mine", "overdue", "undecided", "watch")
    }


def has_unit(person: Person) -> bool:
    """True for somebody who works in a unit."""
    return access.units_for(person, Right.SEE_CASES) is not None or (
        person.appointments.exclude(unit=None).exists()
    )
