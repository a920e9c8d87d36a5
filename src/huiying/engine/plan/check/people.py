"""Somebody for everything, at every instant: holders of roles, ways to reach them, units, and gaps in their hours."""

from collections.abc import Iterable

from huiying.engine.calendar import UnknownYear
from huiying.engine.findings import Place
from huiying.engine.plan.check.needs import Need, asked_by, needs
from huiying.engine.plan.check.proofs import Proofs
from huiying.engine.plan.check.roster import Presence, Roster, Span
from huiying.engine.plan.consistency import Source, at
from huiying.engine.plan.instants import clock, stretch
from huiying.engine.plan.model import Plan
from huiying.engine.plan.words import role_text
from huiying.engine.text import Text


def prove_holders(plan: Plan, source: Source, roster: Roster, proofs: Proofs) -> None:
    """Every role held, every holder reached, every unit there and staffed."""
    _roles(plan, source, roster, proofs)
    _contacts(plan, roster, proofs)
    _units(plan, roster, proofs)
    _routes(plan, source, roster, proofs)


def _roles(plan: Plan, source: Source, roster: Roster, proofs: Proofs) -> None:
    asked = asked_by(plan, source)
    for role in sorted(plan.roles):
        if roster.holders(role):
            continue
        place, what = asked.get(role, (source.root.place, plan.name))
        name = role_text(plan, role)
        proofs.add(
            "plan.role-without-holder",
            place,
            Text(f"没有人担任“{name.zh}”（{role}）", f'Nobody is "{name.en}" ({role})'),
            because=Text(
                f"预案要求其“{what.zh}”，而{roster.name}里没有人有角色 {role}",
                f'The plan asks for "{what.en}", and nobody in {roster.name} has the role {role}',
            ),
            mend=Text(f"给一个人加上角色 {role}", f"Give somebody the role {role}"),
        )


def _contacts(plan: Plan, roster: Roster, proofs: Proofs) -> None:
    for person in roster.people:
        roles = [role for role in person.roles if role in plan.roles]
        if not roles or person.reachable:
            continue
        names = "、".join(role_text(plan, role).zh for role in roles)
        english = ", ".join(role_text(plan, role).en for role in roles)
        failing = Text(
            f"登记了 {len(person.contacts)} 种联络方式，都不通",
            f"{len(person.contacts)} contacts, all failing",
        )
        none = Text("没有登记联络方式", "no contact is registered")
        why = failing if person.contacts else none
        proofs.add(
            "roster.no-contact",
            person.place,
            Text(f"“{person.name}”没有能用的联络方式", f'"{person.name}" cannot be reached'),
            because=Text(f"其角色是{names}；{why.zh}", f"They are {english}; {why.en}"),
            mend=Text("补一个能用的联络方式并试发", "Add a contact that works, and test it"),
        )


def _units(plan: Plan, roster: Roster, proofs: Proofs) -> None:
    if plan.roster.units and not roster.units:
        proofs.add(
            "roster.no-units",
            roster.place,
            Text("没有单位可以交办", "There is no unit to hand anything to"),
            because=Text(
                "预案要求每个单位有人承办，值班表里一个单位也没有",
                "The plan hands matters to units; the roster has none",
            ),
            mend=Text("写 [[unit]]", "Write [[unit]]"),
        )
    for unit in roster.units:
        for role in plan.roster.units:
            if roster.holders(role, unit.code):
                continue
            name = role_text(plan, role)
            proofs.add(
                "roster.unit-without-holder",
                unit.place,
                Text(f"“{unit.name}”没有“{name.zh}”", f'"{unit.name}" has no "{name.en}"'),
                because=Text(
                    f"预案要求每个单位都有（{role}）", f"The plan asks for one in every unit ({role})"
                ),
                mend=Text(f"指定一个人在该单位担任 {role}", f"Give somebody the role {role} in that unit"),
            )


