"""From evidence to a proposed level, with the reasons: what was asked, what was measured, whether it holds.

The gravest level of which one group of conditions holds is proposed. Every condition is a threshold or an "any of",
so more evidence can raise a proposal and never lower it. A person confirms or overrules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from huiying.engine.plan.model import Condition, Group, Level, Named, Plan
from huiying.engine.text import Text

TIER_NAMES: Mapping[str, Text] = {
    "national": Text("中央媒体", "national media"),
    "portal": Text("大型门户", "large portals"),
    "provincial": Text("省级媒体", "provincial media"),
    "city": Text("市级媒体", "city media"),
    "local": Text("本地网站", "local sites"),
    "self-media": Text("自媒体、社交平台", "social platforms"),
    "board": Text("留言板", "message boards"),
    "internal": Text("内部渠道", "internal channels"),
    "unknown": Text("未分类来源", "unclassified sources"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known about a matter when it is assessed."""

    tiers: Mapping[str, int] = field(default_factory=dict)  # tier -> mentions
    sites: int = 0  # distinct outlets or platforms
    voices: int = 0  # distinct authors
    mentions: int = 0
    reach: int = 0  # readers, where sources say so
    growth: float = 0.0  # how many times the latest stretch is of the one before, as listening measures it
    forecast: float | None = None  # chance that it at least doubles, 0 to 1
    negative_share: float = 0.0  # 0 to 1
    concern: float = (
        1.0  # share of mentions that complain, ask, request or pass on a rumour; 1 where it is not known
    )
    subjects: frozenset[str] = frozenset()  # ids of the plan's subjects
    places: frozenset[str] = frozenset()  # ids of the plan's places, or their names
    flags: frozenset[str] = frozenset()  # ids of what a person judged to be so
    key_period: bool = False
    mishandled: bool = False  # it came back after it had been handled badly


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One condition, what was measured, and whether it holds."""

    text: Text
    measured: Text
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The level that the plan gives this evidence."""

    level: int | None  # None: no level's evidence is there
    reasons: tuple[Reason, ...] = ()  # of the group by which the level is reached
    nearest: tuple[Reason, ...] = ()  # of the next graver level's group that lacks least: held and lacking
    nearest_level: int | None = None  # the level that `nearest` speaks of
    group: Text | None = None  # the plan's own words for that group


_COUNTS: Mapping[str, tuple[str, Text]] = {
    "sites": ("sites", Text("传播平台", "sites")),
    "voices": ("voices", Text("独立发声者", "distinct voices")),
    "mentions": ("mentions", Text("帖文", "posts")),
    "reach": ("reach", Text("阅读量", "readers")),
}
_SHARES: Mapping[str, tuple[str, Text]] = {
    "negative": ("negative_share", Text("负面占比", "Share of negative posts")),
    "concern": (
        "concern",
        Text("诉求、质疑、传言占比", "Share of posts that complain, ask or pass on rumours"),
    ),
}
_SWITCHES: Mapping[str, tuple[str, Text]] = {
    "key_period": ("key_period", Text("处于重点时段", "It falls in a key period")),
    "mishandled": ("mishandled", Text("此前处理不当", "It was handled badly before")),
}
_YES, _NO = Text("是", "yes"), Text("否", "no")
_NONE = Text("无", "none")


def measure(condition: Condition, evidence: Evidence) -> float:
    """How much of what the condition asks for is there; it holds from `condition.at_least` on."""
    if condition.kind == "tiers":
        return sum(evidence.tiers.get(tier, 0) for tier in condition.any_of)
    if condition.kind in _COUNTS:
        return float(getattr(evidence, _COUNTS[condition.kind][0]))
    if condition.kind == "growth":
        return evidence.growth
    if condition.kind == "forecast":
        return evidence.forecast or 0.0
    if condition.kind in _SHARES:
        return float(getattr(evidence, _SHARES[condition.kind][0]))
    if condition.kind in _SWITCHES:
        return float(getattr(evidence, _SWITCHES[condition.kind][0]))
    return len(getattr(evidence, condition.kind) & set(condition.any_of))


def holds(condition: Condition, evidence: Evidence) -> bool:
    """Whether the evidence fulfils the condition."""
    return measure(condition, evidence) >= condition.at_least


def _names(ids: tuple[str, ...], known: tuple[Named, ...]) -> Text:
    names = {item.id: item.name for item in known}
    found = [names.get(id, Text(id, id)) for id in ids]
    return Text("、".join(name.zh for name in found), ", ".join(name.en for name in found))


