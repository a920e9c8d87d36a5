"""What a plan's own text contradicts: references to nothing, doubles, gaps, clocks that cannot be kept."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from huiying.engine.fields import Notes, one_of
from huiying.engine.findings import Place
from huiying.engine.plan.agreement import compared, fortnight, weekdays
from huiying.engine.plan.clashes import told
from huiying.engine.plan.model import ANY_PERIOD, Duty, Named, Plan
from huiying.engine.plan.vocabulary import FORMS
from huiying.engine.spans import Within
from huiying.engine.text import Text
from huiying.engine.toml import Node

#: Arrays whose tables have an id of their own.
WITH_ID = (
    "duty",
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


class Source:
    """The plan's text, to find the line of what is spoken about."""

    def __init__(self, root: Node) -> None:
        self.root = root

    def each(self, *kinds: str) -> Iterator[tuple[str, Node]]:
        """Every table of these arrays."""
        for kind in kinds:
            for node in self.root.table[kind].items if kind in self.root.table else ():
                yield kind, node

    def of(self, id: str, *kinds: str) -> Node:
        """The table with this id (an answer's is its stage, where it has none); else the whole text."""
        for kind, node in self.each(*kinds):
            own = node.table.get("id") or (node.table.get("stage") if kind == "answer" else None)
            if own is not None and own.value == id:
                return node
        return self.root

    def rule(self, duty: Duty) -> Node:
        """The table that a duty was read from."""
        if duty.id.startswith("step:"):
            return self.of(duty.id[5:], "step")
        return self.of(duty.id, "duty", "answer")

    def line_of(self, duty: Duty, beside: Duty) -> str:
        """The line of a duty; with its file where that is another than the one of the duty beside it."""
        place, other = self.rule(duty).place, self.rule(beside).place
        return str(place.line) if place.file == other.file else f"{place.file}:{place.line}"


def at(node: Node, key: str = "") -> Place:
    """The place of a key in a table, or of the table."""
    found = node.table.get(key)
    return found.place if found else node.place


def consistent(plan: Plan, root: Node, notes: Notes) -> None:
    """Note every contradiction in `plan`, which was read from `root`."""
    source = Source(root)
    for check in _CHECKS:
        check(plan, source, notes)


# Ids


def _ids(plan: Plan, source: Source, notes: Notes) -> None:
    for kinds in (("duty", "answer"), *((kind,) for kind in WITH_ID if kind != "duty")):
        seen: dict[str, Node] = {}
        for kind, node in sorted(source.each(*kinds), key=lambda found: _line(found[1])):
            own = node.table.get("id") or (node.table.get("stage") if kind == "answer" else None)
            if own is None:
                continue
            id, first = str(own.value), seen.get(str(own.value))
            if first is not None:
                where = first.place.line
                text = Text(
                    f"编号“{id}”重复，第 {where} 行已用",
                    f'The id "{id}" is used twice, first in line {where}',
                )
                notes.add("duplicate-id", own.place, text, Text("换一个编号", "Choose another id"))
            seen.setdefault(id, node)


def _line(node: Node) -> tuple[str, int]:
    return node.place.file, node.place.line or 0


# Levels


def _levels(plan: Plan, source: Source, notes: Notes) -> None:
    numbers = [level.number for level in plan.levels]
    nodes = [node for _kind, node in source.each("level")]
    if not numbers:
        text = Text("预案没有等级", "The plan has no levels")
        notes.add("no-levels", source.root.place, text, Text("写 [[level]]", "Write [[level]]"))
    elif numbers != list(range(1, len(numbers) + 1)):
        doubled = [number for number, count in Counter(numbers).items() if count > 1]
        wrong = [node for node in nodes if node.table["number"].value in doubled] or nodes
        text = Text(
            "等级应从 1 起连续编号，且不重复", "Levels must be numbered from 1 without gaps or doubles"
        )
        mend = Text("依次写 number = 1、2、3", "Write number = 1, 2, 3 in order")
        notes.add("levels-not-in-order", at(wrong[-1], "number"), text, mend)
    for level, node in ((level, node) for level in plan.levels for node in nodes):
        if node.table["number"].value == level.number and not level.groups:
            text = Text(
                f"“{level.name.zh}”没有触发条件，只能由人直接定",
                f'Level "{level.name.en}" has no evidence: only a person can set it',
            )
            notes.add(
                "level-without-evidence",
                node.place,
                text,
                Text("补 [[level.when]]", "Add [[level.when]]"),
                "warning",
            )


# References


class _Kinds(NamedTuple):
    """What can be referred to by a key."""

    what: Text
    ids: list[Any]


def _known(notes: Notes, node: Node, key: str, values: Iterable[object], kinds: _Kinds) -> None:
    """Each of `values`, which stand under `key`, is one of the kinds."""
    what, ids = kinds
    for value in values:
        if value not in ids:
            text = Text(f"没有{what.zh}“{value}”", f'There is no {what.en} "{value}"')
            mend = Text(f"现有：{one_of(ids) or '—'}", f"There are: {', '.join(map(str, ids)) or '—'}")
            notes.add("unknown-reference", at(node, key), text, mend)


