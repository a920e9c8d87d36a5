"""The fold: a journal, entry by entry, becomes what is owed.

Entries count in the order in which they happened (`at`); those of the same instant in an order of their own, so
that the order in which they arrived changes nothing. An entry that happened before the last one folded makes the
ledger fold everything again; every other one is added to what is there.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import pairwise

from huiying.engine.calendar import Calendar
from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import ALSO_SETTLES, LASTING, Item, due_of, fits, instant
from huiying.engine.obligations.model import Obligation, OtherPlan, PlanRef
from huiying.engine.obligations.program import RESTARTS, Facts, program
from huiying.engine.plan.model import Duty, Plan
from huiying.engine.spans import Within
from huiying.engine.text import Text

#: The order of kinds at one instant; those not named stand in the middle.
_ORDER = (
    Kind.OPENED,
    Kind.LEVEL_PROPOSED,
    Kind.LEVEL_CONFIRMED,
    Kind.ASSIGNED,
    Kind.ACCEPTED,
    Kind.DECLINED,
    Kind.INSTRUCTED,
    Kind.URGED,
    Kind.PROMISED,
    Kind.SUBMITTED,
)
_LAST = (
    Kind.EXTENSION_ASKED,
    Kind.EXTENSION_GRANTED,
    Kind.EXTENSION_REFUSED,
    Kind.WAIVED,
    Kind.CLOSED,
    Kind.REOPENED,
    Kind.REVIEWED,
    Kind.ARCHIVED,
    Kind.MERGED,
    Kind.CORRECTED,
)
_RANK: dict[str, int] = {kind: place for place, kind in enumerate(_ORDER)}
_RANK |= {kind: 50 + place for place, kind in enumerate(_LAST)}
_MIDDLE = 40
#: Entries that a correction cannot undo: the case began, and its levels are changed by confirming another.
_FIRM = frozenset({Kind.OPENED, Kind.LEVEL_CONFIRMED, Kind.CORRECTED, Kind.MERGED})

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


def _place(entry: Entry) -> tuple[datetime, int]:
    return entry.at, _RANK.get(entry.kind, _MIDDLE)


def _tie(entry: Entry) -> tuple[datetime, int, int, str]:
    """The place of an entry among those of the same instant and kind: of two levels the graver one counts last."""
    level = entry.data.get("level") if entry.kind == Kind.LEVEL_CONFIRMED else None
    body = json.dumps(entry.data, ensure_ascii=False, sort_keys=True, default=str)
    at, rank = _place(entry)
    return at, rank, -level if isinstance(level, int) else 0, body


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The entries in the order in which they count."""
    found = sorted(entries, key=_place)
    if any(_place(a) == _place(b) for a, b in pairwise(found)):
        found.sort(key=_tie)
    return found


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


def holds_where(duty: Duty, entry: Entry) -> bool:
    """Whether the entry carries what the duty asks of the one it is measured from."""
    return all(entry.data.get(key) in values for key, values in duty.where)


