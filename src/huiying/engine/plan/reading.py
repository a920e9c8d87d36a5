"""A plan's text becomes a `Plan`, or findings that say where and how to mend it."""

import dataclasses
import hashlib
from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huiying.engine.fields import Fields, Notes
from huiying.engine.findings import Finding
from huiying.engine.plan import rules, sections
from huiying.engine.plan.consistency import consistent
from huiying.engine.plan.evidence import read_level
from huiying.engine.plan.extending import resolved
from huiying.engine.plan.model import NOTHING, Duty, Level, Plan, Step
from huiying.engine.plan.sentences import act_text, since_text, why_text
from huiying.engine.spans import Counting, Within
from huiying.engine.text import Text
from huiying.engine.toml import Node, parse

FORMAT = 1


def read_plan(
    text: str, *, file: str, library: Mapping[str, str] | None = None
) -> tuple[Plan | None, list[Finding]]:
    """The plan, or None where an error forbids using it; and all that was found.

    `library` holds the texts of plans that others may extend, by id. Findings are in the order of the file.
    """
    notes = Notes("plan")
    root, broken = parse(text, file=file)
    if root is None:
        return None, broken
    own = root.table.get("id")
    whole = resolved(root, library or {}, notes, (str(own.value),) if own else ())
    plan = _plan(whole, notes, hashlib.sha256(text.encode()).hexdigest())
    if not notes.failed:
        consistent(plan, whole, notes)
    notes.found.sort(key=lambda item: (item.place.file != file, item.place.file, item.place.line or 0))
    return (None if notes.failed else plan), notes.found


def _counting(root: Node, notes: Notes) -> Counting:
    node = root.table.get("counting")
    if node is None:
        return Counting()
    fields = Fields(node, notes)
    ends = fields.string("day_ends", "midnight", choices=("midnight", "office_close"))
    roll = fields.flag("roll")
    fields.done()
    return Counting(until="office_close" if ends == "office_close" else "midnight", roll=roll)


def _plan(root: Node, notes: Notes, sha256: str) -> Plan:
    fields = Fields(root, notes, _counting(root, notes))
    for known in ("counting", "drop", "embedded"):
        fields.get(known)
    fields.integer("format", FORMAT, least=FORMAT, most=FORMAT)
    steps = fields.read("step", rules.step)
    duties = (*fields.read("answer", rules.answer), *fields.read("duty", rules.duty))
    grading = fields.sub("grading")
    recipients = fields.read("recipient", sections.named)
    plan = Plan(
        id=fields.string("id", required=True),
        name=fields.text("name", required=True) or NOTHING,
        sha256=sha256,
        zone=_zone(fields),
        calendar=fields.string("calendar", "CN"),
        extends=fields.string("extends"),
        summary=fields.text("summary") or NOTHING,
        principles=fields.texts("principles"),
        levels=_levels(fields, grading),
        duties=(*duties, *(made for _step, made in steps if made)),
        steps=tuple(made for made, _duty in steps),
        pairs=fields.read("pair", rules.pair),
        chains=fields.read("chain", rules.chain),
        assigning=fields.read("assignment", rules.assigning),
        subjects=fields.read("subject", sections.named),
        places=fields.read("place", sections.named),
        matters=fields.read("matter", sections.named),
        flags=fields.read("flag", sections.named),
        recipients=recipients,
        routes=fields.read("route", sections.route),
        key_periods=fields.read("key_period", sections.key_period),
        watches=fields.read("watch", sections.watch),
        roster=sections.roster(fields.sub("roster"), fields.sub("roles")),
        extending=sections.extending(fields.sub("extension")),
        assess_within=grading.span("assess_within") if grading else None,
        reminders=sections.reminders(fields.sub("reminders")),
        routines=fields.read("routine", rules.routine),
        bodies=fields.read("body", sections.body),
        escalation=fields.read("escalation", sections.escalation),
        default_matter=fields.string("default_matter"),
        promise_max=_clock(fields, "promise", "longest"),
        instruction_within=_clock(fields, "instruction"),
        report_again=sections.report_again(fields.sub("report_again")),
        heighten=sections.heighten(fields.sub("heighten")),
        urge_within=_clock(fields, "urge"),
        approve_within=_clock(fields, "approval"),
        transfer_to=_transfer(fields),
    )
    if grading:
        grading.done()
    fields.done()
    return dataclasses.replace(plan, duties=tuple(_worded(duty, plan) for duty in plan.duties))


def _clock(fields: Fields, table: str, key: str = "within") -> Within | None:
    """The one clock of a small table."""
    sub = fields.sub(table)
    if sub is None:
        return None
    within = sub.span(key, required=True)
    sub.get("source")
    sub.done()
    return within


def _transfer(fields: Fields) -> str:
    sub = fields.sub("transfer")
    to = sub.string("to", "higher") if sub else "higher"
    if sub:
        sub.done()
    return to


def _zone(fields: Fields) -> str:
    name = fields.string("zone", "Asia/Shanghai")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        mend = Text("例：Asia/Shanghai", "For example: Asia/Shanghai")
        message = Text(f"没有这个时区：{name}", f"No such time zone: {name}")
        fields.notes.add("bad-zone", fields.place("zone"), message, mend)
    return name


def _levels(fields: Fields, grading: Fields | None) -> tuple[Level, ...]:
    """The levels; what [grading] says holds for those that do not say it themselves."""
    confirm = rules.roles(grading, "confirm") if grading else ()
    second = grading.flag("second_person") if grading else False
    found = fields.read("level", lambda one: read_level(one, second))
    filled = (dataclasses.replace(level, confirm=level.confirm or confirm or ("head",)) for level in found)
    return tuple(sorted(filled, key=lambda level: level.number))


def _worded(duty: Duty, plan: Plan) -> Duty:
    """The duty with its sentences."""
    steps: dict[str, Step] = {step.id: step for step in plan.steps}
    step = steps[duty.step].name if duty.step in steps else None
    what = duty.what if duty.what.zh else act_text(duty, {item.id: item for item in plan.recipients}, step)
    names = {f"step:{item.id}": item.name for item in plan.steps}
    names |= {f"duty:{item.id}": item.what for item in plan.duties if item.what.zh}
    why = why_text(since_text(duty.since, names), duty.within, duty.source, every=duty.every)
    return dataclasses.replace(duty, what=what, why=why)
