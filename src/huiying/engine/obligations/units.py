"""Handing a matter to units: asked, accepted, returned, taken over, reported."""

from datetime import datetime

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import Act, Item, instant
from huiying.engine.obligations.ledger import Ledger, Look, handles
from huiying.engine.obligations.program import Clock
from huiying.engine.text import Text

_ACCEPTING = {
    True: Text(
        "接办，或说明理由退回（牵头）", "Accept the assignment, or return it with a reason (lead unit)"
    ),
    False: Text(
        "接办，或说明理由退回（配合）", "Accept the assignment, or return it with a reason (cooperating unit)"
    ),
}
_REPORTING = {
    True: Text("报办理结果（牵头）", "Report the result (lead unit)"),
    False: Text("报办理结果（配合）", "Report the result (cooperating unit)"),
}
_ACCEPT, _REPORT, _ASSIGN = Act(act="accepted"), Act(act="unit_reported"), Act(act="assigned")
_AGAIN = Text("已重新交办", "Assigned anew")
_NAMED = Text("交办时写明了期限。", "The date was named in the assignment.")


def unit_of(entry: Entry) -> str:
    """The code of the unit that the entry is about."""
    return str(entry.data.get("unit") or "")


def _leads(entry: Entry) -> bool:
    return entry.data.get("part") != "cooperating"


@handles(Kind.ASSIGNED)
def assigned(ledger: Ledger, entry: Entry) -> None:
    """A unit is asked: it accepts or returns, and reports its result, each by its own time."""
    if not ledger.wrong(entry):
        _ask(ledger, entry)
    clocks = ledger.program.handing(ledger.facts)
    _accept(ledger, entry, clocks.accept)
    _report(ledger, entry, clocks.report if _leads(entry) else clocks.cooperate)


def _ask(ledger: Ledger, entry: Entry) -> None:
    """The unit is asked, anew if it was before; the first one that is asked to lead is responsible at once."""
    unit = unit_of(entry)
    before = [item for item in ledger.pending("accept", "unit_report") if item.unit == unit]
    ledger.cancel_open(entry, _AGAIN, before)
    ledger.assigned[unit] = entry
    ledger.takers.pop(unit, None)
    if _leads(entry) and not ledger.lead:
        ledger.led_by(unit)


def _key(ledger: Ledger, rule: str, unit: str, entry: Entry) -> str:
    key = f"{rule}:{unit}"
    return f"{key}:{entry.seq}" if key in ledger.keys else key


def _accept(ledger: Ledger, entry: Entry, clock: Clock | None) -> None:
    if clock is None:
        return
    unit, (within, why) = unit_of(entry), clock
    item = Item(
        entry,
        key=_key(ledger, "accept", unit, entry),
        rule="accept",
        what=_ACCEPTING[_leads(entry)],
        why=why,
        asks=_ACCEPT,
        role="handler",
        unit=unit,
        due=ledger.clock(within, entry),
        ref=unit,
    )
    ledger.put(item)


def _report(ledger: Ledger, entry: Entry, clock: Clock | None) -> None:
    due: tuple[datetime, int | None]
    unit, own = unit_of(entry), instant(entry, "due_at")
    if own:
        due, why = (own, None), _NAMED
    elif clock:
        due, why = ledger.clock(clock[0], entry), clock[1]
    else:
        return
    item = Item(
        entry,
        key=_key(ledger, "unit_report", unit, entry),
        rule="unit_report",
        what=_REPORTING[_leads(entry)],
        why=why,
        asks=_REPORT,
        role="handler",
        unit=unit,
        due=due,
        ref=unit,
    )
    ledger.put(item)


@handles(Kind.ACCEPTED)
def accepted(ledger: Ledger, entry: Entry) -> None:
    """The unit that accepts as lead takes over; only then is the one asked before it free."""
    unit = unit_of(entry)
    asked = ledger.assigned.get(unit)
    for item in ledger.pending("return"):
        if item.ref == unit:
            item.settle(entry)
    if asked is None or not _leads(asked):
        return
    ledger.led_by(unit)
    earlier = {
        other
        for other, before in ledger.assigned.items()
        if other != unit and _leads(before) and before.seq < asked.seq
    }
    if earlier:
        _take_over(ledger, entry, earlier)


def _take_over(ledger: Ledger, entry: Entry, earlier: set[str]) -> None:
    """The units asked before are free of what is still open; what they missed is on record."""
    ledger.takers.update(dict.fromkeys(earlier, unit_of(entry)))
    why = Text("已由另一单位接办", "Another unit has taken over")
    theirs = [item for item in ledger.pending("accept", "unit_report") if item.unit in earlier]
    ledger.cancel_open(entry, why, theirs)
    for item in theirs:
        if item.pending and item.rule == "accept":
            item.settle(entry)  # late: nobody answered until another did


@handles(Kind.DECLINED)
def declined(ledger: Ledger, entry: Entry) -> None:
    """A returned assignment must be decided; until another unit accepts, the first stays responsible."""
    clock = ledger.program.handing(ledger.facts).review
    if clock is None:
        return
    within, why = clock
    item = Item(
        entry,
        key=f"return:{entry.seq}",
        rule="return",
        what=Text(
            "审核退办：改派，或退回原单位续办",
            "Decide on the return: ask another unit, or the same one again",
        ),
        why=why,
        asks=_ASSIGN,
        role="office",
        due=ledger.clock(within, entry),
        ref=unit_of(entry),
    )
    ledger.put(item, look=Look.SINCE)


@handles(Kind.UNIT_REPORTED)
def unit_reported(ledger: Ledger, entry: Entry) -> None:
    """The result of the unit that took over also ends, late, what the unit before it missed."""
    for item in ledger.pending("unit_report"):
        if ledger.takers.get(item.unit) == unit_of(entry):
            item.settle(entry)
