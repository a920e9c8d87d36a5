"""More time, no more need, and endings: extensions, waivers, closing, reopening, merging, corrections."""

from datetime import datetime

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import Act, Item, instant, known_at
from huiying.engine.obligations.ledger import Ledger, Look, handles
from huiying.engine.plan.sentences import why_text
from huiying.engine.text import Text

_DECIDE = Act(act="extension_granted")


@handles(Kind.EXTENSION_ASKED)
def extension_asked(ledger: Ledger, entry: Entry) -> None:
    """A request for more time is decided."""
    rules = ledger.plan.extending
    if rules.decide is None:
        return
    key = str(entry.data.get("obligation", ""))
    about = ledger.find(key)
    what = about.what if about else Text(key, key)
    item = Item(
        entry,
        key=f"extension:{entry.seq}",
        rule="extension",
        what=Text(f"审批延期：{what.zh}", f"Decide on more time for: {what.en}"),
        why=why_text(Text("申请延期", "the request"), rules.decide, rules.source),
        asks=_DECIDE,
        role=rules.role,
        due=ledger.clock(rules.decide, entry),
        ref=key,
    )
    ledger.put(item)


@handles(Kind.EXTENSION_GRANTED)
def extension_granted(ledger: Ledger, entry: Entry) -> None:
    """Granted before the deadline, it moves it; granted after, what was missed stays missed and a new date is owed."""
    item = ledger.find(str(entry.data.get("obligation", "")))
    due_at = instant(entry, "new_due_at")
    if item is None or due_at is None or item.void is not None:
        return
    if known_at(entry) < item.due_at or item.unknown_year:
        ledger.move(item, due_at)
    elif item.settled is None:
        _second_date(ledger, item, entry, due_at)


def _second_date(ledger: Ledger, item: Item, entry: Entry, due_at: datetime) -> None:
    second = Item(
        entry,
        key=f"{item.key}+{entry.seq}",
        rule=item.rule,
        what=Text(f"{item.what.zh}（展期）", f"{item.what.en} (new date)"),
        why=Text(
            f"原期限已过才批准延期：超期照记，另按新日期办。{item.why.zh}",
            f"More time was granted only after the deadline: the miss stays, and the new date is owed. {item.why.en}",
        ),
        asks=item.asks,
        role=item.role,
        due=(due_at, None),
        unit=item.unit,
        ref=item.ref,
    )
    ledger.put(second, look=Look.SINCE)


@handles(Kind.WAIVED)
def waived(ledger: Ledger, entry: Entry) -> None:
    """Declared not owed, by a named role with a reason."""
    key = str(entry.data.get("obligation", ""))
    ledger.waived[key] = entry
    item = ledger.find(key)
    if item is not None and item.pending:
        ledger.waive(item, entry)


@handles(Kind.CLOSED)
def closed(ledger: Ledger, entry: Entry) -> None:
    """What was owed again and again ends."""
    ledger.closed = True
    ledger.cancel_open(
        entry,
        Text("已办结", "The case is closed"),
        (item for item in ledger.keys.values() if item.asks.every),
    )


@handles(Kind.REOPENED)
def reopened(ledger: Ledger, entry: Entry) -> None:
    """What waited for the closing waits for the next one; what was owed again and again is owed again."""
    ledger.closed = False
    why = Text("已重新办理，待再次办结", "The case was reopened; it is owed after the next closing")
    after = (item for item in ledger.keys.values() if item.asks.closing or item.asks.every)
    ledger.cancel_open(entry, why, after)
    for duty in ledger.plan.duties:
        again = duty.every and duty.id in ledger.active and ledger.events.get(duty.since)
        if again and not ledger.pending(duty.id):
            ledger.again(duty, entry)


@handles(Kind.MERGED)
def merged(ledger: Ledger, entry: Entry) -> None:
    """A case that joined another owes nothing of its own any more; the other answers every asker."""
    into = entry.data.get("into")
    if not into:
        return
    why = Text(f"并入 {into} 一并办理", f"Joined case {into}")
    for item in ledger.keys.values():
        if item.pending:
            item.cancel(entry, why)
    ledger.merged = True


@handles(Kind.CORRECTED)
def corrected(ledger: Ledger, entry: Entry) -> None:
    """What began with an entry that was wrong is not owed."""
    seq = entry.data.get("entry")
    if seq not in ledger.skipped:
        return
    reason = str(entry.data.get("reason") or "—")
    why = Text(f"第 {seq} 条记录有误：{reason}", f"Entry {seq} was wrong: {reason}")
    for item in ledger.keys.values():
        if item.began.seq == seq and item.pending:
            item.cancel(entry, why)
