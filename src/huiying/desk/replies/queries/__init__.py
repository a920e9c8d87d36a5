"""Reads of lines, drafts, approvals and publications."""

from huiying.desk.replies.queries.chain import Seat, due_people, my_seat, seats
from huiying.desk.replies.queries.drafts import (
    drafts_for,
    earlier_like,
    get_draft,
    mine,
    published,
    to_approve,
    to_copy,
    to_publish,
    to_review,
)
from huiying.desk.replies.queries.lines import (
    disagreeing,
    lines_in_force,
    lines_to_approve,
    lines_waiting,
)

__all__ = [
    "Seat",
    "disagreeing",
    "drafts_for",
    "due_people",
    "earlier_like",
    "get_draft",
    "lines_in_force",
    "lines_to_approve",
    "lines_waiting",
    "mine",
    "my_seat",
    "published",
    "seats",
    "to_approve",
    "to_copy",
    "to_publish",
    "to_review",
]
