"""Corrections asked for and referrals: refused by the engine's rule, decided by a second person, counted in public."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.queries import holders
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.models import Case
from huiying.desk.replies.holding import announce, needed, write
from huiying.desk.replies.models import Referral
from huiying.desk.replies.queries.checking import verification
from huiying.desk.shell.zone import here
from huiying.engine.journal import Kind
from huiying.engine.reply import referral as rule
from huiying.engine.text import Text

FIELDS = ("kind", "ground", "address", "claim", "fact", "evidence", "recipient")


def flaws(case: Case, fields: Mapping[str, str]) -> dict[str, list[str]]:
    """Why such a request cannot be made, by field; empty where nothing stands against it."""
    request = rule.Request(
        kind=fields.get("kind", ""),
        ground=fields.get("ground", ""),
        address=fields.get("address", ""),
        claim=fields.get("claim", ""),
        fact=fields.get("fact", ""),
        evidence=fields.get("evidence", "").splitlines(),
        verified=verification(case),
    )
    found: dict[str, list[str]] = {}
    for one in rule.check(request):
        mend = f" {one.mend.say(_language())}" if one.mend else ""
        found.setdefault(one.place.path, []).append(one.message.say(_language()) + mend)
    return found


def _language() -> str:
    return get_language() or "zh-hans"


@transaction.atomic
def propose(*, by: Person, now: datetime, case: Case, fields: Mapping[str, str]) -> Referral:
    """Propose one. Raises ValidationError by field where the rule refuses it."""
    require(by, Right.REFER)
    journal.lock(case)
    refused = flaws(case, fields)
    if not fields.get("recipient", "").strip():
        refused.setdefault("recipient", []).append(_("请写送给谁：平台的投诉渠道，或有权机关。"))
    if refused:
        raise ValidationError(refused)
    values = {name: fields[name].strip() for name in FIELDS}
    row = Referral.objects.create(
        case=case, number=_number(case, now), proposed_by=by, proposed_at=now, **values
    )
    _journal(row, by, now, Right.REFER, "提出")
    leaders = {*holders(Role.HEAD, None, now), *holders(Role.DEPUTY, None, now)} - {by}
    announce(
        now=now,
        people=sorted(leaders, key=lambda person: person.pk),
        case=case,
        key=f"referral{row.number}|ask",
        subject=Text(f"请批{row.get_kind_display()}：{row.number}", f"To decide: {row.number}"),
        body=Text(row.claim, row.claim),
        link=row.get_absolute_url(),
    )
    return row


def _number(case: Case, now: datetime) -> str:
    """The next number of the year; drills count apart."""
    start = f"{'D' if case.drill else ''}R{now.astimezone(here()).year}-"
    return f"{start}{Referral.objects.filter(number__startswith=start).count() + 1:03d}"


def _journal(row: Referral, by: Person, now: datetime, right: Right, verb: str) -> None:
    kind = "更正请求" if row.kind == Referral.Kind.CORRECTION else "移送"
    data = {"text": f"{verb}{kind} {row.number}", "referral": row.in_journal}
    write(by=by, now=now, case=row.case, kind=Kind.NOTE, data=data, right=right)


def _hold(row: Referral, state: str, refusal: str) -> Referral:
    journal.lock(row.case)
    held = (
        Referral.objects.select_for_update(of=("self",)).select_related("case", "proposed_by").get(pk=row.pk)
    )
    if held.state != state:
        raise ValidationError(refusal)
    return held


@transaction.atomic
def decide(*, by: Person, now: datetime, referral: Referral, agreed: bool, words: str = "") -> Referral:
    """The second person's decision. Raises PermissionDenied for the one who proposed it."""
    require(by, Right.APPROVE_REFERRAL)
    held = _hold(referral, Referral.State.PROPOSED, _("这一份已经有人定过。"))
    if held.proposed_by_id == by.pk:
        raise PermissionDenied(_("自己提的要由另一个人批。"))
    if not agreed:
        needed(words, "words", _("请写不批的理由。"))
    held.state = Referral.State.APPROVED if agreed else Referral.State.REFUSED
    held.decided_by, held.decided_at, held.decision = by, now, words.strip()[:500]
    held.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    _journal(held, by, now, Right.APPROVE_REFERRAL, "批准" if agreed else "未批准")
    return held


@transaction.atomic
def send(*, by: Person, now: datetime, referral: Referral, means: str) -> Referral:
    """It was handed over in writing: by which way."""
    require(by, Right.REFER)
    held = _hold(referral, Referral.State.APPROVED, _("批准后才能送出，送出只记一次。"))
    held.means = needed(means, "means", _("请写怎样送出：函件文号、平台投诉编号等。"), 120)
    held.state, held.sent_at, held.sent_by = Referral.State.SENT, now, by
    held.save(update_fields=["means", "state", "sent_at", "sent_by"])
    _journal(held, by, now, Right.REFER, "送出")
    return held


@transaction.atomic
def record_answer(*, by: Person, now: datetime, referral: Referral, words: str) -> Referral:
    """What the recipient did with it."""
    require(by, Right.REFER)
    held = _hold(referral, Referral.State.SENT, _("送出后才有结果可记。"))
    held.outcome = needed(words, "words", _("请写结果。"), 2000)
    held.state, held.outcome_at = Referral.State.ANSWERED, now
    held.save(update_fields=["outcome", "state", "outcome_at"])
    _journal(held, by, now, Right.REFER, "记下结果：")
    return held
