"""What each part of a plan says, facet by facet, so that two versions can be told apart."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from huiying.engine.plan.model import (
    Applies,
    Assigning,
    Body,
    Chain,
    Duty,
    KeyPeriod,
    Level,
    Named,
    Pair,
    Plan,
    Route,
    Routine,
    Step,
    Watch,
)
from huiying.engine.plan.sentences import MEANS_NAMES, SINCE_NAMES, STAGE_NAMES
from huiying.engine.plan.words import (
    PHASE_NAMES,
    again_text,
    applies_text,
    approvers_text,
    chain_text,
    form_text,
    group_text,
    joined,
    levels_text,
    names_text,
    recipient_text,
    role_text,
    roles_text,
    where_text,
)
from huiying.engine.spans import Within
from huiying.engine.text import Text

#: What something says: label -> words, or a span of time, or nothing.
Facets = Mapping[Text, Text | Within | None]

NAME, SOURCE = Text("名称", "name"), Text("依据", "clause")
WITHIN, APPLIES, ROLE = Text("时限", "time"), Text("适用", "for"), Text("谁来办", "who")
ALL = Text("全部", "everything")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A part of a plan whose items are told apart by a key."""

    name: Text
    items: Callable[[Plan], Iterable[Any]] | None = None
    key: Callable[[Any], str] = lambda item: str(item.id)
    named: Callable[[Plan, Any], Text] = lambda _plan, item: item.name
    facets: Callable[[Plan, Any], Facets] = lambda _plan, _item: {}
    hidden: frozenset[Text] = frozenset({NAME, SOURCE})  # not repeated where a whole item comes or goes
    ordered: bool = False


def words(values: Iterable[str]) -> Text:
    """Words that are the same in both languages."""
    found = list(values)
    return Text("、".join(found), ", ".join(found))


def yes(value: bool) -> Text:
    """A switch; nothing where it is off."""
    return Text("是", "yes") if value else Text("", "")


def minutes(span: timedelta | None) -> Text:
    """A short span in words."""
    if span is None:
        return Text("", "")
    count = int(span.total_seconds()) // 60
    return Text(f"{count} 分钟", f"{count} minutes")


def plan_facets(plan: Plan) -> Facets:
    """What stands at the top of a plan, and its single clocks."""
    ahead = joined(minutes(span) for span in plan.reminders)
    later = joined(
        (
            Text(
                f"{role_text(plan, e.role).zh}（{minutes(e.after).zh}后）",
                f"{role_text(plan, e.role).en} (after {minutes(e.after).en})",
            )
            for e in plan.escalation
        ),
    )
    return {
        Text("预案名称", "The plan's name"): plan.name,
        Text("概要", "The summary"): plan.summary,
        Text("原则", "The principles"): joined(plan.principles, " / ", " / "),
        Text("沿用", "What it extends"): words([plan.extends]),
        Text("时区", "The time zone"): words([plan.zone]),
        Text("工作日历", "The calendar"): words([plan.calendar]),
        Text("越级研判时限", "Time to assess a story"): plan.assess_within,
        Text("承诺最远", "The longest promise"): plan.promise_max,
        Text("落实批示时限", "Time for an instruction"): plan.instruction_within,
        **_again(plan),
        Text("谁批自设重点时段", "Who approves one's own key periods"): roles_text(plan, plan.heighten),
        Text("回复催办时限", "Time to answer an urging notice"): plan.urge_within,
        Text("每步审批时限", "Time for each approval"): plan.approve_within,
        Text("默认事项类别", "The usual kind of matter"): names_text([plan.default_matter], plan.matters),
        Text("提醒", "Reminders before a deadline"): ahead,
        Text("超时告知", "Who is told when one is missed"): later,
        Text("随时在岗的角色", "Who is on duty at every instant"): roles_text(plan, plan.roster.always),
        Text("各单位须有的角色", "Whom every unit has"): roles_text(plan, plan.roster.units),
        Text("角色名称", "What roles are called"): joined(name for _role, name in plan.roster.names),
        Text("批延期时限", "Time to decide an extension"): plan.extending.decide,
        Text("谁批延期", "Who decides an extension"): role_text(plan, plan.extending.role),
        Text("最多延期次数", "How often it may be extended"): words([str(plan.extending.most or "")]),
        Text("最长延期", "The longest extension"): plan.extending.longest,
    }


