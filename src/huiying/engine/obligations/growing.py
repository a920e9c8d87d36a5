"""A matter that was reported and grew: without an instruction on the report it is reported again."""

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import Act, Item, does
from huiying.engine.obligations.ledger import Ledger, Look, handles
from huiying.engine.plan.model import ReportAgain
from huiying.engine.plan.sentences import why_text
from huiying.engine.text import Text

RULE = "report_again"
_SINCE = Text("事态发展", "the growth")


@handles(Kind.MENTIONS_ADDED)
def added(ledger: Ledger, entry: Entry) -> None:
    """More posts: once there are so many more than at the report before, it is reported again."""
    rule = ledger.plan.report_again
    if rule is None or entry.seq in ledger.skipped:
        return
    ledger.posts.update(str(one) for one in entry.data.get("mentions") or ())
    told = ledger.told
    if told is None or len(ledger.posts) < rule.due_from(told) or not rule.applies.to(*ledger.facts):
        return
    ledger.told = None  # owed once for each report
    ledger.put(_item(ledger, rule, entry, told), look=Look.NOWHERE)


def _asks(rule: ReportAgain) -> Act:
    return Act(act="reported", to=rule.to, means=rule.means)


def _item(ledger: Ledger, rule: ReportAgain, entry: Entry, told: int) -> Item:
    named, now = ledger.plan.recipient(rule.to), len(ledger.posts)
    to = named.name if named else Text(rule.to, rule.to)
    why = why_text(_SINCE, rule.within, rule.source)
    return Item(
        entry,
        key=f"{RULE}:{entry.seq}",
        rule=RULE,
        what=Text(
            f"没有批示、事态发展，向{to.zh}续报（帖文 {told} → {now} 条）",
            f"No instruction, and it grew: report again to {to.en} (posts {told} → {now})",
        ),
        why=why,
        asks=_asks(rule),
        role=rule.role,
        due=ledger.clock(rule.within, entry),
    )


@handles(Kind.REPORTED)
def reported(ledger: Ledger, entry: Entry) -> None:
    """From this report on growth is counted anew."""
    rule = ledger.plan.report_again
    if rule is not None and entry.seq not in ledger.skipped and does(_asks(rule), entry):
        ledger.told = len(ledger.posts)


def instructed(ledger: Ledger, entry: Entry) -> None:
    """With an instruction there is something to carry out: nothing is reported again for growth alone."""
    if ledger.plan.report_again is None or entry.seq in ledger.skipped:
        return
    ledger.told = None
    ledger.cancel_open(entry, Text("已有批示", "An instruction came"), ledger.pending(RULE))
