"""Two rehearsals of the same stream beside each other: what the other plan or the other people change, and how surely."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from huiying.engine.plan.drill.intervals import Share, difference
from huiying.engine.plan.drill.rehearsal import Outcome, Rehearsal
from huiying.engine.plan.drill.results import Run
from huiying.engine.plan.instants import stretch
from huiying.engine.plan.model import Plan
from huiying.engine.plan.words import role_text
from huiying.engine.text import Text

#: The difference over all rules together.
ALL = "all"
ALL_WHAT = Text("全部期限", "All deadlines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of one rule on both sides."""

    rule: str
    what: Text
    before: Share | None  # None: it was never owed there
    after: Share | None
    change: Share | None  # of the share missed, run by run; None where one side never owed it

    @property
    def sure(self) -> bool:
        """Whether the change is no accident of the runs: nothing lies inside its 95 % interval but change."""
        return self.change is not None and (self.change.low > 0 or self.change.high < 0)

    @property
    def better(self) -> bool:
        """Whether less is missed."""
        return self.change is not None and self.change.value < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Both sides rule by rule, the greatest change first; `total` over all of them."""

    total: Difference
    rules: tuple[Difference, ...]
    bottlenecks: tuple[str, str]  # role, empty for none
    stuck: tuple[timedelta, timedelta]  # how long what was not met waited for them, for each matter


def compare(before: Rehearsal, after: Rehearsal) -> Comparison:
    """What is different in `after`. Both should have met the same stream with the same seed."""
    rules = {one.rule: one.what for one in (*before.outcomes, *after.outcomes)}
    found = [_difference(id, what, before, after) for id, what in rules.items()]
    found.sort(key=lambda one: (-abs(one.change.value) if one.change else -2.0, one.rule))
    return Comparison(
        total=_total(before, after),
        rules=tuple(found),
        bottlenecks=(_worst(before), _worst(after)),
        stuck=(before.stuck, after.stuck),
    )


def _worst(found: Rehearsal) -> str:
    return found.bottleneck.who if found.bottleneck else ""


def _total(before: Rehearsal, after: Rehearsal) -> Difference:
    pairs = [(_part(a.failed, a.owed), _part(b.failed, b.owed)) for a, b in _paired(before, after)]
    sides = [
        sum(run.failed for run in side.each) / max(1, sum(run.owed for run in side.each))
        for side in (before, after)
    ]
    first, second = (Share(value, value, value) for value in sides)
    return Difference(rule=ALL, what=ALL_WHAT, before=first, after=second, change=difference(pairs))


def _paired(before: Rehearsal, after: Rehearsal) -> list[tuple[Run, Run]]:
    others = {run.number: run for run in after.each}
    return [(run, others[run.number]) for run in before.each if run.number in others]


def _part(failed: int, owed: int) -> float:
    return failed / owed if owed else 0.0


def _difference(id: str, what: Text, before: Rehearsal, after: Rehearsal) -> Difference:
    sides = [_share(side.outcomes, id) for side in (before, after)]
    pairs = [
        (_part(a.rules[id].failed, a.rules[id].owed), _part(b.rules[id].failed, b.rules[id].owed))
        for a, b in _paired(before, after)
        if id in a.rules and id in b.rules
    ]
    return Difference(
        rule=id, what=what, before=sides[0], after=sides[1], change=difference(pairs) if pairs else None
    )


def _share(outcomes: Sequence[Outcome], id: str) -> Share | None:
    return next((one.share for one in outcomes if one.rule == id), None)


def in_words(plan: Plan, found: Comparison) -> list[Text]:
    """The difference in sentences: the whole first, then each rule of which something can be said."""
    lines = [_total_words(found.total)]
    for one in found.rules:
        if one.before is None or one.after is None:
            side = (
                Text("只在甲里要求", "only A asks for it")
                if one.after is None
                else Text("只在乙里要求", "only B asks for it")
            )
            lines.append(Text(f"“{one.what.zh}”：{side.zh}。", f'"{one.what.en}": {side.en}.'))
        elif one.sure:
            lines.append(_changed(one))
    same = sum(not one.sure and one.change is not None for one in found.rules)
    if same:
        lines.append(
            Text(f"其余 {same} 条规则看不出差别。", f"Of the other {same} rules no difference can be told.")
        )
    return [*lines, *_bottleneck_words(plan, found)]


def _total_words(one: Difference) -> Text:
    change = one.change or Share(0.0, 0.0, 0.0)
    sides = _sides(one)
    if not one.sure:
        return Text(
            f"{sides.zh}：看不出差别（差值的 95% 区间包含 0）。",
            f"{sides.en}: no difference can be told (the 95 % interval of the difference holds 0).",
        )
    zh, en = ("少", "fewer") if change.value < 0 else ("多", "more")
    return Text(
        f"{sides.zh}：乙{zh}超期 {_points(change)}个百分点。",
        f"{sides.en}: B misses {en} by {_points(change)} points.",
    )


def _sides(one: Difference) -> Text:
    before, after = one.before, one.after
    a = f"{before.value:.1%}" if before else "—"
    b = f"{after.value:.1%}" if after else "—"
    return Text(f"{one.what.zh}：甲超期 {a}，乙 {b}", f"{one.what.en}: A misses {a}, B {b}")


def _points(change: Share) -> str:
    low, high = sorted((abs(change.low), abs(change.high)))
    return f"{abs(change.value) * 100:.1f} ({low * 100:.1f}–{high * 100:.1f}) "


def _changed(one: Difference) -> Text:
    change, sides = one.change or Share(0.0, 0.0, 0.0), _sides(one)
    zh, en = ("好", "better") if change.value < 0 else ("差", "worse")
    return Text(
        f"{sides.zh}，乙{zh} {_points(change)}个百分点。",
        f"{sides.en}; B is {en} by {_points(change)}points.",
    )


def _bottleneck_words(plan: Plan, found: Comparison) -> list[Text]:
    names = [role_text(plan, role) if role else Text("没有", "none") for role in found.bottlenecks]
    waits = [stretch(span) for span in found.stuck]
    if found.bottlenecks == ("", ""):
        return []
    return [
        Text(
            f"瓶颈：甲是{names[0].zh}（每件等 {waits[0].zh}），乙是{names[1].zh}（等 {waits[1].zh}）。",
            f"Bottleneck: A {names[0].en} (waited for {waits[0].en} a matter), B {names[1].en} ({waits[1].en}).",
        )
    ]


def as_json(found: Comparison) -> Mapping[str, Any]:
    """The comparison for programs; shares and changes with their 95 % intervals."""
    return {
        "total": _json(found.total),
        "rules": [_json(one) for one in found.rules],
        "bottlenecks": list(found.bottlenecks),
    }


def _json(one: Difference) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "what": {"zh": one.what.zh, "en": one.what.en},
        "before": _three(one.before),
        "after": _three(one.after),
        "change": _three(one.change),
        "sure": one.sure,
    }


def _three(share: Share | None) -> list[float] | None:
    if share is None:
        return None
    return [round(max(-1.0, min(1.0, value)), 4) for value in (share.value, share.low, share.high)]
