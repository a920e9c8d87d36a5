"""What stands in a plan's flow chart, and what comes after what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from huiying.engine.plan.consistency import length
from huiying.engine.plan.model import NOTHING, Duty, Plan, Step, Watch
from huiying.engine.plan.sentences import since_text
from huiying.engine.plan.words import applies_text, levels_text, role_text
from huiying.engine.text import Text

Zone = Literal["before", "lanes", "close", "after"]
#: Where the acts of the beginning stand, from the top.
_ORDER = {"opened": 0, "mentions_added": 0, "verified": 1, "level_proposed": 2, "level_confirmed": 3}
#: What a duty outside the steps is measured from, where the chart shows it after closing.
_AFTERWARDS = ("closed", "reopened", "called_back", "reviewed", "archived")


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One box of the chart."""

    id: str  # "step:<id>", "duty:<id>", "watch:<n>"
    title: Text
    who: Text = NOTHING
    when: tuple[Text, ...] = ()  # its deadlines, each in words
    zone: Zone
    levels: tuple[int, ...] = ()  # lanes it stands in; none: all
    after: tuple[str, ...] = ()  # nodes that come before it
    asks: Step | Duty | None = None  # what does it
    rules: tuple[str, ...] = ()  # duties that it stands for
    minutes: int = 10**6  # its shortest deadline, about: what is soonest stands first


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The boxes in the order of reading, and pairs of them that go together."""

    nodes: tuple[Node, ...]
    pairs: tuple[tuple[Text, tuple[str, ...]], ...] = ()

    def of(self, zone: Zone) -> list[Node]:
        """The boxes of one part of the chart."""
        return [node for node in self.nodes if node.zone == zone]


def when_text(plan: Plan, duty: Duty, *, whose: bool = False) -> Text:
    """The deadline of a duty in a few words; with `whose` also for which cases."""
    names = {f"step:{step.id}": step.name for step in plan.steps}
    names |= {f"duty:{other.id}": other.what for other in plan.duties}
    since, span = since_text(duty.since, names), duty.within.text
    zh, en = f"自{since.zh}起 {span.zh}内", f"within {span.en} of {since.en}"
    if duty.every:
        zh, en = f"每 {span.zh}一次", f"every {span.en}"
    if duty.within.amount == 0:
        zh, en = f"{span.zh}内", f"on {span.en}"
    only = applies_text(plan, duty.applies) if whose else NOTHING
    return Text(f"{only.zh}：{zh}", f"{only.en}: {en}") if only.zh else Text(zh, en)


def flow(plan: Plan) -> Flow:
    """The chart of a plan."""
    taken: set[str] = set()
    nodes = [_of_step(plan, step, taken) for step in plan.steps]
    nodes += [_of_duty(plan, duty) for duty in plan.duties if duty.id not in taken]
    nodes += [_of_watch(plan, index, watch) for index, watch in enumerate(plan.watches)]
    nodes = [*_missing(nodes), *nodes]
    nodes = [_placed(node, nodes) for node in nodes]
    pairs = tuple((pair.name, tuple(f"step:{id}" for id in pair.steps)) for pair in plan.pairs)
    return Flow(nodes=tuple(nodes), pairs=pairs)


def _exactly(asks: Step | Duty) -> tuple[str, ...]:
    return asks.act, asks.to, asks.stage, asks.form, asks.step if asks.act == "done" else ""


def _rules_of(plan: Plan, step: Step) -> list[Duty]:
    """The duties that a step stands for."""
    named = [duty for duty in plan.duties if duty.id in (step.duty, f"step:{step.id}")]
    if named:
        return named
    return [duty for duty in plan.duties if _exactly(duty) == _exactly(step) and _meets(step, duty)]


def _meets(step: Step, duty: Duty) -> bool:
    levels = step.applies.levels
    within = not levels or (bool(duty.applies.levels) and set(duty.applies.levels) <= set(levels))
    return within and not duty.where and duty.since not in _AFTERWARDS


def _of_step(plan: Plan, step: Step, taken: set[str]) -> Node:
    rules = _rules_of(plan, step)
    taken.update(duty.id for duty in rules)
    several = len(rules) > 1
    return Node(
        id=f"step:{step.id}",
        title=step.name,
        who=role_text(plan, rules[0].role if step.duty and rules else step.role),
        when=tuple(when_text(plan, duty, whose=several) for duty in rules),
        zone=_zone(step.act, step.phase, step.applies.levels),
        levels=step.applies.levels,
        after=tuple(f"step:{id}" for id in step.after),
        asks=step,
        rules=tuple(duty.id for duty in rules),
        minutes=min((length(duty.within) for duty in rules), default=10**6),
    )


def _zone(act: str, phase: str, levels: Sequence[int]) -> Zone:
    if act == "closed":
        return "close"
    if phase == "close":
        return "after"
    return "before" if phase in ("collect", "verify") and not levels else "lanes"


def _of_duty(plan: Plan, duty: Duty) -> Node:
    later = duty.closing or duty.since in _AFTERWARDS
    after = (duty.since,) if duty.since.startswith(("duty:", "step:")) else ()
    whose = bool(duty.applies.matters or duty.applies.subjects or duty.applies.addressees)
    return Node(
        id=f"duty:{duty.id}",
        title=duty.what,
        who=role_text(plan, duty.role),
        when=(when_text(plan, duty, whose=whose),),
        zone="after" if later else _zone(duty.act, duty.phase, duty.applies.levels),
        levels=duty.applies.levels,
        after=after,
        asks=duty,
        rules=(duty.id,),
        minutes=length(duty.within),
    )


def _of_watch(plan: Plan, index: int, watch: Watch) -> Node:
    span = watch.lasts.text
    levels = levels_text(plan, watch.levels)
    return Node(
        id=f"watch:{index}",
        title=Text(f"继续关注 {span.zh}", f"Keep watching for {span.en}"),
        who=levels,
        when=(Text("反复的重新办理", "a relapse reopens the case"),),
        zone="after",
        levels=watch.levels,
    )


def _missing(nodes: Sequence[Node]) -> Iterator[Node]:
    """What every matter goes through, where the plan has no box for it."""
    acts = {node.asks.act for node in nodes if node.asks}
    if "opened" not in acts:
        yield _plain("opened", Text("收集登记", "Collect and register"), "before")
    if "level_confirmed" not in acts:
        yield _plain("level_confirmed", Text("研判定级", "Assess and grade"), "before")
    if "closed" not in acts:
        yield _plain("closed", Text("办结", "Close"), "close")


def _plain(act: str, title: Text, zone: Zone) -> Node:
    step = Step(id=f"_{act}", name=title, phase="", role="", act=act)
    return Node(id=f"step:_{act}", title=title, zone=zone, asks=step)


def order(node: Node) -> int:
    """How far down the beginning a box stands by its act alone."""
    return _ORDER.get(node.asks.act, 2) if node.asks else 0


def _placed(node: Node, nodes: Sequence[Node]) -> Node:
    """The box with only such boxes before it as stand in the same part of the chart, or the beginning's own order."""
    zone = {other.id for other in nodes if other.zone == node.zone}
    after = tuple(id for id in node.after if id in zone and id != node.id)
    if node.zone == "before" and not after:
        mine = order(node)
        earlier = [other for other in nodes if other.zone == "before" and order(other) < mine]
        last = max((order(other) for other in earlier), default=None)
        after = tuple(other.id for other in earlier if order(other) == last)
    return replace(node, after=after)