class Ledger:
    """What is owed on one case, kept up to date entry by entry. Raises BadEntry, OtherPlan."""

    items: list[Item]
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

    __slots__ = (
        *(
            "active",
            "assigned",
            "calendar",
            "closed",
            "entries",
            "events",
            "facts",
            "history",
            "items",
            "lead",
        ),
        *("merged", "ordered", "pin", "plan", "program", "skipped", "takers", "waiting", "waived"),
    )

    def __init__(self, plan: Plan, calendar: Calendar, entries: Iterable[Entry] = ()) -> None:
        self.plan, self.calendar, self.program = plan, calendar, program(plan)
        self.entries: list[Entry] = in_order(entries)
        self._fold()

    def add(self, entry: Entry) -> None:
        """Fold one more entry."""
        late = bool(self.entries) and _place(entry) <= _place(self.entries[-1])
        if late or entry.kind == Kind.CORRECTED:
            self.entries = in_order([*self.entries, entry])
            self._fold()
        else:
            self.entries.append(entry)
            self._take(entry)

    def obligations(self, now: datetime) -> tuple[Obligation, ...]:
        """Everything owed so far, by due instant and key, as it stands at `now`."""
        if not self.ordered:
            self.items.sort(key=lambda item: (item.due_at, item.key))
            self.ordered = True
        lead = self.lead
        return tuple([item.obligation(now, lead) for item in self.items])

    def _fold(self) -> None:
        self.items, self.waiting, self.history, self.events = [], {}, {}, {}
        self.waived, self.assigned, self.takers = {}, {}, {}
        self.facts, self.active = Facts(), self.program.active(Facts())
        self.lead, self.closed, self.merged, self.ordered, self.pin = "", False, False, True, None
        firm = {entry.seq for entry in self.entries if entry.kind in _FIRM}
        wrong = {e.data.get("entry") for e in self.entries if e.kind == Kind.CORRECTED}
        self.skipped = {seq for seq in wrong if isinstance(seq, int)} - firm
        for entry in self.entries:
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        if self.merged:
            return
        kind = entry.kind
        if entry.seq not in self.skipped:
            self._settle(entry)
        handler = HANDLERS.get(kind)
        if handler:
            handler(self, entry)
        self.event(kind, entry)

    # What settles and what begins

    def _settle(self, entry: Entry) -> None:
        act = ALSO_SETTLES.get(entry.kind, entry.kind.value)
        self.history.setdefault(act, []).append(entry)
        waiting = self.waiting.get(act)
        if waiting:
            met = [item for item in waiting if self._settles(item, entry)]
            if met:
                self.waiting[act] = [item for item in waiting if item.settled is None]
                for item in met:
                    self._met(item, entry)
        if entry.kind in (Kind.PUBLISHED, Kind.PROMISED):
            self._promised(entry)
        if entry.kind in self.program.pairs or entry.kind in self.program.watched:
            self._steps(entry)

    def _settles(self, item: Item, entry: Entry) -> bool:
        if item.void is not None and entry.at > item.void_at:
            return False
        if entry.at < item.started_at and item.act not in LASTING:
            return False
        if not fits(item, entry) or (item.rule == "transfer" and not self._is_result(entry)):
            return False
        item.settle(entry)
        return True

    def _is_result(self, entry: Entry) -> bool:
        """Whether a report tells the outcome; where it does not say, whether there is an outcome to tell."""
        if "result" in entry.data:
            return bool(entry.data["result"])
        published = self.history.get("published", [])
        formal = any(e.data.get("stage") in ("formal", "final") for e in published)
        return formal or "unit_reported" in self.history or "offline_fixed" in self.history

    def _met(self, item: Item, entry: Entry) -> None:
        """Rules measured from the fulfilment of this one begin; a repeated one begins again."""
        self.event(f"duty:{item.rule}", entry)
        if item.every and not self.closed:
            duty = self.plan.duty(item.rule)
            if duty and duty.id in self.active:
                count = sum(1 for other in self.items if other.rule == duty.id) + 1
                self.begin(duty, entry, key=f"{duty.id}:{count}")

    def _promised(self, entry: Entry) -> None:
        """A promise with a date, once something is published, also settles what asked for an answer or a promise."""
        said, vowed = self.history.get("published", []), self.history.get("promised", [])
        for item in list(self.waiting.get("published", ())) if said and vowed else ():
            if item.or_promise and item.void is None and item.settled is None:
                later = max(vowed[-1].at, said[0].at)
                if later >= item.started_at:
                    item.settle(entry)
                    self._met(item, entry)

    def _steps(self, entry: Entry) -> None:
        for pair, step in self.program.pairs.get(entry.kind, ()):
            if pair.applies.to(*self.facts) and fits(step, entry):
                self._pair(pair.id, step.id, entry)
        for step in self.program.steps.values():
            if step.act == entry.kind and f"step:{step.id}" in self.program.since and fits(step, entry):
                self.event(f"step:{step.id}", entry)

    def _pair(self, pair_id: str, done: str, entry: Entry) -> None:
        pair = next(pair for pair in self.plan.pairs if pair.id == pair_id)
        for id in pair.steps:
            step = self.program.steps.get(id)
            key = f"pair:{pair.id}:{id}"
            if step is None or id == done or self.find(key) or self.find(f"pair:{pair.id}:{done}"):
                continue
            first = self.program.steps[done].name
            why = Text(
                f"{pair.name.zh}：与“{first.zh}”同步，须在其后 {pair.within.text.zh}内办。{pair.source.zh}",
                f'{pair.name.en}: together with "{first.en}", within {pair.within.text.en} of it. {pair.source.en}',
            )
            due_at, unknown = due_of(pair.within, entry.at, self.calendar)
            item = Item(
                key=key, rule=f"pair:{pair.id}", what=step.name, why=why, act=step.act, role=step.role,
                started_at=entry.at, started_by=entry.seq, due_at=due_at, unknown_year=unknown,
                to=step.to, stage=step.stage, form=step.form, step=step.id if step.act == "done" else "",
            )  # fmt: skip
            self.put(item)

    def event(self, name: str, entry: Entry) -> None:
        """Something happened that rules are measured from."""
        duties = self.program.since.get(name)
        if not duties or self.merged:
            return
        before = self.events.setdefault(name, [])
        before.append(entry)
        for duty in duties:
            if duty.id in self.active and self._begins(duty, name, entry, first=not before[1:]):
                self.begin(duty, entry)

    def _begins(self, duty: Duty, name: str, entry: Entry, *, first: bool) -> bool:
        if duty.where and not holds_where(duty, entry):
            return False
        if duty.each or name in RESTARTS:
            return True
        return first or (bool(duty.where) and not self.has(duty.id))

    def has(self, rule: str) -> bool:
        """Whether the rule has begun on this case and was not made void since."""
        return any(item.rule == rule and item.void is None for item in self.items)

    def find(self, key: str) -> Item | None:
        """The item with this key."""
        return next((item for item in self.items if item.key == key), None)

    def start_of(self, duty: Duty, entry: Entry) -> datetime:
        """The instant from which the duty is measured."""
        if duty.since in ("discovered", "posted"):
            discovered = instant(entry, "discovered_at") or entry.at
            return (instant(entry, "posted_at") or discovered) if duty.since == "posted" else discovered
        return entry.at

    def begin(self, duty: Duty, entry: Entry, key: str = "") -> Item:
        """The duty is owed from now on, measured from the entry."""
        start = self.start_of(duty, entry)
        due_at, unknown = due_of(duty.within, start, self.calendar)
        if not key:
            used = any(item.rule == duty.id for item in self.items)
            key = f"{duty.id}:{entry.seq}" if used else f"{duty.id}:1" if duty.every else duty.id
        item = Item(
            key=key, rule=duty.id, what=duty.what, why=duty.why, act=duty.act, role=duty.role, unit=duty.unit,
            started_at=start, started_by=entry.seq, due_at=due_at, unknown_year=unknown,
            to=duty.to, means=duty.means, stage=duty.stage, form=duty.form, step=duty.step,
            closing=duty.closing or duty.every, every=duty.every, or_promise=duty.or_promise,
        )  # fmt: skip
        fresh = duty.each or duty.every or duty.since in RESTARTS
        return self.put(item, look_back=not fresh)

    def put(self, item: Item, *, look_back: bool = True) -> Item:
        """Note an item; what was done already may fulfil it, or a waiver recorded before may make it void."""
        self.items.append(item)
        self.ordered = False
        waiver = self.waived.get(item.key)
        if waiver:
            self.waive(item, waiver)
            return item
        lasting = look_back and item.act in LASTING
        for entry in self.history.get(item.act, ()):
            if (
                (lasting or entry.at >= item.started_at)
                and entry.seq != item.started_by
                and fits(item, entry)
            ):
                item.settle(entry)
                self._met(item, entry)
                return item
        self.waiting.setdefault(item.act, []).append(item)
        if item.or_promise and self.history.get("promised"):
            self._promised(self.history["promised"][-1])
        return item

    def waive(self, item: Item, entry: Entry) -> None:
        """Declared not owed, with a reason."""
        reason = entry.data.get("reason") or "—"
        item.cancel(entry, Text(f"已免办：{reason}", f"Waived: {reason}"))

    def cancel_open(self, entry: Entry, why: Text, chosen: Callable[[Item], bool]) -> list[Item]:
        """Make the chosen items void that are not yet due; what was missed stays missed."""
        known = max(entry.at, entry.recorded_at)
        found = [item for item in self.items if item.open_at(known) and chosen(item)]
        for item in found:
            item.cancel(entry, why)
        return found

    def clock(self, within: Within, start: datetime) -> tuple[datetime, int | None]:
        """When a span from `start` ends."""
        return due_of(within, start, self.calendar)

    def check_pin(self, entry: Entry) -> None:
        """The first grading pins the plan's version. Raises OtherPlan."""
        if self.pin is None:
            self.pin = pinned(entry)
            if self.pin and self.pin.sha256 and self.pin.sha256 != self.plan.sha256:
                raise OtherPlan(self.pin, self.plan.sha256)
