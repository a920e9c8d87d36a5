"""Reads of institution, people, roles and rosters."""

from huiying.desk.accounts.queries.audit import VERBS, audit_log, spoken_lines
from huiying.desk.accounts.queries.month import month_of
from huiying.desk.accounts.queries.people import (
    administrators,
    everybody,
    founded,
    holders,
    institution,
    reachable,
    stand_in,
)
from huiying.desk.accounts.queries.readiness import readiness
from huiying.desk.accounts.queries.roster import gaps, on_duty, shifts_between, uncovered
from huiying.desk.accounts.queries.tokens import token_for

__all__ = [
    "VERBS",
    "administrators",
    "audit_log",
    "everybody",
    "founded",
    "gaps",
    "holders",
    "institution",
    "month_of",
    "on_duty",
    "reachable",
    "readiness",
    "shifts_between",
    "spoken_lines",
    "stand_in",
    "token_for",
    "uncovered",
]
