"""One obligation while the journal is being folded: when it began, what settles it, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from huiying.engine.calendar import Calendar, UnknownYear
from huiying.engine.journal import Entry
from huiying.engine.obligations.model import BadEntry, Obligation, State
from huiying.engine.obligations.seats import Seat
from huiying.engine.plan.model import Duty
from huiying.engine.plan.vocabulary import STAGES
from huiying.engine.spans import Within
from huiying.engine.text import Text

#: Acts whose effect lasts: one done before the rule began to apply fulfils it too.
LASTING = frozenset(
    {"verified", "level_proposed", "assigned", "lines_set", "offline_fixed", "done", "published"}
)
#: Kinds that settle what another kind was owed for.
ALSO_SETTLES: Mapping[str, str] = {
    "declined": "accepted",
    "extension_refused": "extension_granted",
    "returned": "approved",
}
#: In which field of the data each of these acts names what it is about; `Item.ref` holds the same.
_REFS: Mapping[str, str] = {
    "promise_kept": "ref",
    "instruction_done": "ref",
    "urge_answered": "number",
    "request_answered": "number",
    "approved": "draft",
    "extension_granted": "obligation",
}


#: An obligation from its values in the order of its fields: by name it takes three times as long, and most time goes here.
_made = Obligation._make


def instant(entry: Entry, key: str) -> datetime | None:
    """The instant that the entry's data holds under `key`, in UTC; None where it holds none. Raises BadEntry."""
    value = entry.data.get(key)
    if value is None or value == "":
        return None
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        text = Text(
            f"“{key}”不是带时区的时刻：{value}", f'"{key}" is not an instant with a time zone: {value}'
        )
        raise BadEntry(entry.seq, text)
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def known_at(entry: Entry) -> datetime:
    """The instant from which the entry's content counts against deadlines: never before it was written down."""
    return max(entry.at, entry.recorded_at)