def _tiers(condition: Condition, evidence: Evidence) -> tuple[Text, Text]:
    names = [TIER_NAMES.get(tier, Text(tier, tier)) for tier in condition.any_of]
    least = int(condition.at_least)
    asked = Text(
        f"{'、'.join(name.zh for name in names)}不少于 {least} 篇",
        f"At least {least} from {', '.join(name.en for name in names)}",
    )
    seen = [(TIER_NAMES.get(t, Text(t, t)), evidence.tiers.get(t, 0)) for t in condition.any_of]
    seen = [(name, count) for name, count in seen if count]
    return asked, Text(
        "、".join(f"{name.zh} {count} 篇" for name, count in seen) or _NONE.zh,
        ", ".join(f"{count} from {name.en}" for name, count in seen) or _NONE.en,
    )


def _words(condition: Condition, evidence: Evidence, plan: Plan) -> tuple[Text, Text]:
    """What is asked and what is there."""
    kind, least = condition.kind, condition.at_least
    if kind == "tiers":
        return _tiers(condition, evidence)
    if kind in _COUNTS:
        field_name, name = _COUNTS[kind]
        value = getattr(evidence, field_name)
        return Text(f"{name.zh}不少于 {least:g}", f"At least {least:g} {name.en}"), Text(
            f"{value}", f"{value}"
        )
    if kind == "growth":
        now = Text(f"{evidence.growth:.1f} 倍", f"{evidence.growth:.1f} times")
        return Text(f"增长不低于 {least:g} 倍", f"Growth of at least {least:g} times"), now
    if kind == "forecast":
        told = Text("尚无预测", "no forecast yet")
        if evidence.forecast is not None:
            told = Text(f"{evidence.forecast:.0%}", f"{evidence.forecast:.0%}")
        return Text(f"翻倍可能不低于 {least:.0%}", f"A chance of doubling of at least {least:.0%}"), told
    if kind in _SHARES:
        attribute, asked = _SHARES[kind]
        share = f"{getattr(evidence, attribute):.0%}"
        return Text(f"{asked.zh}不低于 {least:.0%}", f"{asked.en} at least {least:.0%}"), Text(share, share)
    if kind in _SWITCHES:
        return _SWITCHES[kind][1], _YES if measure(condition, evidence) else _NO
    return _set_words(condition, evidence, plan)


def _set_words(condition: Condition, evidence: Evidence, plan: Plan) -> tuple[Text, Text]:
    known = {"subjects": plan.subjects, "places": plan.places, "flags": plan.flags}[condition.kind]
    there = tuple(sorted(getattr(evidence, condition.kind) & set(condition.any_of)))
    wanted, found = _names(condition.any_of, known), _names(there, known)
    lead = {
        "subjects": Text("涉及主题：", "Concerns: "),
        "places": Text("涉及重点区域：", "In: "),
        "flags": Text("人工判断：", "Judged by a person: "),
    }[condition.kind]
    return Text(lead.zh + wanted.zh, lead.en + wanted.en), found if there else _NONE


def explain(group: Group, evidence: Evidence, plan: Plan) -> tuple[Reason, ...]:
    """Every condition of the group with what was measured."""
    found = []
    for condition in group.conditions:
        text, measured = _words(condition, evidence, plan)
        found.append(Reason(text=text, measured=measured, holds=holds(condition, evidence)))
    return tuple(found)


def _lack(group: Group, evidence: Evidence) -> tuple[int, float]:
    """How far the evidence is from the group: conditions that fail, then the largest share still lacking."""
    short = [
        1 - min(1.0, measure(condition, evidence) / (condition.at_least or 1))
        for condition in group.conditions
        if not holds(condition, evidence)
    ]
    return len(short), max(short, default=0.0)


def _reached(level: Level, evidence: Evidence) -> Group | None:
    return next(
        (g for g in level.groups if g.conditions and all(holds(c, evidence) for c in g.conditions)), None
    )


def assess(plan: Plan, evidence: Evidence) -> Proposal:
    """The gravest level that the evidence reaches, why, and what the next graver one still lacks."""
    graver: Level | None = None
    for level in plan.levels:
        group = _reached(level, evidence)
        if group:
            near, near_level = _nearest(graver, evidence, plan)
            return Proposal(
                level=level.number,
                reasons=explain(group, evidence, plan),
                nearest=near,
                nearest_level=near_level,
                group=group.text,
            )
        graver = level if level.groups else graver
    near, near_level = _nearest(graver, evidence, plan)
    return Proposal(level=None, nearest=near, nearest_level=near_level)


def _nearest(graver: Level | None, evidence: Evidence, plan: Plan) -> tuple[tuple[Reason, ...], int | None]:
    """Of the next graver level, the group that lacks least."""
    groups = [group for group in graver.groups if group.conditions] if graver else []
    near = min(groups, key=lambda group: _lack(group, evidence), default=None)
    return (explain(near, evidence, plan), graver.number) if near and graver else ((), None)
