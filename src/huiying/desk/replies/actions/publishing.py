"""Publishing: under the institution's name and the approving role, at our own page first, then wherever else it goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Institution, Person, Role
from huiying.desk.accounts.queries import holders, institution
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import acting
from huiying.desk.cases.actions import promise as record_promise
from huiying.desk.notify.actions import publish_out
from huiying.desk.notify.models import Outlet
from huiying.desk.replies.actions.drafting import EDITABLE
from huiying.desk.replies.hashes import fingerprint
from huiying.desk.replies.holding import (
    announce,
    before_placing,
    before_publishing,
    findable,
    hold,
    must_be_open,
    needed,
    write,
)
from huiying.desk.replies.models import PUBLIC, Approval, Draft, Publication
from huiying.desk.replies.queries.chain import barred
from huiying.desk.replies.queries.checking import plan_of
from huiying.desk.replies.queries.drafts import may_review
from huiying.desk.replies.queries.lines import against, lines_in_force
from huiying.desk.shell.times import exact
from huiying.desk.shell.zone import here
from huiying.engine.journal import Kind
from huiying.engine.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A place to which a person copies the text by hand; `reply_to` is the post it goes under, where there is one."""

    place: str
    reply_to: str = ""


@transaction.atomic
def publish(
    *, by: Person, now: datetime, draft: Draft, outlets: Sequence[Outlet] = (), copies: Sequence[Copy] = ()
) -> Draft:
    """Publish an approved text at our own page, hand it to `outlets`, and note where it must be copied to.

    Raises ValidationError when it is not approved, contradicts newer lines, or promises what the plan does not allow.
    """
    require(by, Right.PUBLISH)
    held = hold(draft, [Draft.State.APPROVED], _("审批全部通过后才能发布。"))
    _agrees(held, now)
    last = (
        held.approvals.filter(round=held.round, verdict=Approval.Verdict.APPROVED).order_by("-step").first()
    )
    if last is None:
        raise ValidationError(_("审批全部通过后才能发布。"))
    return _spread(_out(held, by, now, str(last.role)), now, outlets, copies)


@transaction.atomic
def publish_urgently(
    *,
    by: Person,
    now: datetime,
    draft: Draft,
    reason: str,
    outlets: Sequence[Outlet] = (),
    copies: Sequence[Copy] = (),
) -> Draft:
    """Publish before the approval is complete. The bypass stays visible for ever and its review is owed.

    Raises PermissionDenied for those who wrote the text: even in an emergency two people stand behind it.
    """
    require(by, Right.PUBLISH)
    states = [*EDITABLE, Draft.State.SUBMITTED]
    held = hold(draft, states, _("这份稿子不能紧急发布：已批准的请正常发布。"))
    if by.pk in set(held.writers.values_list("pk", flat=True)) | {held.written_by_id}:
        raise PermissionDenied(_("自己写的稿子不能自己紧急发布，请另一位有发布权的同事来发。"))
    held.bypass_reason = needed(reason, "reason", _("请写为什么等不到审批。"))
    needed(held.title, "title", _("请写标题。"), 200)
    needed(held.text, "text", _("正文是空的。"), 50_000)
    _skip(held, now)
    role = acting(by, Right.PUBLISH, held.case)
    _note_bypass(held, by, now)
    return _spread(_out(held, by, now, role), now, outlets, copies)


def _skip(draft: Draft, now: datetime) -> None:
    """Steps that were not taken are marked as skipped; a text that was never handed in gets its chain now."""
    if draft.state != Draft.State.SUBMITTED:
        plan = plan_of(draft.case)
        draft.round += 1
        draft.level = draft.case.level
        draft.chain = list(plan.chain(draft.level, draft.form, draft.unsure)) if plan else [Role.HEAD.value]
        Approval.objects.bulk_create(
            Approval(draft=draft, round=draft.round, step=step, roles=roles)
            for step, roles in enumerate(draft.chain, 1)
        )
    waiting = draft.approvals.filter(round=draft.round, verdict=Approval.Verdict.WAITING)
    waiting.update(verdict=Approval.Verdict.SKIPPED, at=now)


def _note_bypass(draft: Draft, by: Person, now: datetime) -> None:
    skipped = draft.approvals.filter(round=draft.round, verdict=Approval.Verdict.SKIPPED)
    bypass = {
        "draft": draft.pk,
        "reason": draft.bypass_reason,
        "skipped": list(skipped.order_by("step").values_list("roles", flat=True)),
    }
    data = {"text": f"紧急发布，未走完审批：{draft.bypass_reason}", "bypass": bypass}
    write(by=by, now=now, case=draft.case, kind=Kind.NOTE, data=data, right=Right.PUBLISH)
    announce(
        now=now,
        people=[*holders(Role.HEAD, None, now), *holders(Role.DEPUTY, None, now)],
        case=draft.case,
        key=f"draft{draft.pk}|bypass",
        subject=Text(
            f"紧急发布，请事后审查：{draft.title}"[:200],
            f"Published urgently, to review: {draft.title}"[:200],
        ),
        body=Text(draft.bypass_reason, draft.bypass_reason),
        link=draft.get_absolute_url(),
        urgent=True,
    )


