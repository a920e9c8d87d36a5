"""What a ranked list of titles showed, listing by listing, as far as it has to be remembered.

`hotlist_measures` says what can be measured of a title at the last listing.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

TOP = 10  # places that count as having arrived
_SLACK = 2.0  # hours that an earlier listing may be older than asked for
_FORGETS = 48.0  # hours after which a title that comes back is new
_LOOKS_BACK = 72.0  # hours for which pieces of titles are remembered


@dataclass(frozen=True, slots=True)
class Place:
    """Where a title stands."""

    number: int  # from 1
    heat: float = 0.0  # 0 where the list does not tell
    category: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it stood once."""

    at: datetime  # of the wall clock where the list is made; the zone is not looked at
    places: Mapping[str, Place]


@dataclass(slots=True)
class Known:
    """What is remembered of a title."""

    first_at: float  # hours
    first_place: int
    first_heat: float
    best: int
    best_at: float
    worst: int
    most_heat: float
    last_at: float
    count: int = 0
    still: int = -1  # listings for which it has not moved


@dataclass(slots=True)
class Past:
    """A remembered listing."""

    hour: float  # since the year 1
    places: Mapping[str, Place]
    top: frozenset[str]


@dataclass(slots=True)
class Pieces:
    """How many titles of the last days held each piece of two characters; a title counts once while it is remembered."""

    titles: int = 0
    holding: Counter[str] = field(default_factory=Counter)
    _since: dict[str, float] = field(default_factory=dict)  # in order of time

    def add(self, hour: float, titles: Iterable[str]) -> None:
        """Titles that stand there now."""
        for title in titles:
            if title not in self._since:
                self._since[title] = hour
                self.holding.update(pieces(title))
                self.titles += 1

    def forget(self, before: float) -> None:
        """Titles that came before an hour."""
        while self._since and next(iter(self._since.values())) < before:
            title = next(iter(self._since))
            del self._since[title]
            self.titles -= 1
            for piece in pieces(title):
                self.holding[piece] -= 1
                if not self.holding[piece]:
                    del self.holding[piece]


@lru_cache(maxsize=8192)
def pieces(title: str) -> tuple[str, ...]:
    """The pieces of two characters of a title, each once, blanks left out; one character is its own piece."""
    dense = "".join(title.split())
    return tuple(dict.fromkeys(dense[at : at + 2] for at in range(len(dense) - 1))) or (dense,)


def hours(at: datetime) -> float:
    """Hours since the year 1, by the wall clock."""
    return at.toordinal() * 24 + at.hour + at.minute / 60 + at.second / 3600


@dataclass(slots=True)
class History:
    """Listings in order of time."""

    past: deque[Past] = field(default_factory=deque)
    known: dict[str, Known] = field(default_factory=dict)
    arrived: dict[str, float] = field(
        default_factory=dict
    )  # titles that were among the first ten, and since when
    listed: Pieces = field(default_factory=Pieces)
    arrivals: Pieces = field(default_factory=Pieces)

    def add(self, listing: Listing) -> None:
        """The next listing. ValueError if it is not later than the one before."""
        hour = hours(listing.at)
        if self.past and hour <= self.past[-1].hour:
            raise ValueError(f"listings must come in order of time: {listing.at}")
        top = frozenset(title for title, place in listing.places.items() if place.number <= TOP)
        while self.past and self.past[0].hour < hour - _LOOKS_BACK:
            self.past.popleft()
        self.listed.forget(hour - _LOOKS_BACK)
        self.arrivals.forget(hour - _LOOKS_BACK)
        self.listed.add(hour, listing.places)
        self.arrivals.add(hour, top)
        before = self.past[-1].places if self.past else {}
        for title, place in listing.places.items():
            self._know(title, place, hour, before)
        for title in top:
            self.arrived.setdefault(title, hour)
        self.past.append(Past(hour, listing.places, top))

    def _know(self, title: str, place: Place, hour: float, before: Mapping[str, Place]) -> None:
        known = self.known.get(title)
        if known is None or hour - known.last_at > _FORGETS:
            number, heat = place.number, place.heat
            known = Known(hour, number, heat, number, hour, number, heat, hour)
            self.known[title] = known
        known.count += 1
        known.last_at = hour
        known.worst = max(known.worst, place.number)
        known.most_heat = max(known.most_heat, place.heat)
        if place.number < known.best:
            known.best, known.best_at = place.number, hour
        stays = title in before and before[title].number == place.number
        known.still = known.still + 1 if stays else 0

    def earlier(self, hours: float) -> Mapping[str, Place]:
        """The places of about so many hours before the last listing; none where nothing is remembered of then."""
        now = self.past[-1].hour
        for one in reversed(self.past):
            if one.hour <= now - hours:
                return one.places if now - one.hour <= hours + _SLACK else {}
        return {}
