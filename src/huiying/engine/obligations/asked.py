"""What is asked for in so many words: instructions, urging notices, promises."""

from datetime import datetime
from typing import NamedTuple

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations import growing
from huiying.engine.obligations.items import Act, Item, instant
from huiying.engine.obligations.ledger import Ledger, handles
from huiying.engine.spans import Within
from huiying.engine.text import Text


class _Asked(NamedTuple):
    """How one kind of asking is owed."""

    rule: str
    asks: Act
    role: str
    named: str  # where the entry names it
    unit: str = ""


_INSTRUCTION = _Asked("instruction", Act(act="instruction_done"), "office", "ref")
_URGE = _Asked("urge", Act(act="urge_answered"), "handler", "number")
_REQUEST = _Asked("request", Act(act="request_answered"), "office", "number")
_PROMISE = _Asked("promise", Act(act="promise_kept"), "office", "ref", "lead")
_NAMED = Text("当时写明了期限。", "The date was named at the time.")


def _clip(text: object, most: int = 60) -> str:
    words = " ".join(str(text or "").split())
    return words if len(words) <= most else words[: most - 1] + "…"


@handles(Kind.INSTRUCTED)
def instructed(ledger: Ledger, entry: Entry) -> None:
    """A leader's instruction is carried out by its date: by the unit that it names, else by the office."""
    words = _clip(entry.data.get("text"))
    what = Text(f"落实批示：{words}", f"Carry out the instruction: {words}")
    asked = _INSTRUCTION._replace(role="handler") if entry.data.get("unit") else _INSTRUCTION
    _dated(ledger, entry, asked, what, ledger.plan.instruction_within)
    growing.instructed(ledger, entry)


@handles(Kind.URGED)
def urged(ledger: Ledger, entry: Entry) -> None:
    """An urging notice is closed by a reply."""
    number, words = entry.data.get("number", ""), _clip(entry.data.get("text"))
    what = Text(f"答复催办 {number}：{words}", f"Reply to urging notice {number}: {words}")
    _dated(ledger, entry, _URGE, what, ledger.plan.urge_within)


@handles(Kind.REQUESTED)
def requested(ledger: Ledger, entry: Entry) -> None:
    """The answer of another body is due by the date that the letter names; asking again gives a new date."""
    number, to = str(entry.data.get("number", "")), entry.data.get("to", "")
    if not ledger.wrong(entry):
        again = Text("已再次催问", "Asked again")
        ledger.cancel_open(entry, again, (item for item in ledger.pending("request") if item.ref == number))
    what = Text(f"等{to}复函，到期催问", f"The answer of {to}; ask again when it is due")
    _dated(ledger, entry, _REQUEST, what, None)


@handles(Kind.PROMISED)
def promised(ledger: Ledger, entry: Entry) -> None:
    """What was promised to the public is owed by the promised date."""
    words = _clip(entry.data.get("text"))
    what = Text(f"兑现承诺：{words}", f"Keep the promise: {words}")
    _dated(ledger, entry, _PROMISE, what, ledger.plan.promise_max)


def _dated(ledger: Ledger, entry: Entry, asked: _Asked, what: Text, within: Within | None) -> None:
    """Owe what the entry asks for, by the date it names or within the plan's time."""
    due: tuple[datetime, int | None]
    own = instant(entry, "due_at")
    if own:
        due, why = (own, None), _NAMED
    elif within:
        due, why = ledger.clock(within, entry), ledger.program.whys[asked.rule]
    else:
        return
    ref = str(entry.data.get(asked.named) or entry.seq)
    key = f"{asked.rule}:{ref}"
    item = Item(
        entry,
        key=f"{key}:{entry.seq}" if ledger.find(key) else key,
        rule=asked.rule,
        what=what,
        why=why,
        asks=asked.asks,
        role=asked.role,
        unit=str(entry.data.get("unit") or asked.unit),
        due=due,
        ref=ref,
    )
    ledger.put(item)
