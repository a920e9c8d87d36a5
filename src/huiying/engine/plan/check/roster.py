"""Who holds which role, when they can be reached, and by what: what a plan is checked and rehearsed against."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from huiying.engine.calendar import Calendar
from huiying.engine.findings import Place

Span = tuple[datetime, datetime]  # from, up to but without, in UTC
Hours = Literal["always", "office"] | tuple[tuple[time, time], ...]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A way to reach somebody."""

    channel: str
    works: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who holds roles."""

    id: str
    name: str
    roles: tuple[str, ...]
    units: tuple[str, ...] = ()  # codes of units in which the roles are held; none: the whole institution
    hours: Hours = "office"  # when they can act: at any hour, in office hours, or from-to every day
    working: bool = False  # with from-to hours: on working days only
    away: tuple[Span, ...] = ()
    contacts: tuple[Contact, ...] = ()
    place: Place = field(default_factory=Place)

    @property
    def reachable(self) -> bool:
        """Whether any way to reach them works."""
        return any(contact.works for contact in self.contacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterUnit:
    """A unit as the roster knows it."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    place: Place = field(default_factory=Place)

    def is_called(self, name: str) -> bool:
        """Whether a plan means this unit by that name."""
        return name in (self.code, self.name, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """People who are on duty one after the other, each for the same stretch; or one stretch of one person."""

    role: str
    people: tuple[str, ...]
    first: datetime  # in UTC, the beginning of the first stretch
    lasts: timedelta
    until: datetime | None = None  # the end of the last one; None: it goes on for ever
    place: Place = field(default_factory=Place)

    def spans(self, start: datetime, end: datetime) -> Iterable[tuple[str, Span]]:
        """The stretches that touch the time from `start` to `end`, each with its person."""
        index = max(0, (start - self.first) // self.lasts)
        begins = self.first + index * self.lasts
        last = min(end, self.until) if self.until else end
        while begins < last:
            yield self.people[index % len(self.people)], (begins, begins + self.lasts)
            index, begins = index + 1, begins + self.lasts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roster:
    """The people of an institution."""

    name: str
    people: tuple[Holder, ...] = ()
    units: tuple[RosterUnit, ...] = ()
    turns: tuple[Turn, ...] = ()
    draft: timedelta = timedelta(hours=1)  # how long the writing of an answer takes
    approve: timedelta | None = None  # how long each approval takes; None: as long as the plan allows
    place: Place = field(default_factory=Place)

    def holders(self, role: str, unit: str = "") -> list[Holder]:
        """Who holds the role; with `unit` those who hold it there."""
        found = [person for person in self.people if role in person.roles]
        return [person for person in found if unit in person.units] if unit else found

    def unit(self, name: str) -> RosterUnit | None:
        """The unit that a plan means by a code or a name."""
        return next((unit for unit in self.units if unit.is_called(name)), None)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in spans that neither touch nor overlap, in order."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        elif begins < ends:
            found.append((begins, ends))
    return found


def without(spans: Sequence[Span], holes: Iterable[Span]) -> list[Span]:
    """What of `spans` is left outside `holes`."""
    left = list(spans)
    for begins, ends in holes:
        cut: list[Span] = []
        for a, b in left:
            if b <= begins or a >= ends:
                cut.append((a, b))
                continue
            cut += [(x, y) for x, y in ((a, begins), (ends, b)) if x < y]
        left = cut
    return left


class Presence:
    """Who can act when, from `start` to `end`. Raises UnknownYear where the calendar does not reach."""

    def __init__(self, roster: Roster, calendar: Calendar, start: datetime, end: datetime) -> None:
        self.roster, self.calendar, self.start, self.end = roster, calendar, start, end
        self._known: dict[tuple[str, str], list[Span]] = {}
        self._people: Mapping[str, Holder] = {person.id: person for person in roster.people}

    def days(self) -> Iterable[date]:
        """Every day that the time touches."""
        day, last = self.calendar.local(self.start).date(), self.calendar.local(self.end).date()
        while day <= last:
            yield day
            day += _DAY

    def hours(self, person: Holder) -> list[Span]:
        """When the person can act, leave and all."""
        if person.hours == "always":
            found: list[Span] = [(self.start, self.end)]
        elif person.hours == "office":
            found = [span for day in self.days() for span in self.calendar.stretches(day)]
        else:
            found = [span for day in self.days() for span in self._on(day, person)]
        return without(found, person.away)

    def _on(self, day: date, person: Holder) -> Iterable[Span]:
        if isinstance(person.hours, str) or (person.working and not self.calendar.is_working_day(day)):
            return
        for opens, closes in person.hours:
            over = closes <= opens  # past midnight
            begins = datetime.combine(day, opens, self.calendar.zone)
            ends = datetime.combine(day + _DAY * over, closes, self.calendar.zone)
            yield begins, ends

    def of(self, role: str, unit: str = "") -> list[Span]:
        """When somebody in the role can act; several roles joined by "|" are any of them."""
        key = (role, unit)
        if key not in self._known:
            spans = [span for one in role.split("|") for span in self._one(one, unit)]
            inside = ((max(a, self.start), min(b, self.end)) for a, b in spans)
            self._known[key] = merged(span for span in inside if span[0] < span[1])
        return self._known[key]

    def _one(self, role: str, unit: str) -> Iterable[Span]:
        turns = [turn for turn in self.roster.turns if turn.role == role] if not unit else []
        for turn in turns:
            for id, span in turn.spans(self.start, self.end):
                yield from without([span], self._people[id].away) if id in self._people else ()
        if not turns:
            for person in self.roster.holders(role, unit):
                yield from self.hours(person)

    def gaps(self, role: str, unit: str = "") -> list[Span]:
        """When nobody in the role can act."""
        return without([(self.start, self.end)], self.of(role, unit))

    def next(self, role: str, at: datetime) -> datetime | None:
        """The first instant from `at` on at which somebody in the role can act."""
        for begins, ends in self.of(role):
            if ends > at:
                return max(at, begins)
        return None
