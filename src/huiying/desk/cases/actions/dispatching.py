"""Messages of leaders' message boards: handed on as the plan says or otherwise with a reason, joined to a case, or put aside."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.actions.common import filled
from huiying.desk.cases.actions.opening import add_mentions, open_case
from huiying.desk.cases.actions.reporting import report_up
from huiying.desk.cases.actions.units import assign
from huiying.desk.cases.board import Board, Proposal, departs
from huiying.desk.cases.models import Case, Dispatch, How
from huiying.desk.cases.telling import tell_people
from huiying.desk.collect.models import Mention
from huiying.engine.text import Text


def _hold(mention: Mention) -> Mention:
    """The message, locked. Raises ValidationError when somebody has taken it up meanwhile."""
    row = Mention.objects.select_for_update(of=("self",)).select_related("source").get(pk=mention.pk)
    if Dispatch.objects.filter(mention=row).exists() or row.cases.exists():
        raise ValidationError(_("这条留言刚刚已经有人分办。"))
    return row


@transaction.atomic
def route_message(
    *,
    by: Person,
    now: datetime,
    mention: Mention,
    unit: Unit | None = None,
    addressee: str | None = None,
    subject: str | None = None,
    matter: str | None = None,
    reason: str = "",
) -> Case:
    """Open a case for a message, hand it to the unit that leads, and tell the leader concerned: all at once.

    What is not given is as the plan proposes; what differs from it wants a `reason`. Raises ValidationError.
    """
    require(by, Right.OPEN_CASE)
    row, board = _hold(mention), Board(now)
    usual = board.proposal(row)
    chosen = board.proposal(row, addressee=addressee, subject=subject, matter=matter)
    lead = unit or chosen.unit
    if lead is None:
        raise ValidationError({"unit": _nowhere(chosen)})
    why = reason.strip()[:500]
    if departs(usual, chosen, lead) and not why:
        raise ValidationError({"reason": _("与预案的去向不同，请写明理由。")})
    case = open_case(
        by=by,
        now=now,
        title=(row.title or row.text[:60]),
        summary=row.text[:4000],
        mentions=[row],
        how=How.MENTION,
        discovered_at=min(row.captured_at, now),
        posted_at=row.posted_at if row.posted_at is not None and row.posted_at <= now else None,
        due_at=row.due_at,
        addressee=chosen.addressee,
        subject=chosen.subject,
        matter=chosen.matter,
    )
    basis = chosen.route.source.zh if chosen.route and lead == chosen.unit else ""
    text = "；".join(part for part in ("留言分办", basis, why) if part)
    assign(by=by, now=now, case=case, unit=lead, text=text)
    _tell_leaders(chosen, case, by, now)
    Dispatch.objects.create(
        mention=row,
        case=case,
        verdict=Dispatch.Verdict.ROUTED,
        addressee=chosen.addressee[:120],
        unit=lead,
        proposed=usual.route.unit if usual.route else "",
        reason=why,
        by=by,
        at=now,
    )
    return case


def _nowhere(chosen: Proposal) -> str:
    if chosen.nowhere:
        return _("预案的去向是“%(unit)s”，系统里没有这个部门。请先加上，或另选部门并写明理由。") % {
            "unit": chosen.nowhere
        }
    return _("预案没有写它的去向，请选部门。")


def _tell_leaders(chosen: Proposal, case: Case, by: Person, now: datetime) -> None:
    """The leader concerned is told through the outbox, and the report stands in the journal; one outside the house by people."""
    for named, people in chosen.tells:
        if not people:
            continue
        tell_people(
            case=case,
            now=now,
            people=people,
            key=f"board|{named.id}",
            subject=Text(f"给您的留言：{case.title}", f"A message to you: {case.title}"),
            body=Text(
                f"写给{chosen.addressee or '领导'}，已交{case.lead or ''}办理。\n{case.summary[:500]}",
                f"Addressed to {chosen.addressee or 'the leader'}; handed to {case.lead or ''}.\n{case.summary[:500]}",
            ),
        )
        report_up(by=by, now=now, case=case, to=named.id, means="system", text=case.title)


@transaction.atomic
def join_message(*, by: Person, now: datetime, mention: Mention, case: Case) -> Dispatch:
    """Add a message to an open case about the same; its asker is answered there. Raises ValidationError."""
    require(by, Right.OPEN_CASE)
    row = _hold(mention)
    add_mentions(by=by, now=now, case=case, mentions=[row])
    return Dispatch.objects.create(
        mention=row, case=case, verdict=Dispatch.Verdict.JOINED, unit=case.lead, by=by, at=now
    )


@transaction.atomic
def put_aside(*, by: Person, now: datetime, mention: Mention, reason: str) -> Dispatch:
    """A message of which nothing has to be made, and why. Raises ValidationError."""
    require(by, Right.OPEN_CASE)
    row = _hold(mention)
    why = filled(reason, "reason", _("请写为什么不用办。"), 500)
    return Dispatch.objects.create(mention=row, verdict=Dispatch.Verdict.ASIDE, reason=why, by=by, at=now)