def _agrees(draft: Draft, now: datetime) -> None:
    """Raises ValidationError when lines approved since contradict the text."""
    lines = lines_in_force(draft.case)
    if lines is None or lines.pk == draft.lines_id:
        return
    found = against(draft, lines, now)
    if found:
        language = get_language() or "zh-hans"
        raise ValidationError(
            _("口径已更新到第 %(version)s 版，与正文不一致：%(what)s。请收回修改。")
            % {"version": lines.version, "what": found[0].message.say(language)}
        )


def _out(draft: Draft, by: Person, now: datetime, role: str) -> Draft:
    """Signed, hashed, and at our own page under its permanent address."""
    body = institution()
    if body is None or not body.name:
        raise ValidationError(_("单位还没有名称。答复必须署名。"))
    if not draft.corrects_id:
        must_be_open(draft.case)
    for asks in before_publishing:
        asks(draft)
    if draft.promise_due_at:
        draft.promise_ref = record_promise(
            by=by, now=now, case=draft.case, text=draft.promise_text, due_at=draft.promise_due_at
        )
    draft.signed_as, draft.signed_role = body.name, role
    draft.state, draft.published_at, draft.published_by = Draft.State.PUBLISHED, now, by
    draft.text_sha256 = fingerprint(draft.title, draft.text)
    draft.slug = _slug(now)
    draft.save()
    _at_home(draft, by, now)
    _mark_corrected(draft)
    findable(draft)
    return draft


def _spread(draft: Draft, now: datetime, outlets: Sequence[Outlet], copies: Sequence[Copy]) -> Draft:
    """To the outlets by machine, and the places to which a person copies it."""
    for outlet in outlets:
        _hand_over(draft, outlet, now)
    for copy in copies:
        _to_copy(draft, copy)
    return draft


def _slug(now: datetime) -> str:
    """The next permanent address: the year and a number that counts on."""
    Institution.objects.select_for_update().filter(pk=1).first()
    year = now.astimezone(here()).year
    last = Draft.objects.filter(slug__startswith=f"{year}-").count()
    return f"{year}-{last + 1}"


def _at_home(draft: Draft, by: Person, now: datetime) -> None:
    address = settings.BASE_URL + draft.public_path
    Publication.objects.create(
        draft=draft,
        place=PUBLIC,
        address=address,
        state=Publication.State.OUT,
        text_sha256=draft.text_sha256,
        published_at=now,
        recorded_by=by,
    )
    data = published_data(draft, PUBLIC, address)
    write(by=by, now=now, case=draft.case, kind=Kind.PUBLISHED, data=data, right=Right.PUBLISH)


def published_data(draft: Draft, outlet: str, address: str, **more: Any) -> dict[str, Any]:
    """What a PUBLISHED entry says."""
    corrects = {"corrects": draft.corrects.slug, "withdraws": draft.withdraws} if draft.corrects else {}
    return {
        "draft": draft.pk,
        "stage": draft.stage,
        "form": draft.form,
        "title": draft.title,
        "outlet": outlet,
        "address": address,
        "text_sha256": draft.text_sha256,
        "signed_as": draft.signed_as,
        "signed_role": draft.signed_role,
        "bypass": draft.bypassed,
        "promise": draft.promise_ref or None,
        "mention": draft.mention_id,
        **corrects,
        **more,
    }


def _hand_over(draft: Draft, outlet: Outlet, now: datetime) -> None:
    reply_to = draft.mention.address if draft.mention else ""
    message = publish_out(
        now=now,
        outlet=outlet,
        key=f"{draft.case.number}|draft{draft.pk}|outlet{outlet.pk}",
        title=draft.title,
        text=signed_text(draft),
        link=draft.public_path,
        case_number=draft.case.number,
        reply_to=reply_to,
        held=draft.case.drill,
    )
    Publication.objects.create(
        draft=draft,
        place=outlet.name,
        outlet=outlet,
        message=message,
        reply_to=reply_to,
        state=Publication.State.HELD if draft.case.drill else Publication.State.WAITING,
        text_sha256=draft.text_sha256,
    )


