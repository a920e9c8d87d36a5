"""Media contacts, and when they were spoken to."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Tier
from huiying.desk.library.models import MediaContact, Talk


@transaction.atomic
def put_contact(
    *,
    by: Person,
    now: datetime,
    outlet: str,
    name: str,
    tier: str = "unknown",
    role: str = "",
    reach: str = "",
    it: MediaContact | None = None,
) -> MediaContact:
    """Add a contact at an outlet, or change `it`. Raises ValidationError by field."""
    require(by, Right.EDIT_LIBRARY)
    said = {"outlet": outlet.strip()[:120], "name": name.strip()[:60]}
    for field, value in said.items():
        if not value:
            raise ValidationError({field: _("请填写。")})
    if tier not in Tier.values:
        raise ValidationError({"tier": _("没有这个层级。")})
    same = MediaContact.objects.filter(**said).first()
    if same is not None and (it is None or same.pk != it.pk):
        raise ValidationError({"name": _("这家媒体的这位联系人已经在了。")})
    row = it or MediaContact(added_by=by, added_at=now)
    row.outlet, row.name, row.tier = said["outlet"], said["name"], tier
    row.role, row.reach, row.active = role.strip()[:80], reach.strip()[:200], True
    row.save()
    record(by=by, now=now, verb="media.put", target=str(row.pk), data={"outlet": row.outlet})
    return row


@transaction.atomic
def retire_contact(*, by: Person, now: datetime, it: MediaContact) -> None:
    """The contact is no longer there; the talks stay."""
    require(by, Right.EDIT_LIBRARY)
    MediaContact.objects.filter(pk=it.pk).update(active=False, reach="")
    record(by=by, now=now, verb="media.retire", target=str(it.pk))


@transaction.atomic
def note_talk(
    *,
    by: Person,
    now: datetime,
    contact: MediaContact,
    about: str,
    at: datetime | None = None,
    case: Case | None = None,
) -> Talk:
    """Note that one spoke with a contact, about what, when. Raises ValidationError by field."""
    require(by, Right.EDIT_LIBRARY)
    if not about.strip():
        raise ValidationError({"about": _("请写谈了什么。")})
    if at is not None and at > now:
        raise ValidationError({"at": _("时间不能晚于现在。")})
    if case is not None and case.drill:
        raise ValidationError({"case": _("演练里没有真的和媒体谈过。")})
    return Talk.objects.create(contact=contact, at=at or now, by=by, about=about.strip()[:500], case=case)
