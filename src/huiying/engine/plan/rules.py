"""Reading the rules of a plan: duties, answers, steps, pairs, chains, assignments."""

from collections.abc import Iterator

from huiying.engine.fields import Fields
from huiying.engine.journal import Kind
from huiying.engine.plan.chains import roles_of, step_of
from huiying.engine.plan.model import NOTHING, Applies, Assigning, Chain, Duty, Pair, Routine, Step
from huiying.engine.plan.vocabulary import FORMS, HOWS, MEANS, PHASES, ROLES, STAGES
from huiying.engine.spans import Within
from huiying.engine.text import Text
from huiying.engine.toml import Node

KINDS = tuple(kind.value for kind in Kind)
#: What a rule may be measured from, beside "duty:<id>" and "step:<id>".
SINCE = ("discovered", "posted", *KINDS)
#: Acts that a rule can owe: journal kinds that settle something.
ACTS = (
    "verified",
    "level_proposed",
    "level_confirmed",
    "done",
    "reported",
    "instructed",
    "assigned",
    "unit_reported",
    "offline_fixed",
    "lines_set",
    "published",
    "promised",
    "progress",
    "urged",
    "called_back",
    "closed",
    "reopened",
    "reviewed",
    "archived",
)
#: Acts that a step of the flow chart can stand for beside these.
_SEEN = ("opened", "mentions_added", "accepted", "instruction_done", "promise_kept", "urge_answered")
_ROLE_OF = {
    "published": "spokesperson",
    "reported": "duty",
    "unit_reported": "handler",
    "offline_fixed": "handler",
}
_PHASE_OF = {
    "opened": "collect",
    "mentions_added": "collect",
    "verified": "verify",
    "level_proposed": "verify",
    "level_confirmed": "verify",
    "reported": "report",
    "instructed": "report",
    "called_back": "close",
    "closed": "close",
    "reviewed": "close",
    "archived": "close",
}


def levels(fields: Fields) -> tuple[int, ...]:
    """The levels that a rule is for; none where it is for all."""
    node = fields.get("levels")
    found: list[int] = []
    for item in node.items if node else ():
        if isinstance(item.value, int) and not isinstance(item.value, bool) and 1 <= item.value <= 9:
            found.append(item.value)
        else:
            mend = Text("例：levels = [1, 2]", "For example: levels = [1, 2]")
            fields.wrong(item, Text("等级用数字 1 到 9", "Levels are numbers from 1 to 9"), mend)
    if node is not None and not node.items:
        mend = Text(
            "写 levels = [1, 2]，或删去（各级都适用）", "Write levels = [1, 2], or remove it: all levels"
        )
        fields.wrong(node, Text("“levels”应为一组等级", '"levels" must list levels'), mend)
    return tuple(found)


def applies(fields: Fields) -> Applies:
    """To which cases a rule applies."""
    return Applies(
        levels=levels(fields),
        matters=fields.strings("matters"),
        subjects=fields.strings("subjects"),
        hows=fields.strings("hows", choices=HOWS),
        addressees=fields.strings("addressees"),
        periods=fields.strings("periods"),
    )


def source(fields: Fields) -> Text:
    """The clause that a rule rests on."""
    return fields.text("source") or NOTHING


def roles(fields: Fields, key: str) -> tuple[str, ...]:
    """A list of roles."""
    return fields.strings(key, choices=ROLES)


def _where(fields: Fields) -> tuple[tuple[str, tuple[object, ...]], ...]:
    node = fields.get("where")
    result = []
    for key, item in (node.table if node else {}).items():
        values = item.plain if isinstance(item.value, list) else [item.plain]
        result.append((key, tuple(values)))
    return tuple(result)


def _since(fields: Fields, default: str) -> str:
    value = fields.string("since", default)
    if value.startswith(("duty:", "step:")) or value in SINCE:
        return value
    fields.string("since", choices=(*SINCE, "duty:…", "step:…"))
    return default


def duty(fields: Fields) -> Duty:
    """One [[duty]]."""
    act = fields.string("act", "done", choices=ACTS, required=True)
    reach = applies(fields)
    since = _since(fields, "level_confirmed" if reach.levels else "opened")
    stage = fields.string("stage", choices=tuple(STAGES))
    return Duty(
        id=fields.string("id", required=True),
        what=fields.text("what") or NOTHING,
        act=act,
        role=fields.string("who", _ROLE_OF.get(act, "office"), choices=ROLES),
        since=since,
        within=fields.span("within", required=True) or Within(amount=1, unit="hours"),
        applies=reach,
        unit=fields.string("unit"),
        to=fields.string("to"),
        means=fields.string("means", choices=MEANS),
        stage=stage,
        form=fields.string("form", choices=FORMS),
        step=fields.string("step"),
        where=_where(fields),
        each=fields.flag("each"),
        every=fields.flag("every"),
        or_promise=fields.flag("or_promise"),
        closing=since == "closed" or act in ("reviewed", "archived"),
        phase=fields.string("phase", _PHASE_OF.get(act, "handle"), choices=PHASES),
        source=source(fields),
    )


