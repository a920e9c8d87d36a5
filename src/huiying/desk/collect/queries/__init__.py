"""Reads of the collecting room."""

from huiying.desk.collect.queries.evidence import Evidence, evidence, lag, same_words
from huiying.desk.collect.queries.health import Health, State, health, troubled
from huiying.desk.collect.queries.lists import Listed, listed, new_by_hour, periods, recent_mentions, totals

__all__ = [
    "Evidence",
    "Health",
    "Listed",
    "State",
    "evidence",
    "health",
    "lag",
    "listed",
    "new_by_hour",
    "periods",
    "recent_mentions",
    "same_words",
    "totals",
    "troubled",
]
