"""The fold: a journal, entry by entry, becomes what is owed.

Entries are taken in the order in which they were written down (`seq`): what was known when decides, so a clock that
jumps back loses nothing. Entries of one and the same instant are taken in an order of their own, so that the order
in which they arrived changes nothing. What an entry says about when it happened (`at`) is what spans are measured by.
"""

from bisect import insort
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import Enum
from operator import attrgetter

from huiying.engine.calendar import Calendar
from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import (
    LASTING,
    Item,
    does,
    due_of,
    fits,
    known_at,
)
from huiying.engine.obligations.model import Obligation, OtherPlan, PlanRef
from huiying.engine.obligations.order import in_order, same_instant
from huiying.engine.obligations.pairs import together
from huiying.engine.obligations.program import RESTARTS, Facts, Way, holds_where, program, start_of
from huiying.engine.obligations.seats import decides
from huiying.engine.plan.model import Duty, Pair, Plan
from huiying.engine.spans import Within
from huiying.engine.text import Text

#: Entries that a correction cannot undo: the case began, and its levels are changed by confirming another.
_FIRM = frozenset({Kind.OPENED, Kind.LEVEL_CONFIRMED, Kind.CORRECTED, Kind.MERGED})

_PLACE = attrgetter("due_at", "key")
#: Kinds whose entries ask for something; of one that was wrong what it asked for is shown, as void.
_ASKING = frozenset(
    {Kind.LEVEL_PROPOSED, Kind.INSTRUCTED, Kind.URGED, Kind.REQUESTED, Kind.PROMISED, Kind.SUBMITTED}
    | {Kind.EXTENSION_ASKED, Kind.ASSIGNED, Kind.DECLINED, Kind.CORRECTED}
)
#: As a plain word: looking it up on the enumeration costs more than comparing.
_CORRECTED = Kind.CORRECTED.value


class Look(Enum):
    """Where an item that begins looks for what fulfils it already."""

    BACK = "back"  # acts whose effect lasts count from whenever; others since the item began
    SINCE = "since"  # only since the item began, though it is noted later
    NOWHERE = "nowhere"


Handler = Callable[["Ledger", Entry], None]
#: What an entry of a kind does beside settling and beginning rules; filled by the modules that hold them.
HANDLERS: dict[str, Handler] = {}


def handles(*kinds: Kind) -> Callable[[Handler], Handler]:
    """Make a function the handler of these kinds."""

    def note(handler: Handler) -> Handler:
        for kind in kinds:
            HANDLERS[kind] = handler
        return handler

    return note


def pinned(entry: Entry) -> PlanRef | None:
    """The plan version that a grading (or an opening) names."""
    plan = entry.data.get("plan")
    if not isinstance(plan, dict):
        return None
    version = plan.get("version")
    return PlanRef(
        id=str(plan.get("id", "")),
        version=version if isinstance(version, int) else None,
        sha256=str(plan.get("sha256", "")),
    )


