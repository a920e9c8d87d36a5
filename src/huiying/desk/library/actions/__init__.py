"""What people do in the library."""

from huiying.desk.library.actions.closing import archive, place_of, review, review_owed
from huiying.desk.library.actions.knowledge import (
    approve_knowledge,
    confirm_knowledge,
    put_knowledge,
    withdraw_knowledge,
)
from huiying.desk.library.actions.media import note_talk, put_contact, retire_contact

__all__ = [
    "approve_knowledge",
    "archive",
    "confirm_knowledge",
    "note_talk",
    "place_of",
    "put_contact",
    "put_knowledge",
    "retire_contact",
    "review",
    "review_owed",
    "withdraw_knowledge",
]
