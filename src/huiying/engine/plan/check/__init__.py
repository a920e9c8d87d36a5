"""What can be proved of a plan and of the people who are to carry it out; each finding with how it was derived."""

from huiying.engine.plan.check.proofs import Proof
from huiying.engine.plan.check.prover import Report, check_plan, prove
from huiying.engine.plan.check.reading import read_roster
from huiying.engine.plan.check.roster import Contact, Holder, Roster, RosterUnit, Turn

__all__ = [
    "Contact",
    "Holder",
    "Proof",
    "Report",
    "Roster",
    "RosterUnit",
    "Turn",
    "check_plan",
    "prove",
    "read_roster",
]