def _named(what: Text, found: tuple[Named, ...]) -> _Kinds:
    return _Kinds(what, [item.id for item in found])


_SUBJECT, _RECIPIENT = Text("主题", "subject"), Text("报送对象", "recipient")
_STEP, _RULE = Text("步骤", "step"), Text("规则", "rule")


def _references(plan: Plan, source: Source, notes: Notes) -> None:
    subjects = _named(_SUBJECT, plan.subjects)
    kinds = {
        "levels": _Kinds(Text("等级", "level"), [level.number for level in plan.levels]),
        "matters": _named(Text("事项类别", "kind of matter"), plan.matters),
        "subjects": subjects,
    }
    for _kind, node in source.each("duty", "answer", "step", "pair", "chain", "assignment", "watch"):
        for key, known in kinds.items():
            _known(notes, node, key, _plain(node, key), known)
    for _kind, node in source.each("route"):
        _known(notes, node, "subjects", _plain(node, "subjects"), subjects)
        _known(notes, node, "tell", _plain(node, "tell"), _named(_RECIPIENT, plan.recipients))
    _period_references(plan, source, notes)
    again = source.root.table.get("report_again")
    if plan.report_again and again is not None:
        _known(notes, again, "to", [plan.report_again.to], _named(_RECIPIENT, plan.recipients))
    if plan.default_matter:
        _known(notes, source.root, "default_matter", [plan.default_matter], kinds["matters"])
    _rule_references(plan, source, notes)
    _step_references(plan, source, notes)
    _evidence_references(plan, source, notes)


def _period_references(plan: Plan, source: Source, notes: Notes) -> None:
    periods = _Kinds(
        Text("重点时段", "key period"), [*(period.id for period in plan.key_periods), ANY_PERIOD]
    )
    for _kind, node in source.each("duty", "answer", "step", "pair", "assignment"):
        _known(notes, node, "periods", _plain(node, "periods"), periods)


def _plain(node: Node, key: str) -> list[object]:
    found = node.table.get(key)
    return list(found.plain) if found and isinstance(found.value, list) else []


def _rule_references(plan: Plan, source: Source, notes: Notes) -> None:
    recipients, steps = _named(_RECIPIENT, plan.recipients), _Kinds(_STEP, [step.id for step in plan.steps])
    rules = _Kinds(_RULE, [duty.id for duty in plan.duties])
    for duty in plan.duties:
        node = source.rule(duty)
        if duty.act == "reported" and duty.to:
            _known(notes, node, "to", [duty.to], recipients)
        if duty.act == "done":
            _known(notes, node, "step" if "step" in node.table else "act", [duty.step], steps)
        if duty.since.startswith("duty:"):
            _known(notes, node, "since", [duty.since[5:]], rules)
        if duty.since.startswith("step:"):
            _known(notes, node, "since", [duty.since[5:]], steps)


def _step_references(plan: Plan, source: Source, notes: Notes) -> None:
    steps = _Kinds(_STEP, [step.id for step in plan.steps])
    rules = _Kinds(_RULE, [duty.id for duty in plan.duties])
    for step in plan.steps:
        node = source.of(step.id, "step")
        _known(notes, node, "after", step.after, steps)
        _known(notes, node, "duty", [step.duty] if step.duty else [], rules)
    for pair in plan.pairs:
        _known(notes, source.of(pair.id, "pair"), "steps", pair.steps, steps)


def _evidence_references(plan: Plan, source: Source, notes: Notes) -> None:
    known = {
        "subjects": _named(_SUBJECT, plan.subjects),
        "places": _named(Text("重点区域", "place"), plan.places),
        "flags": _named(Text("人工判断项", "flag"), plan.flags),
    }
    for _kind, level in source.each("level"):
        for group in level.table["when"].items if "when" in level.table else ():
            for key, kinds in known.items():
                _known(notes, group, key, _plain(group, key), kinds)


# What an act needs


def _acts(plan: Plan, source: Source, notes: Notes) -> None:
    for duty in plan.duties:
        node = source.rule(duty)
        if duty.act == "reported" and not duty.to:
            _missing(notes, node, "to", Text("向谁报告", "to whom to report"))
        if duty.act == "published" and not duty.stage and not duty.form:
            _missing(notes, node, "stage", Text("发布哪一阶段的内容", "which stage to publish"))
        if duty.or_promise and plan.promise_max is None:
            mend = Text(
                '写 [promise] longest = "5 working days"', 'Write [promise] longest = "5 working days"'
            )
            text = Text(
                "允许以承诺代答，但没写承诺最长期限", "A promise is allowed, but no longest promise is given"
            )
            notes.add("missing-key", at(node, "or_promise"), text, mend)
        if duty.every and (duty.each or duty.closing):
            text = Text(
                "反复要求（every）不能与 each 或办结后的规则同用",
                '"every" cannot go with "each" or with rules after closing',
            )
            mend = Text("删去 every 或另一项", 'Remove "every" or the other')
            notes.add("contradiction", at(node, "every"), text, mend)
        for key, act in (("to", "reported"), ("means", "reported"), ("stage", "published"), ("step", "done")):
            if getattr(duty, key) and duty.act != act and not duty.id.startswith("step:"):
                text = Text(f"“{key}”只用于 act = “{act}”", f'"{key}" only goes with act = "{act}"')
                notes.add(
                    "unfitting-key",
                    at(node, key),
                    text,
                    Text("删去，或改 act", "Remove it, or change the act"),
                )


