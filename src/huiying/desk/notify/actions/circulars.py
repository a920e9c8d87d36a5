"""The standing channel: a notice to the spokespersons and administrators of all or some units, with receipts."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.queries.posts import POSTS, posted
from huiying.desk.accounts.rights import Right
from huiying.desk.notify.actions.outbox import tell
from huiying.desk.notify.models import Circular, Receipt
from huiying.desk.notify.receipts import unread
from huiying.engine.text import Text

#: Within how many minutes receipts may be asked for.
LEAST, MOST = 5, 3 * 24 * 60


@transaction.atomic
def send_circular(
    *,
    by: Person,
    now: datetime,
    subject: str,
    body: str,
    roles: Collection[str],
    units: Sequence[Unit] = (),
    within_min: int = 30,
    urgent: bool = False,
) -> Circular:
    """Tell everybody in these posts, each once; receipts are awaited within `within_min` minutes.

    Without `units` it goes to all of them, and to who holds such a post in the whole institution. Raises ValidationError.
    """
    require(by, Right.NOTIFY_UNITS)
    if not roles or not set(roles) <= set(POSTS):
        raise ValidationError({"roles": _("请选发给哪些人。")})
    if not LEAST <= within_min <= MOST:
        raise ValidationError({"within_min": _("签收时限从 5 分钟到 3 天。")})
    people = {row.person_id: row for row in reversed(posted(roles, units))}
    people.pop(by.pk, None)
    if not people:
        raise ValidationError({"units": _("选中的部门里没有这些人，先在“发言人与管理员”里补上。")})
    it = Circular.objects.create(
        subject=_said(subject, "subject", _("请写标题。"), 120),
        body=_said(body, "body", _("请写内容。"), 2000),
        roles=sorted(roles),
        units=[unit.code for unit in units],
        within_min=within_min,
        urgent=urgent,
        sent_by=by,
        sent_at=now,
        due_at=now + timedelta(minutes=within_min),
    )
    Receipt.objects.bulk_create(
        Receipt(circular=it, person=row.person, unit=row.unit, role=row.role) for row in people.values()
    )
    _tell(it, [row.person for row in people.values()], now, "")
    data = {"people": len(people), "roles": sorted(roles), "units": it.units}
    record(by=by, now=now, verb="circular.send", target=it.subject, data=data)
    return it


def _said(text: str, field: str, message: str, most: int) -> str:
    words = "".join(char for char in text if char in "\n\t" or ord(char) >= 32).strip()
    if not words:
        raise ValidationError({field: message})
    if len(words) > most:
        raise ValidationError(
            {field: _("最多 %(most)s 字，现在 %(now)s 字。") % {"most": most, "now": len(words)}}
        )
    return words


def _tell(it: Circular, people: Sequence[Person], now: datetime, again: str) -> None:
    mark = Text("【再次通知】", "[AGAIN] ") if again else Text("", "")
    tell(
        now=now,
        people=people,
        key=f"circular|{it.pk}|{again}",
        subject=Text(f"{mark.zh}{it.subject}", f"{mark.en}{it.subject}"),
        body=it.body,
        link=it.read_path,
        urgent=it.urgent,
    )


@transaction.atomic
def resend_circular(*, by: Person, now: datetime, circular: Circular) -> int:
    """Tell those again who have not read it; gives how many. Raises ValidationError when everybody has."""
    require(by, Right.NOTIFY_UNITS)
    it = Circular.objects.select_for_update(of=("self",)).get(pk=circular.pk)
    number = _again(it, now)
    if not number:
        raise ValidationError(_("所有人都已签收。"))
    record(by=by, now=now, verb="circular.resend", target=it.subject, data={"people": number})
    return number


def _again(it: Circular, now: datetime) -> int:
    people = [row.person for row in unread(it)]
    if people:
        it.resent += 1
        it.save(update_fields=["resent"])
        _tell(it, people, now, f"again{it.resent}")
    return len(people)


@transaction.atomic
def read_circular(*, by: Person, now: datetime, circular: Circular, reply: str = "") -> Receipt:
    """Note that one has read it, the first time counts; a reply may be added later. Raises PermissionDenied for others."""
    require(by, Right.ACKNOWLEDGE)
    row = Receipt.objects.select_for_update(of=("self",)).filter(circular=circular, person=by).first()
    if row is None:
        raise PermissionDenied(_("这份通知不是发给你的。"))
    if row.read_at is None:
        row.read_at = now
    if reply.strip():
        row.reply, row.replied_at = _said(reply, "reply", "", 500), now
    row.save()
    return row


def remind_due(*, now: datetime, most: int = 20) -> int:
    """Once the time for receipts has passed: who has not read it is told again, the sender how many. Gives how many notices.

    The system itself acts, once for each notice, each in its own transaction.
    """
    waiting = Circular.objects.filter(reminded_at=None, due_at__lte=now).order_by("due_at")
    return sum(_remind(pk, now) for pk in list(waiting.values_list("pk", flat=True)[:most]))


@transaction.atomic
def _remind(pk: int, now: datetime) -> int:
    it = Circular.objects.select_for_update(of=("self",)).filter(pk=pk, reminded_at=None).first()
    if it is None:
        return 0
    it.reminded_at = now
    it.save(update_fields=["reminded_at"])
    number = _again(it, now)
    if number:
        words = Text(
            f"{it.within_min} 分钟内没有签收的 {number} 人，已再次通知。",
            f"{number} have not acknowledged within {it.within_min} minutes; they were told again.",
        )
        subject = Text(f"未签收 {number} 人：{it.subject}", f"{number} unread: {it.subject}")
        key = f"circular|{it.pk}|sender"
        tell(now=now, people=[it.sent_by], key=key, subject=subject, body=words, link=it.get_absolute_url())
    return 1
