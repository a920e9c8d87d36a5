"""No two rules owe the same thing differently: the comparison by the calendar itself, holidays and make-up days included."""

from collections.abc import Iterable
from datetime import date

from huiying.engine.calendar import Calendar
from huiying.engine.plan.agreement import compared, fortnight, telling, weekdays
from huiying.engine.plan.check.proofs import Proofs
from huiying.engine.plan.clashes import told
from huiying.engine.plan.consistency import Source, at
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text


def prove_agreement(
    plan: Plan, source: Source, calendar: Calendar, days: Iterable[date], proofs: Proofs
) -> None:
    """Every two rules that ask for the same thing agree at every telling instant of these days.

    What plain weeks show already is said where the plan is read; here the calendar has its say.
    """
    plain = weekdays(plan.zone)
    known = {(one.one.id, one.two.id) for one in compared(plan, plain, fortnight(plain)).clashes}
    found = compared(plan, calendar, telling(calendar, days))
    for clash in found.clashes:
        if (clash.one.id, clash.two.id) in known:
            continue
        node, words = (
            source.rule(clash.two),
            told(plan, clash, source.line_of(clash.one, clash.two), calendar),
        )
        place = at(node, words.key) if words.key else node.place
        proofs.add(
            f"plan.{words.code}",
            place,
            words.message,
            because=words.because,
            mend=words.mend,
            level=words.level,
        )
    if not found.clashes:
        _agree(found.pairs, found.instants, proofs)


def _agree(pairs: int, instants: int, proofs: Proofs) -> None:
    how = Text(
        f"要求同一件事、能用在同一件上的规则有 {pairs} 对；在 {instants} 个时刻逐一算过期限，只管一部分的那条从不更宽",
        f"{pairs} pairs of rules ask for the same thing of one case; their deadlines were computed at {instants} instants, and the narrower one never gives more time",
    )
    none = Text("没有两条规则会对同一件要求同一件事", "No two rules ask for the same thing of any one case")
    claim = Text("同一件事没有两种要求", "No two rules owe the same thing differently")
    proofs.show(claim, how if pairs else none)
