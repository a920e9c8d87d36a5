"""What is asked for in so many words: instructions, urging notices, promises, approvals."""

from datetime import datetime
from typing import NamedTuple

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import Act, Item, instant
from huiying.engine.obligations.ledger import Ledger, Look, handles
from huiying.engine.plan.model import NOTHING
from huiying.engine.plan.sentences import why_text
from huiying.engine.spans import Within
from huiying.engine.text import Text


class _Asked(NamedTuple):
    """How one kind of asking is owed."""

    rule: str
    asks: Act
    role: str
    named: str  # where the entry names it
    since: Text
    unit: str = ""


_INSTRUCTION = _Asked(
    "instruction", Act(act="instruction_done"), "office", "ref", Text("收到批示", "the instruction")
)
_URGE = _Asked("urge", Act(act="urge_answered"), "handler", "number", Text("催办", "the urging notice"))
_PROMISE = _Asked(
    "promise", Act(act="promise_kept"), "office", "ref", Text("作出承诺", "the promise"), "lead"
)

_APPROVE = Act(act="approved")


def _clip(text: object, most: int = 60) -> str:
    words = " ".join(str(text or "").split())
    return words if len(words) <= most else words[: most - 1] + "…"


@handles(Kind.INSTRUCTED)
def instructed(ledger: Ledger, entry: Entry) -> None:
    """A leader's instruction is carried out by its date."""
    words = _clip(entry.data.get("text"))
    what = Text(f"落实批示：{words}", f"Carry out the instruction: {words}")
    _dated(ledger, entry, _INSTRUCTION, what, ledger.plan.instruction_within)


@handles(Kind.URGED)
def urged(ledger: Ledger, entry: Entry) -> None:
    """An urging notice is closed by a reply."""
    number, words = entry.data.get("number", ""), _clip(entry.data.get("text"))
    what = Text(f"答复催办 {number}：{words}", f"Reply to urging notice {number}: {words}")
    _dated(ledger, entry, _URGE, what, ledger.plan.urge_within)


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
        due, why = (own, None), Text("当时写明了期限。", "The date was named at the time.")
    elif within:
        due, why = ledger.clock(within, entry), why_text(asked.since, within, NOTHING)
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


@handles(Kind.SUBMITTED)
def submitted(ledger: Ledger, entry: Entry) -> None:
    """A draft waits for the first approval of its chain."""
    _stop_approvals(ledger, entry, Text("已重新送审", "Submitted anew"))
    _next_approval(ledger, entry, entry, 1)


@handles(Kind.APPROVED)
def approved(ledger: Ledger, entry: Entry) -> None:
    """The next approval of the chain is owed."""
    draft, step = entry.data.get("draft"), entry.data.get("step")
    asked = [e for e in ledger.history.get("submitted", ()) if e.data.get("draft") == draft]
    if asked and isinstance(step, int):
        _next_approval(ledger, entry, asked[-1], step + 1)


def _next_approval(ledger: Ledger, entry: Entry, asked: Entry, step: int) -> None:
    within, chain = ledger.plan.approve_within, asked.data.get("chain")
    if within is None or not isinstance(chain, list) or not 1 <= step <= len(chain):
        return
    since = Text("送审", "submission") if step == 1 else Text("上一步批准", "the approval before")
    draft = str(entry.data.get("draft", ""))
    item = Item(
        entry,
        key=f"approve:{draft}:{entry.seq}",
        rule="approve",
        what=Text(
            f"审批答复（第 {step} 步，共 {len(chain)} 步）",
            f"Approve the answer (step {step} of {len(chain)})",
        ),
        why=why_text(since, within, NOTHING),
        asks=_APPROVE,
        role=str(chain[step - 1]),
        due=ledger.clock(within, entry),
        ref=draft,
    )
    ledger.put(item, look=Look.SINCE)


@handles(Kind.PUBLISHED)
def published(ledger: Ledger, entry: Entry) -> None:
    """What is published waits for no approval any more."""
    _stop_approvals(ledger, entry, Text("已发布", "Published"))


def _stop_approvals(ledger: Ledger, entry: Entry, why: Text) -> None:
    draft = str(entry.data.get("draft", ""))
    for item in ledger.pending("approve"):
        if item.ref == draft:
            item.cancel(entry, why)
