"""What is owed on a case: a pure function of the plan, the journal, the calendar and now.

States: *open*, not settled and the due instant has not come; *met*, settled at the due instant or before; *late*,
settled after it; *missed*, not settled, from the due instant itself on; *void*, not owed any more, with the reason.

What moves between them:

- An entry counts at the instant it happened (`at`), if it was written down by the deadline or says in
  `data["recorded_late"]` why it was not; otherwise at the instant it was written down.
- An extension granted before the deadline moves it. One granted after leaves the obligation missed (or late) and
  adds a second one with the new date, under the key `<key>+<seq>`.
- A waiver makes an obligation void with its reason; `lapsed` tells whether it had been missed by then.
- A change of level ends the open rules of the old level and begins those of the new one. What was met stays met,
  what was missed stays missed, and a graver level never gives more time for the same act.
- A unit stays responsible until another accepts. A case that joins another owes nothing of its own.
- A corrected entry settles nothing, and what began with it is void. Openings, gradings and mergers stand.
"""

from collections.abc import Sequence
from datetime import datetime

from huiying.engine.calendar import Calendar
from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations import approvals, asked, endings, growing, levels, units
from huiying.engine.obligations.ledger import Ledger
from huiying.engine.obligations.ledger import pinned as _pinned
from huiying.engine.obligations.model import BadEntry, Notice, Obligation, OtherPlan, PlanRef, State
from huiying.engine.obligations.notices import next_wake, notices, owed_now
from huiying.engine.obligations.order import in_order
from huiying.engine.plan.model import Plan

__all__ = [
    "BadEntry",
    "Ledger",
    "Notice",
    "Obligation",
    "OtherPlan",
    "PlanRef",
    "State",
    "next_wake",
    "notices",
    "obligations",
    "owed_now",
    "pinned",
]

#: Modules whose functions the fold calls for their kinds of entry.
_HANDLING = (approvals, asked, endings, growing, levels, units)


def obligations(
    plan: Plan, journal: Sequence[Entry], calendar: Calendar, now: datetime
) -> tuple[Obligation, ...]:
    """Everything owed on the case so far, by due instant and key.

    Raises BadEntry where an entry's data cannot be understood, OtherPlan where the case is pinned to another text.
    """
    return Ledger(plan, calendar, journal).obligations(now)


def pinned(journal: Sequence[Entry]) -> PlanRef | None:
    """The plan version that governs the case: that of the first grading, before it that of the opening."""
    entries = in_order(journal)
    for kind in (Kind.LEVEL_CONFIRMED, Kind.OPENED):
        first = next((entry for entry in entries if entry.kind == kind), None)
        found = _pinned(first) if first else None
        if found:
            return found
    return None
