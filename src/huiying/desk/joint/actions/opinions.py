"""The list of advisers, and what they said on cases."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.actions.common import happened
from huiying.desk.cases.models import Case
from huiying.desk.joint import steps
from huiying.desk.joint.holding import enter, maybe, said
from huiying.desk.joint.models import Adviser, Opinion


@transaction.atomic
def put_adviser(
    *,
    by: Person,
    now: datetime,
    name: str,
    post: str,
    field: str,
    reach: str = "",
    it: Adviser | None = None,
) -> Adviser:
    """Add an expert to the institution's own list, or change `it`. Raises ValidationError by field."""
    require(by, Right.CONVENE)
    values = {"name": said(name, "name", 60), "post": said(post, "post", 120)}
    same = Adviser.objects.filter(**values).first()
    if same is not None and (it is None or same.pk != it.pk):
        raise ValidationError({"name": _("这位专家已经在名单里。")})
    row = it or Adviser(added_by=by, added_at=now)
    row.name, row.post = values["name"], values["post"]
    row.field, row.reach, row.active = said(field, "field", 120), maybe(reach, "reach", 200), True
    row.save()
    record(by=by, now=now, verb="adviser.put", target=str(row.pk), data={"field": row.field})
    return row


@transaction.atomic
def retire_adviser(*, by: Person, now: datetime, it: Adviser) -> None:
    """No longer on the list: how to reach goes, the opinions stay."""
    require(by, Right.CONVENE)
    Adviser.objects.filter(pk=it.pk).update(active=False, reach="")
    record(by=by, now=now, verb="adviser.retire", target=str(it.pk))


@transaction.atomic
def record_opinion(
    *,
    by: Person,
    now: datetime,
    case: Case,
    adviser: Adviser,
    question: str,
    text: str,
    at: datetime | None = None,
    evidence: Sequence[Mapping[str, Any]] = (),
) -> Opinion:
    """What an adviser said on a case, asked what; `evidence` as `cases.evidence.keep` gives it. Raises ValidationError.

    The plan's step is done with it, where the plan has one.
    """
    require(by, Right.CONVENE)
    seat = enter(by, Right.CONVENE, case, now)
    if not adviser.active:
        raise ValidationError({"adviser": _("%(who)s 已不在名单里。") % {"who": adviser}})
    when = happened(at, now)
    made = Opinion.objects.create(
        case=seat.case,
        adviser=adviser,
        question=said(question, "question", 1000),
        text=said(text, "text", 8000),
        at=when or now,
        evidence=list(evidence),
        recorded_by=by,
        recorded_at=now,
    )
    words = f"{adviser.name}（{adviser.post}，{adviser.field}）\n问：{made.question}\n答：{made.text}"[:4000]
    lacking = steps.lacking(seat.held, steps.EXPERT)
    steps.settle(seat, lacking, words, about=made, act="opinion", at=when, evidence=evidence)
    return made
