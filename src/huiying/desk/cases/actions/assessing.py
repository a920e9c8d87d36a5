"""Verify the facts, propose a level with its evidence, confirm or overrule it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting, holds
from huiying.desk.cases.actions.common import Held, filled
from huiying.desk.cases.facts import proposer
from huiying.desk.cases.models import Case
from huiying.desk.cases.telling import tell_roles
from huiying.desk.plans import queries as plans
from huiying.engine.assess import Proposal
from huiying.engine.journal import Kind
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text

OUTCOMES = ("true", "partly", "untrue", "unclear")


@transaction.atomic
def verify(
    *,
    by: Person,
    now: datetime,
    case: Case,
    outcome: str,
    facts: str,
    evidence: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Record what was found to be so: `outcome` true, partly, untrue or unclear; `evidence` as `evidence.keep` gives it.

    May be done again: the newest counts. Raises ValidationError.
    """
    require(by, Right.VERIFY)
    held = Held(case)
    role = acting(by, Right.VERIFY, case)
    held.must_be_open()
    if outcome not in OUTCOMES:
        raise ValidationError({"outcome": _("请选核实结论。")})
    data = {
        "outcome": outcome,
        "facts": filled(facts, "facts", _("请写明核实到的事实。")),
        "evidence": list(evidence),
    }
    journal.write(case=case, kind=Kind.VERIFIED, data=data, now=now, by=by, role=role)


def _reasons(proposal: Proposal) -> list[dict[str, Any]]:
    return [
        {
            "zh": reason.text.zh,
            "en": reason.text.en,
            "measured_zh": reason.measured.zh,
            "measured_en": reason.measured.en,
            "holds": reason.holds,
        }
        for reason in (*proposal.reasons, *proposal.nearest)
    ]


@transaction.atomic
def propose_level(
    *,
    by: Person,
    now: datetime,
    case: Case,
    level: int,
    proposal: Proposal | None = None,
    reason: str = "",
    measures: Mapping[str, Any] | None = None,
) -> None:
    """Propose a level. `proposal` is the engine's answer that it rests on; who proposes another says why.

    Raises ValidationError for a level that the plan does not have.
    """
    require(by, Right.PROPOSE_LEVEL)
    held = Held(case)
    held.must_be_open()
    plan = governing(held)
    _known(plan, level)
    reason = reason.strip()
    if not reason and (proposal is None or proposal.level != level):
        raise ValidationError({"reason": _("与系统建议不同，请写明理由。")})
    data = {
        "level": level,
        "reasons": _reasons(proposal) if proposal else [],
        "reason": reason,
        "measures": dict(measures or {}),
    }
    role = acting(by, Right.PROPOSE_LEVEL, case)
    entry = journal.write(case=case, kind=Kind.LEVEL_PROPOSED, data=data, now=now, by=by, role=role)
    _ask_to_confirm(case, now, plan, level=level, seq=entry.seq, but=by)


def _ask_to_confirm(case: Case, now: datetime, plan: Plan, *, level: int, seq: int, but: Person) -> None:
    named = plan.level(level)
    name = named.name if named else Text(str(level), str(level))
    tell_roles(
        case=case,
        now=now,
        roles=plan.confirmers(level),
        key=f"propose|{seq}",
        subject=Text(f"待确认等级：{case.title}", f"Level to confirm: {case.title}"),
        body=Text(
            f"建议定为{name.zh}。请看依据，确认或改定。",
            f"Proposed: {name.en}. See the evidence; confirm it or decide otherwise.",
        ),
        but=but,
    )


def governing(held: Held) -> Plan:
    """The plan that a grading would use: the pinned one, else the one active now."""
    if held.facts.pinned:
        return held.plan
    active = plans.active()
    return plans.engine_plan(active) if active else held.plan


def _known(plan: Plan, level: int) -> None:
    if plan.level(level) is None:
        raise ValidationError({"level": _("预案里没有第 %(level)s 级。") % {"level": level}})


@transaction.atomic
def confirm_level(
    *, by: Person, now: datetime, case: Case, level: int, reason: str = "", matter: str = ""
) -> None:
    """Decide the level: confirm what was proposed, or overrule it with a reason; the first time pins the plan for good.

    `matter` is the kind of matter, where the plan has several. Only the roles that the plan names for this level (or who stands in for them) may; where the plan asks for a second
    person, not the one who proposed. Raises PermissionDenied, ValidationError.
    """
    require(by, Right.CONFIRM_LEVEL)
    held = Held(case)
    role = acting(by, Right.CONFIRM_LEVEL, case)
    held.must_be_open()
    plan = governing(held)
    _known(plan, level)
    if not holds(by, plan.confirmers(level), now):
        named = _("、").join(str(Role(name).label) for name in plan.confirmers(level))
        raise PermissionDenied(_("这一级由%(who)s确认。") % {"who": named})
    _second(held, plan, level, by)
    proposed = held.facts.proposed_level
    overruled = proposed is not None and proposed != level
    reason = reason.strip()
    if not reason and proposed != level:
        raise ValidationError({"reason": _("与建议不同或没有建议，请写明理由。")})
    if matter and matter not in {item.id for item in plan.matters}:
        raise ValidationError({"matter": _("预案里没有这一类：%(value)s。") % {"value": matter}})
    version = plans.active() if not held.facts.pinned else None
    data = {
        "level": level,
        "proposed": proposed,
        "overruled": overruled,
        "reason": reason,
        "matter": matter,
        "plan": plans.plan_ref(version) if version else dict(held.facts.plan),
    }
    journal.write(case=case, kind=Kind.LEVEL_CONFIRMED, data=data, now=now, by=by, role=role)


def _second(held: Held, plan: Plan, level: int, by: Person) -> None:
    """Where the plan asks for a second person, the proposer does not confirm."""
    if plan.second_person(level) and proposer(held.entries) == by.actor:
        raise ValidationError(_("预案要求由另一人确认，不能确认自己提的等级。"))
