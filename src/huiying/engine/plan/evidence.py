"""Reading the levels of a plan: by which evidence each is reached."""

from huiying.engine.fields import Fields
from huiying.engine.plan.model import NOTHING, Condition, Group, Level
from huiying.engine.plan.vocabulary import ROLES, TIERS
from huiying.engine.text import Text

_COUNTS = ("sites", "voices", "mentions", "growth", "reach")
_SHARES = ("negative", "concern", "forecast")
_SETS = ("subjects", "places", "flags")
_SWITCHES = ("key_period", "mishandled")


def _tiers(fields: Fields) -> list[Condition]:
    node = fields.get("tiers")
    if node is None:
        return []
    counts = {key: item.value for key, item in node.table.items()} or dict.fromkeys(
        fields.strings("tiers"), 1
    )
    for tier, count in counts.items():
        if tier not in TIERS:
            known = Text(f"可用：{'、'.join(TIERS)}", f"Use one of: {', '.join(TIERS)}")
            fields.wrong(
                node, Text(f"没有媒体层级“{tier}”", f'No tier "{tier}"'), known, code="unknown-value"
            )
        elif not isinstance(count, int) or count < 1:
            mend = Text("例：tiers = { national = 3 }", "For example: tiers = { national = 3 }")
            fields.wrong(node, Text("篇数应为 1 以上的整数", "Counts must be whole numbers from 1"), mend)
    wanted = sorted({count for count in counts.values() if isinstance(count, int)})
    if len(wanted) > 1:
        fields.wrong(
            node,
            Text("一组条件里各层级的篇数应相同", "Within one group all tiers need the same count"),
            Text("写成两组 [[level.when]]", "Write two groups of [[level.when]]"),
        )
    return [Condition(kind="tiers", at_least=wanted[0], any_of=tuple(counts))] if wanted else []


def read_group(fields: Fields) -> Group:
    """One [[level.when]]."""
    text = fields.text("text")
    found = _tiers(fields)
    for kind in _COUNTS:
        least = fields.number(kind)
        if least is not None:
            found.append(Condition(kind=kind, at_least=least))
    for kind in _SHARES:
        share = fields.number(kind, most=1.0)
        if share is not None:
            found.append(Condition(kind=kind, at_least=share))
    found += [Condition(kind=kind, any_of=names) for kind in _SETS if (names := fields.strings(kind))]
    for kind in _SWITCHES:
        if kind in fields and not fields.flag(kind):
            fields.wrong(
                fields.node.table[kind],
                Text(
                    "条件只能要求“有”，不能要求“没有”",
                    "A condition can only ask that something is so, not that it is not",
                ),
                Text(f"改为 {kind} = true，或删去", f"Write {kind} = true, or remove it"),
                code="not-monotone",
            )
        elif kind in fields:
            found.append(Condition(kind=kind))
    if not found and not fields.notes.failed:
        mend = Text("补一个条件，例：mentions = 3", "Add a condition, for example: mentions = 3")
        nothing = Text("这一组没有条件", "This group has no condition")
        fields.wrong(fields.node, nothing, mend, code="empty-group")
    return Group(conditions=tuple(found), text=text)


def read_level(fields: Fields, second_person: bool = False) -> Level:
    """One [[level]]; `second_person` holds where the level does not say."""
    number = fields.integer("number", least=1, most=4)
    if "number" not in fields:
        fields.get("number", required=True)
    return Level(
        number=number or 0,
        name=fields.text("name", required=True) or NOTHING,
        groups=fields.read("when", read_group),
        confirm=fields.strings("confirm", choices=ROLES),
        second_person=fields.flag("second_person", second_person),
        handling=fields.text("handling") or NOTHING,
        source=fields.text("source") or NOTHING,
    )
