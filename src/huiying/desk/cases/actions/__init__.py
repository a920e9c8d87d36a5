"""Every write on a case: one transaction, one journal entry, the notices that go with it."""

from huiying.desk.cases.actions.assessing import confirm_level, propose_level, verify
from huiying.desk.cases.actions.clocks import ask_extension, grant_extension, refuse_extension, waive
from huiying.desk.cases.actions.dispatching import join_message, put_aside, route_message
from huiying.desk.cases.actions.ending import (
    answer_asker,
    call_back,
    close,
    merge,
    no_relapse,
    reopen,
    tell_of_extension,
)
from huiying.desk.cases.actions.opening import add_mentions, open_case
from huiying.desk.cases.actions.reporting import instruction_done, record_instruction, report_up
from huiying.desk.cases.actions.requests import answer_request, request, request_again
from huiying.desk.cases.actions.units import accept, assign, decline, unit_report
from huiying.desk.cases.actions.urging import answer_urge, urge
from huiying.desk.cases.actions.working import (
    add_note,
    add_progress,
    correct,
    do_step,
    keep_promise,
    offline_fix,
    promise,
)

__all__ = [
    "accept",
    "add_mentions",
    "add_note",
    "add_progress",
    "answer_asker",
    "answer_request",
    "answer_urge",
    "ask_extension",
    "assign",
    "call_back",
    "close",
    "confirm_level",
    "correct",
    "decline",
    "do_step",
    "grant_extension",
    "instruction_done",
    "join_message",
    "keep_promise",
    "merge",
    "no_relapse",
    "offline_fix",
    "open_case",
    "promise",
    "propose_level",
    "put_aside",
    "record_instruction",
    "refuse_extension",
    "reopen",
    "report_up",
    "request",
    "request_again",
    "route_message",
    "tell_of_extension",
    "unit_report",
    "urge",
    "verify",
    "waive",
]
