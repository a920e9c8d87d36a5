"""Periods of heightened watch."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.models import Heightened

MOST = 20.0


@transaction.atomic
def heighten(
    *, by: Person, now: datetime, name: str, starts_at: datetime, ends_at: datetime, factor: float = 3.0
) -> Heightened:
    """Divides the intervals of all sources by `factor` from `starts_at` to `ends_at`. Raises ValidationError."""
    require(by, Right.EDIT_SOURCES)
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("结束要晚于开始")})
    if ends_at <= now:
        raise ValidationError({"ends_at": _("结束时间已经过去")})
    if not 1 < factor <= MOST:
        raise ValidationError({"factor": _("倍数要大于 1，最多 20")})
    period = Heightened.objects.create(
        name=name, starts_at=starts_at, ends_at=ends_at, factor=factor, created_at=now, created_by=by
    )
    data = {"from": starts_at.isoformat(), "to": ends_at.isoformat(), "factor": factor}
    record(by=by, now=now, verb="source.heighten", target=name, data=data)
    return period


@transaction.atomic
def end_heightened(*, by: Person, now: datetime, period: Heightened) -> None:
    """Ends a period now; one that has not begun is removed."""
    require(by, Right.EDIT_SOURCES)
    if period.starts_at >= now:
        period.delete()
    else:
        Heightened.objects.filter(pk=period.pk, ends_at__gt=now).update(ends_at=now)
    record(by=by, now=now, verb="source.heighten.end", target=period.name)
