"""Who holds which role, when they can be reached, and by what: what a plan is checked and rehearsed against."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    stand_ins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # role -> roles that act for it
    able: Mapping[str, frozenset[str]] = field(
        default_factory=dict
    )  # act -> roles that may do it for another
    place: Place = field(default_factory=Place)

    def holders(self, role: str, unit: str = "") -> list[Holder]:
        """Who holds the role; with `unit` those who hold it there."""
        found = [person for person in self.people if role in person.roles]
        return [person for person in found if unit in person.units] if unit else found

    def acting(self, role: str, act: str = "") -> tuple[str, ...]:
        """The roles that act for a role while none of its holders can, in order; with `act` those that may do that."""
        able = self.able.get(act)
        return tuple(other for other in self.stand_ins.get(role, ()) if able is None or other in able)

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


NOBODY: frozenset[str] = frozenset()


class Presence:
    """Who can act when, from `start` to `end`. Raises UnknownYear where the calendar does not reach."""

    def __init__(self, roster: Roster, calendar: Calendar, start: datetime, end: datetime) -> None:
        self.roster, self.calendar, self.start, self.end = roster, calendar, start, end
        self._each: dict[tuple[str, str], dict[str, list[Span]]] = {}
        self._ends: dict[tuple[str, str], dict[str, list[datetime]]] = {}
        self._alike: dict[str, object] = {}
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

    def each(self, role: str, unit: str = "") -> Mapping[str, list[Span]]:
        """Person -> when they can act in one role that they hold themselves."""
        key = (role, unit)
        if key not in self._each:
            found: dict[str, list[Span]] = {}
            for id, span in self._one(role, unit):
                begins, ends = max(span[0], self.start), min(span[1], self.end)
                if begins < ends:
                    found.setdefault(id, []).append((begins, ends))
            self._each[key] = {id: merged(spans) for id, spans in found.items()}
        return self._each[key]

    def _one(self, role: str, unit: str) -> Iterator[tuple[str, Span]]:
        turns = [turn for turn in self.roster.turns if turn.role == role] if not unit else []
        for turn in turns:
            for id, span in turn.spans(self.start, self.end):
                away = self._people[id].away if id in self._people else [span]
                yield from ((id, left) for left in without([span], away))
        if not turns:
            for person in self.roster.holders(role, unit):
                yield from ((person.id, span) for span in self.hours(person))

    def of(
        self, role: str, unit: str = "", *, act: str = "", but: frozenset[str] = NOBODY, held: bool = False
    ) -> list[Span]:
        """When somebody can act in the role, holders or who stands in for them; "|" is any of several roles.

        With `act` only those stand in who may do it for another, with `held` nobody does; nobody of `but` counts.
        """
        spans: list[Span] = []
        for one in role.split("|"):
            acting = () if held else self.roster.acting(one, act)
            for name, where in ((one, unit), *((other, "") for other in acting)):
                people = self.each(name, where).items()
                spans += [span for id, found in people if id not in but for span in found]
        return merged(spans)

    def gaps(
        self, role: str, unit: str = "", *, act: str = "", but: frozenset[str] = NOBODY, held: bool = False
    ) -> list[Span]:
        """When nobody can act in the role."""
        return without([(self.start, self.end)], self.of(role, unit, act=act, but=but, held=held))

    def alike(self, person: str) -> object:
        """What tells people apart who can act: equal for two of the same roles and hours, none of them in a shift."""
        if any(person in turn.people for turn in self.roster.turns):
            return person
        found = self._alike.get(person)
        if found is None:
            mine = (one for one in self.roster.people if one.id == person)
            parts = frozenset(
                (frozenset(one.roles), one.units, one.hours, one.working, one.away) for one in mine
            )
            found = self._alike[person] = parts
        return found

    def leavings(self, role: str) -> set[datetime]:
        """The instants at which somebody who holds the role, or stands in for it, leaves."""
        roles = {other for one in role.split("|") for other in (one, *self.roster.acting(one))}
        spans = (spans for one in roles for spans in self.each(one).values())
        return {ends for found in spans for _begins, ends in found if ends < self.end}

    def takers(
        self, role: str, at: datetime, *, act: str = "", but: frozenset[str] = NOBODY
    ) -> list[tuple[datetime, str]]:
        """Who can take something in the role from `at` on, soonest first, each with the instant from which on.

        Who stands in counts only while no holder is there who is not among `but`.
        """
        found: dict[str, datetime] = {}
        for one in role.split("|"):
            self._take(one, at, but, found, None)
        for one in role.split("|"):
            for acting in self.roster.acting(one, act):
                self._take(acting, at, but, found, min(found.values(), default=self.end))
        return sorted((begins, id) for id, begins in found.items())

    def _take(
        self, role: str, at: datetime, but: frozenset[str], found: dict[str, datetime], until: datetime | None
    ) -> None:
        key = (role, "")
        spans = self.each(role)
        if key not in self._ends:
            self._ends[key] = {id: [ends for _begins, ends in mine] for id, mine in spans.items()}
        for id, mine in spans.items():
            place = bisect_right(self._ends[key][id], at)
            if id in but or place == len(mine):
                continue
            begins = max(at, mine[place][0])
            if until is None or begins < until:
                found[id] = min(begins, found.get(id, begins))
