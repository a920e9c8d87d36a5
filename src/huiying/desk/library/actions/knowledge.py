"""Knowledge: written by one, approved by another, checked again by its date, withdrawn with a reason."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.library.models import Knowledge
from huiying.desk.listen.search import drop, put
from huiying.desk.replies.models import Draft

#: How far ahead the next check may lie.
FARTHEST = timedelta(days=3 * 366)


@transaction.atomic
def put_knowledge(
    *,
    by: Person,
    now: datetime,
    title: str,
    text: str,
    check_on: date,
    basis: str = "",
    unit: Unit | None = None,
    draft: Draft | None = None,
    it: Knowledge | None = None,
) -> Knowledge:
    """Write an entry, or write `it` again: then somebody else has to approve it anew. Raises ValidationError by field."""
    require(by, Right.EDIT_LIBRARY)
    if draft is not None and draft.state != Draft.State.PUBLISHED:
        raise ValidationError(_("只有已发布的答复可以存进知识库。"))
    if draft is not None and draft.case.drill:
        raise ValidationError(_("演练里的答复不能存进知识库。"))
    values = {
        "title": _said(title, "title", 200),
        "text": _said(text, "text", 8000),
        "basis": basis.strip()[:300],
        "unit": unit,
        "check_on": _ahead(check_on, now),
        "state": Knowledge.State.WAITING,
        "written_by": by,
        "written_at": now,
        "approved_by": None,
        "approved_at": None,
        "reminded_on": None,
    }
    if it is None:
        made = Knowledge.objects.create(draft=draft, **values)
    else:
        made = _hold(it)
        for name, value in values.items():
            setattr(made, name, value)
        made.save()
        drop("knowledge", [made.pk])
    record(by=by, now=now, verb="knowledge.put", target=str(made.pk), data={"title": made.title})
    return made


def _said(text: str, field: str, most: int) -> str:
    words = "".join(char for char in text if char in "\n\t" or ord(char) >= 32).strip()
    if not words:
        raise ValidationError({field: _("请填写。")})
    if len(words) > most:
        raise ValidationError(
            {field: _("最多 %(most)s 字，现在 %(now)s 字。") % {"most": most, "now": len(words)}}
        )
    return words


def _ahead(day: date, now: datetime) -> date:
    """A day from tomorrow on, not too far. Raises ValidationError."""
    if day <= now.date():
        raise ValidationError({"check_on": _("核对日期要在今天以后。")})
    if day > (now + FARTHEST).date():
        raise ValidationError({"check_on": _("最多三年后要核对一次。")})
    return day


def _hold(it: Knowledge) -> Knowledge:
    return Knowledge.objects.select_for_update().get(pk=it.pk)


@transaction.atomic
def approve_knowledge(*, by: Person, now: datetime, it: Knowledge) -> Knowledge:
    """A second person says that it may be used. Raises ValidationError for one's own and for what does not wait."""
    require(by, Right.APPROVE_LINES)
    held = _hold(it)
    if held.state != Knowledge.State.WAITING:
        raise ValidationError(_("这一条不在等审定。"))
    if held.written_by_id == by.pk:
        raise ValidationError(_("自己写的要由别人审定。"))
    held.state, held.approved_by, held.approved_at = Knowledge.State.GOOD, by, now
    held.save()
    put("knowledge", held.pk, held.title, f"{held.text}\n{held.basis}", now)
    record(by=by, now=now, verb="knowledge.approve", target=str(held.pk), data={"title": held.title})
    return held


@transaction.atomic
def confirm_knowledge(*, by: Person, now: datetime, it: Knowledge, check_on: date) -> Knowledge:
    """It was checked and still holds; the next check is due on `check_on`."""
    require(by, Right.EDIT_LIBRARY)
    held = _hold(it)
    if held.state != Knowledge.State.GOOD:
        raise ValidationError(_("只核对可用的条目。"))
    held.check_on, held.reminded_on = _ahead(check_on, now), None
    held.checked_by, held.checked_at = by, now
    held.save()
    data = {"title": held.title, "check_on": check_on.isoformat()}
    record(by=by, now=now, verb="knowledge.check", target=str(held.pk), data=data)
    return held


@transaction.atomic
def withdraw_knowledge(*, by: Person, now: datetime, it: Knowledge, why: str) -> Knowledge:
    """It must not be used any more."""
    require(by, Right.EDIT_LIBRARY)
    held = _hold(it)
    held.why, held.state = _said(why, "why", 300), Knowledge.State.WITHDRAWN
    held.save()
    drop("knowledge", [held.pk])
    record(by=by, now=now, verb="knowledge.withdraw", target=str(held.pk), data={"why": held.why})
    return held
