"""The way that a case took through the flow chart of its plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations.items import does
from huiying.engine.obligations.model import Obligation
from huiying.engine.plan.flow.nodes import Flow, Node
from huiying.engine.text import Text

#: What a box of the chart can be on a case, from what speaks loudest.
STATES: Mapping[str, Text] = {
    "missed": Text("超时未办", "missed"),
    "now": Text("待办", "owed now"),
    "late": Text("迟办", "done late"),
    "done": Text("已办", "done"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What became of each box, and the level by which the case is handled."""

    level: int | None = None
    states: Mapping[str, str] = field(default_factory=dict)  # node id -> one of STATES


def way(flow: Flow, journal: Sequence[Entry], owed: Iterable[Obligation]) -> Way:
    """The case's way so far."""
    corrected = {entry.data.get("entry") for entry in journal if entry.kind == Kind.CORRECTED}
    entries = [entry for entry in journal if entry.seq not in corrected]
    grades = [entry.data.get("level") for entry in journal if entry.kind == Kind.LEVEL_CONFIRMED]
    level = grades[-1] if grades and isinstance(grades[-1], int) else None
    states = {}
    owed = list(owed)
    for node in flow.nodes:
        state = _state(node, entries, owed)
        if state:
            states[node.id] = state
    return Way(level=level, states=states)


def _state(node: Node, entries: Sequence[Entry], owed: Sequence[Obligation]) -> str:
    mine = {one.state for one in owed if one.rule in node.rules}
    if "missed" in mine:
        return "missed"
    if "open" in mine:
        return "now"
    if "late" in mine:
        return "late"
    if "met" in mine:
        return "done"
    asks = node.asks
    if asks and any(entry.kind == asks.act and does(asks, entry) for entry in entries):
        return "done"
    return ""
