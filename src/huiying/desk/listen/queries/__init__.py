"""Reads of what was heard."""

from huiying.desk.listen.queries.climbs import climb_of, climb_words, climbing, climbs_of, steps
from huiying.desk.listen.queries.feed import Fed, level_of, new_for_cased
from huiying.desk.listen.queries.mentions import MentionFilter, mentions
from huiying.desk.listen.queries.stories import StoryFilter, awaiting, rising, stories
from huiying.desk.listen.queries.watches import Listening, listening_state, watches_with_counts

__all__ = [
    "Fed",
    "Listening",
    "MentionFilter",
    "StoryFilter",
    "awaiting",
    "climb_of",
    "climb_words",
    "climbing",
    "climbs_of",
    "level_of",
    "listening_state",
    "mentions",
    "new_for_cased",
    "rising",
    "steps",
    "stories",
    "watches_with_counts",
]
