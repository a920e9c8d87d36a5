"""What people do while listening: keep watches, put stories right, decide on proposals."""

from huiying.desk.listen.actions.forgetting import purge_texts
from huiying.desk.listen.actions.places import add_places, drop_place, save_place
from huiying.desk.listen.actions.stories import (
    hand_on,
    merge,
    move,
    not_ours,
    ours_again,
    route,
    split,
    take_up,
    tell_topic,
    watch_on,
)
from huiying.desk.listen.actions.watches import add_many, drop_watch, save_watch, stop_watch

__all__ = [
    "add_many",
    "add_places",
    "drop_place",
    "drop_watch",
    "hand_on",
    "merge",
    "move",
    "not_ours",
    "ours_again",
    "purge_texts",
    "route",
    "save_place",
    "save_watch",
    "split",
    "stop_watch",
    "take_up",
    "tell_topic",
    "watch_on",
]