class Ledger:
    """What is owed on one case, kept up to date entry by entry. Raises BadEntry, OtherPlan."""

    items: list[Item]  # as last put in order
    keys: dict[str, Item]  # every item by its key
    of: dict[str, list[Item]]  # rule -> its items
    waiting: dict[str, list[Item]]  # act -> items not yet settled
    history: dict[str, list[Entry]]  # act -> entries that can settle it
    events: dict[str, list[Entry]]  # event -> entries at which it happened
    waived: dict[str, Entry]  # key -> the waiver
    assigned: dict[str, Entry]  # unit -> its latest assignment
    takers: dict[str, str]  # unit -> the unit that took over from it
    skipped: set[int]  # entries that a correction says were wrong
    facts: Facts
    active: frozenset[str]  # rules that apply now
    lead: str  # the unit that is responsible
    closed: bool
    merged: bool
    ordered: bool
    pin: PlanRef | None
    posts: set[str]  # the posts added so far, where the plan asks how a matter grew
    told: int | None  # how many there were at the last report on which no instruction came

    __slots__ = (
        *("active", "assigned", "calendar", "closed", "entries", "events", "facts"),
        *("history", "items", "keys", "lead", "merged", "of", "ordered", "pin", "plan", "program"),
        *("posts", "skipped", "takers", "told", "waiting", "waived"),
    )

    def __init__(self, plan: Plan, calendar: Calendar, entries: Iterable[Entry] = ()) -> None:
        self.plan, self.calendar, self.program = plan, calendar, program(plan)
        self.entries: list[Entry] = in_order(entries)
        self._fold()

    def add(self, entry: Entry) -> None:
        """Fold one more entry."""
        last = self.entries[-1] if self.entries else None
        plain = last is None or (entry.seq > last.seq and not same_instant(entry, last))
        if plain and entry.kind != _CORRECTED:
            self.entries.append(entry)
            self._take(entry)
        else:
            self.entries = in_order([*self.entries, entry])
            self._fold()

    def obligations(self, now: datetime) -> tuple[Obligation, ...]:
        """Everything owed so far, by due instant and key, as it stands at `now`."""
        if not self.ordered:
            self.items = sorted(self.keys.values(), key=_PLACE)
            self.ordered = True
        return tuple([item.final or item.obligation(now) for item in self.items])

    def _fold(self) -> None:
        self.items, self.keys, self.of = [], {}, {}
        self.waiting, self.history, self.events = {}, {}, {}
        self.waived, self.assigned, self.takers = {}, {}, {}
        self.facts, self.active = Facts(), self.program.active(Facts())
        self.posts, self.told = set(), None
        self.lead, self.closed, self.merged, self.ordered, self.pin = "", False, False, False, None
        self.skipped = self._wrong()
        for entry in self.entries:
            self._take(entry)

    def _wrong(self) -> set[int]:
        """The entries that a correction says were wrong; openings, gradings and mergers stand."""
        wrong = {entry.data.get("entry") for entry in self.entries if entry.kind == _CORRECTED}
        return (
            {entry.seq for entry in self.entries if entry.seq in wrong and entry.kind not in _FIRM}
            if wrong
            else set()
        )

    def _take(self, entry: Entry) -> None:
        if self.merged:
            return
        kind, wrong = entry.kind, self.wrong(entry)
        way = self.program.ways[kind]
        if way.settles and not wrong:
            self._settle(entry, way)
        handler = HANDLERS.get(kind)
        if handler and not (wrong and kind not in _ASKING):
            handler(self, entry)
        if way.begins:
            self.event(kind, entry)

    def wrong(self, entry: Entry) -> bool:
        """Whether a correction says that the entry was wrong: it settles, ends and moves nothing, and what it began is void."""
        return entry.seq in self.skipped

    # What settles and what begins

    def _settle(self, entry: Entry, way: Way) -> None:
        act = way.act
        before = self.history.get(act)
        if before is None:
            self.history[act] = [entry]
        else:
            before.append(entry)
        waiting = self.waiting.get(act)
        if waiting:
            met = [item for item in waiting if self._settles(item, entry)]
            if met:
                self.waiting[act] = [item for item in waiting if item.settled is None]
                for item in met:
                    self._met(item, entry)
        if way.vows:
            self._promised()
        if way.stepping:
            self._steps(entry)

    def _settles(self, item: Item, entry: Entry) -> bool:
        if item.settled is not None:
            return False
        if item.void is not None and not (item.ended and same_instant(entry, item.ended)):
            return False
        if entry.at < item.started_at and entry.at != entry.recorded_at and item.act not in LASTING:
            return False  # written down afterwards, but it happened before
        if not self._fits(item, entry) or (item.rule == "transfer" and not self._is_result(entry)):
            return False
        item.settle(entry)
        return True

    def _fits(self, item: Item, entry: Entry) -> bool:
        """Whether the entry, whose kind is already the right one, fulfils the item; an approval is for its own seat."""
        if not fits(item, entry):
            return False
        return item.seat is None or decides(self.history, entry, item.seat, item.role)

    def _is_result(self, entry: Entry) -> bool:
        """Whether a report tells the outcome; where it does not say, whether there is an outcome to tell."""
        if "result" in entry.data:
            return bool(entry.data["result"])
        published = self.history.get("published", [])
        formal = any(e.data.get("stage") in ("formal", "final") for e in published)
        return formal or "unit_reported" in self.history or "offline_fixed" in self.history

    def _met(self, item: Item, entry: Entry) -> None:
        """Rules measured from the fulfilment of this one begin; a repeated one begins again."""
        if item.rule in self.program.followed:
            self.event(f"duty:{item.rule}", entry)
        if item.asks.every and not self.closed:
            duty = self.plan.duty(item.rule)
            if duty and duty.id in self.active:
                self.again(duty, entry)

    def _promised(self) -> None:
        """A promise with a date, once something is published, also settles what asked for an answer or a promise."""
        for item in self.waiting.get("published", ()):
            entry = self._vow(item) if item.asks.or_promise and item.pending else None
            if entry:
                item.settle(entry)
                self._met(item, entry)

    def _steps(self, entry: Entry) -> None:
        for pair, step in self.program.pairs.get(entry.kind, ()):
            if pair.applies.to(*self.facts) and does(step, entry):
                self._pair(pair, step.id, entry)
        for step, event in self.program.marks.get(entry.kind, ()):
            if does(step, entry):
                self.event(event, entry)

    def _pair(self, pair: Pair, done: str, entry: Entry) -> None:
        """The other steps of a pair are owed, unless this one is owed itself because another was done before."""
        if self.find(f"pair:{pair.id}:{done}"):
            return
        for item in together(self.program, pair, done, entry, self.calendar):
            if not self.find(item.key):
                self.put(item)

    def event(self, name: str, entry: Entry) -> None:
        """Something happened that rules are measured from."""
        duties = self.program.since.get(name)
        if not duties or self.merged:
            return
        before = self.events.setdefault(name, [])
        first = not before
        if not self.wrong(entry):
            before.append(entry)
        for duty in duties:
            if duty.id in self.active and self._begins(duty, name, entry, first=first):
                self.begin(duty, entry)

    def _begins(self, duty: Duty, name: str, entry: Entry, *, first: bool) -> bool:
        if duty.where and not holds_where(duty, entry):
            return False
        if duty.each or name in RESTARTS:
            return True
        return first or (bool(duty.where) and not self.has(duty.id))

    def has(self, rule: str) -> bool:
        """Whether the rule has begun on this case and was not made void since."""
        return any(item.void is None for item in self.of.get(rule, ()))

    def find(self, key: str) -> Item | None:
        """The item with this key."""
        return self.keys.get(key)

    def begin(self, duty: Duty, entry: Entry, key: str = "") -> Item:
        """The duty is owed from now on, measured from the entry."""
        start = start_of(duty, entry)
        if not key:
            key = (
                f"{duty.id}:{entry.seq}" if duty.id in self.of else f"{duty.id}:1" if duty.every else duty.id
            )
        item = Item(
            entry,
            key=key,
            rule=duty.id,
            what=duty.what,
            why=duty.why,
            asks=duty,
            role=duty.role,
            unit=duty.unit,
            due=due_of(duty.within, start, self.calendar),
            started_at=start,
        )
        fresh = Look.SINCE if duty.each or duty.since in RESTARTS else Look.BACK
        return self.put(item, look=Look.NOWHERE if duty.every else fresh)

    def again(self, duty: Duty, entry: Entry) -> Item:
        """A duty that is owed again and again is owed once more, measured from the entry."""
        number = len(self.of.get(duty.id, ())) + 1
        while f"{duty.id}:{number}" in self.keys:
            number += 1
        return self.begin(duty, entry, key=f"{duty.id}:{number}")

    def put(self, item: Item, *, look: Look = Look.BACK) -> Item:
        """Note an item; what was done already may fulfil it, or a waiver recorded before may make it void."""
        if item.follows:
            item.follow(self.lead)
        self.keys[item.key] = item
        self.of.setdefault(item.rule, []).append(item)
        if self.ordered:
            insort(self.items, item, key=_PLACE)
        if self.waived and item.key in self.waived:
            self.waive(item, self.waived[item.key])
            return item
        act = item.act
        entry = self._before(item, look) if act in self.history else None
        if entry is not None:
            item.settle(entry)
            self._met(item, entry)
        else:
            self.waiting.setdefault(act, []).append(item)
        return item

    def move(self, item: Item, due_at: datetime) -> None:
        """The item is due at another instant."""
        item.move(due_at)
        self.ordered = False

    def _before(self, item: Item, look: Look) -> Entry | None:
        """The entry, among those already taken, that fulfils the item."""
        if look is Look.NOWHERE:
            return None
        lasting = look is Look.BACK and item.act in LASTING
        for entry in self.history.get(item.act, ()):
            counts = lasting or self._after_start(entry, item)
            if counts and entry is not item.began and self._fits(item, entry):
                return entry
        return self._vow(item) if item.asks.or_promise else None

    def _vow(self, item: Item) -> Entry | None:
        """The later of a publication and a promise with a date, where both were made since the item began."""
        found = []
        for act in ("published", "promised"):
            after = (e for e in self.history.get(act, ()) if self._after_start(e, item))
            found.append(next(after, None))
        said, vowed = found
        return max(said, vowed, key=lambda entry: entry.at) if said and vowed else None

    @staticmethod
    def _after_start(entry: Entry, item: Item) -> bool:
        """Whether an entry taken before the item was noted belongs after its beginning all the same."""
        if item.started_at != item.began.at:
            return entry.at >= item.started_at
        return entry.seq > item.began.seq or same_instant(entry, item.began)

    def led_by(self, unit: str) -> None:
        """Another unit is responsible; what is still owed by the one that leads is owed by it."""
        self.lead = unit
        for item in self.keys.values():
            if item.follows and item.pending:
                item.follow(unit)

    def waive(self, item: Item, entry: Entry) -> None:
        """Declared not owed, with a reason."""
        reason = entry.data.get("reason") or "—"
        item.cancel(entry, Text(f"已免办：{reason}", f"Waived: {reason}"))

    def pending(self, *rules: str) -> list[Item]:
        """The items of these rules that are neither settled nor void."""
        return [
            item
            for rule in rules
            for item in self.of.get(rule, ())
            if item.settled is None and item.void is None
        ]

    def cancel_open(self, entry: Entry, why: Text, items: Iterable[Item]) -> list[Item]:
        """Make those of the items void that are pending and not yet due; what was missed stays missed."""
        known = known_at(entry)
        found = [item for item in items if item.open_at(known)]
        for item in found:
            item.cancel(entry, why)
        return found

    def clock(self, within: Within, entry: Entry) -> tuple[datetime, int | None]:
        """When a span that begins with the entry ends."""
        return due_of(within, entry.at, self.calendar)

    def check_pin(self, entry: Entry) -> None:
        """The first grading pins the plan's version. Raises OtherPlan."""
        if self.pin is None:
            self.pin = pinned(entry)
            if self.pin and self.pin.sha256 and self.pin.sha256 != self.plan.sha256:
                raise OtherPlan(self.pin, self.plan.sha256)
