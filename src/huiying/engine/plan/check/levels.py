"""Every level can be reached, and more evidence never gives a lower one: shown by a witness, or refuted by one.

Each condition is a threshold on a measure that only grows with evidence. So the least evidence that fulfils a group
decides for all evidence that does: if even that least evidence already brings a graver level, the group never decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from huiying.engine.findings import Place
from huiying.engine.plan.assessing import Evidence, assess
from huiying.engine.plan.check.proofs import Proofs
from huiying.engine.plan.model import Group, Level, Plan
from huiying.engine.plan.witness import NOTHING_AT_ALL, evidence_text, least
from huiying.engine.plan.words import group_text, joined, level_text
from huiying.engine.text import Text

#: Kinds of conditions whose measure never falls when more evidence comes in.
MONOTONE = frozenset(
    {"tiers", "sites", "voices", "mentions", "reach", "growth", "forecast", "negative", "concern"}
    | {"subjects", "places", "flags", "key_period", "mishandled"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a group of conditions stands in the text."""

    level: Level
    group: Group
    place: Place


def prove_levels(plan: Plan, standing: Sequence[Standing], proofs: Proofs) -> None:
    """Each level reached by some evidence; no level by none; no group of a level that a graver one always takes."""
    _never_without(plan, standing, proofs)
    for level in plan.levels:
        groups = [one for one in standing if one.level.number == level.number]
        shadows = [(one, _shadow(plan, one)) for one in groups]
        witness = next((found for _one, (found, hides) in shadows if found and hides is None), None)
        if witness:
            seen = evidence_text(witness, plan)
            proofs.show(
                Text(f"“{level.name.zh}”可以达到", f'"{level.name.en}" can be reached'),
                Text(f"例：{seen.zh}", f"For example: {seen.en}"),
            )
        elif groups:
            _unreachable(plan, level, shadows, proofs)
        for one, (found, hides) in shadows if witness else ():
            if found is None or hides is not None:
                _never_decides(plan, one, found, hides, proofs)
    _ordered(plan, proofs)


def _shadow(plan: Plan, one: Standing) -> tuple[Evidence | None, int | None]:
    """A least evidence of the group, and None where it gives the group's own level, else the level that it gives.

    No evidence at all where the plan cannot bring it about.
    """
    tried: list[tuple[Evidence, int | None]] = []
    for evidence in least(one.group):
        if evidence.key_period and not plan.key_periods:
            continue
        given = assess(plan, evidence).level
        if given == one.level.number:
            return evidence, None
        tried.append((evidence, given))
    return tried[0] if tried else (None, None)


def _unreachable(
    plan: Plan,
    level: Level,
    shadows: Sequence[tuple[Standing, tuple[Evidence | None, int | None]]],
    proofs: Proofs,
) -> None:
    parts = [_why(plan, one, found, hides) for one, (found, hides) in shadows]
    proofs.add(
        "plan.level-unreachable",
        shadows[0][0].place,
        Text(f"“{level.name.zh}”永远达不到", f'"{level.name.en}" can never be reached'),
        because=joined(parts, "；", "; "),
        mend=Text("放宽这一级的依据，或收紧更重的一级", "Ask for less here, or for more of the graver level"),
    )


def _why(plan: Plan, one: Standing, found: Evidence | None, hides: int | None) -> Text:
    words = group_text(plan, one.group)
    if found is None:
        return Text(
            f"“{words.zh}”要求重点时段，而预案没有重点时段",
            f'"{words.en}" asks for a key period, and the plan has none',
        )
    seen, given = evidence_text(found, plan), level_text(plan, hides)
    return Text(
        f"满足“{words.zh}”的最少证据（{seen.zh}）已经定为“{given.zh}”",
        f'the least evidence for "{words.en}" ({seen.en}) already gives "{given.en}"',
    )


def _never_decides(
    plan: Plan, one: Standing, found: Evidence | None, hides: int | None, proofs: Proofs
) -> None:
    level = one.level.name
    if found is None:
        message = Text(f"“{level.zh}”的这条依据不可能出现", f'This evidence for "{level.en}" cannot occur')
        mend = Text("写 [[key_period]]，或删去 key_period", "Write a [[key_period]], or remove key_period")
        code = "plan.evidence-impossible"
    else:
        given = level_text(plan, hides)
        message = Text(
            f"等级颠倒：够得上“{level.zh}”这一条的，必已是“{given.zh}”",
            f'Levels out of order: whatever brings this of "{level.en}" is "{given.en}" already',
        )
        mend = Text("让较重的一级要求更多", "Let the graver level ask for more")
        code = "plan.levels-not-ordered"
    proofs.add(code, one.place, message, because=_why(plan, one, found, hides), mend=mend, level="warning")


def _never_without(plan: Plan, standing: Sequence[Standing], proofs: Proofs) -> None:
    given = assess(plan, NOTHING_AT_ALL).level
    if given is None:
        proofs.show(
            Text("没有证据就没有等级", "Without evidence there is no level"),
            Text("每一组都至少要求一样实有的东西", "Every group asks for at least something that is there"),
        )
        return
    place = next(one.place for one in standing if one.level.number == given and _empty(one.group))
    words = level_text(plan, given)
    proofs.add(
        "plan.level-always",
        place,
        Text(f"什么证据也没有就定为“{words.zh}”", f'No evidence at all gives "{words.en}"'),
        because=Text(
            "每个条件的下限都是 0，空证据已满足", "Every threshold is 0: empty evidence fulfils them all"
        ),
        mend=Text("把下限改为 1 以上", "Ask for at least 1"),
    )


def _empty(group: Group) -> bool:
    return all(condition.at_least <= 0 for condition in group.conditions)


def _ordered(plan: Plan, proofs: Proofs) -> None:
    kinds = {c.kind for level in plan.levels for group in level.groups for c in group.conditions}
    if kinds <= MONOTONE:
        count = sum(len(group.conditions) for level in plan.levels for group in level.groups)
        proofs.show(
            Text("证据增加，等级不会变轻", "More evidence never gives a lower level"),
            Text(
                f"{count} 个条件都是“不少于”或“有其一”，先比重的一级：满足过的永远满足",
                f'All {count} conditions are "at least" or "any of", the gravest level is tried first: what holds goes on holding',
            ),
        )
