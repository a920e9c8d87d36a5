"""The plan told in plain sentences: what brings which level, who owes what by when, who approves, how it ends."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from huiying.engine.plan.chains import in_turn
from huiying.engine.plan.model import Assigning, Duty, KeyPeriod, Level, Plan, Step
from huiying.engine.plan.telling import Line, Section, clause, duty_lines, line, only
from huiying.engine.plan.vocabulary import PHASES
from huiying.engine.plan.words import (
    PHASE_NAMES,
    again_text,
    applies_text,
    approvers_text,
    capital,
    chain_text,
    confirmers_text,
    form_text,
    group_text,
    joined,
    levels_text,
    names_text,
    recipient_text,
    role_text,
    roles_text,
)
from huiying.engine.spans import Within
from huiying.engine.text import Text


def told(plan: Plan) -> tuple[Section, ...]:
    """The whole plan; sections of which it says nothing are left out."""
    found = (Section(id=id, title=title, lines=tuple(tell(plan))) for id, (title, tell) in _SECTIONS.items())
    return tuple(section for section in found if section.lines)


def as_text(plan: Plan, language: str) -> str:
    """The plan as Markdown in one language."""
    parts = [f"# {plan.name.say(language)}"]
    for section in told(plan):
        parts.append(f"\n## {section.title.say(language)}\n")
        for one in section.lines:
            parts.append(f"- {one.text.say(language)}")
            parts += [f"  - {text.say(language)}" for text in one.below]
    return "\n".join(parts) + "\n"


# What it is


def _about(plan: Plan) -> Iterator[Line]:
    if plan.summary.zh:
        yield Line(text=plan.summary)
    yield from (Line(text=text) for text in plan.principles)
    if plan.extends:
        yield line(f"沿用预案“{plan.extends}”。", f'It extends the plan "{plan.extends}".')
    yield line(
        f"时限按 {plan.zone} 时间、工作日历“{plan.calendar}”计算：分钟和小时连续计，夜间和节假日也算；工作日当天不计，算到末日 24 点或下班。",
        f'Times are counted in {plan.zone} by the calendar "{plan.calendar}": minutes and hours run through nights and holidays; '
        "of working days the day of the event does not count, and the last one ends at 24:00 or at close of office.",
    )


def _people(plan: Plan) -> Iterator[Line]:
    for body in plan.bodies:
        roles = roles_text(plan, body.roles)
        yield line(
            f"{body.name.zh}" + (f"：{roles.zh}" if roles.zh else ""),
            f"{body.name.en}" + (f": {roles.en}" if roles.en else ""),
            (*body.duties, *clause(body.source)),
        )
    always, units = roles_text(plan, plan.roster.always), roles_text(plan, plan.roster.units)
    if always.zh:
        yield line(
            f"每时每刻都要有人在岗：{always.zh}。", f"Somebody is on duty at every instant: {always.en}."
        )
    if units.zh:
        yield line(f"每个承办单位都要有：{units.zh}。", f"Every unit has: {units.en}.")


# Levels


def _levels(plan: Plan) -> Iterator[Line]:
    for level in plan.levels:
        who = confirmers_text(plan, level)
        enough = "任一条够了就够" if len(level.groups) > 1 else "依据"
        any_of = "any one of these is enough" if len(level.groups) > 1 else "by this evidence"
        if not level.groups:
            enough, any_of = "没有触发条件，只能由人直接定", "no evidence brings it: only a person can set it"
        yield Line(
            text=Text(
                f"{level.name.zh}（第 {level.number} 级）：由{who.zh}确认；{enough}。",
                f"{level.name.en} (level {level.number}): confirmed by {who.en}; {any_of}.",
            ),
            below=(*_groups(plan, level), *_handling(level), *clause(level.source)),
            level=level.number,
        )
    if plan.assess_within:
        span = plan.assess_within.text
        yield line(
            f"话题达到某一级的条件后，{span.zh}内要有人研判；系统只提出，由人确认。",
            f"Once a story has the evidence for a level, somebody assesses it within {span.en}; the system proposes, a person confirms.",
        )
    if plan.flags:
        names = joined(flag.name for flag in plan.flags)
        yield line(f"只有人能判断的：{names.zh}。", f"Judged by people only: {names.en}.")


def _groups(plan: Plan, level: Level) -> Iterator[Text]:
    for group in level.groups:
        words, own = group_text(plan, group), group.text
        yield Text(f"{own.zh}：{words.zh}", f"{own.en}: {words.en}") if own else words


def _handling(level: Level) -> tuple[Text, ...]:
    if not level.handling.zh:
        return ()
    return (Text(f"处置：{level.handling.zh}", f"Handling: {level.handling.en}"),)


# Duties


def _reports(duty: Duty) -> bool:
    return duty.act == "reported" and not duty.closing


def _answers(duty: Duty) -> bool:
    return duty.act == "published" and not duty.closing


def _others(duty: Duty) -> bool:
    return not (duty.closing or _reports(duty) or _answers(duty))


# Steps


def _step(plan: Plan, step: Step) -> Text:
    duty = plan.duty(step.duty)
    which, who = only(applies_text(plan, step.applies)), role_text(plan, duty.role if duty else step.role)
    names = {other.id: other.name for other in plan.steps}
    before = joined(names[id] for id in step.after if id in names)
    after = Text(f"，在“{before.zh}”之后", f', after "{before.en}"') if before.zh else Text("", "")
    return Text(
        f"{which.zh}{step.name.zh}（{who.zh}）{after.zh}", f"{which.en}{step.name.en} ({who.en}){after.en}"
    )


def _steps(plan: Plan) -> Iterator[Line]:
    for phase in PHASES:
        steps = [step for step in plan.steps if step.phase == phase]
        if steps:
            yield Line(text=PHASE_NAMES[phase], below=tuple(_step(plan, step) for step in steps))
    names = {step.id: step.name for step in plan.steps}
    for pair in plan.pairs:
        both = joined((names.get(id, Text(id, id)) for id in pair.steps), "、", " and ")
        which, span = only(applies_text(plan, pair.applies)), pair.within.text
        yield line(
            f"{which.zh}{pair.name.zh}：{both.zh}一起办，办了其一，其余 {span.zh}内办。",
            f"{which.en}{pair.name.en}: {both.en} go together; once one is done the rest is owed within {span.en}.",
            clause(pair.source),
        )


# Approval


def _approval(plan: Plan) -> Iterator[Line]:
    for chain in plan.chains:
        fits, who = chain_text(plan, chain), approvers_text(plan, chain.roles)
        name = fits if fits.zh else Text("其余", "everything else")
        yield line(
            f"{name.zh}：{who.zh}", f"{name.en[:1].upper()}{name.en[1:]}: {who.en}", clause(chain.source)
        )
        if not fits.zh:
            break  # whatever stands after a chain for everything is never reached
    if not plan.chains:
        yield line("所有文稿：负责人审批。", "Every text: approved by the head.")
    if plan.approve_within:
        span = plan.approve_within.text
        yield line(f"每一步审批 {span.zh}内办。", f"Each step is decided within {span.en}.")
    two = [
        form
        for form in ("correction", "referral")
        if all(len(in_turn(plan.chain(None, form, unsure))) > 1 for unsure in (True, False))
    ]
    if two:
        forms = joined(form_text(form) for form in two)
        yield line(f"{forms.zh}必经两人以上。", f"Needs at least two people: {forms.en}.")


# Routing and assignment


def _routing(plan: Plan) -> Iterator[Line]:
    for route in plan.routes:
        words = Text("、".join(route.addressees), ", ".join(route.addressees))
        names = names_text(route.subjects, plan.subjects)
        told_to = joined(recipient_text(plan, id) for id in route.tell)
        what = joined(
            (
                Text(f"写给{words.zh}的", f"what is addressed to {words.en}") if words.zh else words,
                Text(f"涉及{names.zh}的", f"what concerns {names.en}") if names.zh else names,
            ),
            "，",
            ", ",
        )
        tail = Text(f"，并告知{told_to.zh}", f", and {told_to.en} is told") if told_to.zh else told_to
        yield line(
            f"{what.zh}，交 {route.unit}{tail.zh}。",
            f"{what.en[:1].upper()}{what.en[1:]} goes to {route.unit}{tail.en}.",
            clause(route.source),
        )
    for subject in plan.subjects:
        to = Text(f" → {subject.unit}", f" → {subject.unit}") if subject.unit else Text("", "")
        listed = "、".join(subject.words)
        yield line(f"{subject.name.zh}：{listed}{to.zh}", f"{subject.name.en}: {listed}{to.en}")


def _span(zh: str, en: str, within: Within | None) -> Text:
    if within is None:
        return Text("", "")
    return Text(f"{zh} {within.text.zh}内", f"{en} within {within.text.en}")


def _assigned(plan: Plan, rule: Assigning) -> Line | None:
    clocks = joined(
        (
            _span("接办或退办", "accept or return", rule.accept),
            _span("牵头单位报结果", "the lead unit reports", rule.report),
            _span("配合单位报结果", "cooperating units report", rule.cooperate),
            _span("退办审核", "a return is decided", rule.review),
        ),
        "；",
        "; ",
    )
    if not clocks.zh:
        return None
    which = only(applies_text(plan, rule.applies))
    return line(f"{which.zh}{clocks.zh}。", f"{which.en}{capital(clocks).en}.", clause(rule.source))


def _assigning(plan: Plan) -> Iterator[Line]:
    yield from (found for rule in plan.assigning if (found := _assigned(plan, rule)))
    for zh, en, within in (
        ("领导批示没写日期的，落实", "An instruction without a date is carried out", plan.instruction_within),
        ("催办没写日期的，回复", "An urging notice without a date is answered", plan.urge_within),
    ):
        if within:
            text = _span(zh, en, within)
            yield line(f"{text.zh}。", f"{text.en}.")
    yield from _again(plan)
    yield from _extending(plan)


def _again(plan: Plan) -> Iterator[Line]:
    rule = plan.report_again
    if rule is None:
        return
    which, to, grew = only(applies_text(plan, rule.applies)), recipient_text(plan, rule.to), again_text(rule)
    who = role_text(plan, rule.role)
    yield line(
        f"{which.zh}报{to.zh}后没有批示的，继续监测；{grew.zh}，{who.zh} {rule.within.text.zh}内再报。",
        f"{which.en}Where no instruction follows the report to {to.en}, watch goes on; at {grew.en} it is reported again by {who.en} within {rule.within.text.en}.",
        clause(rule.source),
    )


def _extending(plan: Plan) -> Iterator[Line]:
    rules = plan.extending
    who = role_text(plan, rules.role)
    parts = joined(
        (
            _span(f"由{who.zh}审批，", f"decided by {who.en}", rules.decide),
            Text(f"最多 {rules.most} 次", f"at most {rules.most} times") if rules.most else Text("", ""),
            Text(f"最长 {rules.longest.text.zh}", f"at most {rules.longest.text.en}")
            if rules.longest
            else Text("", ""),
        ),
        "，",
        ", ",
    )
    if parts.zh:
        yield line(
            f"延期：{parts.zh}。".replace("， ", "，"), f"Extensions: {parts.en}.", clause(rules.source)
        )


# Being told


def _ahead(span: timedelta) -> Text:
    minutes = int(span.total_seconds()) // 60
    if minutes % 60 == 0 and minutes:
        hours = minutes // 60
        return Text(f"{hours} 小时", f"{hours} hour{'s' if hours > 1 else ''}")
    return Text(f"{minutes} 分钟", f"{minutes} minutes")


def _told_when(plan: Plan) -> Iterator[Line]:
    if plan.reminders:
        ahead = joined(_ahead(span) for span in plan.reminders)
        yield line(f"到时限前 {ahead.zh}提醒。", f"Reminders {ahead.en} before a deadline.")
    for step in plan.escalation:
        who, after = role_text(plan, step.role), _ahead(step.after)
        if step.after:
            yield line(
                f"超时 {after.zh}仍未办，告知{who.zh}。",
                f"Still undone {after.en} after a deadline: {who.en} is told.",
            )
        else:
            yield line(
                f"一超时就告知{who.zh}。", f"At the very instant of a deadline missed, {who.en} is told."
            )


def _period(plan: Plan, period: KeyPeriod) -> Line:
    days = [first if first == last else f"{first} 至 {last}" for first, last in period.spans]
    days_en = [first if first == last else f"{first} to {last}" for first, last in period.spans]
    if period.holidays:
        days, days_en = [*days, "每个法定节假日"], [*days_en, "every public holiday"]
    often = _ahead(period.interval) if period.interval else None
    return line(
        f"{period.name.zh}：{'、'.join(days)}" + (f"，每 {often.zh}看一次信源" if often else ""),
        f"{period.name.en}: {', '.join(days_en)}"
        + (f"; sources are looked at every {often.en}" if often else ""),
        (*_led(period), *clause(period.source)),
    )


def _led(period: KeyPeriod) -> tuple[Text, ...]:
    if not period.lead:
        return ()
    return (Text("每时每刻都要有人带班。", "Somebody leads the shift at every instant."),)


def _watchfulness(plan: Plan) -> Iterator[Line]:
    yield from (_period(plan, period) for period in plan.key_periods)
    if plan.heighten:
        who = joined((role_text(plan, role) for role in plan.heighten), "或", " or ")
        yield line(
            f"单位自己增设的重点时段，由{who.zh}中的另一人批准。",
            f"A key period that the institution adds itself is approved by another person: {who.en}.",
        )
    if plan.places:
        names = joined(place.name for place in plan.places)
        yield line(f"重点区域：{names.zh}。", f"Key areas: {names.en}.")
    for item in plan.routines:
        who, span = role_text(plan, item.role), item.every.text
        yield line(
            f"{who.zh}每 {span.zh}：{item.what.zh}",
            f"{capital(who).en}, every {span.en}: {item.what.en}",
            clause(item.source),
        )


def _closing(plan: Plan) -> Iterator[Line]:
    yield from duty_lines(lambda duty: duty.closing)(plan)
    for watch in plan.watches:
        levels = levels_text(plan, watch.levels) if watch.levels else Text("各级", "every level")
        span = watch.lasts.text
        yield line(
            f"【{levels.zh}】办结后继续关注 {span.zh}，反复的重新办理。",
            f"[{levels.en}] After closing it is watched for {span.en}; a relapse reopens it.",
            clause(watch.source),
        )


_SECTIONS: dict[str, tuple[Text, Callable[[Plan], Iterator[Line]]]] = {
    "about": (Text("总则", "What it is"), _about),
    "people": (Text("谁来做", "Who does it"), _people),
    "levels": (Text("等级和依据", "Levels and their evidence"), _levels),
    "reports": (Text("向谁报告、多久之内", "Who is told, and within what time"), duty_lines(_reports)),
    "answers": (Text("回应的时限", "When people are answered"), duty_lines(_answers)),
    "deadlines": (Text("其他时限", "Other deadlines"), duty_lines(_others)),
    "approval": (Text("审批", "Approval"), _approval),
    "steps": (Text("步骤", "Steps"), _steps),
    "assigning": (Text("交办、催办和延期", "Assignment, urging and extension"), _assigning),
    "routing": (Text("去向", "Where matters go"), _routing),
    "told": (Text("提醒和升级", "Reminders and escalation"), _told_when),
    "closing": (Text("办结以后", "Closing and after"), _closing),
    "watch": (Text("平时和重点时段", "Every day, and key periods"), _watchfulness),
}
