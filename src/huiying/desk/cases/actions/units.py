"""Handing a case to units: lead and cooperating; they accept, give back with a reason, and report."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require, role_for
from huiying.desk.accounts.models import Person, Role, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting
from huiying.desk.cases.actions.common import Held, filled, later
from huiying.desk.cases.models import Case
from huiying.desk.cases.stories import story_of
from huiying.desk.cases.telling import asked_by_plan, tell_roles
from huiying.desk.listen.actions import hand_on
from huiying.engine.journal import Kind
from huiying.engine.text import Text

PARTS = ("lead", "cooperating")
RUNNING = frozenset({"asked", "accepted", "reported"})


def _free(held: Held, unit: Unit, part: str) -> None:
    """A unit that has the case in hand is not asked again for the same."""
    for share in held.facts.parts:
        if share.unit == unit.code and share.state in {"asked", "accepted"}:
            if share.part == part:
                raise ValidationError({"unit": _("%(unit)s 已经在办。") % {"unit": unit}})
            if part == "cooperating" and share.part == "lead":
                raise ValidationError({"unit": _("%(unit)s 是牵头单位，不必再列为配合。") % {"unit": unit}})


@transaction.atomic
def assign(
    *,
    by: Person,
    now: datetime,
    case: Case,
    unit: Unit,
    part: str = "lead",
    due_at: datetime | None = None,
    reason: str = "",
    text: str = "",
) -> None:
    """Ask a unit to lead or to help, by `due_at`; `text` says what it is asked to do.

    The first unit asked to lead stays responsible until another accepts. Asking another to lead is a reassignment and
    wants a reason. Raises ValidationError.
    """
    require(by, Right.ASSIGN)
    held = Held(case)
    role = acting(by, Right.ASSIGN, case)
    held.must_be_open()
    if part not in PARTS:
        raise ValidationError({"part": _("请选牵头还是配合。")})
    if not unit.active:
        raise ValidationError({"unit": _("%(unit)s 已停用。") % {"unit": unit}})
    _free(held, unit, part)
    again = part == "lead" and bool(held.facts.asked_first)
    data: dict[str, Any] = {
        "unit": unit.code,
        "part": part,
        "due_at": later(due_at, now),
        "text": text.strip()[:2000],
        "reason": filled(reason, "reason", _("改派要写明理由。"), 1000) if again else reason.strip(),
        "reassigned": again,
    }
    entry = journal.write(case=case, kind=Kind.ASSIGNED, data=data, now=now, by=by, role=role)
    if not asked_by_plan(case, entry.seq):
        _tell_unit(case, now, unit, entry.seq, by)
    story = story_of(case) if part == "lead" and not case.drill else None
    if story is not None:
        hand_on(by=by, now=now, story=story, unit=unit)


def _tell_unit(case: Case, now: datetime, unit: Unit, seq: int, by: Person) -> None:
    """Where the plan has no clock for accepting, the unit hears of it all the same."""
    tell_roles(
        case=case,
        now=now,
        roles=[Role.HANDLER],
        unit=unit,
        key=f"assign|{seq}",
        subject=Text(f"待接办：{case.title}", f"To accept: {case.title}"),
        body=Text(
            "打开后接办；不归你们办的，写明理由退回。",
            "Open it and accept; if it is not yours, decline with a reason.",
        ),
        but=by,
    )


@transaction.atomic
def accept(*, by: Person, now: datetime, case: Case, unit: Unit) -> None:
    """The unit takes it. A unit that was asked to lead is responsible from now on. Raises ValidationError."""
    require(by, Right.ACCEPT_ASSIGNMENT, unit)
    held = Held(case)
    held.must_be_open()
    held.share(unit, {"asked"})
    role = role_for(by, Right.ACCEPT_ASSIGNMENT, unit)
    journal.write(case=case, kind=Kind.ACCEPTED, data={"unit": unit.code}, now=now, by=by, role=role)


@transaction.atomic
def decline(*, by: Person, now: datetime, case: Case, unit: Unit, reason: str) -> None:
    """The unit gives it back and says why; it is counted, and the first one asked stays responsible. Raises ValidationError."""
    require(by, Right.ACCEPT_ASSIGNMENT, unit)
    held = Held(case)
    held.must_be_open()
    held.share(unit, {"asked", "accepted"})
    data = {"unit": unit.code, "reason": filled(reason, "reason", _("退办要写明理由。"), 1000)}
    role = role_for(by, Right.ACCEPT_ASSIGNMENT, unit)
    entry = journal.write(case=case, kind=Kind.DECLINED, data=data, now=now, by=by, role=role)
    if asked_by_plan(case, entry.seq):
        return
    tell_roles(
        case=case,
        now=now,
        roles=[Role.OFFICE, Role.DUTY],
        key=f"decline|{entry.seq}",
        subject=Text(f"{unit.name}退办：{case.title}", f"{unit.name} gave it back: {case.title}"),
        body=Text(
            f"理由：{data['reason']} 第 {case.returns} 次退办。首问单位在他人接办前仍负责。请改派或退回原单位。",
            f"Reason: {data['reason']} Return no. {case.returns}. The unit asked first stays responsible until another accepts.",
        ),
        but=by,
        urgent=True,
    )


@transaction.atomic
def unit_report(
    *,
    by: Person,
    now: datetime,
    case: Case,
    unit: Unit,
    text: str,
    evidence: Sequence[Mapping[str, Any]] = (),
) -> None:
    """The unit's result. It has to have accepted before. Raises ValidationError."""
    require(by, Right.ACCEPT_ASSIGNMENT, unit)
    held = Held(case)
    held.must_be_open()
    held.share(unit, {"accepted", "reported"})
    data = {
        "unit": unit.code,
        "text": filled(text, "text", _("请写办理结果。")),
        "evidence": list(evidence),
    }
    role = role_for(by, Right.ACCEPT_ASSIGNMENT, unit)
    entry = journal.write(case=case, kind=Kind.UNIT_REPORTED, data=data, now=now, by=by, role=role)
    tell_roles(
        case=case,
        now=now,
        roles=[Role.OFFICE],
        key=f"unit|{entry.seq}",
        subject=Text(f"{unit.name}报来结果：{case.title}", f"{unit.name} reports: {case.title}"),
        body=Text(str(data["text"])[:300], str(data["text"])[:300]),
        but=by,
    )
