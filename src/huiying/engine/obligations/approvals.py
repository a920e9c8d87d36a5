"""The approvals that a text waits for: one step after the other, the parts of a step at the same time."""

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import Act, Item
from huiying.engine.obligations.ledger import Ledger, Look, handles
from huiying.engine.obligations.seats import Seat, chain_of, complete, submission, taken
from huiying.engine.plan.model import NOTHING
from huiying.engine.plan.sentences import why_text
from huiying.engine.text import Text

_APPROVE = Act(act="approved")
_FIRST, _LATER = Text("送审", "submission"), Text("上一步批准", "the approval before")


@handles(Kind.SUBMITTED)
def submitted(ledger: Ledger, entry: Entry) -> None:
    """A draft waits for the first step of its chain."""
    if not ledger.wrong(entry):
        _stop(ledger, entry, Text("已重新送审", "Submitted anew"))
    _ask(ledger, entry, entry, 1)


@handles(Kind.APPROVED)
def approved(ledger: Ledger, entry: Entry) -> None:
    """The approval that completes a step begins the next one."""
    asked = submission(ledger.history, entry)
    if asked is None:
        return
    given = taken(ledger.history, asked)
    mine = given.pop(entry.seq, None)
    if mine is None:
        return
    chain, others = chain_of(asked), set(given.values())
    if complete(chain, mine.step, {*others, mine}) and not complete(chain, mine.step, others):
        _ask(ledger, entry, asked, mine.step + 1)


def _ask(ledger: Ledger, entry: Entry, asked: Entry, step: int) -> None:
    within, chain = ledger.plan.approve_within, chain_of(asked)
    if within is None or step > len(chain):
        return
    draft, roles = str(entry.data.get("draft", "")), chain[step - 1]
    several = len(roles) > 1
    for part, role in enumerate(roles, 1):
        item = Item(
            entry,
            key=f"approve:{draft}:{entry.seq}" + (f":{part}" if several else ""),
            rule="approve",
            what=_what(step, len(chain), len(roles)),
            why=why_text(_FIRST if step == 1 else _LATER, within, NOTHING),
            asks=_APPROVE,
            role=role,
            due=ledger.clock(within, entry),
            ref=draft,
        )
        item.seat = Seat(step, part, len(roles))
        ledger.put(item, look=Look.SINCE)


def _what(step: int, steps: int, at_once: int) -> Text:
    zh, en = f"审批答复（第 {step} 步，共 {steps} 步", f"Approve the answer (step {step} of {steps}"
    if at_once > 1:
        zh, en = f"{zh}；{at_once} 方同时审批", f"{en}; {at_once} approve at the same time"
    return Text(f"{zh}）", f"{en})")


@handles(Kind.RETURNED)
def returned(ledger: Ledger, entry: Entry) -> None:
    """What is returned, or taken back by its writer, waits for nobody else."""
    back = Text("起草人已收回", "Taken back by its writer")
    _stop(ledger, entry, back if entry.data.get("recalled") else Text("已退回修改", "Returned"))


@handles(Kind.PUBLISHED)
def published(ledger: Ledger, entry: Entry) -> None:
    """What is published waits for no approval any more."""
    _stop(ledger, entry, Text("已发布", "Published"))


def _stop(ledger: Ledger, entry: Entry, why: Text) -> None:
    draft = str(entry.data.get("draft", ""))
    for item in ledger.pending("approve"):
        if item.ref == draft:
            item.cancel(entry, why)
