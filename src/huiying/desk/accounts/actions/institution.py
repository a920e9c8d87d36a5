"""The institution and its units."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Institution, Person, Unit
from huiying.desk.accounts.rights import Right


@transaction.atomic
def describe(
    *,
    by: Person,
    now: datetime,
    name: str,
    short_name: str = "",
    zone: str = "Asia/Shanghai",
    higher_body: str = "",
    public_intro: str = "",
) -> Institution:
    """Name the institution, or rename it. Raises ValidationError for an empty name or an unknown time zone."""
    require(by, Right.EDIT_INSTITUTION)
    if not name.strip():
        raise ValidationError({"name": _("请填单位全称。")})
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise ValidationError(
            {"zone": _("没有这个时区：%(zone)s。例：Asia/Shanghai。") % {"zone": zone}}
        ) from unknown
    values = {
        "name": name.strip(),
        "short_name": short_name.strip(),
        "zone": zone,
        "higher_body": higher_body.strip(),
        "public_intro": public_intro.strip(),
    }
    body, _made = Institution.objects.update_or_create(pk=1, defaults=values)
    record(by=by, now=now, verb="institution.describe", target=body.name, data=values)
    return body


@transaction.atomic
def choose_plan(*, by: Person, now: datetime, plan_name: str) -> Institution:
    """Note which plan the institution follows; making a version of it count is the cases room's business."""
    require(by, Right.EDIT_INSTITUTION)
    body, _made = Institution.objects.update_or_create(pk=1, defaults={"plan_name": plan_name})
    record(by=by, now=now, verb="institution.plan", target=plan_name)
    return body


@transaction.atomic
def found(*, by: Person, now: datetime) -> Institution:
    """End the first run. Raises ValidationError while the institution has no name."""
    require(by, Right.EDIT_INSTITUTION)
    body = Institution.objects.select_for_update().filter(pk=1).first()
    if body is None or not body.name:
        raise ValidationError(_("请先填单位全称，再完成设置。"))
    if body.founded_at is None:
        body.founded_at = now
        body.save(update_fields=["founded_at"])
        record(by=by, now=now, verb="institution.found", target=body.name)
    return body


def _free_code(name: str) -> str:
    """A short code for a unit from the initials of its name, numbered when it is taken."""
    stem = "".join(part[0] for part in lazy_pinyin(name) if part and part[0].isascii() and part[0].isalnum())
    stem = (stem or "unit").lower()[:40]
    code, number = stem, 2
    while Unit.objects.filter(code=code).exists():
        code, number = f"{stem}-{number}", number + 1
    return code


def _unique_name(name: str, besides: Unit | None = None) -> str:
    name = name.strip()
    if not name:
        raise ValidationError({"name": _("请填部门名称。")})
    others = Unit.objects.exclude(pk=besides.pk) if besides else Unit.objects.all()
    if others.filter(name=name).exists():
        raise ValidationError({"name": _("已有同名部门：%(name)s。") % {"name": name}})
    return name


@transaction.atomic
def add_unit(
    *,
    by: Person,
    now: datetime,
    name: str,
    aliases: Sequence[str] = (),
    duties: str = "",
    parent: Unit | None = None,
) -> Unit:
    """Add a unit; its code is made from its name. Raises ValidationError for an empty or a taken name."""
    require(by, Right.EDIT_PEOPLE)
    name = _unique_name(name)
    unit = Unit.objects.create(
        name=name, code=_free_code(name), aliases=list(aliases), duties=duties, parent=parent
    )
    record(by=by, now=now, verb="unit.add", target=unit.name)
    return unit


def _below_itself(unit: Unit, parent: Unit | None) -> bool:
    step = parent
    while step is not None:
        if step.pk == unit.pk:
            return True
        step = step.parent
    return False


@transaction.atomic
def change_unit(
    *,
    by: Person,
    now: datetime,
    unit: Unit,
    name: str,
    aliases: Sequence[str] = (),
    duties: str = "",
    parent: Unit | None = None,
    active: bool = True,
) -> Unit:
    """Change a unit or retire it. Raises ValidationError for a taken name or a unit under itself."""
    require(by, Right.EDIT_PEOPLE)
    if _below_itself(unit, parent):
        raise ValidationError({"parent": _("部门不能隶属于自己或自己的下级。")})
    unit.name = _unique_name(name, besides=unit)
    unit.aliases, unit.duties, unit.parent, unit.active = list(aliases), duties, parent, active
    unit.save()
    record(by=by, now=now, verb="unit.change", target=unit.name, data={"active": active})
    return unit
