"""Reads of what is done together."""

from huiying.desk.joint.queries.forces import mine, standing_force
from huiying.desk.joint.queries.meetings import called, chairs, coming, plan_in_force, to_adopt, to_answer
from huiying.desk.joint.queries.people import colleagues
from huiying.desk.joint.queries.press import ahead, missing, needs, open_questions, to_clear

__all__ = [
    "ahead",
    "called",
    "chairs",
    "colleagues",
    "coming",
    "mine",
    "missing",
    "needs",
    "open_questions",
    "plan_in_force",
    "standing_force",
    "to_adopt",
    "to_answer",
    "to_clear",
]