def due_of(within: Within, start: datetime, calendar: Calendar) -> tuple[datetime, int | None]:
    """When the span ends; or the start of a year that the calendar lacks, and that year."""
    try:
        return within.due(start, calendar), None
    except UnknownYear as unknown:
        return calendar.year_start(unknown.year), unknown.year


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What exactly is to be done, where no duty of the plan says it."""

    act: str
    to: str = ""
    means: str = ""
    stage: str = ""
    form: str = ""
    step: str = ""
    closing: bool = False
    every: bool = False
    or_promise: bool = False


class Item:
    """An obligation in the making: the entry that began it, the one that settled it, the one that made it void."""

    # fmt: off
    __slots__ = (
        "act", "asks", "began", "built", "due_at", "ended", "final", "follows", "key", "ref", "role", "rule", "seat", "settled",
        "started_at", "unit", "unknown_year", "void", "what", "why",
    )
    # fmt: on

    def __init__(
        self,
        began: Entry,
        *,
        key: str,
        rule: str,
        what: Text,
        why: Text,
        asks: Act | Duty,
        role: str,
        due: tuple[datetime, int | None],
        started_at: datetime | None = None,
        unit: str = "",
        ref: str = "",
    ) -> None:
        self.began, self.started_at = began, started_at or began.at
        self.key, self.rule, self.what, self.why = key, rule, what, why
        self.asks, self.act, self.role, self.unit, self.ref = asks, asks.act, role, unit, ref
        self.due_at, self.unknown_year = due
        self.seat: Seat | None = None  # in an approval chain
        self.follows = unit == "lead"  # the unit that leads owes it, whichever that is
        self.settled: Entry | None = None
        self.ended: Entry | None = None  # the entry that made it void
        self.void: Text | None = None  # and why
        self.built: Obligation | None = None  # as last asked for
        self.final: Obligation | None = None  # the same, if it cannot change with time

    @property
    def pending(self) -> bool:
        """Neither settled nor void."""
        return self.settled is None and self.void is None

    @property
    def exactly(self) -> tuple[str, ...]:
        """What is to be done, to be compared with another's."""
        asks = self.asks
        return asks.act, asks.to, asks.means, asks.stage, asks.form, asks.step

    def open_at(self, known: datetime) -> bool:
        """Pending and not yet due at `known`."""
        return self.settled is None and self.void is None and (known < self.due_at or bool(self.unknown_year))

    def settle(self, entry: Entry) -> None:
        """The entry fulfils it."""
        self.settled, self.void, self.ended = entry, None, None
        self.built = self.final = None

    def cancel(self, entry: Entry, why: Text) -> None:
        """It is not owed any more, because of the entry."""
        self.void, self.ended = why, entry
        self.built = self.final = None

    def follow(self, lead: str) -> None:
        """Another unit leads now."""
        self.unit = lead
        self.built = self.final = None

    def move(self, due_at: datetime) -> None:
        """It is due at another instant."""
        self.due_at, self.unknown_year = due_at, None
        self.built = self.final = None

    def met_at(self) -> datetime | None:
        """When it was fulfilled: as the entry says, if that was written down by the deadline or says why it was not."""
        entry = self.settled
        if entry is None:
            return None
        if entry.recorded_at <= self.due_at or entry.at > self.due_at or entry.data.get("recorded_late"):
            return entry.at
        return entry.recorded_at

    def _state(self, met_at: datetime | None, now: datetime) -> State:
        if self.void is not None:
            return "void"
        if met_at is not None:
            return "met" if met_at <= self.due_at or self.unknown_year else "late"
        return "open" if now < self.due_at or self.unknown_year else "missed"

    def _ended_late(self) -> bool:
        """Whether it was made void only after it was due."""
        return self.ended is not None and not self.unknown_year and known_at(self.ended) >= self.due_at

    def obligation(self, now: datetime) -> Obligation:
        """The finished obligation; the same object as long as nothing changed."""
        built = self.built
        if built is not None and (built.state == "missed") is (now >= self.due_at and not self.unknown_year):
            return built
        settled, ended, asks = self.settled, self.ended, self.asks
        met_at = self.met_at() if settled is not None else None
        state = self._state(met_at, now)
        plain = ended is None and self.unknown_year is None
        values = (
            self.key,
            self.rule,
            self.what,
            self.why if plain else self._why(),
            self.act,
            self.role,
            self.started_at,
            self.began.seq,
            self.due_at,
            state,
            self.unit,
            asks.to,
            asks.means,
            asks.stage,
            asks.form,
            asks.step,
            met_at,
            settled.seq if settled is not None else None,
            ended.seq if ended is not None else None,
            self.ref,
            asks.closing or asks.every,
            state in ("late", "missed") or (ended is not None and self._ended_late()),
            self.unknown_year,
        )
        self.built = built = _made(values)
        if settled is not None or ended is not None:
            self.final = built
        return built

    def _why(self) -> Text:
        why = self.why
        if self.unknown_year:
            why = Text(
                f"工作日历缺 {self.unknown_year} 年，补录后才能算出期限。{why.zh}",
                f"The calendar has no year {self.unknown_year}; the date can be computed once it is added. {why.en}",
            )
        if self.void is None:
            return why
        after = self._ended_late()
        return Text(
            f"{self.void.zh}{'（其时已超期）' if after else ''}，不再要求。原规则：{why.zh}",
            f"{self.void.en}{' (after it was due)' if after else ''}: no longer owed. The rule was: {why.en}",
        )


class Asks(Protocol):
    """What says exactly which act it wants: a duty, an act, or a step of a plan."""

    @property
    def act(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def means(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def form(self) -> str: ...
    @property
    def step(self) -> str: ...


def does(asks: Asks, entry: Entry) -> bool:
    """Whether the entry, whose kind is already the right one, does what is asked for."""
    act, data = asks.act, entry.data
    if act == "published":
        stage = data.get("stage", "")
        settles = not asks.stage or asks.stage in STAGES.get(stage, (stage,))
        return settles and (not asks.form or data.get("form") == asks.form)
    if act == "reported":
        right = not asks.to or data.get("to") == asks.to
        return right and (not asks.means or data.get("means") == asks.means)
    return act != "done" or data.get("step") == asks.step


def fits(item: Item, entry: Entry) -> bool:
    """Whether the entry, whose kind is already the right one, fulfils the item."""
    act = item.act
    if act in ("accepted", "unit_reported"):
        return not item.unit or entry.data.get("unit") == item.unit
    named = _REFS.get(act)
    if named:
        return not item.ref or str(entry.data.get(named, "")) == item.ref
    return does(item.asks, entry)
