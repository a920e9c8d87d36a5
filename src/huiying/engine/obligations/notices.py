"""From what is owed to what should be told, and when to look again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from huiying.engine.obligations.model import Notice, Obligation
from huiying.engine.plan.model import Plan

#: A span this short is told at once when it begins, and counts as urgent.
SHORT = timedelta(hours=2)
#: What a unit or a person is asked for in so many words is told at once.
ASKED = frozenset(
    {"accept", "unit_report", "return", "urge", "instruction", "approve", "extension", "transfer"}
)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _schedule(plan: Plan, owed: Obligation) -> Iterator[Notice]:
    """Every notice that the obligation gives while it is not settled, in order of time."""
    short = owed.due_at - owed.started_at <= SHORT
    before = [span for span in plan.reminders if owed.due_at - span > owed.started_at]
    if owed.rule in ASKED or len(before) < len(plan.reminders) or not plan.reminders:
        yield _notice(owed, "new", owed.started_at, urgent=short)
    for span in before:
        yield _notice(owed, f"before:{_minutes(span)}", owed.due_at - span, urgent=short)
    yield _notice(owed, "due", owed.due_at, urgent=True)
    for number, step in enumerate(plan.escalation, 1):
        yield Notice(
            obligation=owed,
            stage=f"late:{number}",
            role=step.role,
            unit="",
            at=owed.due_at + step.after,
            urgent=True,
        )


def _notice(owed: Obligation, stage: str, at: datetime, *, urgent: bool) -> Notice:
    return Notice(obligation=owed, stage=stage, role=owed.role, unit=owed.unit, at=at, urgent=urgent)


def _live(obligations: Iterable[Obligation]) -> Iterator[Obligation]:
    return (owed for owed in obligations if owed.state in ("open", "missed") and owed.unknown_year is None)


def notices(plan: Plan, obligations: Sequence[Obligation], now: datetime) -> tuple[Notice, ...]:
    """All that should have been told by `now` about what is open or missed, in order of time.

    Of several reminders before one deadline only the latest is left, and none once it has passed: after an outage
    people hear what is so, not what would have been so. What was told before is known by (obligation.key, stage).
    """
    found: list[Notice] = []
    for owed in _live(obligations):
        told = [notice for notice in _schedule(plan, owed) if notice.at <= now]
        early = [notice for notice in told if notice.stage.startswith(("new", "before"))]
        late = [notice for notice in told if notice not in early]
        found += late if late else early[-1:]
    return tuple(sorted(found, key=lambda notice: (notice.at, notice.obligation.key, notice.stage)))


def next_wake(plan: Plan, obligations: Sequence[Obligation], now: datetime) -> datetime | None:
    """The earliest instant after `now` at which a state changes or something is to be told; None if there is none."""
    instants = (notice.at for owed in _live(obligations) for notice in _schedule(plan, owed))
    return min((at for at in instants if at > now), default=None)


def owed_now(obligations: Iterable[Obligation]) -> tuple[Obligation, ...]:
    """What is open or missed and stands in the way of closing; duties after closing do not."""
    return tuple(owed for owed in obligations if owed.state in ("open", "missed") and not owed.closing)
