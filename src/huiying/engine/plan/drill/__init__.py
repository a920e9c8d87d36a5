"""Rehearsing a plan: what its people would meet or miss if matters came as in a recorded stream.

A discrete-event simulation. Each person does one thing at a time, begins when they are there and have reacted, and takes
as long as such things take; reaction and work are lognormal and drawn anew in each run, the same for the same seed and the
same thing. What is owed, by when, and whether it was met is never the simulation's own opinion: the ledger of
`engine.obligations` judges the journals that it writes.

More people do not always mean fewer misses in one and the same run: with deadlines and other work in between, one who is
free earlier may begin something long just before something urgent comes (Graham, Bounds on Multiprocessing Timing
Anomalies, SIAM J. Appl. Math. 17, 1969). Over many runs they help; `against.compare` says by how much, and how surely.
"""

from huiying.engine.plan.drill.matters import Matter, Rise, read_stream
from huiying.engine.plan.drill.pace import Pace
from huiying.engine.plan.drill.pace_file import read_pace
from huiying.engine.plan.drill.rehearsal import Load, Outcome, Rehearsal, Scene, rehearse, scene

__all__ = [
    "Load",
    "Matter",
    "Outcome",
    "Pace",
    "Rehearsal",
    "Rise",
    "Scene",
    "read_pace",
    "read_stream",
    "rehearse",
    "scene",
]
