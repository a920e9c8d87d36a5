"""Stories as they are counted while mentions come in."""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from huiying.engine.listen.results import Point
from huiying.engine.listen.times import hour_of

_Name = TypeVar("_Name", int, str)
_HOURS_KEPT = 24 * 60  # of points; older ones are dropped
_TERMS_KEPT = 200


class Part(NamedTuple):
    """What one mention brings to its story."""

    row: int
    at: int  # microseconds
    site: str
    tier: str
    voice: int
    tone: str
    copy: bool
    negative: bool
    heat: float
    watches: tuple[str, ...]
    places: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(slots=True)
class Story:
    """The mentions about one concrete matter, counted."""

    key: str
    title: str
    title_at: int  # row of the mention that gives the title
    rows: "array[int]" = field(default_factory=lambda: array("q"))
    first_at: int = 0
    last_at: int = 0
    copies: int = 0
    negative: int = 0
    unknown_voices: int = 0
    voices: Counter[int] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    tones: Counter[str] = field(default_factory=Counter)
    watches: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    terms: Counter[str] = field(default_factory=Counter)
    hours: dict[int, Point] = field(default_factory=dict)

    def add(self, part: Part, sign: int = 1) -> None:
        """Count a mention in, or with `sign` -1 out."""
        self.copies += sign * part.copy
        self.negative += sign * part.negative
        self.unknown_voices += sign * (not part.voice)
        _count(self.voices, (part.voice,) if part.voice else (), sign)
        _count(self.sites, (part.site,), sign)
        _count(self.tiers, (part.tier,), sign)
        _count(self.tones, (part.tone,), sign)
        _count(self.watches, part.watches, sign)
        _count(self.places, part.places, sign)
        _count(self.labels, part.labels, sign)
        self._add_point(part, sign)
        if sign > 0:
            self.first_at = min(self.first_at, part.at) if self.rows else part.at
            self.last_at = max(self.last_at, part.at) if self.rows else part.at
            self.rows.append(part.row)

    def learn_terms(self, terms: Iterable[str]) -> None:
        """Count the words by which a mention was linked."""
        self.terms.update(terms)
        if len(self.terms) > _TERMS_KEPT:
            self.terms = Counter(dict(self.terms.most_common(_TERMS_KEPT // 2)))

    @property
    def points(self) -> tuple[Point, ...]:
        """Its hours in order."""
        return tuple(self.hours[hour] for hour in sorted(self.hours))

    def _add_point(self, part: Part, sign: int) -> None:
        hour = part.at // 3_600_000_000
        before = self.hours.get(hour)
        count = (before.mentions if before else 0) + sign
        heat = (before.heat if before else 0.0) + sign * part.heat
        if count <= 0:
            self.hours.pop(hour, None)
            return
        self.hours[hour] = Point(hour=hour_of(hour), mentions=count, heat=heat)
        if len(self.hours) > _HOURS_KEPT:
            del self.hours[min(self.hours)]


def _count(counter: Counter[_Name], names: Iterable[_Name], sign: int) -> None:
    for name in names:
        counter[name] += sign
        if not counter[name]:
            del counter[name]
