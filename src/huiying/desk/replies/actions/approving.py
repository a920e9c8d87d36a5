"""The approval chain: one step after the other, by the roles that the plan names, never by a writer."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.queries import holders
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import acting
from huiying.desk.replies.actions.drafting import ask
from huiying.desk.replies.hashes import fingerprint
from huiying.desk.replies.holding import announce, hold, needed, write
from huiying.desk.replies.models import Approval, Draft
from huiying.desk.replies.queries.chain import Seat, barred, my_part, waiting_now
from huiying.engine.journal import Kind
from huiying.engine.text import Text


def names(roles: str) -> str:
    """The roles of a step in words: any of them."""
    return _("或").join(str(Role(role).label) if role in Role.values else role for role in roles.split("|"))


def _seat(draft: Draft, by: Person, now: datetime) -> tuple[Approval, Seat]:
    """What `by` approves of the waiting step, and in which seat. Raises ValidationError or PermissionDenied."""
    waiting = waiting_now(draft)
    if not waiting:
        raise ValidationError(_("没有等着批的一步。"))
    if by.pk in draft.writers.values_list("pk", flat=True) or by.pk == draft.written_by_id:
        raise PermissionDenied(_("自己写的稿子不能自己批。"))
    if by.pk in barred(draft):
        raise PermissionDenied(_("你已经批过前面的一步，这一步要由别人批。"))
    mine = my_part(draft, by, now)
    if mine is None:
        asked = _("和").join(names(row.roles) for row in waiting)
        raise PermissionDenied(_("这一步由%(roles)s批。") % {"roles": asked})
    return mine


def _stamp(step: Approval, seat: Seat, now: datetime, verdict: str, comment: str) -> None:
    step.verdict, step.by, step.role = verdict, seat.person, seat.role
    step.stood_in_for, step.comment, step.at = seat.stood_in_for, comment, now
    step.save()


def _data(draft: Draft, step: Approval) -> dict[str, object]:
    return {
        "draft": draft.pk,
        "step": step.step,
        "part": step.part,
        "of": len(draft.chain),
        "round": draft.round,
        "approver_role": step.role,
        "stood_in_for": step.stood_in_for,
        "text_sha256": fingerprint(draft.title, draft.text),
    }


@transaction.atomic
def approve(*, by: Person, now: datetime, draft: Draft, comment: str = "") -> Draft:
    """Take the step that waits, or one's part of it. The last one makes the text ready to be published.

    Raises PermissionDenied for writers, for the wrong role and for a second step of the same person.
    """
    require(by, Right.APPROVE)
    held = hold(draft, [Draft.State.SUBMITTED], _("这份稿子不在审批中。"))
    step, seat = _seat(held, by, now)
    _stamp(step, seat, now, Approval.Verdict.APPROVED, comment.strip()[:2000])
    data = {**_data(held, step), "comment": step.comment}
    write(by=by, now=now, case=held.case, kind=Kind.APPROVED, data=data, right=Right.APPROVE, role=seat.role)
    waiting = waiting_now(held)
    if not waiting:
        _finish(held, now)
    elif waiting[0].step != step.step:
        ask(held, now)
    return held


def _finish(draft: Draft, now: datetime) -> None:
    draft.state, draft.approved_at = Draft.State.APPROVED, now
    draft.save(update_fields=["state", "approved_at"])
    announce(
        now=now,
        people=[*holders(Role.SPOKESPERSON, None, now), *holders(Role.OFFICE, None, now)],
        case=draft.case,
        key=f"draft{draft.pk}|{draft.round}|ready",
        subject=Text(f"可以发布：{draft.title}"[:200], f"Ready to publish: {draft.title}"[:200]),
        body=Text("审批已全部通过。", "Every approval is given."),
        link=draft.get_absolute_url(),
        urgent=True,
    )


@transaction.atomic
def give_back(*, by: Person, now: datetime, draft: Draft, reason: str) -> Draft:
    """Return the text with a reason; it begins the chain anew when it is handed in again."""
    require(by, Right.APPROVE)
    held = hold(draft, [Draft.State.SUBMITTED], _("这份稿子不在审批中。"))
    step, seat = _seat(held, by, now)
    why = needed(reason, "reason", _("请写退回的理由。"), 2000)
    _stamp(step, seat, now, Approval.Verdict.RETURNED, why)
    held.state, held.changed_at = Draft.State.RETURNED, now
    held.save(update_fields=["state", "changed_at"])
    data = {**_data(held, step), "reason": why}
    write(by=by, now=now, case=held.case, kind=Kind.RETURNED, data=data, right=Right.APPROVE, role=seat.role)
    announce(
        now=now,
        people=list(held.writers.filter(is_active=True)),
        case=held.case,
        key=f"draft{held.pk}|{held.round}|returned",
        subject=Text(f"退回修改：{held.title}"[:200], f"Returned: {held.title}"[:200]),
        body=Text(why, why),
        link=held.get_absolute_url(),
    )
    return held


@transaction.atomic
def recall(*, by: Person, now: datetime, draft: Draft, reason: str) -> Draft:
    """A writer takes the text back before it is published; approvals given so far count no more."""
    require(by, Right.DRAFT)
    acting(by, Right.DRAFT, draft.case)
    states = [Draft.State.SUBMITTED, Draft.State.APPROVED]
    held = hold(draft, states, _("只有送审或已批准、还没发布的稿子可以收回。"))
    why = needed(reason, "reason", _("请写为什么收回。"))
    held.state, held.changed_at, held.approved_at = Draft.State.RETURNED, now, None
    held.save(update_fields=["state", "changed_at", "approved_at"])
    data = {"draft": held.pk, "round": held.round, "reason": why, "recalled": True}
    write(by=by, now=now, case=held.case, kind=Kind.RETURNED, data=data, right=Right.DRAFT)
    return held
