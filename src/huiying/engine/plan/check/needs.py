"""Whom a plan needs, for what, and how soon: the questions that are put to a roster."""

from collections.abc import Iterator
from dataclasses import dataclass

from huiying.engine.findings import Place
from huiying.engine.plan.consistency import Source, length
from huiying.engine.plan.model import Duty, Level, Plan
from huiying.engine.spans import Within
from huiying.engine.text import Text

#: Until somebody has to set a level, where a plan gives no time for it.
_A_DAY = Within(amount=1, unit="working_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Somebody in a role has to be there to do something within a time."""

    role: str  # several joined by "|": any of them
    what: Text
    within: Within | None  # None: somebody at every instant
    place: Place
    unit: str = ""


def level_place(source: Source, level: Level) -> Place:
    """Where a level stands."""
    for _kind, node in source.each("level"):
        if node.table["number"].value == level.number:
            return node.place
    return source.root.place


def needs(plan: Plan, source: Source, units: tuple[str, ...] = ()) -> Iterator[Need]:
    """Every need of the plan; those of acceptance by units for each of `units`."""
    for role in plan.roster.always:
        place = source.root.table["roster"].place if "roster" in source.root.table else source.root.place
        yield Need(role=role, what=Text("随时在岗", "be on duty at every instant"), within=None, place=place)
    yield from _confirming(plan, source)
    for duty in plan.duties:
        if not duty.closing:
            unit = duty.unit if duty.unit != "lead" else ""
            yield Need(
                role=duty.role, what=duty.what, within=duty.within, place=source.rule(duty).place, unit=unit
            )
    yield from _accepting(plan, source, units)


def _confirming(plan: Plan, source: Source) -> Iterator[Need]:
    for level in plan.levels:
        clocks = [duty.within for duty in _grading(plan, level)] + [plan.assess_within or _A_DAY]
        what = Text(f"确认等级“{level.name.zh}”", f'confirm the level "{level.name.en}"')
        place = level_place(source, level)
        yield Need(
            role="|".join(level.confirm), what=what, within=min(clocks[:1] or clocks, key=length), place=place
        )


def _grading(plan: Plan, level: Level) -> list[Duty]:
    found = (duty for duty in plan.duties if duty.act == "level_confirmed")
    return [duty for duty in found if not duty.applies.levels or level.number in duty.applies.levels]


def _accepting(plan: Plan, source: Source, units: tuple[str, ...]) -> Iterator[Need]:
    nodes = [node for _kind, node in source.each("assignment")]
    for rule, node in zip(plan.assigning, nodes, strict=False):
        for unit in units if rule.accept else ():
            what = Text("接办或退办", "accept or return an assignment")
            yield Need(role="handler", what=what, within=rule.accept, place=node.place, unit=unit)


def asked_by(plan: Plan, source: Source) -> dict[str, tuple[Place, Text]]:
    """For each role that a plan needs, where it first asks for it and for what."""
    found: dict[str, tuple[Place, Text]] = {}
    for need in needs(plan, source):
        for role in need.role.split("|"):
            found.setdefault(role, (need.place, need.what))
    for step in plan.steps:
        found.setdefault(step.role, (source.of(step.id, "step").place, step.name))
    for duty in plan.duties:
        found.setdefault(duty.role, (source.rule(duty).place, duty.what))
    nodes = [node for _kind, node in source.each("chain")]
    for chain, node in zip(plan.chains, nodes, strict=False):
        for role in (role for step in chain.roles for role in step.split("|")):
            found.setdefault(role, (node.place, Text("审批文稿", "approve texts")))
    return found
