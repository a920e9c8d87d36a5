"""Urging and supervision (催办、督办): numbered, dated, copied upward, closed by the unit's reply."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Role, Unit
from huiying.desk.accounts.queries import stand_in
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting, own_unit
from huiying.desk.cases.actions.common import Held, filled, happened, later
from huiying.desk.cases.models import Case, JournalEntry
from huiying.desk.cases.telling import asked_by_plan, people_for, tell_people
from huiying.engine.journal import Kind
from huiying.engine.text import Text


@transaction.atomic
def urge(
    *,
    by: Person,
    now: datetime,
    case: Case,
    text: str,
    unit: Unit | None = None,
    due_at: datetime | None = None,
    supervision: bool = False,
    paper: Mapping[str, Any] | None = None,
) -> int:
    """An urging notice (催办), or one of supervision (督办): numbered, dated, copied upward, closed by a reply.

    Without `unit` it goes to the unit that is responsible. `paper` names the paper that the reports room issued with it.
    Gives its number. Raises ValidationError.
    """
    require(by, Right.URGE)
    held = Held(case)
    role = acting(by, Right.URGE, case)
    held.must_be_open()
    unit = unit or case.lead
    if unit is None:
        raise ValidationError({"unit": _("还没有交办给任何部门，无从催办。")})
    above = [one for one in stand_in(Role.HEAD if supervision else Role.DEPUTY, now) if one != by]
    number = len(held.marked(Kind.URGED)) + 1
    data: dict[str, Any] = {
        "number": number,
        "unit": unit.code,
        "text": filled(text, "text", _("请写催办什么。"), 1000),
        "due_at": later(due_at, now),
        "supervision": supervision,
        "copied": [person.actor for person in above],
    }
    if paper:
        data["paper"] = dict(paper)
    entry = journal.write(case=case, kind=Kind.URGED, data=data, now=now, by=by, role=role)
    _tell(case, now, unit, entry, above)
    return number


def _tell(case: Case, now: datetime, unit: Unit, entry: JournalEntry, above: Sequence[Person]) -> None:
    """The leader above hears of it: the deputy of an urging, the head of a supervision; the unit too, if no rule tells it."""
    number, supervision = entry.data["number"], entry.data["supervision"]
    zh, en = ("督办", "Supervision") if supervision else ("催办", "Urging")
    people = list(above)
    if not asked_by_plan(case, entry.seq):
        people = [*people_for([Role.HANDLER], now, unit), *people]
    tell_people(
        case=case,
        now=now,
        people=[person for person in people if person.actor != entry.actor],
        key=f"urge|{number}",
        subject=Text(
            f"{zh}第 {number} 号（{unit.name}）：{case.title}",
            f"{en} no. {number} ({unit.name}): {case.title}",
        ),
        body=Text(entry.data["text"], entry.data["text"]),
        urgent=supervision,
    )


@transaction.atomic
def answer_urge(
    *,
    by: Person,
    now: datetime,
    case: Case,
    number: int,
    text: str,
    at: datetime | None = None,
    recorded_late: str = "",
    evidence: Sequence[Mapping[str, Any]] = (),
) -> None:
    """The unit's reply to an urging notice; that closes it.

    The unit that was urged replies, or whoever handles the whole institution writes down what it replied: then `at` is
    when, and after the deadline `recorded_late` says why it was not written down at once. Raises ValidationError when it
    is unknown or answered, PermissionDenied for another unit.
    """
    require(by, Right.ADD_NOTE)
    held = Held(case)
    role = acting(by, Right.ADD_NOTE, case)
    urged = held.standing(Kind.URGED, number=number)
    if not urged:
        raise ValidationError({"number": _("没有第 %(number)s 号催办。") % {"number": number}})
    if held.standing(Kind.URGE_ANSWERED, number=number):
        raise ValidationError({"number": _("第 %(number)s 号催办已经回复。") % {"number": number}})
    own_unit(by, Right.ADD_NOTE, str(urged[-1].data["unit"]))
    told = happened(at, now)
    if told is not None and told < urged[-1].at:
        raise ValidationError({"at": _("回复时间早于催办时间，请核对。")})
    data: dict[str, Any] = {
        "number": number,
        "text": filled(text, "text", _("请写办到哪一步。")),
        "evidence": list(evidence),
    }
    if told is not None and recorded_late.strip():
        data["recorded_late"] = recorded_late.strip()[:500]
    journal.write(case=case, kind=Kind.URGE_ANSWERED, data=data, now=now, by=by, role=role, at=told)
