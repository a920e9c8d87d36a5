"""How a case begins and is graded: which rules apply to it, and from when."""

from datetime import datetime

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import Act, Item, instant
from huiying.engine.obligations.ledger import Ledger, handles
from huiying.engine.obligations.model import BadEntry
from huiying.engine.obligations.program import RESTARTS, holds_where
from huiying.engine.plan.model import Duty
from huiying.engine.text import Text


@handles(Kind.OPENED)
def opened(ledger: Ledger, entry: Entry) -> None:
    """The case begins: what it is decides which rules apply, and a transfer brings its own deadline."""
    data = entry.data
    ledger.facts = ledger.facts._replace(
        matter=str(data.get("matter") or ledger.plan.default_matter),
        subject=str(data.get("subject") or ""),
        how=str(data.get("how") or ""),
        addressee=str(data.get("addressee") or ""),
        periods=tuple(str(one) for one in data.get("periods") or ()),
    )
    ledger.active = ledger.program.active(ledger.facts)
    ledger.event("discovered", entry)
    ledger.event("posted", entry)
    due_at = instant(entry, "due_at")
    if due_at:
        _transfer(ledger, entry, due_at)


def _transfer(ledger: Ledger, entry: Entry, due_at: datetime) -> None:
    named = ledger.plan.recipient(ledger.plan.transfer_to)
    to = named.name if named else Text("上级单位", "the higher body")
    item = Item(
        entry,
        key="transfer",
        rule="transfer",
        what=Text(
            f"按期向{to.zh}报转交件办理结果", f"Report the result of the transferred matter to {to.en}"
        ),
        why=Text(
            "上级转交时限定了日期，到期须报结果。",
            "The matter was transferred with a date by which its result is due.",
        ),
        asks=Act(act="reported", to=ledger.plan.transfer_to),
        role="office",
        due=(due_at, None),
        ref="transfer",
    )
    ledger.put(item)


def _level(entry: Entry) -> int | None:
    level = entry.data.get("level")
    return level if isinstance(level, int) and not isinstance(level, bool) else None


def _confirmed(ledger: Ledger, entry: Entry) -> int:
    """The level that a grading names. Raises BadEntry for one that the plan does not have."""
    level = _level(entry)
    if level is None or ledger.plan.level(level) is None:
        said = entry.data.get("level")
        raise BadEntry(entry.seq, Text(f"预案没有等级 {said}", f"The plan has no level {said}"))
    return level


@handles(Kind.LEVEL_PROPOSED)
def proposed(ledger: Ledger, entry: Entry) -> None:
    """Rules measured from a proposal apply by the level proposed, until one is confirmed."""
    if ledger.facts.level is not None:
        return
    active = ledger.program.active(ledger.facts._replace(level=_level(entry)))
    for duty in ledger.program.since.get("level_proposed", ()):
        if duty.applies.levels and duty.id in active and not ledger.has(duty.id):
            ledger.begin(duty, entry)


@handles(Kind.LEVEL_CONFIRMED)
def confirmed(ledger: Ledger, entry: Entry) -> None:
    """The rules of the new level begin; open ones of the old level end; what was met or missed stays so."""
    ledger.check_pin(entry)
    before, old = ledger.facts, ledger.active
    matter = str(entry.data.get("matter") or before.matter)
    ledger.facts = before._replace(level=_confirmed(ledger, entry), matter=matter)
    ledger.active = ledger.program.active(ledger.facts)
    gone = _superseded(ledger, entry, before.level)
    graver = before.level is not None and (ledger.facts.level or 9) < before.level
    for duty in ledger.program.newly(old, ledger.active):
        if ledger.has(duty.id):
            continue
        for start in _starts(ledger, duty, entry):
            item = ledger.begin(duty, start, key=_key(ledger, duty.id, entry))
            if graver:
                _no_later(ledger, item, gone)


def _starts(ledger: Ledger, duty: Duty, entry: Entry) -> list[Entry]:
    """The entries from which a rule that newly applies is measured."""
    if duty.since == "level_confirmed":
        first = "level_confirmed" not in ledger.events  # then the event itself begins it
        return [entry] if not first and not duty.each and holds_where(duty, entry) else []
    found = [e for e in ledger.events.get(duty.since, ()) if holds_where(duty, e)]
    if duty.each:
        return found
    return found[-1:] if duty.since in RESTARTS else found[:1]


def _key(ledger: Ledger, rule: str, entry: Entry) -> str:
    return f"{rule}:{entry.seq}" if rule in ledger.of else ""


def _numeral(level: int | None) -> Text:
    return Text(f"{level}级", f"level {level}") if level else Text("未定级", "ungraded")


_KIND = Text("事项类别已调整", "The kind of matter changed")


def _superseded(ledger: Ledger, entry: Entry, old: int | None) -> list[Item]:
    """The open items of rules that do not apply any more, made void."""
    rules, active = ledger.program.rules, ledger.active
    gone = [rule for rule in ledger.of if rule in rules and rule not in active]
    pending = ledger.pending(*gone) if gone else []
    if not pending:
        return []
    matter = ledger.facts.matter
    other = {duty.id for duty in ledger.program.of_matters if matter not in duty.applies.matters}
    was, now = _numeral(old), _numeral(ledger.facts.level)
    level = Text(f"等级由{was.zh}调整为{now.zh}", f"The level changed from {was.en} to {now.en}")
    ended = ledger.cancel_open(entry, _KIND, [item for item in pending if item.rule in other])
    return ended + ledger.cancel_open(entry, level, [item for item in pending if item.rule not in other])


def _no_later(ledger: Ledger, item: Item, gone: list[Item]) -> None:
    """A graver level never gives more time for what was already owed."""
    for other in gone:
        if item.pending and item.exactly == other.exactly and other.due_at < item.due_at:
            ledger.move(item, other.due_at)