def signed_text(draft: Draft) -> str:
    """The text as it leaves the house: with the institution's name and the day under it, unless it carries them."""
    text = draft.text.strip()
    if not draft.signed_as or draft.published_at is None:
        return text
    local = draft.published_at.astimezone(here())
    foot = [] if draft.signed_as in text[-120:] else [draft.signed_as]
    day = f"{local:%Y年%-m月%-d日}"
    foot += [] if day in text[-60:] else [day]
    return "\n".join((text, "", *foot)) if foot else text


def _to_copy(draft: Draft, copy: Copy) -> None:
    place = needed(copy.place, "place", _("请写要发到哪里。"), 120)
    if not copy.reply_to:  # an answer under somebody's post is no statement to the place where it stands
        for asks in before_placing:
            asks(draft, place)
    held = Publication.State.HELD if draft.case.drill else Publication.State.TO_COPY
    Publication.objects.get_or_create(
        draft=draft,
        place=place,
        defaults={"reply_to": copy.reply_to, "state": held, "text_sha256": draft.text_sha256},
    )


def _mark_corrected(draft: Draft) -> None:
    """A withdrawn text keeps its address; the page says so and leads to the correction."""
    if draft.corrects and draft.withdraws:
        original = Draft.objects.select_for_update(of=("self",)).get(pk=draft.corrects.pk)
        original.state = Draft.State.WITHDRAWN
        original.save(update_fields=["state"])


@transaction.atomic
def add_copy(*, by: Person, now: datetime, draft: Draft, copy: Copy) -> Publication:
    """One more place to which a published text is copied by hand."""
    require(by, Right.PUBLISH)
    acting(by, Right.PUBLISH, draft.case)
    held = hold(draft, [Draft.State.PUBLISHED], _("发布后才能再发到别处。"))
    if held.publications.filter(place=copy.place.strip()).exists():
        raise ValidationError({"place": _("已经有这一处。")})
    _to_copy(held, copy)
    return held.publications.get(place=copy.place.strip())


@transaction.atomic
def record_copy(
    *, by: Person, now: datetime, publication: Publication, address: str, at: datetime | None = None
) -> Publication:
    """A person has put the text there: its final address, and the hash of exactly what was published.

    Raises ValidationError for an address that is none, for a time in the future or before the publication.
    """
    require(by, Right.PUBLISH)
    acting(by, Right.PUBLISH, publication.draft.case)
    draft = hold(publication.draft, [Draft.State.PUBLISHED, Draft.State.WITHDRAWN], _("这份稿子还没有发布。"))
    row = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
    if row.state not in (Publication.State.TO_COPY, Publication.State.FAILED):
        raise ValidationError(_("这一处已经记录过。"))
    URLValidator(schemes=["http", "https"], message=_("请填发布后的完整网址。"))(address.strip())
    when = _when(at, draft, now)
    row.address, row.state, row.published_at, row.recorded_by = (
        address.strip(),
        Publication.State.OUT,
        when,
        by,
    )
    row.said = ""
    row.save()
    data = published_data(draft, row.place, row.address, by_hand=True, put_there_at=when)
    write(by=by, now=now, case=draft.case, kind=Kind.PUBLISHED, data=data, right=Right.PUBLISH)
    return row


def _when(at: datetime | None, draft: Draft, now: datetime) -> datetime:
    if at is None:
        return now
    first = draft.published_at or now
    if not first <= at <= now:
        message = _("时间要在 %(first)s 和现在之间。") % {
            "first": exact(first, here(), get_language() or "zh-hans")
        }
        raise ValidationError({"at": message})
    return at


@transaction.atomic
def review_bypass(*, by: Person, now: datetime, draft: Draft, words: str) -> Draft:
    """The review that an urgent publication owes, by the last role of its chain. The bypass stays visible."""
    require(by, Right.APPROVE)
    states = [Draft.State.PUBLISHED, Draft.State.WITHDRAWN]
    held = hold(draft, states, _("这份稿子还没有发布。"))
    if not held.bypassed or held.reviewed_at is not None:
        raise ValidationError(_("没有等着审查的紧急发布。"))
    if by.pk in barred(held) or not may_review(held, by, now):
        raise PermissionDenied(_("由审批链最后一步的角色审查，起草人和发布人除外。"))
    held.review = needed(words, "words", _("请写审查意见。"))
    held.reviewed_by, held.reviewed_at = by, now
    held.save(update_fields=["review", "reviewed_by", "reviewed_at"])
    data = {
        "text": f"紧急发布的事后审查：{held.review}",
        "bypass_review": {"draft": held.pk, "words": held.review},
    }
    write(by=by, now=now, case=held.case, kind=Kind.NOTE, data=data, right=Right.APPROVE)
    return held
