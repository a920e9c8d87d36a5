"""Reads of institution, people, roles and rosters."""

from huiying.desk.accounts.queries.people import founded, holders, institution, reachable, stand_in
from huiying.desk.accounts.queries.readiness import readiness
from huiying.desk.accounts.queries.roster import gaps, on_duty, shifts_between, uncovered
from huiying.desk.accounts.queries.tokens import token_for

__all__ = [
    "founded",
    "gaps",
    "holders",
    "institution",
    "on_duty",
    "reachable",
    "readiness",
    "shifts_between",
    "stand_in",
    "token_for",
    "uncovered",
]