def _again(plan: Plan) -> Facets:
    rule = plan.report_again
    if rule is None:
        return {}
    return {
        Text("续报时限", "Time to report again"): rule.within,
        Text("续报条件", "Reported again when"): again_text(rule),
        Text("续报对象", "Reported again to"): recipient_text(plan, rule.to),
        Text("续报适用", "Reported again for"): _applies(plan, rule.applies),
    }


def level_groups(plan: Plan, level: Level) -> list[Text]:
    """Each group of conditions in words."""
    return [group_text(plan, group) for group in level.groups]


def _level(plan: Plan, level: Level) -> Facets:
    return {
        NAME: level.name,
        Text("由谁确认", "confirmed by"): roles_text(plan, level.confirm),
        Text("提出人以外的人确认", "confirmed by somebody else than the proposer"): yes(level.second_person),
        Text("处置", "handling"): level.handling,
        SOURCE: level.source,
    }


def _applies(plan: Plan, applies: Applies) -> Text:
    found = applies_text(plan, applies)
    return found if found.zh else ALL


def since(value: str) -> Text:
    """What something is measured from, in a word."""
    return SINCE_NAMES.get(value, Text(value, value))


def _duty(plan: Plan, duty: Duty) -> Facets:
    return {
        NAME: duty.what,
        ROLE: role_text(plan, duty.role),
        WITHIN: duty.within,
        Text("起算", "measured from"): since(duty.since),
        APPLIES: _applies(plan, duty.applies),
        Text("条件", "only where"): where_text(duty),
        Text("报给", "told to"): recipient_text(plan, duty.to) if duty.to else None,
        Text("方式", "means"): MEANS_NAMES.get(duty.means),
        Text("阶段", "stage"): STAGE_NAMES.get(duty.stage),
        Text("形式", "form"): form_text(duty.form) if duty.form else None,
        Text("单位", "unit"): words([duty.unit]),
        Text("每次都办", "owed each time"): yes(duty.each),
        Text("反复办", "again and again"): yes(duty.every),
        Text("可以承诺代答", "a promise settles it"): yes(duty.or_promise),
        SOURCE: duty.source,
    }


def _step(plan: Plan, step: Step) -> Facets:
    names = {other.id: other.name for other in plan.steps}
    return {
        NAME: step.name,
        ROLE: role_text(plan, step.role),
        Text("阶段", "phase"): PHASE_NAMES.get(step.phase),
        APPLIES: _applies(plan, step.applies),
        Text("前一步", "after"): joined(names.get(id, Text(id, id)) for id in step.after),
        Text("对应规则", "its rule"): words([step.duty]),
        SOURCE: step.source,
    }


def _pair(plan: Plan, pair: Pair) -> Facets:
    names = {step.id: step.name for step in plan.steps}
    return {
        NAME: pair.name,
        Text("步骤", "steps"): joined(names.get(id, Text(id, id)) for id in pair.steps),
        WITHIN: pair.within,
        APPLIES: _applies(plan, pair.applies),
        SOURCE: pair.source,
    }


def _chain_name(plan: Plan, chain: Chain) -> Text:
    found = chain_text(plan, chain)
    return found if found.zh else Text("其余文稿", "every other text")


def _chain(plan: Plan, chain: Chain) -> Facets:
    return {Text("审批人", "approved by"): approvers_text(plan, chain.roles), SOURCE: chain.source}


def _assigning(_plan: Plan, rule: Assigning) -> Facets:
    return {
        Text("接办或退办", "accept or return"): rule.accept,
        Text("牵头报结果", "the lead unit reports"): rule.report,
        Text("配合报结果", "cooperating units report"): rule.cooperate,
        Text("退办审核", "a return is decided"): rule.review,
        SOURCE: rule.source,
    }


def _named(plan: Plan, item: Named) -> Facets:
    return {
        NAME: item.name,
        Text("关键词", "words"): words(item.words),
        Text("归口单位", "unit"): words([item.unit]),
        Text("由谁接收", "received by"): role_text(plan, item.role) if item.role else None,
    }


def _route_name(plan: Plan, route: Route) -> Text:
    return joined((words(route.addressees), names_text(route.subjects, plan.subjects)))


