"""Every write of the collecting room."""

from huiying.desk.collect.actions.entering import Attached, enter, push
from huiying.desk.collect.actions.heighten import (
    approve_heightened,
    end_heightened,
    heighten,
    refuse_heightened,
)
from huiying.desk.collect.actions.reading import note_reading, note_taking
from huiying.desk.collect.actions.retention import purge_due
from huiying.desk.collect.actions.sources import (
    add_source,
    change_source,
    delete_source,
    fetch_soon,
    hand_source,
    install_source,
    pause,
    renew_key,
    resume,
)
from huiying.desk.collect.actions.uploading import choose_columns, drop, look_at, read_in
from huiying.desk.collect.storing import Stored, known_keys, store

__all__ = [
    "Attached",
    "Stored",
    "add_source",
    "approve_heightened",
    "change_source",
    "choose_columns",
    "delete_source",
    "drop",
    "end_heightened",
    "enter",
    "fetch_soon",
    "hand_source",
    "heighten",
    "install_source",
    "known_keys",
    "look_at",
    "note_reading",
    "note_taking",
    "pause",
    "purge_due",
    "push",
    "read_in",
    "refuse_heightened",
    "renew_key",
    "resume",
    "store",
]
