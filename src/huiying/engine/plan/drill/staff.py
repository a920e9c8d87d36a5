"""Who is there, who is free, and who would take something: one person does one thing at a time."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from huiying.engine.plan.check.roster import Presence, Span, merged, without
from huiying.engine.plan.drill.pace import Pace

#: Somebody who has just done something need not notice the next thing first.
SOON = timedelta(minutes=15)


class Rota:
    """Who holds which role and when they are there: found once for all runs."""

    def __init__(self, presence: Presence) -> None:
        self.presence = presence
        self._people: dict[tuple[str, str], tuple[str, ...]] = {}
        self._spans: dict[tuple[str, str], tuple[list[datetime], list[Span]]] = {}

    def people(self, role: str, unit: str) -> tuple[str, ...]:
        """Ids of those who hold the role, those of the unit if it has any; several roles joined by "|" are any of them."""
        key = (role, unit)
        if key not in self._people:
            self._people[key] = tuple(self._holders(role, unit))
        return self._people[key]

    def _holders(self, role: str, unit: str) -> Iterable[str]:
        roster = self.presence.roster
        for place in (unit, "") if unit else ("",):
            found = [person.id for one in role.split("|") for person in roster.holders(one, place)]
            if found:
                return dict.fromkeys(found)
        return ()

    def there(self, id: str, role: str, at: datetime) -> datetime | None:
        """The first instant from `at` on at which the person is there in the role."""
        key = (id, role)
        if key not in self._spans:
            spans = self._hours(id, role)
            self._spans[key] = ([ends for _begins, ends in spans], spans)
        ends, spans = self._spans[key]
        place = bisect_right(ends, at)
        return max(at, spans[place][0]) if place < len(spans) else None

    def _hours(self, id: str, role: str) -> list[Span]:
        """When a person is there: in their shifts, where the role has any, else in their hours."""
        found: list[Span] = []
        for one in role.split("|"):
            turns = [turn for turn in self.presence.roster.turns if turn.role == one]
            holders = [person for person in self.presence.roster.holders(one) if person.id == id]
            for turn in turns if holders else ():
                mine = turn.spans(self.presence.start, self.presence.end)
                found += without([span for who, span in mine if who == id], holders[0].away)
            for person in holders if not turns else ():
                found += self.presence.hours(person)
        return merged(found)

    def reachable(self, id: str, at: datetime) -> bool:
        """Whether the person can be called in: not on leave, and by some contact that works."""
        mine = [person for person in self.presence.roster.people if person.id == id]
        away = any(begins <= at < ends for person in mine for begins, ends in person.away)
        return not away and any(person.reachable for person in mine)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody is wanted for."""

    role: str
    unit: str
    act: str
    due: datetime
    lasts: timedelta  # about
    but: frozenset[str] | set[str] = frozenset()  # people who may not: it is not for one person alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Who takes something, in which of the roles, and by how much slower because they are called in."""

    person: str
    role: str
    factor: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Nobody:
    """Nobody takes it now: because all who are there are busy, or because nobody is there, and when somebody comes."""

    busy: bool
    comes: datetime | None = None


class Staff:
    """The people of one run."""

    def __init__(self, rota: Rota, pace: Pace) -> None:
        self.rota, self.pace = rota, pace
        self.free: dict[str, datetime] = {}  # person -> when they are done with what they do
        self._places: dict[tuple[str, str, str], list[tuple[str, str]]] = {}

    def idle(self, person: str, at: datetime) -> bool:
        """Whether they do nothing just now, and have first to notice."""
        free = self.free.get(person)
        return free is None or free + SOON < at

    def somebody(self, wish: Wish, at: datetime) -> Found | Nobody:
        """Who can take it now.

        Holders of the role who are there come first; where none is, those who stand in; where none of these is and it
        cannot wait until somebody comes, a holder is called in, if the pace knows of calling in.
        """
        comes: list[datetime] = []
        for acting, where in self._acting(wish.role, wish.unit, wish.act):
            found = self._there(acting, where, at, wish, comes)
            if isinstance(found, Found):
                return found
            if found:
                return Nobody(busy=True, comes=min(comes, default=None))
        again = min(comes, default=None)
        called = self._called(wish, at) if again is None or again + wish.lasts > wish.due else None
        return called or Nobody(busy=False, comes=again)

    def _acting(self, role: str, unit: str, act: str) -> list[tuple[str, str]]:
        """The role itself in its unit, then those that stand in for it."""
        key = (role, unit, act)
        if key not in self._places:
            roster = self.rota.presence.roster
            others = dict.fromkeys(other for one in role.split("|") for other in roster.acting(one, act))
            self._places[key] = [(role, unit), *((other, "") for other in others)]
        return self._places[key]

    def _there(self, role: str, unit: str, at: datetime, wish: Wish, comes: list[datetime]) -> Found | bool:
        """One who is there and free, or whether any is there at all; notes the instants at which others come."""
        busy = False
        for id in self.rota.people(role, unit):
            begins = self.rota.there(id, role, at) if id not in wish.but else None
            if begins == at:
                if self.free.get(id, at) <= at:
                    return Found(person=id, role=role)
                busy = True
            elif begins is not None:
                comes.append(begins)
        return busy

    def _called(self, wish: Wish, at: datetime) -> Found | Nobody | None:
        if self.pace.off_duty is None:
            return None
        people = [id for id in self.rota.people(wish.role, wish.unit) if id not in wish.but]
        able = [id for id in people if self.rota.reachable(id, at)]
        for id in able:
            if self.free.get(id, at) <= at:
                return Found(person=id, role=wish.role, factor=self.pace.off_duty)
        return Nobody(busy=True) if able else None
