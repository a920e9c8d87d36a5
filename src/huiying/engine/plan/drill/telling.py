"""A rehearsal in words and as JSON."""

from datetime import timedelta
from typing import Any

from huiying.engine.plan.check.proofs import stretch
from huiying.engine.plan.drill.model import Outcome, Rehearsal
from huiying.engine.plan.model import Plan
from huiying.engine.plan.words import role_text
from huiying.engine.text import Text


def _bar(share: float, width: int = 20) -> str:
    return ("█" * round(share * width)).ljust(width, "·")


def as_text(plan: Plan, found: Rehearsal, language: str) -> str:
    """The report, worst first."""
    failed = [one for one in found.outcomes if one.failed]
    owed = sum(one.owed for one in found.outcomes)
    head = Text(
        f"{plan.name.zh}：推演 {found.runs} 次，每次 {found.matters} 件，共 {owed} 项期限（种子 {found.seed}）",
        f"{plan.name.en}: {found.runs} runs of {found.matters} matters, {owed} deadlines (seed {found.seed})",
    )
    lines = [head.say(language), ""]
    lines += [_line(one, language) for one in failed]
    if not failed:
        lines.append(Text("没有一项超期。", "No deadline was missed.").say(language))
    kept = len(found.outcomes) - len(failed)
    lines.append(
        Text(f"其余 {kept} 条规则从不超期。", f"The other {kept} rules were always kept.").say(language)
    )
    lines += ["", *_roles(plan, found, language)]
    return "\n".join(lines) + "\n"


def _line(one: Outcome, language: str) -> str:
    late = stretch(max(one.worst, timedelta()))
    words = Text(
        f"{one.failed:6.1%}  {_bar(one.failed)}  {one.what.zh}（{one.owed} 次中迟 {one.late}、未办 {one.missed}；最迟 {late.zh}）",
        f"{one.failed:6.1%}  {_bar(one.failed)}  {one.what.en} (of {one.owed}: {one.late} late, {one.missed} never; worst {late.en})",
    )
    return words.say(language)


def _roles(plan: Plan, found: Rehearsal, language: str) -> list[str]:
    worst = found.bottleneck
    lines = []
    if worst:
        name, waited = role_text(plan, worst.role), stretch(worst.blamed / max(1, found.runs))
        lines.append(
            Text(
                f"瓶颈：{name.zh}。超期的事每次推演平均等其 {waited.zh}。",
                f"Bottleneck: {name.en}. What was not met waited for them {waited.en} a run.",
            ).say(language)
        )
    for one in found.roles:
        name, wait = role_text(plan, one.role), stretch(one.waited / max(1, one.tasks))
        each = f"{one.tasks / max(1, found.runs):.1f}"
        lines.append(
            Text(
                f"  {name.zh}：每次 {each} 件事，平均等 {wait.zh}",
                f"  {name.en}: {each} things a run, waiting {wait.en} on average",
            ).say(language)
        )
    return lines


def as_json(found: Rehearsal) -> dict[str, Any]:
    """The report for programs; times in minutes."""
    return {
        "runs": found.runs,
        "seed": found.seed,
        "matters": found.matters,
        "rules": [
            {
                "rule": one.rule,
                "what": {"zh": one.what.zh, "en": one.what.en},
                "owed": one.owed,
                "met": one.met,
                "late": one.late,
                "missed": one.missed,
                "failed": round(one.failed, 4),
                "worst_minutes": int(one.worst.total_seconds()) // 60,
            }
            for one in found.outcomes
        ],
        "bottleneck": found.bottleneck.role if found.bottleneck else None,
        "roles": [
            {
                "role": one.role,
                "tasks": one.tasks,
                "waited_minutes": int(one.waited.total_seconds()) // 60,
                "worked_minutes": int(one.worked.total_seconds()) // 60,
                "blamed_minutes": int(one.blamed.total_seconds()) // 60,
            }
            for one in found.roles
        ],
    }