def _route(plan: Plan, route: Route) -> Facets:
    told = joined(recipient_text(plan, id) for id in route.tell)
    return {Text("交给", "goes to"): words([route.unit]), Text("告知", "told to"): told, SOURCE: route.source}


def _period(_plan: Plan, period: KeyPeriod) -> Facets:
    days = [first if first == last else f"{first}/{last}" for first, last in period.spans]
    return {
        NAME: period.name,
        Text("日期", "days"): words(days),
        Text("每个法定节假日", "every public holiday"): yes(period.holidays),
        Text("查看间隔", "looked at every"): minutes(period.interval),
        Text("须有带班", "somebody leads"): yes(period.lead),
        SOURCE: period.source,
    }


def _watch(_plan: Plan, watch: Watch) -> Facets:
    return {Text("关注", "watched for"): watch.lasts, SOURCE: watch.source}


def _routine(plan: Plan, item: Routine) -> Facets:
    return {
        NAME: item.what,
        ROLE: role_text(plan, item.role),
        Text("间隔", "every"): item.every,
        SOURCE: item.source,
    }


def _body(plan: Plan, body: Body) -> Facets:
    return {
        NAME: body.name,
        Text("角色", "roles"): roles_text(plan, body.roles),
        Text("职责", "duties"): joined(body.duties, " / ", " / "),
        SOURCE: body.source,
    }


def _fits(item: Any) -> str:
    """To what a rule without an id applies, as its key."""
    if isinstance(item, Assigning):
        return repr(item.applies)
    if isinstance(item, Chain):
        return repr((item.levels, item.forms, item.unsure))
    if isinstance(item, Route):
        return repr((item.subjects, item.addressees))
    return repr(item.levels)


def _what(_plan: Plan, item: Any) -> Text:
    found: Text = item.what
    return found


_LEVEL, _RULE, _SUBJECT = Text("等级", "level"), Text("规则", "rule"), Text("主题", "subject")
#: The parts of a plan in the order in which differences are told.
AREAS: dict[str, Area] = {
    "plan": Area(name=Text("总则", "plan")),
    "level": Area(name=_LEVEL, items=lambda p: p.levels, key=lambda i: str(i.number), facets=_level),
    "duty": Area(name=_RULE, items=lambda p: p.duties, named=_what, facets=_duty),
    "step": Area(name=Text("步骤", "step"), items=lambda p: p.steps, facets=_step),
    "pair": Area(name=Text("同步", "pair"), items=lambda p: p.pairs, facets=_pair),
    "chain": Area(
        name=Text("审批", "approval"),
        items=lambda p: p.chains,
        key=_fits,
        named=_chain_name,
        facets=_chain,
        ordered=True,
    ),
    "assignment": Area(
        name=Text("交办", "assignment"),
        items=lambda p: p.assigning,
        key=_fits,
        named=lambda p, i: _applies(p, i.applies),
        facets=_assigning,
        ordered=True,
    ),
    "recipient": Area(name=Text("报送对象", "recipient"), items=lambda p: p.recipients, facets=_named),
    "matter": Area(name=Text("事项类别", "kind of matter"), items=lambda p: p.matters, facets=_named),
    "subject": Area(name=_SUBJECT, items=lambda p: p.subjects, facets=_named),
    "place": Area(name=Text("重点区域", "key area"), items=lambda p: p.places, facets=_named),
    "flag": Area(name=Text("人工判断", "judged by people"), items=lambda p: p.flags, facets=_named),
    "route": Area(
        name=Text("去向", "route"),
        items=lambda p: p.routes,
        key=_fits,
        named=_route_name,
        facets=_route,
        ordered=True,
    ),
    "watch": Area(
        name=Text("办结后关注", "watch after closing"),
        items=lambda p: p.watches,
        key=_fits,
        named=lambda p, i: levels_text(p, i.levels) if i.levels else ALL,
        facets=_watch,
    ),
    "key_period": Area(name=Text("重点时段", "key period"), items=lambda p: p.key_periods, facets=_period),
    "routine": Area(name=Text("日常", "routine"), items=lambda p: p.routines, named=_what, facets=_routine),
    "body": Area(name=Text("机构", "body"), items=lambda p: p.bodies, facets=_body),
}