def answer(fields: Fields) -> Duty:
    """One [[answer]]: a duty to publish, in short."""
    stage = fields.string("stage", "formal", choices=tuple(STAGES), required=True)
    return Duty(
        id=fields.string("id", stage),
        what=fields.text("what") or NOTHING,
        act="published",
        role=fields.string("who", "spokesperson", choices=ROLES),
        since=_since(fields, "discovered"),
        within=fields.span("within", required=True) or Within(amount=1, unit="hours"),
        applies=applies(fields),
        stage=stage,
        form=fields.string("form", choices=FORMS),
        where=_where(fields),
        each=fields.flag("each"),
        or_promise=fields.flag("or_promise"),
        source=source(fields),
    )


def step(fields: Fields) -> tuple[Step, Duty | None]:
    """One [[step]], and the duty that it is where it has a time of its own."""
    act = fields.string("act", "done", choices=(*ACTS, *_SEEN))
    id = fields.string("id", required=True)
    name = fields.text("name", required=True) or NOTHING
    reach = applies(fields)
    role = fields.string("who", _ROLE_OF.get(act, "office"), choices=ROLES)
    made = Step(
        id=id,
        name=name,
        phase=fields.string("phase", _PHASE_OF.get(act, "handle"), choices=PHASES),
        role=role,
        act=act,
        stage=fields.string("stage", choices=tuple(STAGES)),
        form=fields.string("form", choices=FORMS),
        to=fields.string("to"),
        applies=reach,
        after=fields.strings("after"),
        duty=fields.string("duty"),
        source=source(fields),
    )
    within = fields.span("within")
    since = _since(fields, "level_confirmed" if reach.levels else "opened")
    return made, _step_duty(made, within, since, fields) if within else None


def _step_duty(made: Step, within: Within, since: str, fields: Fields) -> Duty:
    return Duty(
        id=f"step:{made.id}",
        what=made.name,
        act=made.act,
        role=made.role,
        since=since,
        within=within,
        applies=made.applies,
        unit=fields.string("unit"),
        to=made.to,
        stage=made.stage,
        form=made.form,
        step=made.id if made.act == "done" else "",
        closing=since == "closed",
        phase=made.phase,
        source=made.source,
    )


def pair(fields: Fields) -> Pair:
    """One [[pair]]."""
    return Pair(
        id=fields.string("id", required=True),
        name=fields.text("name", required=True) or NOTHING,
        steps=fields.strings("steps"),
        within=fields.span("within", required=True) or Within(amount=1, unit="hours"),
        applies=applies(fields),
        source=source(fields),
    )


def chain(fields: Fields) -> Chain:
    """One [[chain]]."""
    return Chain(
        roles=tuple(_chain_steps(fields)),
        levels=levels(fields),
        forms=fields.strings("forms", choices=FORMS),
        unsure=fields.flag("unsure") if "unsure" in fields else None,
        source=source(fields),
    )


def _chain_steps(fields: Fields) -> Iterator[str]:
    """The steps of a chain: each a word, or a list of words that are asked at the same time."""
    node = fields.get("roles")
    steps = (node.items if isinstance(node.value, list) else [node]) if node else []
    if not steps:
        fields.wrong(
            node or fields.node,
            Text("审批链没有人", "This chain has nobody in it"),
            Text('例：roles = ["office", "head"]', 'For example: roles = ["office", "head"]'),
            code="missing-key",
        )
    for item in steps:
        step = step_of(item.plain)
        if step is None:
            text = Text(
                "审批的一步是一个角色，或几个同时审批的角色",
                "A step of approval is a role, or a list of roles that are asked at once",
            )
            mend = Text(
                '例：[["reviewer", "office"], "head"]', 'For example: [["reviewer", "office"], "head"]'
            )
            fields.wrong(item, text, mend)
        elif _known_roles(fields, item, step):
            yield step


def _known_roles(fields: Fields, item: Node, step: str) -> bool:
    strange = [role for role in roles_of(step) if role not in ROLES]
    if strange:
        known = Text(f"可用：{'、'.join(ROLES)}", f"Use: {', '.join(ROLES)}")
        text = Text(f"没有角色“{strange[0]}”", f'No role "{strange[0]}"')
        fields.wrong(item, text, known, code="unknown-value")
    return not strange


def assigning(fields: Fields) -> Assigning:
    """One [[assignment]]."""
    return Assigning(
        accept=fields.span("accept_within"),
        report=fields.span("report_within"),
        cooperate=fields.span("cooperate_within"),
        review=fields.span("return_within"),
        applies=applies(fields),
        source=source(fields),
    )


def routine(fields: Fields) -> Routine:
    """One [[routine]]."""
    return Routine(
        id=fields.string("id", required=True),
        what=fields.text("what", required=True) or NOTHING,
        role=fields.string("who", "office", choices=ROLES),
        every=fields.span("every", required=True) or Within(amount=1, unit="days"),
        source=source(fields),
    )
