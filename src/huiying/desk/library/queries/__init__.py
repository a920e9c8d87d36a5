"""Reads of the library."""

from huiying.desk.library.queries.cases import Earlier, earlier_like, filed
from huiying.desk.library.queries.knowledge import (
    get_knowledge,
    knowledge,
    knowledge_for,
    near,
    to_approve,
    to_check,
)
from huiying.desk.library.queries.media import contacts

__all__ = [
    "Earlier",
    "contacts",
    "earlier_like",
    "filed",
    "get_knowledge",
    "knowledge",
    "knowledge_for",
    "near",
    "to_approve",
    "to_check",
]
