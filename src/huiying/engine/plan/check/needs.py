"""Whom a plan needs, for what, and how soon: the questions that are put to a roster."""

from collections.abc import Iterator
from dataclasses import dataclass

from huiying.engine.findings import Place
from huiying.engine.plan.chains import in_turn, roles_of
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
    within: Within | None  # None: somebody at every instant, and nobody stands in
    place: Place
    unit: str = ""
    act: str = ""  # the journal kind that it is, where it is one


def level_place(source: Source, level: Level) -> Place:
    """Where a level stands."""
    for _kind, node in source.each("level"):
        if node.table["number"].value == level.number:
            return node.place
    return source.root.place


def needs(plan: Plan, source: Source, units: tuple[str, ...] = ()) -> Iterator[Need]:
    """Every need of the plan; those of acceptance by units for each of `units`."""
    for role in plan.roster.always:
        place = _table(source, "roster")
        yield Need(role=role, what=Text("随时在岗", "be on duty at every instant"), within=None, place=place)
    yield from confirming(plan, source)
    for duty in plan.duties:
        unit = duty.unit if duty.unit != "lead" else ""
        place = source.rule(duty).place
        yield Need(role=duty.role, what=duty.what, within=duty.within, place=place, unit=unit, act=duty.act)
    yield from _pairs(plan, source)
    yield from _approving(plan, source)
    yield from _assigning(plan, source, units)
    yield from _asked(plan, source)


def _table(source: Source, name: str) -> Place:
    return source.root.table[name].place if name in source.root.table else source.root.place


def confirming(plan: Plan, source: Source) -> Iterator[Need]:
    """Somebody who sets each level."""
    for level in plan.levels:
        clocks = [duty.within for duty in _grading(plan, level)] + [plan.assess_within or _A_DAY]
        what = Text(f"确认等级“{level.name.zh}”", f'confirm the level "{level.name.en}"')
        yield Need(
            role="|".join(level.confirm),
            what=what,
            within=min(clocks[:1] or clocks, key=length),
            place=level_place(source, level),
            act="level_confirmed",
        )


def _grading(plan: Plan, level: Level) -> list[Duty]:
    found = (duty for duty in plan.duties if duty.act == "level_confirmed")
    return [duty for duty in found if not duty.applies.levels or level.number in duty.applies.levels]


def _pairs(plan: Plan, source: Source) -> Iterator[Need]:
    steps = {step.id: step for step in plan.steps}
    for pair in plan.pairs:
        place = source.of(pair.id, "pair").place
        for step in (steps[id] for id in pair.steps if id in steps):
            yield Need(role=step.role, what=step.name, within=pair.within, place=place, act=step.act)


def _approving(plan: Plan, source: Source) -> Iterator[Need]:
    nodes = [node for _kind, node in source.each("chain")]
    what = Text("审批文稿", "approve texts")
    for chain, node in zip(plan.chains, nodes, strict=False):
        for part in in_turn(chain.roles) if plan.approve_within else ():
            yield Need(role=part, what=what, within=plan.approve_within, place=node.place, act="approved")


def _assigning(plan: Plan, source: Source, units: tuple[str, ...]) -> Iterator[Need]:
    nodes = [node for _kind, node in source.each("assignment")]
    accept, report = (
        Text("接办或退办", "accept or return an assignment"),
        Text("报办理结果", "report its result"),
    )
    for rule, node in zip(plan.assigning, nodes, strict=False):
        for unit in units:
            for what, within, act in (
                (accept, rule.accept, "accepted"),
                (report, rule.report, "unit_reported"),
            ):
                if within:
                    yield Need(role="handler", what=what, within=within, place=node.place, unit=unit, act=act)
        if rule.review:
            what = Text("审核退办", "decide on a return")
            yield Need(role="office", what=what, within=rule.review, place=node.place, act="assigned")


def _asked(plan: Plan, source: Source) -> Iterator[Need]:
    """What comes to be owed by being asked for."""
    for table, role, within, act, what in (
        (
            "extension",
            plan.extending.role,
            plan.extending.decide,
            "extension_granted",
            Text("审批延期", "decide on more time"),
        ),
        (
            "instruction",
            "office",
            plan.instruction_within,
            "instruction_done",
            Text("落实批示", "carry out instructions"),
        ),
    ):
        if within:
            yield Need(role=role, what=what, within=within, place=_table(source, table), act=act)


def asked_by(plan: Plan, source: Source) -> dict[str, tuple[Place, Text]]:
    """For each role that a plan needs, where it first asks for it and for what."""
    found: dict[str, tuple[Place, Text]] = {}
    for need in needs(plan, source):
        for role in need.role.split("|"):
            found.setdefault(role, (need.place, need.what))
    for step in plan.steps:
        found.setdefault(step.role, (source.of(step.id, "step").place, step.name))
    nodes = [node for _kind, node in source.each("chain")]
    for chain, node in zip(plan.chains, nodes, strict=False):
        for role in (role for step in chain.roles for role in roles_of(step)):
            found.setdefault(role, (node.place, Text("审批文稿", "approve texts")))
    return found
