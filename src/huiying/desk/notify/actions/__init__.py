"""Everything that writes to the outbox, and the settings of the ways out."""

from huiying.desk.notify.actions.circulars import read_circular, resend_circular, send_circular
from huiying.desk.notify.actions.outbox import (
    acknowledge,
    give_up,
    publish_out,
    tell,
    try_again,
    ways_to,
)
from huiying.desk.notify.actions.ways import add_outlet, change_outlet, set_channel

__all__ = [
    "acknowledge",
    "add_outlet",
    "change_outlet",
    "give_up",
    "publish_out",
    "read_circular",
    "resend_circular",
    "send_circular",
    "set_channel",
    "tell",
    "try_again",
    "ways_to",
]
