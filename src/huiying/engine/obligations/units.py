"""Handing a matter to units: asked, accepted, returned, taken over, reported."""

from datetime import datetime

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import Item, instant
from huiying.engine.obligations.ledger import Ledger, handles
from huiying.engine.plan.sentences import why_text
from huiying.engine.spans import Within
from huiying.engine.text import Text


@handles(Kind.ASSIGNED)
def assigned(ledger: Ledger, entry: Entry) -> None:
    """A unit is asked: it accepts or returns, and reports its result, each by its own time."""
    unit, lead = str(entry.data.get("unit") or ""), entry.data.get("part") != "cooperating"
    again = Text("已重新交办", "Assigned anew")
    ledger.cancel_open(
        entry, again, lambda item: item.unit == unit and item.rule in ("accept", "unit_report")
    )
    ledger.assigned[unit] = entry
    ledger.takers.pop(unit, None)
    if lead and not ledger.lead:
        ledger.lead = unit
    clocks = ledger.program.assigning(ledger.facts)
    if clocks.accept:
        _of_unit(ledger, entry, "accept", within=clocks.accept)
    own = instant(entry, "due_at")
    within = clocks.report if lead else clocks.cooperate or clocks.report
    if own or within:
        _of_unit(ledger, entry, "unit_report", within=within, own=own)


_UNIT_WORDS = {
    "accept": Text("接办，或说明理由退回", "Accept the assignment, or return it with a reason"),
    "unit_report": Text("报办理结果", "Report the result"),
    "lead": Text("牵头", "lead unit"),
    "cooperating": Text("配合", "cooperating unit"),
}


def _of_unit(
    ledger: Ledger, entry: Entry, rule: str, *, within: Within | None, own: datetime | None = None
) -> None:
    unit = str(entry.data.get("unit") or "")
    part = _UNIT_WORDS["cooperating" if entry.data.get("part") == "cooperating" else "lead"]
    what = Text(f"{_UNIT_WORDS[rule].zh}（{part.zh}）", f"{_UNIT_WORDS[rule].en} ({part.en})")
    source = ledger.program.assigning(ledger.facts).source
    due_at, unknown = (own, None) if own else ledger.clock(within or Within(amount=1, unit="days"), entry.at)
    since = Text("交办", "assignment")
    why = (
        Text(f"交办时写明了期限。{source.zh}", f"The date was named in the assignment. {source.en}")
        if own or not within
        else why_text(since, within, source)
    )
    key = f"{rule}:{unit}"
    ledger.put(
        Item(
            key=f"{key}:{entry.seq}" if ledger.find(key) else key,
            rule=rule,
            what=what,
            why=why,
            act="accepted" if rule == "accept" else "unit_reported",
            role="handler",
            unit=unit,
            started_at=entry.at,
            started_by=entry.seq,
            due_at=due_at,
            unknown_year=unknown,
            ref=unit,
        ),
    )


@handles(Kind.ACCEPTED)
def accepted(ledger: Ledger, entry: Entry) -> None:
    """The unit that accepts as lead takes over; only then is the one asked before it free."""
    unit = str(entry.data.get("unit") or "")
    asked = ledger.assigned.get(unit)
    ledger.cancel_open(
        entry,
        Text("该单位已接办", "The unit accepted after all"),
        lambda item: item.rule == "return" and item.ref == unit,
    )
    if asked is None or asked.data.get("part") == "cooperating":
        return
    ledger.lead = unit
    earlier = {
        other
        for other, before in ledger.assigned.items()
        if other != unit and before.data.get("part") != "cooperating" and before.at <= asked.at
    }
    ledger.takers.update(dict.fromkeys(earlier, unit))
    ledger.cancel_open(
        entry,
        Text("已由另一单位接办", "Another unit has taken over"),
        lambda item: item.unit in earlier and item.rule in ("accept", "unit_report"),
    )


@handles(Kind.DECLINED)
def declined(ledger: Ledger, entry: Entry) -> None:
    """A returned assignment must be decided; until another unit accepts, the first stays responsible."""
    within = ledger.program.assigning(ledger.facts).review
    if within is None:
        return
    unit = str(entry.data.get("unit") or "")
    due_at, unknown = ledger.clock(within, entry.at)
    source = ledger.program.assigning(ledger.facts).source
    item = Item(
        key=f"return:{entry.seq}",
        rule="return",
        what=Text(
            "审核退办：改派，或退回原单位续办",
            "Decide on the return: assign another unit, or the same one again",
        ),
        why=why_text(Text("退办", "the return"), within, source),
        act="assigned",
        role="office",
        started_at=entry.at,
        started_by=entry.seq,
        due_at=due_at,
        unknown_year=unknown,
        ref=unit,
    )
    ledger.put(item, look_back=False)


@handles(Kind.UNIT_REPORTED)
def unit_reported(ledger: Ledger, entry: Entry) -> None:
    """The result of the unit that took over also ends, late, what the unit before it missed."""
    unit = entry.data.get("unit")
    for item in ledger.items:
        if item.pending and item.rule == "unit_report" and ledger.takers.get(item.unit) == unit:
            item.settle(entry)
