"""A rehearsal in words and as JSON."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from huiying.engine.plan.drill.intervals import Share
from huiying.engine.plan.drill.rehearsal import Load, Outcome, Rehearsal
from huiying.engine.plan.instants import stretch
from huiying.engine.plan.model import Plan
from huiying.engine.plan.words import role_text
from huiying.engine.text import Text

#: Why something waited, in words.
CAUSE_NAMES: Mapping[str, Text] = {
    "absent": Text("没有人在岗", "nobody was there"),
    "busy": Text("在岗的人都忙", "all who were there were busy"),
    "notice": Text("人在岗，还没看到", "they were there and had not noticed yet"),
}


def percent(share: Share) -> str:
    """A share with its interval."""
    return f"{share.value:.1%} ({share.low:.1%}–{share.high:.1%})"


def headline(plan: Plan, found: Rehearsal) -> Text:
    """What was rehearsed."""
    owed = sum(one.owed for one in found.outcomes)
    return Text(
        f"{plan.name.zh}：推演 {found.runs} 次，每次 {found.matters} 件，共 {owed} 项期限（种子 {found.seed}）",
        f"{plan.name.en}: {found.runs} runs of {found.matters} matters, {owed} deadlines (seed {found.seed})",
    )


def summary(plan: Plan, found: Rehearsal) -> list[Text]:
    """What it came to, in a few sentences: how much was missed, what most often, and where it waits."""
    owed, failed = sum(run.owed for run in found.each), sum(run.failed for run in found.each)
    if not failed:
        return [Text("没有一项超期。", "No deadline was missed.")]
    worst = found.outcomes[0]
    lines = [
        Text(
            f"每 100 项期限约有 {failed / owed * 100:.1f} 项超期；{found.clean.value:.0%} 的推演一项也不超期。",
            f"Of 100 deadlines about {failed / owed * 100:.1f} are missed; {found.clean.value:.0%} of the runs miss none.",
        ),
        Text(
            f"最常超期的是“{worst.what.zh}”：{percent(worst.share)}。",
            f'Missed most often: "{worst.what.en}", {percent(worst.share)}.',
        ),
    ]
    past = sum(one.past for one in found.outcomes)
    if past:
        lines.append(
            Text(
                f"其中 {past} 项在发现之前就已到期，人再快也来不及：要早一点发现。",
                f"{past} of these were due before the matter was found: no speed helps, only finding it earlier.",
            )
        )
    return [*lines, *_never_there(plan, found), *bottleneck(plan, found)]


def _never_there(plan: Plan, found: Rehearsal) -> Iterator[Text]:
    """Roles for which things waited and that nobody ever took: most often a roster of another time."""
    for one in found.roles:
        if not one.tasks and one.waits.get("absent"):
            name = role_text(plan, one.who)
            yield Text(
                f"从头到尾没有一个{name.zh}在岗：核对值班表的人员和起止日期。",
                f"From beginning to end there was no {name.en.removeprefix('the ')}: check who is on the roster, and from when to when.",
            )


def bottleneck(plan: Plan, found: Rehearsal) -> list[Text]:
    """Whom unmet deadlines waited for, and why; nothing where none was missed."""
    worst = found.bottleneck
    if worst is None:
        return []
    name, waited = role_text(plan, worst.who), stretch(found.stuck)
    lines = [
        Text(
            f"瓶颈：{name.zh}。超期的事平均每件等其 {waited.zh}。",
            f"Bottleneck: {name.en}. What was not met waited for them {waited.en} a matter.",
        )
    ]
    cause = CAUSE_NAMES.get(worst.cause)
    if cause and worst.waited:
        part = worst.waits[worst.cause] / worst.waited
        lines.append(
            Text(
                f"等{name.zh}的时间里 {part:.0%} 是因为{cause.zh}；最多时有 {worst.queue} 件事一起等。",
                f"{part:.0%} of the waiting for them is because {cause.en}; at most {worst.queue} things waited at once.",
            )
        )
    return lines


def _bar(share: float, width: int = 20) -> str:
    return ("█" * round(share * width)).ljust(width, "·")


def as_text(plan: Plan, found: Rehearsal, language: str) -> str:
    """The report, worst first."""
    failed = [one for one in found.outcomes if one.failed]
    lines = [headline(plan, found).say(language), ""]
    lines += [_line(one, language) for one in failed]
    kept = len(found.outcomes) - len(failed)
    if failed and kept:
        others = Text(f"其余 {kept} 条规则从不超期。", f"The other {kept} rules were always kept.")
        lines.append(others.say(language))
    lines += ["", *(text.say(language) for text in summary(plan, found))]
    lines += [_role(plan, one, found.runs).say(language) for one in found.roles]
    return "\n".join(lines) + "\n"


def _line(one: Outcome, language: str) -> str:
    late = stretch(max(one.worst, timedelta()))
    sure = f"{one.share.low:.1%}–{one.share.high:.1%}"
    words = Text(
        f"{one.failed:6.1%}  {_bar(one.failed)}  {one.what.zh}（95% 区间 {sure}；{one.owed} 次中迟 {one.late}、未办 {one.missed}；最迟 {late.zh}）",
        f"{one.failed:6.1%}  {_bar(one.failed)}  {one.what.en} (95 % interval {sure}; of {one.owed}: {one.late} late, {one.missed} never; worst {late.en})",
    )
    return words.say(language)


def _role(plan: Plan, one: Load, runs: int) -> Text:
    name, wait = role_text(plan, one.who), stretch(one.waited / max(1, one.tasks))
    each = f"{one.tasks / max(1, runs):.1f}"
    return Text(
        f"  {name.zh}：每次 {each} 件事，平均等 {wait.zh}",
        f"  {name.en}: {each} things a run, waiting {wait.en} on average",
    )


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60


def as_json(found: Rehearsal) -> dict[str, Any]:
    """The report for programs; times in minutes, intervals 95 %."""
    return {
        "runs": found.runs,
        "seed": found.seed,
        "matters": found.matters,
        "rules": [_rule(one) for one in found.outcomes],
        "bottleneck": found.bottleneck.who if found.bottleneck else None,
        "roles": [_load("role", one) | {"blamed_minutes": _minutes(one.blamed)} for one in found.roles],
        "people": [_load("person", one) for one in found.people],
        "clean_runs": round(found.clean.value, 4),
        "failed_by_run": [run.failed for run in found.each],
        "typical_run": found.typical,
    }


def _rule(one: Outcome) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "what": {"zh": one.what.zh, "en": one.what.en},
        "owed": one.owed,
        "met": one.met,
        "late": one.late,
        "missed": one.missed,
        "due_before_found": one.past,
        "failed": round(one.failed, 4),
        "failed_low": round(one.share.low, 4),
        "failed_high": round(one.share.high, 4),
        "worst_minutes": _minutes(one.worst),
    }


def _load(kind: str, one: Load) -> dict[str, Any]:
    return {
        kind: one.who,
        "tasks": one.tasks,
        "worked_minutes": _minutes(one.worked),
        "waited_minutes": _minutes(one.waited),
        "waited_for": {cause: _minutes(span) for cause, span in one.waits.items()},
        "longest_queue": one.queue,
    }
