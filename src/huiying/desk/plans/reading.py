"""A plan as a page shows it: what it says, in plain tables and in the language of the page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import unified_diff

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Role
from huiying.desk.shell.times import length
from huiying.engine.assess import Evidence, explain
from huiying.engine.plan.chains import parts
from huiying.engine.plan.model import ANY_PERIOD, Duty, KeyPeriod, Level, Plan
from huiying.engine.plan.vocabulary import PHASES
from huiying.engine.plan.words import again_text, group_text, periods_text
from huiying.engine.spans import Within
from huiying.engine.text import Text


def say(text: Text) -> str:
    """In the language of the page."""
    return text.say(_language())


def _language() -> str:
    return get_language() or "zh-hans"


@dataclass(frozen=True, slots=True)
class Grade:
    """A level: the groups of conditions that are each enough, who confirms, how it is handled."""

    level: Level
    groups: list[tuple[str, list[str]]]
    confirm: str
    handling: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A duty."""

    what: str
    who: str
    why: str
    where: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something else that the plan says."""

    name: str
    words: str


def role(plan: Plan, roles: str) -> str:
    """A role as the plan calls it, else as the desk does; several joined by "|" are any of them, by "&" all at once."""
    each = [_(" 或 ").join(_role(plan, one) for one in part.split("|")) for part in parts(roles)]
    return _("%(roles)s（同时）") % {"roles": " + ".join(each)} if len(each) > 1 else each[0]


def _role(plan: Plan, name: str) -> str:
    own = plan.role_name(name)
    return say(own) if own else str(Role(name).label) if name in Role.values else name


def _roles(plan: Plan, roles: Iterable[str]) -> str:
    return _("、").join(role(plan, one) for one in roles)


def grades(plan: Plan) -> list[Grade]:
    """The levels, gravest first."""
    return [
        Grade(
            level,
            [
                (
                    say(group.text) if group.text else "",
                    [say(reason.text) for reason in explain(group, Evidence(), plan)],
                )
                for group in level.groups
            ],
            _confirm(plan, level),
            say(level.handling),
        )
        for level in plan.levels
    ]


def _confirm(plan: Plan, level: Level) -> str:
    who = _roles(plan, level.confirm)
    return _("%(who)s（提出人以外的人）") % {"who": who} if level.second_person else who


def rules(plan: Plan) -> list[tuple[str, list[Rule]]]:
    """The duties by the step to which they belong."""
    names = {
        "collect": _("收集"),
        "verify": _("核实研判"),
        "report": pgettext("step", "报送"),
        "handle": _("处置"),
        "close": _("办结以后"),
    }
    found = [
        (names[phase], [_rule(plan, duty) for duty in plan.duties if duty.phase == phase]) for phase in PHASES
    ]
    return [(name, duties) for name, duties in found if duties]


def _rule(plan: Plan, duty: Duty) -> Rule:
    return Rule(say(duty.what), role(plan, duty.role), say(duty.why), _("；").join(_where(plan, duty)))


def _where(plan: Plan, duty: Duty) -> Iterator[str]:
    applies = duty.applies
    levels = [say(level.name) for level in plan.levels if level.number in applies.levels]
    subjects = {item.id: say(item.name) for item in (*plan.subjects, *plan.matters)}
    named = [subjects.get(one, one) for one in (*applies.subjects, *applies.matters)]
    for words in (levels, named, list(applies.addressees)):
        if words:
            yield _("、").join(words)
    if applies.periods:
        yield say(periods_text(plan, applies.periods))


def chains(plan: Plan) -> list[Fact]:
    """Who approves what, in order; what stands after a chain for everything is never reached."""
    found: list[Fact] = []
    for chain in plan.chains:
        fits = _("；").join(_fits(plan, chain.levels, chain.forms, chain.unsure))
        found.append(Fact(fits or _("其余"), " → ".join(role(plan, step) for step in chain.roles)))
        if not fits:
            break
    return found


def _fits(plan: Plan, levels: Sequence[int], forms: Sequence[str], unsure: bool | None) -> Iterator[str]:
    if levels:
        yield _("、").join(say(level.name) for level in plan.levels if level.number in levels)
    if forms:
        yield _("、").join(_form(form) for form in forms)
    if unsure is not None:
        yield _("起草人拿不准") if unsure else _("起草人拿得准")


def _form(form: str) -> str:
    names = {
        "reply": _("帖下回复"),
        "comment": _("评论"),
        "article": _("文章"),
        "statement": _("情况说明"),
        "release": _("新闻通稿"),
        "correction": _("更正说明"),
        "briefing": _("新闻发布会"),
        "referral": _("移送函"),
        "letter": _("函件"),
    }
    return names.get(form, form)


def _span(within: Within | None) -> str:
    return say(within.text) if within else ""


def _ahead(span: timedelta) -> str:
    return _("提前 %(span)s") % {"span": length(span, _language())}


def clocks(plan: Plan) -> list[Fact]:
    """The other clocks of the plan."""
    found: list[tuple[str, str]] = [
        (_("话题越级后研判"), _span(plan.assess_within)),
        (_("承诺最远"), _span(plan.promise_max)),
        (_("落实批示"), _span(plan.instruction_within)),
        (_("没有批示、事态发展，再报"), _again(plan)),
        (_("回复催办"), _span(plan.urge_within)),
        (_("每步审批"), _span(plan.approve_within)),
        *_assigning(plan),
        *_extending(plan),
        *(
            (_("办结后防复发：%(levels)s") % {"levels": _watched(plan, w.levels)}, _span(w.lasts))
            for w in plan.watches
        ),
        (_("到时限前提醒"), _("、").join(_ahead(span) for span in plan.reminders)),
        (_("超时后升级"), _("；").join(_late(plan, step.after, step.role) for step in plan.escalation)),
    ]
    return [Fact(name, words) for name, words in found if words]


def _again(plan: Plan) -> str:
    rule = plan.report_again
    return f"{say(again_text(rule))}{_('；')}{_span(rule.within)}" if rule else ""


def _assigning(plan: Plan) -> Iterator[tuple[str, str]]:
    for rule in plan.assigning:
        yield _("接办或退办"), _span(rule.accept)
        yield _("牵头报结果"), _span(rule.report)
        yield _("配合报结果"), _span(rule.cooperate)
        yield _("退办审核"), _span(rule.review)


def _extending(plan: Plan) -> Iterator[tuple[str, str]]:
    rules = plan.extending
    if rules.decide:
        yield (
            _("批延期"),
            _("%(who)s，%(span)s") % {"who": role(plan, rules.role), "span": _span(rules.decide)},
        )
    if rules.most is not None:
        yield _("最多延期"), _("%(n)s 次") % {"n": rules.most}


def _watched(plan: Plan, levels: Sequence[int]) -> str:
    if not levels:
        return _("各级")
    return _("、").join(say(level.name) for level in plan.levels if level.number in levels)


def _late(plan: Plan, after: timedelta, to: str) -> str:
    words = {"span": length(after, _language()), "who": role(plan, to)}
    return _("%(span)s 后告知%(who)s") % words if after else _("立即告知%(who)s") % words


def bodies(plan: Plan) -> list[tuple[str, str, list[str]]]:
    """The bodies of the plan: name, roles, what each does."""
    return [
        (say(body.name), _roles(plan, body.roles), [say(duty) for duty in body.duties])
        for body in plan.bodies
    ]


def routines(plan: Plan) -> list[Rule]:
    """What is done again and again, case or no case."""
    return [
        Rule(say(item.what), role(plan, item.role), _and(_every(item.every), say(item.source)), "")
        for item in plan.routines
    ]


def _and(*words: str) -> str:
    return _("；").join(word for word in words if word)


def _every(within: Within) -> str:
    return _("每 %(span)s一次") % {"span": say(within.text)}


def periods(plan: Plan) -> list[Fact]:
    """When watch is heightened, and how often sources are looked at then."""
    return [Fact(say(period.name), _and(*_when(period))) for period in plan.key_periods]


def _when(period: KeyPeriod) -> Iterator[str]:
    yield _("、").join(f"{first} – {last}" for first, last in period.spans)
    if period.holidays:
        yield _("法定节假日")
    yield from _watch(period)


def changes(plan: Plan, period: str) -> list[str]:
    """What is otherwise in a key period: how often sources are read, who leads, which levels and deadlines are stricter.

    `period` is the id of one of the plan's, or of one of our own that is like none of them.
    """
    found = [words for one in plan.key_periods if one.id == period for words in _watch(one)]
    found += [
        _("%(level)s：%(when)s") % {"level": say(level.name), "when": say(group_text(plan, group))}
        for level in plan.levels
        for group in level.groups
        if any(condition.kind == "key_period" for condition in group.conditions)
    ]
    found += [
        _("%(what)s：%(within)s") % {"what": say(duty.what), "within": _span(duty.within)}
        for duty in plan.duties
        if {ANY_PERIOD, period} & set(duty.applies.periods)
    ]
    return found


def _watch(period: KeyPeriod) -> Iterator[str]:
    if period.interval:
        yield _("每 %(span)s看一次信源") % {"span": length(period.interval, _language())}
    if period.lead:
        yield _("须有人带班")


def ways(plan: Plan) -> list[Fact]:
    """To which unit a matter goes: by addressee, by subject."""
    names = {item.id: say(item.name) for item in plan.subjects}
    routed = [
        Fact(_("、").join((*route.addressees, *(names.get(s, s) for s in route.subjects))), route.unit)
        for route in plan.routes
    ]
    return routed + [Fact(say(item.name), item.unit) for item in plan.subjects if item.unit]


def differences(old: str, new: str) -> list[tuple[str, str]]:
    """The lines that differ, each with its mark: "+", "-", " " around them, "@" between places."""
    lines = unified_diff(old.splitlines(), new.splitlines(), n=2, lineterm="")
    return [(line[:1], line[1:] if line[:1] in "+- " else line) for line in list(lines)[2:]]
