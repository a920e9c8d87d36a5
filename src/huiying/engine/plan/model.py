"""What a response plan says, as values. See docs/plan-format.md for how it is written."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from huiying.engine.plan.chains import roles_of
from huiying.engine.plan.house import (
    NOTHING,
    Body,
    Escalation,
    Extending,
    KeyPeriod,
    Named,
    Roster,
    Route,
    Routine,
    Subject,
    Watch,
)
from huiying.engine.spans import Within
from huiying.engine.text import Text

__all__ = [
    "ANY",
    "ANY_PERIOD",
    "NOTHING",
    "Applies",
    "Assigning",
    "Body",
    "Chain",
    "Condition",
    "Duty",
    "Escalation",
    "Extending",
    "Group",
    "KeyPeriod",
    "Level",
    "Named",
    "Pair",
    "Plan",
    "ReportAgain",
    "Roster",
    "Route",
    "Routine",
    "Step",
    "Subject",
    "Watch",
]

#: In a rule's `periods`: whichever key period it is.
ANY_PERIOD = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition on evidence. More evidence can only fulfil it, never undo it."""

    kind: str  # tiers, sites, voices, mentions, reach, growth, forecast, negative, concern, subjects, places, flags, ...
    at_least: float = 1  # for counted kinds: the smallest measure that fulfils it
    any_of: tuple[str, ...] = ()  # for sets: one of these is enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Conditions that together are enough for a level."""

    conditions: tuple[Condition, ...]
    text: Text | None = None  # how the plan puts it


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A grade of the plan; 1 is the gravest."""

    number: int
    name: Text
    groups: tuple[Group, ...] = ()  # any of them is enough
    confirm: tuple[str, ...] = ()  # roles that may set the level
    second_person: bool = False  # whoever proposed the level does not confirm it
    handling: Text = NOTHING
    source: Text = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Applies:
    """To which cases a rule applies; an empty field does not restrict."""

    levels: tuple[int, ...] = ()  # confirmed levels; a case without one meets only rules without levels
    matters: tuple[str, ...] = ()  # kinds of matter
    subjects: tuple[str, ...] = ()
    hows: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()  # words in the addressee
    periods: tuple[str, ...] = ()  # key periods in which the case was opened, or ANY_PERIOD

    def to(  # noqa: PLR0917 - one for each kind of restriction, in the order of Facts
        self,
        level: int | None,
        matter: str,
        subject: str,
        how: str,
        addressee: str,
        periods: tuple[str, ...] = (),
    ) -> bool:
        """Whether the rule applies to a case that is so."""
        return (
            (not self.levels or level in self.levels)
            and (not self.matters or matter in self.matters)
            and (not self.subjects or subject in self.subjects)
            and (not self.hows or how in self.hows)
            and (not self.addressees or any(word in addressee for word in self.addressees))
            and (not self.periods or self._in_period(periods))
        )

    def _in_period(self, periods: tuple[str, ...]) -> bool:
        return bool(periods) and (ANY_PERIOD in self.periods or any(one in self.periods for one in periods))

    @property
    def always(self) -> bool:
        """True if nothing restricts the rule."""
        return not (
            self.levels or self.matters or self.subjects or self.hows or self.addressees or self.periods
        )


ANY = Applies()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something that somebody owes within a time. Obligations are its instances on a case."""

    id: str
    what: Text
    act: str  # the journal kind that settles it
    role: str  # who owes it
    since: str  # "discovered", "posted", a journal kind, or "duty:<id>" / "step:<id>"
    within: Within
    applies: Applies = ANY
    unit: str = ""  # "lead": the unit that leads; or a unit's code
    to: str = ""  # recipient, where act is "reported"
    means: str = ""  # of MEANS, where it matters
    stage: str = ""  # of STAGES, where act is "published"
    form: str = ""  # of FORMS, where it matters
    step: str = ""  # where act is "done"
    where: tuple[
        tuple[str, tuple[object, ...]], ...
    ] = ()  # data that the entry it is measured from must carry
    each: bool = False  # owed anew for every entry it is measured from
    every: bool = False  # owed again and again, `within` after the last time, until the case closes
    or_promise: bool = False  # a published promise with a date settles it too; the promise is then owed
    closing: bool = False  # owed only after closing: never stands in the way of closing
    phase: str = "handle"  # of PHASES
    why: Text = NOTHING  # the rule in words: measured from what, within what, by which clause
    source: Text = NOTHING  # the plan's clause, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of handling, as the flow chart shows it. With `within` it is also owed (duty `step:<id>`)."""

    id: str
    name: Text
    phase: str
    role: str
    act: str = "done"
    stage: str = ""
    form: str = ""
    to: str = ""
    applies: Applies = ANY
    after: tuple[str, ...] = ()  # steps that come before it
    duty: str = ""  # the duty that it stands for
    means: str = ""
    source: Text = NOTHING

    @property
    def step(self) -> str:
        """Its id, as entries of the kind "done" name it."""
        return self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Steps that belong together: once one is done, the others are owed within `within` of it."""

    id: str
    name: Text
    steps: tuple[str, ...]
    within: Within
    applies: Applies = ANY
    source: Text = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Who approves a text, step after step, before it may be published."""

    roles: tuple[str, ...]  # the steps, as `chains` writes them
    levels: tuple[int, ...] = ()
    forms: tuple[str, ...] = ()
    unsure: bool | None = None  # True: only where the drafter is unsure; None: in both cases
    source: Text = NOTHING

    def fits(self, level: int | None, form: str, unsure: bool) -> bool:
        """Whether this chain is the one for such a text."""
        return (
            (not self.levels or level in self.levels)
            and (not self.forms or form in self.forms)
            and (self.unsure is None or self.unsure == unsure)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigning:
    """The clocks of handing a matter to units."""

    accept: Within | None = None  # until the unit accepts or declines
    report: Within | None = None  # until the lead unit reports its result, where the assignment names no date
    cooperate: Within | None = None  # the same for a cooperating unit
    review: Within | None = None  # until a returned assignment is decided
    applies: Applies = ANY
    source: Text = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAgain:
    """When a matter that was reported, and on which no instruction came, is reported again: it grew."""

    to: str  # recipient
    means: str = ""
    role: str = "office"
    times: float = 1.5  # so many times the posts that there were at the report before
    least: int = 10  # and at least so many more
    within: Within
    applies: Applies = ANY
    source: Text = NOTHING

    def due_from(self, posts: int) -> int:
        """From how many posts on it is owed, where there were `posts` at the report before."""
        return max(math.ceil(posts * self.times), posts + self.least)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Plan:
    """A response plan. Two plans are the same if their `sha256` is."""

    id: str
    name: Text
    sha256: str  # of the text it was read from
    zone: str = "Asia/Shanghai"
    calendar: str = "CN"
    extends: str = ""
    summary: Text = NOTHING
    principles: tuple[Text, ...] = ()
    levels: tuple[Level, ...] = ()  # by number
    duties: tuple[Duty, ...] = ()  # those of steps among them
    steps: tuple[Step, ...] = ()
    pairs: tuple[Pair, ...] = ()
    chains: tuple[Chain, ...] = ()  # the first that fits counts
    assigning: tuple[Assigning, ...] = ()  # the first that applies counts
    subjects: tuple[Named, ...] = ()
    places: tuple[Named, ...] = ()
    matters: tuple[Named, ...] = ()
    flags: tuple[Named, ...] = ()  # what only a person can judge
    recipients: tuple[Named, ...] = ()
    routes: tuple[Route, ...] = ()
    key_periods: tuple[KeyPeriod, ...] = ()
    watches: tuple[Watch, ...] = ()
    routines: tuple[Routine, ...] = ()
    bodies: tuple[Body, ...] = ()
    roster: Roster = field(default_factory=Roster)
    extending: Extending = field(default_factory=Extending)
    assess_within: Within | None = None  # for a story that crosses a level
    promise_max: Within | None = None  # how far off a promised date may be
    instruction_within: Within | None = None  # for an instruction that names no date
    report_again: ReportAgain | None = None  # a report on which no instruction came, once the matter grew
    heighten: tuple[str, ...] = ()  # roles that approve a key period of the institution's own
    urge_within: Within | None = None  # for an urging notice that names no date
    approve_within: Within | None = None  # for each step of an approval chain
    transfer_to: str = "higher"  # the recipient whose transferred matters carry their own deadline
    default_matter: str = ""
    reminders: tuple[timedelta, ...] = ()  # before the due instant, longest first
    escalation: tuple[Escalation, ...] = ()

    def level(self, number: int | None) -> Level | None:
        """The level with this number."""
        return next((level for level in self.levels if level.number == number), None)

    def duty(self, id: str) -> Duty | None:
        """The duty with this id."""
        return next((duty for duty in self.duties if duty.id == id), None)

    def recipient(self, id: str) -> Named | None:
        """The recipient with this id."""
        return next((named for named in self.recipients if named.id == id), None)

    def role_name(self, role: str) -> Text | None:
        """How the plan calls a role of the desk, where it has its own word."""
        return dict(self.roster.names).get(role)

    @property
    def roles(self) -> frozenset[str]:
        """Every role that the plan needs somebody in."""
        needed = {duty.role for duty in self.duties} | {step.role for step in self.steps}
        needed |= {role for chain in self.chains for step in chain.roles for role in roles_of(step)}
        needed |= {role for level in self.levels for role in level.confirm}
        needed |= {item.role for item in self.routines} | {item.role for item in self.recipients}
        needed |= {item.role for item in self.escalation} | set(self.roster.always) | set(self.roster.units)
        if self.extending.decide:
            needed.add(self.extending.role)
        return frozenset(needed - {""})

    def confirmers(self, level: int) -> tuple[str, ...]:
        """The roles that may set this level."""
        found = self.level(level)
        return found.confirm if found else ()

    def second_person(self, level: int) -> bool:
        """Whether somebody else than the proposer has to confirm this level."""
        found = self.level(level)
        return found.second_person if found else False

    def chain(self, level: int | None, form: str, unsure: bool) -> tuple[str, ...]:
        """The steps of approval that a text needs, in order; the head's alone where the plan says nothing."""
        found = next((chain for chain in self.chains if chain.fits(level, form, unsure)), None)
        return found.roles if found else ("head",)

    def routing(self, subject: str = "", addressee: str = "") -> Route | None:
        """The route of a matter: by addressee before by subject, else by the subject's own unit."""
        for route in self.routes:
            if addressee and any(word in addressee for word in route.addressees):
                return route
        for route in self.routes:
            if subject and subject in route.subjects:
                return route
        own = next((item.unit for item in self.subjects if item.id == subject), "")
        return Route(unit=own) if own else None

    def route(self, subject: str = "", addressee: str = "") -> str:
        """The unit (code or name) that a matter goes to, or ""."""
        found = self.routing(subject, addressee)
        return found.unit if found else ""

    def relapse_watch(self, level: int | None) -> Within | None:
        """How long a closed case of this level is watched."""
        return next(
            (watch.lasts for watch in self.watches if not watch.levels or level in watch.levels), None
        )

    def review_required(self, level: int | None) -> bool:
        """Whether a case of this level must be reviewed after closing."""
        return any(
            duty.act == "reviewed" and (not duty.applies.levels or level in duty.applies.levels)
            for duty in self.duties
        )

    def key_period(self, at: datetime, holiday: str = "") -> KeyPeriod | None:
        """The first of the heightened periods that `at` lies in; see `key_periods_at`."""
        return next(iter(self.key_periods_at(at, holiday)), None)

    def key_periods_at(self, at: datetime, holiday: str = "") -> tuple[KeyPeriod, ...]:
        """The heightened periods that `at` lies in; `at` on the plan's own clock, `holiday` the calendar's name for the day."""
        day = at.date()
        return tuple(p for p in self.key_periods if p.covers(day) or (p.holidays and holiday))
