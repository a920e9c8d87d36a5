"""The least evidence that brings a level about, and evidence in words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from huiying.engine.plan.assessing import TIER_NAMES, Evidence, assess
from huiying.engine.plan.model import Condition, Group, Plan
from huiying.engine.plan.words import joined, names_text
from huiying.engine.text import Text

NOTHING_AT_ALL = Evidence(concern=0.0)
_COUNTED = ("sites", "voices", "mentions", "reach")
_FIELDS = {"negative": "negative_share"}


def least(group: Group) -> Iterator[Evidence]:
    """Every smallest evidence that fulfils the group: one for each choice that an "any of" leaves."""
    choices = [_choices(condition) for condition in group.conditions]
    for chosen in product(*choices):
        found = NOTHING_AT_ALL
        for condition, choice in zip(group.conditions, chosen, strict=True):
            found = _with(found, condition, choice)
        said = bool(found.concern or found.negative_share or found.subjects or found.places or found.growth)
        posts = max(found.mentions, found.voices, found.sites, sum(found.tiers.values()), int(said))
        yield replace(found, mentions=posts, sites=max(found.sites, int(posts > 0)))


def _choices(condition: Condition) -> Sequence[str]:
    return condition.any_of or ("",)


def _with(evidence: Evidence, condition: Condition, choice: str) -> Evidence:
    kind, need = condition.kind, condition.at_least
    if kind == "tiers":
        tiers = dict(evidence.tiers)
        tiers[choice] = max(tiers.get(choice, 0), _whole(need))
        return replace(evidence, tiers=tiers)
    name = _FIELDS.get(kind, kind)
    before, changed = getattr(evidence, name), dict[str, Any]()
    if kind in ("subjects", "places", "flags"):
        changed[name] = before | {choice}
    elif kind in ("key_period", "mishandled"):
        changed[name] = True
    else:
        changed[name] = max(before or 0, _whole(need) if kind in _COUNTED else need)
    return replace(evidence, **changed)


def _whole(value: float) -> int:
    return int(value) + (value > int(value))


def evidence_text(evidence: Evidence, plan: Plan) -> Text:
    """Evidence in words: what differs from nothing at all."""
    found = [
        Text(f"{TIER_NAMES[tier].zh} {n} 篇", f"{n} from {TIER_NAMES[tier].en}")
        for tier, n in evidence.tiers.items()
    ]
    for name, zh, en in (
        ("mentions", "帖文 {}", "{} posts"),
        ("voices", "独立发声者 {}", "{} voices"),
        ("sites", "传播平台 {}", "{} sites"),
        ("reach", "阅读量 {}", "{} readers"),
        ("growth", "增长 {:g} 倍", "growth {:g}"),
        ("forecast", "翻倍可能 {:.0%}", "chance of doubling {:.0%}"),
        ("negative_share", "负面占比 {:.0%}", "negative {:.0%}"),
        ("concern", "诉求占比 {:.0%}", "concern {:.0%}"),
    ):
        value = getattr(evidence, name)
        if value:
            found.append(Text(zh.format(value), en.format(value)))
    for kind, known in (("subjects", plan.subjects), ("places", plan.places), ("flags", plan.flags)):
        names = names_text(sorted(getattr(evidence, kind)), known)
        found.append(names)
    found.append(Text("重点时段", "key period") if evidence.key_period else Text("", ""))
    found.append(Text("此前处理不当", "handled badly before") if evidence.mishandled else Text("", ""))
    words = joined(found)
    return words if words.zh else Text("什么证据也没有", "no evidence at all")


def reaching(plan: Plan, number: int) -> Evidence | None:
    """The least evidence that gives this level and no graver one; None where only a person can set it."""
    level = plan.level(number)
    for group in level.groups if level else ():
        for evidence in least(group):
            possible = not evidence.key_period or bool(plan.key_periods)
            if possible and assess(plan, evidence).level == number:
                return evidence
    return None
