"""Reporting upward, and a leader's instructions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting, own_unit
from huiying.desk.cases.actions.common import Held, filled, happened, later
from huiying.desk.cases.actions.units import assign
from huiying.desk.cases.models import Case
from huiying.engine.journal import Kind

MEANS = ("phone", "paper", "system")


@transaction.atomic
def report_up(
    *,
    by: Person,
    now: datetime,
    case: Case,
    to: str,
    means: str,
    text: str,
    at: datetime | None = None,
    recorded_late: str = "",
    result: bool = False,
    paper: Mapping[str, Any] | None = None,
) -> None:
    """Record that the case was reported: to whom, by which means, what was said; `at` is when, if earlier than now.

    `to` is a recipient's id of the plan, or words. Written down after its deadline, an earlier `at` counts only with a
    reason why it was not written down in time (`recorded_late`). `result` says that it is the outcome of a transferred matter. `paper` names the paper (number, sha256) that the reports room made. Raises ValidationError.
    """
    require(by, Right.REPORT_UP)
    held = Held(case)
    role = acting(by, Right.REPORT_UP, case)
    if held.facts.merged_into:
        held.must_be_open()
    if means not in MEANS:
        raise ValidationError({"means": _("请选报送方式。")})
    told = happened(at, now)
    if told and held.facts.opened_at and told < held.facts.opened_at:
        raise ValidationError({"at": _("报送时间早于立件时间，请核对。")})
    data: dict[str, Any] = {
        "to": filled(to, "to", _("请写报给谁。"), 120),
        "means": means,
        "text": filled(text, "text", _("请写报了什么。")),
    }
    if result:
        data["result"] = True
    if told and recorded_late.strip():
        data["recorded_late"] = recorded_late.strip()[:500]
    if paper:
        data["paper"] = dict(paper)
    journal.write(case=case, kind=Kind.REPORTED, data=data, now=now, by=by, role=role, at=told)


@transaction.atomic
def record_instruction(
    *,
    by: Person,
    now: datetime,
    case: Case,
    leader: str,
    text: str,
    unit: Unit | None = None,
    due_at: datetime | None = None,
    at: datetime | None = None,
    paper: Mapping[str, Any] | None = None,
) -> str:
    """Record a leader's words, who carries them out and by when; gives the reference of the instruction.

    Without `unit` the office carries it out. A unit that the case was not handed to is handed it in the same breath:
    to lead where nobody does, else to help. `paper` names the paper on which the words stand. Raises ValidationError.
    """
    require(by, Right.RECORD_INSTRUCTION)
    held = Held(case)
    role = acting(by, Right.RECORD_INSTRUCTION, case)
    held.must_be_open()
    ref = f"i{len(held.marked(Kind.INSTRUCTED)) + 1}"
    words = filled(text, "text", _("请照原文写批示。"))
    data: dict[str, Any] = {
        "by": filled(leader, "leader", _("请写是谁的批示。"), 60),
        "text": words,
        "due_at": later(due_at, now),
        "ref": ref,
    }
    if unit is not None:
        data["unit"] = unit.code
    if paper:
        data["paper"] = dict(paper)
    given = happened(at, now)
    if unit is not None and unit.code not in held.facts.units:
        part = "cooperating" if held.facts.asked_first else "lead"
        assign(by=by, now=now, case=case, unit=unit, part=part, due_at=due_at, text=words)
    journal.write(case=case, kind=Kind.INSTRUCTED, data=data, now=now, by=by, role=role, at=given)
    return ref


@transaction.atomic
def instruction_done(
    *,
    by: Person,
    now: datetime,
    case: Case,
    ref: str,
    text: str,
    evidence: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Record that an instruction was carried out, and how.

    A unit speaks of what it was itself instructed to do. Raises ValidationError when it is unknown or done,
    PermissionDenied for another unit.
    """
    require(by, Right.CARRY_OUT)
    held = Held(case)
    role = acting(by, Right.CARRY_OUT, case)
    asked = held.standing(Kind.INSTRUCTED, ref=ref)
    if not asked:
        raise ValidationError({"ref": _("没有这条批示。")})
    if held.standing(Kind.INSTRUCTION_DONE, ref=ref):
        raise ValidationError({"ref": _("这条批示已经落实。")})
    own_unit(by, Right.CARRY_OUT, str(asked[-1].data.get("unit") or ""))
    data = {"ref": ref, "text": filled(text, "text", _("请写落实情况。")), "evidence": list(evidence)}
    journal.write(case=case, kind=Kind.INSTRUCTION_DONE, data=data, now=now, by=by, role=role)
