"""Two versions of a plan told apart in words: what came, what went, what became stricter or laxer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from huiying.engine.plan.consistency import length
from huiying.engine.plan.facets import (
    AREAS,
    Area,
    Facets,
    level_groups,
    plan_facets,
)
from huiying.engine.plan.model import Plan
from huiying.engine.spans import Within
from huiying.engine.text import Text

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two versions."""

    kind: Kind
    area: Text  # level, rule, step, ...
    text: Text
    path: str = ""  # area and id, e.g. "duty:first": the same in both versions
    stricter: bool | None = None  # of a time: True shorter, False longer


def differences(old: Plan, new: Plan) -> tuple[Change, ...]:
    """Everything that the new version says differently, in the order of the plan's parts."""
    found = list(_facets(AREAS["plan"].name, "", plan_facets(old), plan_facets(new), path="plan"))
    for key, area in AREAS.items():
        if area.items is not None:
            found += _area(key, area, old, new)
        if key == "level":
            found += _evidence(area.name, old, new)
    return tuple(found)


def _area(key: str, area: Area, old: Plan, new: Plan) -> Iterator[Change]:
    before, after = _keyed(area, old), _keyed(area, new)
    for id, item in after.items():
        path, name = f"{key}:{id}", area.named(new, item)
        if id not in before:
            yield _whole("added", area, new, item, path)
        else:
            one, two = area.facets(old, before[id]), area.facets(new, item)
            yield from _facets(area.name, name, one, two, path=path)
    for id, item in before.items():
        if id not in after:
            yield _whole("removed", area, old, item, f"{key}:{id}")
    yield from _order(key, area, before, after, new)


def _keyed(area: Area, plan: Plan) -> dict[str, Any]:
    """The items by their key; of several with the same key the first counts, as it does in the plan."""
    found: dict[str, Any] = {}
    for item in area.items(plan) if area.items else ():
        found.setdefault(area.key(item), item)
    return found


def _whole(kind: Kind, area: Area, plan: Plan, item: Any, path: str) -> Change:
    name = area.named(plan, item)
    facets = [(label, _said(value)) for label, value in area.facets(plan, item).items()]
    told = [(label, value) for label, value in facets if value.zh and label not in area.hidden]
    zh = "；".join(f"{label.zh}：{value.zh}" for label, value in told)
    en = "; ".join(f"{label.en}: {value.en}" for label, value in told)
    verb = Text("新增", "new") if kind == "added" else Text("删去", "gone")
    text = Text(f"{verb.zh}“{name.zh}”", f'"{name.en}" is {verb.en}')
    if zh:
        text = Text(f"{text.zh}（{zh}）", f"{text.en} ({en})")
    return Change(kind=kind, area=area.name, text=text, path=path)


def _said(value: Text | Within | None) -> Text:
    if value is None:
        return Text("", "")
    return value.text if isinstance(value, Within) else value


def _facets(area: Text, name: Text | str, old: Facets, new: Facets, *, path: str) -> Iterator[Change]:
    lead = Text(f"“{name.zh}”的", f'"{name.en}": ') if isinstance(name, Text) else Text("", "")
    for label, value in new.items():
        before = old.get(label)
        if before == value or (not _said(before).zh and not _said(value).zh):
            continue
        stricter = _stricter(before, value)
        words, tail = _from_to(label, _said(before), _said(value)), _TAIL[stricter]
        text = Text(f"{lead.zh}{words.zh}{tail.zh}", f"{lead.en}{words.en}{tail.en}")
        yield Change(kind="changed", area=area, text=text, path=path, stricter=stricter)


_TAIL: Mapping[bool | None, Text] = {
    True: Text("（收紧）", " (stricter)"),
    False: Text("（放宽）", " (laxer)"),
    None: Text("", ""),
}


def _stricter(old: object, new: object) -> bool | None:
    if isinstance(old, Within) and isinstance(new, Within) and length(old) != length(new):
        return length(new) < length(old)
    return None


def _from_to(label: Text, old: Text, new: Text) -> Text:
    if not old.zh:
        return Text(f"{label.zh}：新写明“{new.zh}”", f'{label.en} now says "{new.en}"')
    if not new.zh:
        return Text(
            f"{label.zh}：不再写明（原为“{old.zh}”）", f'{label.en} is not said any more (was "{old.en}")'
        )
    return Text(f"{label.zh}：“{old.zh}”改为“{new.zh}”", f'{label.en} from "{old.en}" to "{new.en}"')


def _evidence(area: Text, old: Plan, new: Plan) -> Iterator[Change]:
    """Groups of conditions that came or went, of levels in both versions."""
    for level in new.levels:
        before = old.level(level.number)
        if before is None:
            continue
        one, two = level_groups(old, before), level_groups(new, level)
        path = f"level:{level.number}"
        for words in [words for words in two if words not in one]:
            text = Text(
                f"“{level.name.zh}”多一条依据：{words.zh}", f'"{level.name.en}" has new evidence: {words.en}'
            )
            yield Change(kind="added", area=area, text=text, path=path)
        for words in [words for words in one if words not in two]:
            text = Text(
                f"“{level.name.zh}”少一条依据：{words.zh}", f'"{level.name.en}" lost evidence: {words.en}'
            )
            yield Change(kind="removed", area=area, text=text, path=path)


def _order(
    key: str, area: Area, before: Mapping[str, Any], after: Mapping[str, Any], plan: Plan
) -> Iterator[Change]:
    """Where the first that fits counts, another order is another rule."""
    if not area.ordered:
        return
    one, two = [id for id in before if id in after], [id for id in after if id in before]
    if one == two:
        return
    names = [area.named(plan, after[id]) for id in two]
    zh, en = " → ".join(name.zh for name in names), " → ".join(name.en for name in names)
    text = Text(f"先后改为：{zh}（先合适的先用）", f"The order is now: {en} (the first that fits counts)")
    yield Change(kind="changed", area=area.name, text=text, path=key)


def as_lines(changes: Sequence[Change], language: str) -> list[str]:
    """The differences as lines: +, - or ~, the part of the plan, the words."""
    marks: Mapping[Kind, str] = {"added": "+", "removed": "-", "changed": "~"}
    return [f"{marks[one.kind]} [{one.area.say(language)}] {one.text.say(language)}" for one in changes]
