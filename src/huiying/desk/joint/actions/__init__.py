"""What people do together on a case."""

from huiying.desk.joint.actions.forces import (
    dissolve_task_force,
    form_task_force,
    join_task_force,
    leave_task_force,
)
from huiying.desk.joint.actions.meetings import answer_call, call_meeting, cancel_meeting, hold_meeting
from huiying.desk.joint.actions.minutes import (
    add_decision,
    adopt_minutes,
    drop_decision,
    minutes_paper,
    return_minutes,
    submit_minutes,
    write_minutes,
)
from huiying.desk.joint.actions.opinions import put_adviser, record_opinion, retire_adviser
from huiying.desk.joint.actions.press import (
    add_outlet,
    cancel_briefing,
    change_briefing,
    clear_interview,
    drop_outlet,
    plan_briefing,
    prepare_kit,
    record_higher,
    write_statement,
)
from huiying.desk.joint.actions.speaking import answer_question, hold_briefing, note_question, record_said

__all__ = [
    "add_decision",
    "add_outlet",
    "adopt_minutes",
    "answer_call",
    "answer_question",
    "call_meeting",
    "cancel_briefing",
    "cancel_meeting",
    "change_briefing",
    "clear_interview",
    "dissolve_task_force",
    "drop_decision",
    "drop_outlet",
    "form_task_force",
    "hold_briefing",
    "hold_meeting",
    "join_task_force",
    "leave_task_force",
    "minutes_paper",
    "note_question",
    "plan_briefing",
    "prepare_kit",
    "put_adviser",
    "record_higher",
    "record_opinion",
    "record_said",
    "retire_adviser",
    "return_minutes",
    "submit_minutes",
    "write_minutes",
    "write_statement",
]
