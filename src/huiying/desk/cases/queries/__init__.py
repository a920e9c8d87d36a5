"""Reads of cases."""

from huiying.desk.cases.queries.owed import Decision, Due, decisions_for, owed_for
from huiying.desk.cases.queries.rows import open_cases
from huiying.desk.cases.queries.standing import Standing, standing
from huiying.desk.cases.queries.timeline import Line, timeline

__all__ = [
    "Decision",
    "Due",
    "Line",
    "Standing",
    "decisions_for",
    "open_cases",
    "owed_for",
    "standing",
    "timeline",
]
