"""A plan that extends another: whatever it says itself counts, the rest comes from the other."""

from collections.abc import Mapping

from huiying.engine.fields import Notes
from huiying.engine.text import Text
from huiying.engine.toml import Node, parse

#: Arrays whose entries are told apart by a key: an entry of the same key replaces the other plan's.
KEYED = (
    "duty",
    "answer",
    "step",
    "pair",
    "subject",
    "place",
    "matter",
    "flag",
    "recipient",
    "key_period",
    "routine",
    "body",
)
#: Arrays in which the first entry that fits counts: one's own come first.
ORDERED = ("chain", "assignment", "route", "watch")
#: Arrays that are taken over only where a plan has none of its own.
WHOLE = ("level", "escalation", "principles")
#: Keys that are never taken over.
OWN = ("format", "id", "name", "summary", "extends", "drop", "embedded")


def _key(kind: str, node: Node) -> str:
    found = node.table.get("id") or (node.table.get("stage") if kind == "answer" else None)
    return f"{kind}:{found.value if found else ''}"


def _joined(key: str, own: Node, other: Node, dropped: set[str]) -> Node:
    if key in KEYED:
        mine = {_key(key, item) for item in own.items}
        rest = [item for item in other.items if _key(key, item) not in mine | dropped]
        return Node([*own.items, *rest], own.place)
    if key in ORDERED:
        return Node([*own.items, *other.items], own.place)
    if isinstance(own.value, dict) and isinstance(other.value, dict):
        return Node({**other.value, **own.value}, own.place)
    return own


def _drops(root: Node, other: Node, notes: Notes) -> set[str]:
    node = root.table.get("drop")
    known = {
        _key(key, item) for key in KEYED for item in (other.table[key].items if key in other.table else ())
    }
    dropped: set[str] = set()
    for item in node.items if node else ():
        if item.value in known:
            dropped.add(item.value)
        else:
            notes.add(
                "unknown-reference",
                item.place,
                Text(f"被沿用的预案里没有“{item.value}”", f'The extended plan has no "{item.value}"'),
                Text("写成 duty:编号、answer:编号等", "Write duty:<id>, answer:<id> and so on"),
            )
    return dropped


def joined(root: Node, other: Node, notes: Notes) -> Node:
    """`root` with everything of `other` that it does not say itself."""
    dropped = _drops(root, other, notes)
    result = dict(root.table)
    for key, node in other.table.items():
        if key in OWN:
            continue
        if key in result and key not in WHOLE:
            result[key] = _joined(key, result[key], node, dropped)
        elif key not in result:
            result[key] = _joined(key, Node([], node.place), node, dropped) if key in KEYED else node
    return Node(result, root.place)


def resolved(root: Node, library: Mapping[str, str], notes: Notes, seen: tuple[str, ...]) -> Node:
    """`root` with all that it extends, near and far."""
    named = root.table.get("extends")
    if named is None:
        return root
    own = root.table.get("embedded")
    embedded = {key: node.value for key, node in own.table.items()} if own else {}
    name = str(named.value)
    text = embedded.get(name, library.get(name))
    if name in seen:
        loop = " → ".join([*seen, name])
        notes.add(
            "extends-loop", named.place, Text(f"预案互相沿用：{loop}", f"Plans extend each other: {loop}")
        )
        return root
    if not isinstance(text, str):
        known = "、".join(sorted({**library, **embedded})) or "—"
        notes.add(
            "unknown-reference",
            named.place,
            Text(f"找不到被沿用的预案“{name}”", f'There is no plan "{name}" to extend'),
            Text(f"现有：{known}", f"There are: {known}"),
        )
        return root
    other, broken = parse(text, file=f"{name}.toml")
    notes.found.extend(broken)
    if other is None:
        return root
    return joined(root, resolved(other, {**library, **embedded}, notes, (*seen, name)), notes)


def self_contained(text: str, library: Mapping[str, str]) -> str:
    """The text with every plan that it extends written into it, so that it means the same for ever.

    A text that extends nothing, or that already holds what it extends, comes back unchanged.
    """
    root, _broken = parse(text, file="")
    needed: dict[str, str] = {}
    node = root
    while node is not None and (named := node.table.get("extends")) is not None:
        name = str(named.value)
        held = root.table.get("embedded") if root else None
        if name in needed or name not in library or (held is not None and name in held.table):
            break
        needed[name] = library[name]
        node, _broken = parse(library[name], file="")
    if not needed:
        return text
    blocks = [f"{name} = {_literal(body)}" for name, body in needed.items()]
    return (
        f"{text.rstrip()}\n\n# 以下为被沿用的预案原文，随本版本一并留存。\n[embedded]\n"
        + "\n".join(blocks)
        + "\n"
    )


def _literal(body: str) -> str:
    if "'''" not in body and not body.endswith("'"):
        return f"'''\n{body}'''"
    escaped = body.replace("\\", "\\\\").replace('"', '\\"')
    return f'"""\n{escaped}"""'
