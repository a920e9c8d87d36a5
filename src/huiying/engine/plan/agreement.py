"""No two rules owe the same thing differently: tried on cases to which both apply, at instants at which they could differ.

Two rules ask for the same thing if one entry settles both in every respect and they are measured from the same moment. Of such
rules a narrower one may ask for more haste (a graver level, a kind of matter); it may not give more time, for the wider one is
owed as well. Rules of which neither is narrower may not differ at all.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import combinations
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from huiying.engine.calendar import Calendar, UnknownYear, Year
from huiying.engine.plan.model import Duty, Plan

T = TypeVar("T")
_MINUTE = timedelta(minutes=1)
#: A fortnight from a Monday on, in a year without a holiday: what can be said before a calendar is known.
FORTNIGHT = tuple(date(2024, 1, day) for day in range(1, 15))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A case to which two rules apply."""

    level: int | None
    matter: str
    subject: str
    how: str
    addressee: str
    periods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two rules that do not agree, and the case and the instant that show it."""

    one: Duty
    two: Duty
    kind: Literal["differ", "more time", "same", "owner"]
    facts: Facts
    at: datetime
    due_one: datetime
    due_two: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What comparing came to."""

    pairs: int  # pairs of rules that ask for the same thing of one case
    instants: int  # at which each was compared
    clashes: tuple[Clash, ...]


@lru_cache(maxsize=16)
def weekdays(zone: str) -> Calendar:
    """A calendar of weeks alone, without any holiday, for a year or two."""
    years = {FORTNIGHT[0].year + offset: Year() for offset in range(-1, 3)}
    return Calendar(name="-", zone=ZoneInfo(zone), years=years)


def fortnight(calendar: Calendar) -> Sequence[datetime]:
    """The telling instants of two plain weeks."""
    return telling(calendar, FORTNIGHT)


def telling(calendar: Calendar, days: Iterable[date]) -> Sequence[datetime]:
    """The instants of these days at which counts of days, working hours and elapsed hours part: about each midnight and the office hours."""
    found: list[datetime] = []
    for day in days:
        hours = [instant for stretch in calendar.stretches(day) for instant in stretch]
        found += [*hours, calendar.day_end(day) - _MINUTE, calendar.midnight(day)]
    return found


def compared(plan: Plan, calendar: Calendar, instants: Sequence[datetime]) -> Agreement:
    """Every pair of rules that asks for the same thing of some case, compared at these instants."""
    pairs, clashes = 0, list[Clash]()
    for one, two in combinations(plan.duties, 2):
        facts = _together(plan, one, two)
        if facts is None:
            continue
        pairs += 1
        found = _clash(one, two, facts, list(_dues(one, two, calendar, instants)))
        if found:
            clashes.append(found)
    return Agreement(pairs=pairs, instants=len(instants), clashes=tuple(clashes))


Dues = tuple[datetime, datetime, datetime]  # an instant, and the two deadlines of what begins then


def _dues(one: Duty, two: Duty, calendar: Calendar, instants: Iterable[datetime]) -> Iterator[Dues]:
    for at in instants:
        try:
            yield at, one.within.due(at, calendar), two.within.due(at, calendar)
        except UnknownYear:
            return


def _clash(one: Duty, two: Duty, facts: Facts, dues: Sequence[Dues]) -> Clash | None:
    differing = [found for found in dues if found[1] != found[2]]
    narrow = _narrower(one, two), _narrower(two, one)
    kind: Literal["differ", "more time", "same", "owner"]
    if not differing:
        kind = "same" if (one.role, one.unit) == (two.role, two.unit) else "owner"
        shown = dues[:1] if kind == "same" or not any(narrow) else []
    elif not any(narrow):
        kind, shown = "differ", differing[:1]
    else:
        kind = "more time"
        shown = [found for found in dues if (found[1] > found[2] if narrow[0] else found[2] > found[1])][:1]
    if not shown:
        return None
    ((at, due_one, due_two),) = shown
    return Clash(one=one, two=two, kind=kind, facts=facts, at=at, due_one=due_one, due_two=due_two)


# What applies together


def _together(plan: Plan, one: Duty, two: Duty) -> Facts | None:
    """A case to which both apply, where they ask for the same thing from the same moment on; None where there is none."""
    if _deed(one) != _deed(two) or not _where_both(one, two):
        return None
    a, b = one.applies, two.applies
    level = _both(a.levels, b.levels, [level.number for level in plan.levels])
    matter = _both(a.matters, b.matters, [plan.default_matter])
    subject, how = _both(a.subjects, b.subjects, [""]), _both(a.hows, b.hows, ["story"])
    if level is None or matter is None or subject is None or how is None:
        return None
    words = dict.fromkeys((*a.addressees[:1], *b.addressees[:1]))
    return Facts(
        level=level if a.levels or b.levels else None,
        matter=matter,
        subject=subject,
        how=how,
        addressee="、".join(words),
        periods=tuple(dict.fromkeys((*a.periods[:1], *b.periods[:1]))),
    )


def _deed(duty: Duty) -> tuple[object, ...]:
    """What is to be done, and from when on."""
    return duty.act, duty.to, duty.means, duty.stage, duty.form, duty.step, duty.since, duty.each, duty.every


def _where_both(one: Duty, two: Duty) -> bool:
    """Whether one entry can carry what both ask of it."""
    first, second = dict(one.where), dict(two.where)
    return all(set(first[key]) & set(second[key]) for key in first.keys() & second.keys())


def _both(a: Sequence[T], b: Sequence[T], usual: Sequence[T]) -> T | None:
    """A value that both allow; None where there is none."""
    if a and b:
        return next((value for value in a if value in b), None)
    return next(iter(a or b or usual), None)


def _narrower(one: Duty, two: Duty) -> bool:
    """Whether the first is owed only where the second is, and not everywhere there."""
    a, b = one.applies, two.applies
    first, second = dict(one.where), dict(two.where)
    fields: list[tuple[Sequence[object], Sequence[object]]] = [
        (a.levels, b.levels),
        (a.matters, b.matters),
        (a.subjects, b.subjects),
        (a.hows, b.hows),
        (a.addressees, b.addressees),
        (a.periods, b.periods),
        *((first.get(key, ()), second.get(key, ())) for key in first.keys() | second.keys()),
    ]
    inside = all(not other or (bool(own) and set(own) <= set(other)) for own, other in fields)
    return inside and any(set(own) != set(other) for own, other in fields)
