"""Writing a text and handing it in for approval."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Mention
from huiying.desk.replies.hashes import fingerprint
from huiying.desk.replies.holding import announce, findable, hold, must_be_open, needed, write
from huiying.desk.replies.models import Approval, Draft, Form, Stage
from huiying.desk.replies.queries.chain import due_people, waiting_now
from huiying.desk.replies.queries.checking import Checked, checked, plan_of
from huiying.desk.replies.queries.drafts import published
from huiying.desk.replies.queries.lines import lines_in_force
from huiying.desk.shell.mask import mask
from huiying.engine.journal import Kind
from huiying.engine.plan.chains import parts
from huiying.engine.reply.points import points
from huiying.engine.text import Text

#: What a writer may change.
FIELDS = ("form", "stage", "title", "asked", "text", "unsure", "promise_due_at", "promise_text")
LONGEST = 50_000
EDITABLE = (Draft.State.WRITING, Draft.State.RETURNED)


@transaction.atomic
def start(
    *,
    by: Person,
    now: datetime,
    case: Case,
    mention: Mention | None = None,
    form: str = Form.REPLY,
    stage: str = "",
) -> Draft:
    """An empty draft on the case, to answer `mention` (one of the case's posts) or the matter as a whole."""
    require(by, Right.DRAFT)
    acting(by, Right.DRAFT, case)
    journal.lock(case)
    must_be_open(case)
    if mention and not case.mentions.filter(pk=mention.pk).exists():
        raise ValidationError({"mention": _("这条帖文不在这一件里。")})
    draft = Draft.objects.create(
        case=case,
        mention=mention,
        lines=lines_in_force(case),
        form=form,
        stage=stage or _stage(case),
        title=f"关于“{mask(case.title)[:60]}”的答复",
        asked=_asked(case, mention),
        written_by=by,
        written_at=now,
        changed_at=now,
    )
    _begin(draft, by, now)
    return draft


def _asked(case: Case, mention: Mention | None) -> str:
    """The question in the public's words to begin with: the first question of the post, without personal data."""
    message = f"{mention.title}\n{mention.text}" if mention else f"{case.title}\n{case.summary}"
    asked = [point.span.text for point in points(message) if point.kind == "question"]
    words = "".join(asked[:2]) or (str(mention) if mention else case.title)
    return mask(words)[:300]


def _stage(case: Case) -> str:
    """The stage that comes next: the first answer first, then the formal one."""
    return Stage.FORMAL if published(case).exists() else Stage.FIRST


def _begin(draft: Draft, by: Person, now: datetime) -> None:
    draft.writers.add(by)
    data = {
        "draft": draft.pk,
        "form": draft.form,
        "stage": draft.stage,
        "text_sha256": fingerprint(draft.title, draft.text),
    }
    write(by=by, now=now, case=draft.case, kind=Kind.DRAFTED, data=data, right=Right.DRAFT)


@transaction.atomic
def start_correction(*, by: Person, now: datetime, draft: Draft, withdraws: bool = False) -> Draft:
    """A correction of a published text, or its withdrawal; it is approved and published like any other text."""
    require(by, Right.DRAFT)
    acting(by, Right.DRAFT, draft.case)
    held = hold(draft, [Draft.State.PUBLISHED], _("只有已发布的才能更正；已撤回的不再更正。"))
    title = f"关于撤回《{held.title}》的说明" if withdraws else f"关于《{held.title}》的更正"
    correction = Draft.objects.create(
        case=held.case,
        mention=held.mention,
        lines=lines_in_force(held.case),
        corrects=held,
        withdraws=withdraws,
        form=Form.CORRECTION,
        stage=Stage.CORRECTION,
        title=title[:200],
        asked=held.asked,
        written_by=by,
        written_at=now,
        changed_at=now,
    )
    _begin(correction, by, now)
    return correction


@transaction.atomic
def save(
    *, by: Person, now: datetime, draft: Draft, fields: Mapping[str, Any], revision: int | None = None
) -> Draft:
    """Keep what was typed. `revision` is the one that the writer saw; raises ValidationError when another is newer."""
    require(by, Right.DRAFT)
    acting(by, Right.DRAFT, draft.case)
    held = hold(draft, EDITABLE, _("这份稿子已送审，不能再改；要改先收回。"))
    if revision is not None and revision != held.revision:
        raise ValidationError(
            _("别人刚改过这份稿子。你的文字还在框里：先复制，再打开最新的一版。"), code="stale"
        )
    changed = [
        name for name in FIELDS if name in fields and getattr(held, name) != _clean(name, fields[name])
    ]
    if not changed:
        return held
    for name in changed:
        setattr(held, name, _clean(name, fields[name]))
    held.changed_at = now
    held.revision += 1
    held.lines = lines_in_force(held.case)
    held.save(update_fields=[*changed, "changed_at", "revision", "lines"])
    held.writers.add(by)
    findable(held)
    return held


def _clean(name: str, value: Any) -> Any:
    """A field as it is stored. Raises ValidationError for what no text may be."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if name == "text" and len(text) > LONGEST:
        raise ValidationError({"text": _("正文最多 %(most)s 字。") % {"most": LONGEST}})
    return text if name == "text" else text.strip()


@transaction.atomic
def drop(*, by: Person, now: datetime, draft: Draft, reason: str) -> Draft:
    """Give a draft up; it stays on record."""
    require(by, Right.DRAFT)
    acting(by, Right.DRAFT, draft.case)
    held = hold(draft, EDITABLE, _("只有起草中或退回的稿子可以作废。"))
    why = needed(reason, "reason", _("请写为什么作废。"))
    held.state, held.changed_at = Draft.State.DROPPED, now
    held.save(update_fields=["state", "changed_at"])
    data = {"text": f"作废稿子《{held.title}》：{why}", "draft": held.pk}
    write(by=by, now=now, case=held.case, kind=Kind.NOTE, data=data, right=Right.DRAFT)
    return held


@transaction.atomic
def submit(*, by: Person, now: datetime, draft: Draft, reason: str = "") -> Draft:
    """Hand the text in. The chain is taken from the case's plan now and stays as it is.

    Raises ValidationError for an empty text, for a promise without words, and for errors that `reason` does not overrule.
    """
    require(by, Right.DRAFT)
    acting(by, Right.DRAFT, draft.case)
    held = hold(draft, EDITABLE, _("这份稿子不在起草中，可能别人已经送审。"))
    if not held.corrects_id:
        must_be_open(held.case)
    _complete(held, now)
    found = checked(held, now)
    if found.errors and not reason.strip():
        raise ValidationError(
            {"reason": _("还有必须改的地方：%(what)s。改掉它，或写明为什么照发。") % {"what": _said(found)}}
        )
    _enter(held, now, reason.strip()[:500] if found.errors else "")
    _journal(held, by, now, found)
    ask(held, now)
    return held


def _complete(draft: Draft, now: datetime) -> None:
    needed(draft.title, "title", _("请写标题。"), 200)
    needed(draft.text, "text", _("正文是空的。"), LONGEST)
    if draft.promise_due_at and not draft.promise_text:
        raise ValidationError({"promise_text": _("请写承诺在这个日期前做到什么。")})
    if draft.promise_text and not draft.promise_due_at:
        raise ValidationError({"promise_due_at": _("承诺要有日期。")})
    if draft.promise_due_at and draft.promise_due_at <= now:
        raise ValidationError({"promise_due_at": _("承诺的日期已经过去。")})


def _said(found: Checked) -> str:
    language = get_language() or "zh-hans"
    return _("；").join(one.message.say(language) for one in found.errors[:3])


def _enter(draft: Draft, now: datetime, overrules: str) -> None:
    """Round, chain and steps, as the plan says at this instant."""
    plan = plan_of(draft.case)
    if plan is None:
        raise ValidationError(_("还没有启用预案，不知道该谁审批。请先在“预案”里启用一个。"))
    draft.level, draft.round = draft.case.level, draft.round + 1
    draft.chain = list(plan.chain(draft.level, draft.form, draft.unsure))
    draft.state, draft.submitted_at, draft.approved_at = Draft.State.SUBMITTED, now, None
    draft.overrules, draft.changed_at = overrules, now
    draft.save()
    Approval.objects.bulk_create(
        Approval(draft=draft, round=draft.round, step=step, part=part, roles=roles)
        for step, written in enumerate(draft.chain, 1)
        for part, roles in enumerate(parts(written), 1)
    )


def _journal(draft: Draft, by: Person, now: datetime, found: Checked) -> None:
    data = {
        "draft": draft.pk,
        "chain": draft.chain,
        "round": draft.round,
        "level": draft.level,
        "form": draft.form,
        "stage": draft.stage,
        "text_sha256": fingerprint(draft.title, draft.text),
        "lines": draft.lines.version if draft.lines else None,
        "open": sorted({one.code for one in found.errors}),
        "reason": draft.overrules,
    }
    write(by=by, now=now, case=draft.case, kind=Kind.SUBMITTED, data=data, right=Right.DRAFT)


def ask(draft: Draft, now: datetime) -> None:
    """Tell those whose step it is now."""
    waiting = waiting_now(draft)
    if not waiting:
        return
    announce(
        now=now,
        people=due_people(draft, now),
        case=draft.case,
        key=f"draft{draft.pk}|{draft.round}|{waiting[0].step}",
        subject=Text(f"请审批：{draft.title}"[:200], f"To approve: {draft.title}"[:200]),
        body=Text(draft.text[:600], draft.text[:600]),
        link=draft.get_absolute_url(),
        urgent=draft.stage == Stage.FIRST,
    )
