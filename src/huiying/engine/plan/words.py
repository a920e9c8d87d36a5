"""How a plan's parts are named in sentences: roles, levels, to what a rule applies, whom it reports to."""

from collections.abc import Iterable, Sequence

from huiying.engine.plan.assessing import Evidence, explain
from huiying.engine.plan.chains import parts
from huiying.engine.plan.model import (
    ANY_PERIOD,
    NOTHING,
    Applies,
    Chain,
    Duty,
    Group,
    KeyPeriod,
    Level,
    Named,
    Plan,
    ReportAgain,
)
from huiying.engine.plan.sentences import FORM_NAMES, ROLE_NAMES
from huiying.engine.text import Text

HOW_NAMES = {
    "story": Text("由话题立件", "opened from a story"),
    "mention": Text("由帖文立件", "opened from a post"),
    "transfer": Text("上级转交", "transferred by a higher office"),
    "hand": Text("人工登记", "entered by hand"),
}
PHASE_NAMES = {
    "collect": Text("收集", "Collect"),
    "verify": Text("核实研判", "Verify and assess"),
    "report": Text("报送", "Report"),
    "handle": Text("处置", "Handle"),
    "close": Text("办结以后", "Close and after"),
}


def joined(texts: Iterable[Text], zh: str = "、", en: str = ", ") -> Text:
    """Several words in a row."""
    found = [text for text in texts if text.zh]
    return Text(zh.join(text.zh for text in found), en.join(text.en for text in found))


def capital(text: Text) -> Text:
    """The text as a sentence begins."""
    return Text(text.zh, text.en[:1].upper() + text.en[1:])


def role_text(plan: Plan, role: str) -> Text:
    """A role as the plan calls it; several joined by "|" are any of them, parts joined by "&" all of them at once."""
    each = [_part_text(plan, part) for part in parts(role)]
    if len(each) == 1:
        return each[0]
    both = joined(
        (_bracketed(text) if "|" in part else text for part, text in zip(parts(role), each, strict=True)),
        " 与 ",
        " and ",
    )
    return Text(f"{both.zh} 同时", f"{both.en} at once")


def _bracketed(text: Text) -> Text:
    return Text(f"（{text.zh}）", f"({text.en})")


def _part_text(plan: Plan, part: str) -> Text:
    found = (plan.role_name(one) or ROLE_NAMES.get(one, Text(one, one)) for one in part.split("|"))
    return joined(found, " 或 ", " or ")


def roles_text(plan: Plan, roles: Iterable[str]) -> Text:
    """Roles in a row."""
    return joined(role_text(plan, role) for role in roles)


def level_text(plan: Plan, number: int | None) -> Text:
    """The name of a level."""
    level = plan.level(number)
    return level.name if level else Text("未定级", "not yet graded")


def confirmers_text(plan: Plan, level: Level) -> Text:
    """Who confirms a level."""
    who = joined((role_text(plan, role) for role in level.confirm), "或", " or ")
    if not level.second_person:
        return who
    return Text(f"提出人以外的{who.zh}", f"{who.en}, not by whoever proposed it")


def levels_text(plan: Plan, numbers: Iterable[int]) -> Text:
    """Names of levels in a row."""
    return joined(level_text(plan, number) for number in numbers)


def names_text(ids: Iterable[str], known: Sequence[Named | KeyPeriod]) -> Text:
    """Names of what the plan lists by id."""
    names = {item.id: item.name for item in known}
    return joined(names.get(id, Text(id, id)) for id in ids)


def applies_text(plan: Plan, applies: Applies) -> Text:
    """To which cases something applies; empty where it applies to all."""
    words = Text("、".join(applies.addressees), ", ".join(applies.addressees))
    return joined(
        (
            levels_text(plan, applies.levels),
            names_text(applies.matters, plan.matters),
            names_text(applies.subjects, plan.subjects),
            joined(HOW_NAMES.get(how, Text(how, how)) for how in applies.hows),
            Text(f"来件对象含{words.zh}", f"addressed to {words.en}") if words.zh else NOTHING,
            periods_text(plan, applies.periods),
        ),
        "；",
        "; ",
    )


def periods_text(plan: Plan, periods: Sequence[str]) -> Text:
    """The key periods in which a case was opened, in words."""
    if ANY_PERIOD in periods:
        return Text("重点时段内", "in a key period")
    names = names_text(periods, plan.key_periods)
    return Text(f"{names.zh}期间", f"during {names.en}") if names.zh else NOTHING


def recipient_text(plan: Plan, id: str) -> Text:
    """Whom something is reported to."""
    found = plan.recipient(id)
    return found.name if found else Text(id, id)


def form_text(form: str) -> Text:
    """The form of a text."""
    return FORM_NAMES.get(form, Text(form, form))


def again_text(rule: ReportAgain) -> Text:
    """By how much a matter has to grow before it is reported again."""
    return Text(
        f"帖文达到前报时的 {rule.times:g} 倍、且至少多 {rule.least} 条",
        f"{rule.times:g} times the posts of the report before, and at least {rule.least} more",
    )


def chain_text(plan: Plan, chain: Chain) -> Text:
    """To which texts a chain applies; empty where it applies to all."""
    sure = {
        True: Text("起草人拿不准的", "where the drafter is unsure"),
        False: Text("起草人拿得准的", "where the drafter is sure"),
        None: NOTHING,
    }
    forms = joined(form_text(form) for form in chain.forms)
    return joined((levels_text(plan, chain.levels), forms, sure[chain.unsure]), "；", "; ")


def approvers_text(plan: Plan, roles: Iterable[str]) -> Text:
    """Who approves, in order."""
    return joined((role_text(plan, role) for role in roles), " → ", " → ")


def group_text(plan: Plan, group: Group) -> Text:
    """Conditions that together are enough, in words."""
    found = [reason.text for reason in explain(group, Evidence(), plan)]
    first, rest = found[:1], [Text(text.zh, text.en[:1].lower() + text.en[1:]) for text in found[1:]]
    return joined((*first, *rest), "，且", ", and ")


_WHERE = {
    "solved": Text("问题已解决", "it was solved"),
    "satisfied": Text("诉求人满意", "the person was satisfied"),
    "outcome": Text("核实结果", "the outcome of the check"),
    "relapse": Text("反复", "it is a relapse"),
}
_VALUES = {
    "true": Text("属实", "true"),
    "partly": Text("部分属实", "partly true"),
    "untrue": Text("不实", "untrue"),
    "unclear": Text("不清", "unclear"),
    True: Text("是", "yes"),
    False: Text("否", "no"),
}


def where_text(duty: Duty) -> Text:
    """What the entry that a rule is measured from must say."""
    found = []
    for key, values in duty.where:
        said = joined((_value(value) for value in values), "或", " or ")
        name = _WHERE.get(key, Text(key, key))
        found.append(Text(f"“{name.zh}”为{said.zh}", f'"{name.en}" is {said.en}'))
    return joined(found, "，且", ", and ")


def _value(value: object) -> Text:
    known = _VALUES.get(value) if isinstance(value, str | bool) else None
    return known or Text(str(value), str(value))
