"""Rehearsing a plan: what its people would meet or miss if matters came as in a recorded stream.

A discrete-event simulation. Each person does one thing at a time, begins when they are there and have reacted, and takes
as long as such things take; reaction and work are drawn anew in each run, the same for the same seed. What is owed, by
when, and whether it was met is never the simulation's own opinion: `obligations` judges the journals it writes.
"""

from huiying.engine.plan.drill.model import Bottleneck, Matter, Outcome, Pace, Rehearsal, read_stream
from huiying.engine.plan.drill.running import rehearse
from huiying.engine.plan.drill.telling import as_json, as_text

__all__ = [
    "Bottleneck",
    "Matter",
    "Outcome",
    "Pace",
    "Rehearsal",
    "as_json",
    "as_text",
    "read_stream",
    "rehearse",
]
