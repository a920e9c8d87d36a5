"""What a plan says about the house around its cases: names, routes, key periods, bodies, what is done every day, who is there."""

from dataclasses import dataclass
from datetime import date, timedelta

from huiying.engine.spans import Within
from huiying.engine.text import Text

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something that the plan gives a name and words: a subject, a place, a recipient, a kind of matter, a flag."""

    id: str
    name: Text
    words: tuple[str, ...] = ()  # by which it is recognised in text
    unit: str = ""  # the unit that it belongs to
    role: str = ""  # for a recipient inside the house: the role that is told


Subject = Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """To which unit a matter goes."""

    unit: str
    subjects: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()  # words of the addressee, e.g. 书记
    tell: tuple[str, ...] = ()  # recipients who are told
    source: Text = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPeriod:
    """Days on which watch is heightened."""

    id: str
    name: Text
    spans: tuple[
        tuple[str, str], ...
    ] = ()  # "MM-DD" to "MM-DD" every year, or "YYYY-MM-DD" once; both days inside
    holidays: bool = False  # every public holiday of the calendar
    interval: timedelta | None = None  # how often sources are looked at
    lead: bool = False  # somebody leads the shift at every instant
    source: Text = NOTHING

    def covers(self, day: date) -> bool:
        """Whether `day`, on the plan's clock, lies in a span. Public holidays are the calendar's to say."""
        return any(_within(day, first, last) for first, last in self.spans)


def _within(day: date, first: str, last: str) -> bool:
    if len(first) > 5:
        return first <= day.isoformat() <= last
    mark = day.isoformat()[5:]
    return first <= mark <= last if first <= last else mark >= first or mark <= last


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body of the plan: a leading group, its office, a kind of unit; what it does, and in which roles."""

    id: str
    name: Text
    duties: tuple[Text, ...] = ()
    roles: tuple[str, ...] = ()
    source: Text = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """Something that is done again and again, case or no case."""

    id: str
    what: Text
    role: str
    every: Within
    source: Text = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Whom else a missed obligation is told to, and how long after it was due."""

    after: timedelta
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How long a closed case of these levels is watched for a relapse."""

    levels: tuple[int, ...]
    lasts: Within
    source: Text = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Extending:
    """The rules of extensions."""

    decide: Within | None = None  # until a request is decided
    role: str = "head"  # who decides
    most: int | None = None  # how often one obligation may be extended
    longest: Within | None = None  # how far past the first due instant it may be moved
    source: Text = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who has to be there for the plan to work."""

    always: tuple[str, ...] = ("duty",)  # roles with somebody on duty at every instant
    units: tuple[str, ...] = ()  # roles that every unit must have
    names: tuple[tuple[str, Text], ...] = ()  # how the plan calls the desk's roles
