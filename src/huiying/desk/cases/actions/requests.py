"""Other bodies asked in writing (协调函): sent by a recorded means, answered by a date, asked again when no answer comes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting
from huiying.desk.cases.actions.common import Held, filled, happened, later
from huiying.desk.cases.models import Case
from huiying.engine.journal import Entry, Kind

#: What may have come of a request; "none": no answer, and none is awaited any more.
OUTCOMES = ("agreed", "partly", "refused", "none")
#: How a letter goes out; only for asking again is a call enough.
MEANS = ("hand", "confidential", "post", "fax", "mail", "system")


@transaction.atomic
def request(
    *,
    by: Person,
    now: datetime,
    case: Case,
    to: str,
    text: str,
    means: str,
    due_at: datetime | None = None,
    paper: Mapping[str, Any] | None = None,
) -> int:
    """Record that another body was asked in writing, and by when its answer is awaited; gives the request's number.

    `means` is how it went out, one of MEANS; `paper` names the letter. Raises ValidationError.
    """
    require(by, Right.WRITE_REPORTS)
    held = Held(case)
    role = acting(by, Right.WRITE_REPORTS, case)
    held.must_be_open()
    if means not in MEANS:
        raise ValidationError({"means": _("请选送出方式。")})
    number = len({entry.data["number"] for entry in held.marked(Kind.REQUESTED)}) + 1
    data: dict[str, Any] = {
        "number": number,
        "to": filled(to, "to", _("请写商请的单位。"), 200),
        "text": filled(text, "text", _("请写商请什么。"), 1000),
        "means": means,
        "due_at": later(due_at, now),
    }
    if paper:
        data["paper"] = dict(paper)
    journal.write(case=case, kind=Kind.REQUESTED, data=data, now=now, by=by, role=role)
    return number


@transaction.atomic
def request_again(
    *, by: Person, now: datetime, case: Case, number: int, text: str, means: str, due_at: datetime
) -> None:
    """No answer came: the body was asked again, and by when one is awaited now. Raises ValidationError."""
    require(by, Right.WRITE_REPORTS)
    held = Held(case)
    role = acting(by, Right.WRITE_REPORTS, case)
    held.must_be_open()
    first = _waiting(held, number)
    if means not in (*MEANS, "phone"):
        raise ValidationError({"means": _("请选送出方式。")})
    data = {
        "number": number,
        "to": first.data["to"],
        "text": filled(text, "text", _("请写怎样催问的。"), 1000),
        "means": means,
        "due_at": later(due_at, now),
        "again": True,
    }
    journal.write(case=case, kind=Kind.REQUESTED, data=data, now=now, by=by, role=role)


@transaction.atomic
def answer_request(
    *,
    by: Person,
    now: datetime,
    case: Case,
    number: int,
    outcome: str,
    text: str,
    at: datetime | None = None,
    recorded_late: str = "",
    evidence: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Record the answer of the body that was asked, or that none is awaited any more and why.

    An answer without its letter attached is not one: `evidence` is needed unless the outcome is "none". `at` is when it
    came. Raises ValidationError.
    """
    require(by, Right.WRITE_REPORTS)
    held = Held(case)
    role = acting(by, Right.WRITE_REPORTS, case)
    first = _waiting(held, number)
    if outcome not in OUTCOMES:
        raise ValidationError({"outcome": _("请选复函结果。")})
    if outcome != "none" and not evidence:
        raise ValidationError({"proof": _("请附上复函的照片或文件。")})
    came = happened(at, now)
    if came is not None and came < first.at:
        raise ValidationError({"at": _("复函时间早于发函时间，请核对。")})
    data: dict[str, Any] = {
        "number": number,
        "outcome": outcome,
        "text": filled(text, "text", _("请写对方怎样答复。")),
        "evidence": list(evidence),
    }
    if came is not None and recorded_late.strip():
        data["recorded_late"] = recorded_late.strip()[:500]
    journal.write(case=case, kind=Kind.REQUEST_ANSWERED, data=data, now=now, by=by, role=role, at=came)


def _waiting(held: Held, number: int) -> Entry:
    """The request that still waits for its answer. Raises ValidationError."""
    asked = held.standing(Kind.REQUESTED, number=number)
    if not asked:
        raise ValidationError({"number": _("没有第 %(number)s 号协调函。") % {"number": number}})
    if held.standing(Kind.REQUEST_ANSWERED, number=number):
        raise ValidationError({"number": _("第 %(number)s 号协调函已经有了结果。") % {"number": number}})
    return asked[0]