def _missing(notes: Notes, node: Node, key: str, what: Text) -> None:
    text = Text(f"没写{what.zh}", f"It does not say {what.en}")
    notes.add("missing-key", node.place, text, Text(f"补上 {key} = …", f"Add {key} = …"))


def _periods(plan: Plan, source: Source, notes: Notes) -> None:
    for period in plan.key_periods:
        if not period.spans and not period.holidays:
            node = source.of(period.id, "key_period")
            text = Text("这个重点时段没有日期", "This key period has no days")
            mend = Text("补上 days = [...] 或 holidays = true", "Add days = [...] or holidays = true")
            notes.add("missing-key", node.place, text, mend)


# Circles


def _circles(plan: Plan, source: Source, notes: Notes) -> None:
    after = {f"step:{step.id}": [f"step:{id}" for id in step.after] for step in plan.steps}
    since = {
        f"duty:{duty.id}": [duty.since] for duty in plan.duties if duty.since.startswith(("duty:", "step:"))
    }
    since |= {
        f"step:{d.step}": [d.since]
        for d in plan.duties
        if d.id.startswith("step:") and d.step and d.since[:5] in ("duty:", "step:")
    }
    for graph, key in ((after, "after"), (since, "since")):
        found = _circle(graph)
        if found:
            node = (
                source.of(found[0][5:], "step")
                if found[0].startswith("step:")
                else source.of(found[0][5:], "duty", "answer")
            )
            shown = " → ".join(name[5:] for name in found)
            text = Text(f"前后互为条件：{shown}", f"These wait for each other: {shown}")
            notes.add("circle", at(node, key), text, Text("去掉其中一处", "Remove one of them"))


def _circle(graph: dict[str, list[str]]) -> list[str]:
    """A path that comes back to where it began, or nothing."""
    for first in graph:
        path = [first]
        while path:
            ahead = next((name for name in graph.get(path[-1], ()) if name in graph or name == first), None)
            if ahead == first:
                return [*path, first]
            if ahead is None or ahead in path:
                break
            path.append(ahead)
    return []


# Chains


def _chains(plan: Plan, source: Source, notes: Notes) -> None:
    """Every text, of whatever level and form, sure or not, has a chain."""
    levels: list[int | None] = [None, *(level.number for level in plan.levels)]
    gaps = [
        (level, form, unsure)
        for level in levels
        for form in FORMS
        for unsure in (False, True)
        if not any(chain.fits(level, form, unsure) for chain in plan.chains)
    ]
    if gaps:
        level, form, unsure = gaps[0]
        text = Text(
            f"有的文稿没有审批链，例如：等级 {level or '未定'}、形式 {form}、{'拿不准' if unsure else '有把握'}",
            f"Some texts have no approval chain, for example level {level or 'none'}, form {form}, {'unsure' if unsure else 'sure'}",
        )
        nodes = [node for _kind, node in source.each("chain")]
        mend = Text("末尾写一条不限条件的 [[chain]] roles = [...]", "End with a [[chain]] without conditions")
        notes.add("chain-gap", nodes[-1].place if nodes else source.root.place, text, mend)


# The same thing twice


def _twice(plan: Plan, source: Source, notes: Notes) -> None:
    """No two rules owe the same thing differently, as far as plain weeks show it; a calendar's holidays may show more."""
    calendar = weekdays(plan.zone)
    for clash in compared(plan, calendar, fortnight(calendar)).clashes:
        node, found = (
            source.rule(clash.two),
            told(plan, clash, source.line_of(clash.one, clash.two), calendar),
        )
        place = at(node, found.key) if found.key else node.place
        notes.add(found.code, place, found.message, found.mend, found.level, because=found.because)


#: About how many minutes a unit takes on the clock on the wall.
_MINUTES = {"minutes": 1, "hours": 60, "days": 1440, "working_hours": 192, "working_days": 2016}


def length(within: Within) -> int:
    """About how many minutes a span takes on the clock on the wall."""
    return within.amount * _MINUTES[within.unit]


Check = Callable[[Plan, Source, Notes], None]
_CHECKS: tuple[Check, ...] = (_ids, _levels, _references, _acts, _periods, _circles, _chains, _twice)
