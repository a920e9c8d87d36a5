"""What a plan's own text contradicts: references to nothing, doubles, gaps, clocks that cannot be kept."""

from collections.abc import Iterable

from huiying.engine.fields import Notes
from huiying.engine.findings import Place
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text
from huiying.engine.toml import Node


def consistent(plan: Plan, root: Node, notes: Notes) -> None:
    """Note every contradiction in `plan`, which was read from `root`."""
    for check in (_levels_in_order,):
        check(plan, root, notes)


def _nodes(root: Node, key: str) -> list[Node]:
    node = root.table.get(key)
    return node.items if node else []


def _places(root: Node, keys: Iterable[str]) -> Iterable[tuple[str, Node, Place]]:
    for key in keys:
        for node in _nodes(root, key):
            yield key, node, node.place


def _levels_in_order(plan: Plan, root: Node, notes: Notes) -> None:
    numbers = [level.number for level in plan.levels]
    if numbers == list(range(1, len(numbers) + 1)):
        return
    nodes = _nodes(root, "level")
    place = nodes[0].place if nodes else root.place
    notes.add(
        "levels-not-in-order",
        place,
        Text("等级应从 1 起连续编号，且不重复", "Levels must be numbered from 1 without gaps or doubles"),
    )
