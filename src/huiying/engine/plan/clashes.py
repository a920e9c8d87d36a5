"""Rules that do not agree, told with the case and the instant that show it."""

from dataclasses import dataclass

from huiying.engine.calendar import Calendar
from huiying.engine.findings import Severity
from huiying.engine.plan.agreement import Clash, Facts
from huiying.engine.plan.instants import clock
from huiying.engine.plan.model import Duty, Plan
from huiying.engine.plan.sentences import since_text
from huiying.engine.plan.witness import evidence_text, reaching
from huiying.engine.plan.words import HOW_NAMES, joined, level_text, names_text, periods_text, role_text
from huiying.engine.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A clash in words; `key` is where in the second rule it stands."""

    code: str
    level: Severity
    key: str
    message: Text
    because: Text
    mend: Text


def told(plan: Plan, clash: Clash, where: str, calendar: Calendar) -> Told:
    """The clash in words; `where` says where the first rule stands."""
    one, two, because = clash.one, clash.two, _because(plan, clash, calendar)
    if clash.kind == "same":
        message = Text(f"与第 {where} 行“{one.id}”要求相同", f'The same as "{one.id}" in line {where}')
        mend = Text("删去一条", "Remove one")
        return Told(code="same-twice", level="warning", key="", message=message, because=because, mend=mend)
    if clash.kind == "owner":
        a, b = role_text(plan, one.role), role_text(plan, two.role)
        message = Text(
            f"同一件事两个人办：“{one.id}”（第 {where} 行）是{a.zh}，“{two.id}”是{b.zh}",
            f'Two owe the same thing: by "{one.id}" (line {where}) {a.en}, by "{two.id}" {b.en}',
        )
        mend = Text("写清由谁办，删去一条", "Say who owes it, and remove one")
        return Told(
            code="same-twice", level="warning", key="who", message=message, because=because, mend=mend
        )
    spans = one.within.text, two.within.text
    message = Text(
        f"同一件事两个期限：“{one.id}”（第 {where} 行）{spans[0].zh}，“{two.id}”{spans[1].zh}",
        f'Two deadlines for the same thing: "{one.id}" (line {where}) {spans[0].en}, "{two.id}" {spans[1].en}',
    )
    mend = Text(
        "用 levels、matters 分开，或删去、drop 一条；只管一部分的规则只能更急",
        "Tell them apart by levels or matters, or drop one; a narrower rule may only ask for more haste",
    )
    return Told(
        code="contradiction", level="error", key="within", message=message, because=because, mend=mend
    )


def _because(plan: Plan, clash: Clash, calendar: Calendar) -> Text:
    case, since = _case(plan, clash.facts), _since(plan, clash.one)
    at, one, two = (clock(it, calendar) for it in (clash.at, clash.due_one, clash.due_two))
    zh = (
        f"{case.zh}，{at.zh} {since.zh}：两条都适用，“{clash.one.id}”到 {one.zh}，“{clash.two.id}”到 {two.zh}"
    )
    en = f'{case.en}, {since.en} at {at.en}: both apply, "{clash.one.id}" is due by {one.en}, "{clash.two.id}" by {two.en}'
    if clash.kind == "more time":
        zh, en = f"{zh}；管得窄的一条反而更宽", f"{en}; the narrower one gives more time"
    return Text(zh, en)


def _since(plan: Plan, duty: Duty) -> Text:
    names = {f"step:{step.id}": step.name for step in plan.steps}
    names |= {f"duty:{other.id}": other.what for other in plan.duties}
    return since_text(duty.since, names)


def _level(plan: Plan, number: int) -> Text:
    """The level, and the least evidence that brings it."""
    name, evidence = level_text(plan, number), reaching(plan, number)
    if evidence is None:
        return name
    seen = evidence_text(evidence, plan)
    return Text(f"{name.zh}，依据：{seen.zh}", f"{name.en} by {seen.en}")


def _case(plan: Plan, facts: Facts) -> Text:
    words = Text(f"写给{facts.addressee}", f"addressed to {facts.addressee}")
    said = joined(
        (
            _level(plan, facts.level) if facts.level else Text("", ""),
            names_text([facts.matter] if facts.matter else [], plan.matters),
            names_text([facts.subject] if facts.subject else [], plan.subjects),
            HOW_NAMES[facts.how] if facts.how != "story" else Text("", ""),
            words if facts.addressee else Text("", ""),
            periods_text(plan, facts.periods),
        ),
        "；",
        "; ",
    )
    return Text(f"一件{f'（{said.zh}）' if said.zh else ''}", f"A case{f' ({said.en})' if said.en else ''}")
