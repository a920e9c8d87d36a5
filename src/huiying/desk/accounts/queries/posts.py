"""Who answers for each unit: its first responsible person, its spokesperson, its administrator; and where nobody does."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from huiying.desk.accounts.models import Appointment, Person, Role, Unit
from huiying.desk.accounts.queries.people import reachable

#: The three of each unit, in the order in which they are listed.
POSTS = (Role.HEAD, Role.SPOKESPERSON, Role.HANDLER)
#: Which of them every unit must have, as rooms above know from the plan; the administrator always.
needed: dict[str, Callable[[], Collection[str]]] = {"always": lambda: (Role.HANDLER,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody in a post."""

    person: Person
    reachable: bool  # by a way that is switched on and not known to fail
    away: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post of a unit and who holds it."""

    role: str
    holders: tuple[Holder, ...]
    needed: bool

    @property
    def gap(self) -> bool:
        """Nobody holds what somebody must."""
        return self.needed and not self.holders

    @property
    def deaf(self) -> bool:
        """Somebody holds it, and nobody of them can be reached."""
        return bool(self.holders) and not any(one.reachable for one in self.holders)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPosts:
    """A unit with its posts."""

    unit: Unit
    posts: tuple[Post, ...]

    @property
    def gaps(self) -> int:
        """How many posts that must be held are not."""
        return sum(post.gap for post in self.posts)


def posts_needed() -> frozenset[str]:
    """The posts that every unit must have."""
    return frozenset(role for asks in needed.values() for role in asks())


def posts_of_units(now: datetime) -> list[UnitPosts]:
    """Every active unit with its posts; those of the whole institution hold none of a unit's."""
    held = _held(now)
    must = posts_needed()
    return [
        UnitPosts(
            unit=unit,
            posts=tuple(
                Post(role=role, holders=tuple(held.get((unit.pk, role), ())), needed=role in must)
                for role in POSTS
            ),
        )
        for unit in Unit.objects.filter(active=True)
    ]


def _held(now: datetime) -> dict[tuple[int, str], list[Holder]]:
    rows = Appointment.objects.filter(role__in=POSTS, unit__active=True, person__is_active=True)
    found: dict[tuple[int, str], list[Holder]] = {}
    for row in rows.select_related("person").prefetch_related("person__contacts").order_by("pk"):
        person = row.person
        away = person.away_until is not None and person.away_until > now
        holder = Holder(person=person, reachable=bool(reachable(person)), away=away)
        found.setdefault((row.unit_id or 0, row.role), []).append(holder)
    return found


def posted(roles: Iterable[str], units: Collection[Unit] = ()) -> list[Appointment]:
    """The appointments to these posts in these units; of all units, and of the whole institution, when none is named."""
    rows = Appointment.objects.filter(role__in=[*roles], person__is_active=True)
    rows = rows.filter(unit__in=units) if units else rows.exclude(unit__active=False)
    return list(rows.select_related("person", "unit").order_by("unit__name", "role", "pk"))
