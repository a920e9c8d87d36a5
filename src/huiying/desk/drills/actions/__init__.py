"""What people do to try a plan."""

from huiying.desk.drills.actions.exercises import (
    abort,
    begin,
    change_script,
    file_report,
    plan_exercise,
    stop,
    take_up,
)
from huiying.desk.drills.actions.rehearsals import ask, drop, forget

__all__ = [
    "abort",
    "ask",
    "begin",
    "change_script",
    "drop",
    "file_report",
    "forget",
    "plan_exercise",
    "stop",
    "take_up",
]
