"""Verbs that write: each one transaction, one journal entry, outbox rows."""

from huiying.desk.replies.actions.approving import approve, give_back, recall
from huiying.desk.replies.actions.drafting import drop, save, start, start_correction, submit
from huiying.desk.replies.actions.lines import approve_lines, return_lines, write_lines
from huiying.desk.replies.actions.publishing import (
    Copy,
    add_copy,
    publish,
    publish_urgently,
    record_copy,
    review_bypass,
)
from huiying.desk.replies.actions.referring import decide, propose, record_answer, send
from huiying.desk.replies.actions.suggesting import ask_machine, leave, take_over
from huiying.desk.replies.actions.wording import put_rule, switch_rule

__all__ = [
    "Copy",
    "add_copy",
    "approve",
    "approve_lines",
    "ask_machine",
    "decide",
    "drop",
    "give_back",
    "leave",
    "propose",
    "publish",
    "publish_urgently",
    "put_rule",
    "recall",
    "record_answer",
    "record_copy",
    "return_lines",
    "review_bypass",
    "save",
    "send",
    "start",
    "start_correction",
    "submit",
    "switch_rule",
    "take_over",
    "write_lines",
]