def _routes(plan: Plan, source: Source, roster: Roster, proofs: Proofs) -> None:
    for name, place in _wanted_units(plan, source):
        if roster.unit(name) is not None:
            continue
        known = "、".join(unit.name for unit in roster.units) or "—"
        proofs.add(
            "plan.route-nowhere",
            place,
            Text(f"去向“{name}”不是任何单位", f'The route leads to "{name}", which is no unit'),
            because=Text(
                f"{roster.name}里的单位是：{known}；代码、名称、别名都不是“{name}”",
                f'The units of {roster.name} are: {known}; none has "{name}" as code, name or alias',
            ),
            mend=Text("改成现有单位，或添这个单位", "Name a unit that exists, or add this one"),
        )


def _wanted_units(plan: Plan, source: Source) -> Iterable[tuple[str, Place]]:
    nodes = [node for _kind, node in source.each("route")]
    for route, node in zip(plan.routes, nodes, strict=False):
        yield route.unit, at(node, "unit")
    for subject in plan.subjects:
        if subject.unit:
            yield subject.unit, at(source.of(subject.id, "subject"), "unit")
    for duty in plan.duties:
        if duty.unit and duty.unit != "lead":
            yield duty.unit, at(source.rule(duty), "unit")


# Instants


def prove_presence(plan: Plan, source: Source, presence: Presence, proofs: Proofs) -> None:
    """At every instant of the time somebody is there for whatever may come to be owed."""
    roster = presence.roster
    staffed = tuple(unit.code for unit in roster.units if roster.holders("handler", unit.code))
    fine = 0
    for need in needs(plan, source, staffed):
        if not any(roster.holders(role, need.unit) for role in need.role.split("|")):
            continue  # said elsewhere
        gaps = presence.gaps(need.role, need.unit, act=need.act, held=need.within is None)
        bad = [gap for gap in gaps if too_long(need, gap, presence)]
        fine += not bad
        if bad:
            _nobody(plan, need, bad, presence, proofs)
    begins, ends = clock(presence.start, presence.calendar), clock(presence.end, presence.calendar)
    proofs.show(
        Text(f"{fine} 项要求随时有人能按时办", f"For {fine} requirements somebody can always act in time"),
        Text(
            f"逐段查过 {begins.zh} 到 {ends.zh} 之间无人在的时段，没有一段长过期限",
            f"Every stretch without anybody from {begins.en} to {ends.en} is shorter than the time allowed",
        ),
    )


def too_long(need: Need, gap: Span, presence: Presence) -> bool:
    """Whether what begins with the gap is due before it ends."""
    if need.within is None:
        return True
    try:
        return need.within.due(gap[0], presence.calendar) <= gap[1]
    except UnknownYear:
        return False  # said of the calendar


def _nobody(plan: Plan, need: Need, bad: list[Span], presence: Presence, proofs: Proofs) -> None:
    begins, ends = bad[0]
    calendar, name = presence.calendar, role_text(plan, need.role)
    unit = presence.roster.unit(need.unit) if need.unit else None
    whose = Text(f"“{unit.name}”的{name.zh}", f'{name.en} of "{unit.name}"') if unit else name
    start, end, long = clock(begins, calendar), clock(ends, calendar), stretch(ends - begins)
    times = (
        Text(f"，这样的时段共 {len(bad)} 段", f"; {len(bad)} such stretches")
        if len(bad) > 1
        else Text("", "")
    )
    because = Text(
        f"{start.zh} 到 {end.zh}（{long.zh}）没有人{times.zh}",
        f"From {start.en} to {end.en} ({long.en}) nobody is there{times.en}",
    )
    if need.within is not None:
        due = clock(need.within.due(begins, calendar), calendar)
        because = Text(
            f"{because.zh}；{start.zh} 起算的要在 {due.zh} 前办（{need.within.text.zh}内）",
            f"{because.en}; what begins at {start.en} is due by {due.en} (within {need.within.text.en})",
        )
    proofs.add(
        "plan.nobody-there",
        need.place,
        Text(
            f"有时没有{whose.zh}能“{need.what.zh}”",
            f'At times there is no {whose.en.removeprefix("the ")} to "{need.what.en}"',
        ),
        because=because,
        mend=Text(
            "给这些时段排班，或让有人随时可联络",
            "Put somebody on duty then, or make somebody reachable at any hour",
        ),
    )
