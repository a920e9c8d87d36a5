"""The work itself: notes, progress, the real problem settled, steps of the plan, promises, corrections of the record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting
from huiying.desk.cases.actions.common import Held, at_words, filled, happened, later, missing_year
from huiying.desk.cases.facts import FIRM, corrected
from huiying.desk.cases.models import Case
from huiying.engine.calendar import UnknownYear
from huiying.engine.journal import Kind

#: Who may correct what somebody else wrote.
MAY_CORRECT = (Role.OFFICE, Role.DEPUTY, Role.HEAD)


def _write(
    by: Person,
    now: datetime,
    case: Case,
    kind: Kind,
    data: Mapping[str, Any],
    *,
    right: Right = Right.ADD_NOTE,
    at: datetime | None = None,
) -> None:
    role = acting(by, right, case)
    journal.write(case=case, kind=kind, data=data, now=now, by=by, role=role, at=at)


@transaction.atomic
def add_note(
    *, by: Person, now: datetime, case: Case, text: str, evidence: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Write something down that has no form of its own; closed cases take notes too."""
    require(by, Right.ADD_NOTE)
    Held(case)
    data = {"text": filled(text, "text", _("请写内容。")), "evidence": list(evidence)}
    _write(by, now, case, Kind.NOTE, data)


@transaction.atomic
def add_progress(
    *, by: Person, now: datetime, case: Case, text: str, evidence: Sequence[Mapping[str, Any]] = ()
) -> None:
    """How the handling goes."""
    require(by, Right.ADD_NOTE)
    Held(case).must_be_open()
    data = {"text": filled(text, "text", _("请写进展。")), "evidence": list(evidence)}
    _write(by, now, case, Kind.PROGRESS, data)


@transaction.atomic
def offline_fix(
    *,
    by: Person,
    now: datetime,
    case: Case,
    text: str,
    evidence: Sequence[Mapping[str, Any]] = (),
    at: datetime | None = None,
) -> None:
    """The real problem is settled on the spot: what was done, with evidence."""
    require(by, Right.ADD_NOTE)
    Held(case).must_be_open()
    data = {"text": filled(text, "text", _("请写实际问题是怎样解决的。")), "evidence": list(evidence)}
    _write(by, now, case, Kind.OFFLINE_FIXED, data, at=happened(at, now))


@transaction.atomic
def do_step(
    *, by: Person, now: datetime, case: Case, step: str, text: str, at: datetime | None = None
) -> None:
    """A step of the plan that has no kind of its own is done. Raises ValidationError for a step the plan does not know."""
    require(by, Right.ADD_NOTE)
    held = Held(case)
    if step not in {item.id for item in held.plan.steps}:
        raise ValidationError({"step": _("预案里没有这一步：%(step)s。") % {"step": step}})
    data = {"step": step, "text": filled(text, "text", _("请写怎样办的。"))}
    _write(by, now, case, Kind.DONE, data, at=happened(at, now))


@transaction.atomic
def promise(*, by: Person, now: datetime, case: Case, text: str, due_at: datetime) -> str:
    """Promise the public a date; it is a deadline from now on. Gives the promise's reference.

    Raises ValidationError for a date in the past or later than the plan allows.
    """
    require(by, Right.PROMISE)
    held = Held(case)
    held.must_be_open()
    later(due_at, now)
    _within(held, now, due_at)
    ref = f"p{len(held.marked(Kind.PROMISED)) + 1}"
    data = {"ref": ref, "due_at": due_at, "text": filled(text, "text", _("请写承诺了什么。"), 1000)}
    _write(by, now, case, Kind.PROMISED, data, right=Right.PROMISE)
    return ref


def _within(held: Held, now: datetime, due_at: datetime) -> None:
    most = held.plan.promise_max
    if most is None:
        return
    try:
        last = most.due(now, held.calendar)
    except UnknownYear as unknown:
        raise ValidationError({"due_at": missing_year(unknown)}) from unknown
    if due_at > last:
        raise ValidationError({"due_at": _("预案规定承诺最迟到 %(last)s。") % {"last": at_words(last)}})


@transaction.atomic
def keep_promise(*, by: Person, now: datetime, case: Case, ref: str, text: str) -> None:
    """The promise was kept: what was done. Raises ValidationError when it is unknown or kept already."""
    require(by, Right.PROMISE)
    held = Held(case)
    if not held.marked(Kind.PROMISED, ref=ref):
        raise ValidationError({"ref": _("没有这条承诺。")})
    if held.marked(Kind.PROMISE_KEPT, ref=ref):
        raise ValidationError({"ref": _("这条承诺已经兑现。")})
    data = {"ref": ref, "text": filled(text, "text", _("请写怎样兑现的。"))}
    _write(by, now, case, Kind.PROMISE_KEPT, data, right=Right.PROMISE)


@transaction.atomic
def correct(*, by: Person, now: datetime, case: Case, seq: int, reason: str, text: str) -> None:
    """Say that an earlier entry was wrong, and what is right; the entry stays and counts no more. Raises ValidationError.

    Openings, levels and mergers are not undone so: confirm another level, open another case.
    """
    require(by, Right.ADD_NOTE)
    held = Held(case)
    entry = next((entry for entry in held.entries if entry.seq == seq), None)
    if entry is None or entry.seq in corrected(held.entries):
        raise ValidationError({"entry": _("没有第 %(seq)s 条记录，或者已经更正过。") % {"seq": seq}})
    if entry.kind in FIRM or entry.actor == "system" or "calendar" in entry.data:
        raise ValidationError({"entry": _("立件、定级、并单和系统的记录不能这样更正。")})
    if entry.actor != by.actor and not by.appointments.filter(role__in=MAY_CORRECT, unit=None).exists():
        raise ValidationError({"entry": _("别人的记录由舆情办或负责人更正。")})
    data = {
        "entry": seq,
        "reason": filled(reason, "reason", _("请写为什么要更正。"), 1000),
        "text": filled(text, "text", _("请写正确的内容。")),
    }
    _write(by, now, case, Kind.CORRECTED, data)
