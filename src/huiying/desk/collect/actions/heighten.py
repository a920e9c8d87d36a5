"""Key periods that the institution adds itself; where the plan says so, a second person lets them count."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.queries import stand_in
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.models import Heightened
from huiying.desk.collect.periods import active_plan
from huiying.desk.notify.actions import tell
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text

MOST = 20.0
PAGE = "/sources/heightened/"


@transaction.atomic
def heighten(
    *,
    by: Person,
    now: datetime,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    factor: float = 3.0,
    like: str = "",
    why: str = "",
) -> Heightened:
    """Add a key period: sources are read `factor` times as often, and it counts as one when levels are proposed.

    `like` names a key period of the plan whose rules count in it too. Where the plan names who approves, it counts only
    once another person has. Raises ValidationError.
    """
    require(by, Right.EDIT_SOURCES)
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("结束要晚于开始")})
    if ends_at <= now:
        raise ValidationError({"ends_at": _("结束时间已经过去")})
    if not 1 < factor <= MOST:
        raise ValidationError({"factor": _("倍数要大于 1，最多 20")})
    plan = active_plan()
    if like and (plan is None or like not in {one.id for one in plan.key_periods}):
        raise ValidationError({"like": _("预案里没有这个重点时段")})
    period = Heightened.objects.create(
        name=name,
        why=why.strip()[:200],
        starts_at=starts_at,
        ends_at=ends_at,
        factor=factor,
        like=like,
        waits=bool(plan and plan.heighten),
        created_at=now,
        created_by=by,
    )
    data = {"from": starts_at.isoformat(), "to": ends_at.isoformat(), "factor": factor, "like": like}
    record(by=by, now=now, verb="source.heighten", target=name, data={**data, "waits": period.waits})
    if plan is not None and period.waits:
        _ask(period, plan, by, now)
    return period


def _ask(period: Heightened, plan: Plan, by: Person, now: datetime) -> None:
    """Whoever may approve hears of it."""
    people = [person for role in plan.heighten for person in stand_in(role, now) if person != by]
    tell(
        now=now,
        people=people,
        key=f"period|{period.pk}",
        subject=Text(f"待批重点时段：{period.name}", f"Key period to approve: {period.name}"),
        body=Text(
            f"{by} 申请增设重点时段，批准后才算数。{period.why}",
            f"{by} asks for a key period; it counts once it is approved. {period.why}",
        ),
        link=PAGE,
        urgent=period.starts_at <= now,
    )


def may_approve(person: Person, period: Heightened, plan: Plan | None, now: datetime) -> bool:
    """Whether this is the second person: not the one who asked, and in a role that the plan names, or standing in for it."""
    if not period.waits or period.created_by_id == person.pk or plan is None:
        return False
    if person.appointments.filter(role__in=plan.heighten, unit=None).exists():
        return True
    return any(person in stand_in(role, now) for role in plan.heighten)


def _waiting(period: Heightened, by: Person, now: datetime) -> Heightened:
    """The row, locked. Raises ValidationError when it waits for nobody, PermissionDenied for whoever may not decide."""
    row = Heightened.objects.select_for_update(of=("self",)).get(pk=period.pk)
    if not row.waits:
        raise ValidationError(_("这个时段不在等批准。"))
    if not may_approve(by, row, active_plan(), now):
        raise PermissionDenied(_("自设的重点时段由预案指定的另一人批准。"))
    return row


@transaction.atomic
def approve_heightened(*, by: Person, now: datetime, period: Heightened) -> Heightened:
    """The second person agrees: from now on it counts. Raises ValidationError once it is over."""
    require(by, Right.APPROVE_PERIODS)
    row = _waiting(period, by, now)
    if row.ends_at <= now:
        raise ValidationError(_("这个时段已经过去。"))
    row.waits, row.approved_by, row.approved_at = False, by, now
    row.save(update_fields=["waits", "approved_by", "approved_at"])
    record(by=by, now=now, verb="source.heighten.approve", target=row.name)
    return row


@transaction.atomic
def refuse_heightened(*, by: Person, now: datetime, period: Heightened, why: str) -> Heightened:
    """The second person does not agree, and says why; it never counts."""
    require(by, Right.APPROVE_PERIODS)
    row = _waiting(period, by, now)
    if not why.strip():
        raise ValidationError({"why": _("请写不批准的理由。")})
    row.waits, row.refused_by, row.refused_at, row.refused_why = False, by, now, why.strip()[:300]
    row.save(update_fields=["waits", "refused_by", "refused_at", "refused_why"])
    record(by=by, now=now, verb="source.heighten.refuse", target=row.name, data={"why": row.refused_why})
    return row


@transaction.atomic
def end_heightened(*, by: Person, now: datetime, period: Heightened) -> None:
    """Ends a period now; one that has not begun, or that nobody approved yet, is removed."""
    require(by, Right.EDIT_SOURCES)
    if period.starts_at >= now or period.waits:
        period.delete()
    else:
        Heightened.objects.filter(pk=period.pk, ends_at__gt=now).update(ends_at=now)
    record(by=by, now=now, verb="source.heighten.end", target=period.name)
