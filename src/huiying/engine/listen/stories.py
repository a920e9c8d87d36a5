"""Stories as they are counted while mentions come in."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
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
    hours: dict[int, tuple[int, float]] = field(default_factory=dict)  # hour since 1970 -> mentions, heat

    def add(self, part: Part, sign: int = 1) -> None:
        """Count a mention in, or with `sign` -1 out."""
        self.copies += sign * part.copy
        self.negative += sign * part.negative
        if part.voice:
            _count(self.voices, part.voice, sign)
        else:
            self.unknown_voices += sign
        _count(self.sites, part.site, sign)
        _count(self.tiers, part.tier, sign)
        _count(self.tones, part.tone, sign)
        for counter, names in (
            (self.watches, part.watches),
            (self.places, part.places),
            (self.labels, part.labels),
        ):
            for name in names:
                _count(counter, name, sign)
        self._add_point(part, sign)
        if sign > 0:
            self.first_at = min(self.first_at, part.at) if self.rows else part.at
            self.last_at = max(self.last_at, part.at) if self.rows else part.at
            self.rows.append(part.row)

    def take_in(self, parts: Iterable[Part], terms: Mapping[str, int]) -> None:
        """Count in the mentions of another story, and the words by which they were linked."""
        for part in parts:
            self.add(part)
        self.rows = array("q", sorted(self.rows))
        self.terms.update(terms)

    def learn_terms(self, terms: Iterable[str]) -> None:
        """Count the words by which a mention was linked."""
        self.terms.update(terms)
        if len(self.terms) > _TERMS_KEPT:
            self.terms = Counter(dict(self.terms.most_common(_TERMS_KEPT // 2)))

    @property
    def points(self) -> tuple[Point, ...]:
        """Its hours in order."""
        hours = sorted(self.hours.items())
        return tuple(
            Point(hour=hour_of(hour), mentions=mentions, heat=heat) for hour, (mentions, heat) in hours
        )

    def _add_point(self, part: Part, sign: int) -> None:
        hour = part.at // 3_600_000_000
        mentions, heat = self.hours.get(hour, (0, 0.0))
        if mentions + sign <= 0:
            self.hours.pop(hour, None)
            return
        self.hours[hour] = mentions + sign, heat + sign * part.heat
        if len(self.hours) > _HOURS_KEPT:
            del self.hours[min(self.hours)]


def _count(counter: dict[_Name, int], name: _Name, sign: int) -> None:
    count = counter.get(name, 0) + sign
    if count:
        counter[name] = count
    else:
        del counter[name]
