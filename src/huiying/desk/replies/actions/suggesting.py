"""Asking a language model for a proposal, and a person taking it over or leaving it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import acting
from huiying.desk.replies.actions.drafting import EDITABLE, save
from huiying.desk.replies.helper import model_named
from huiying.desk.replies.holding import hold, write
from huiying.desk.replies.models import Draft, Suggestion
from huiying.desk.replies.queries.lines import lines_in_force
from huiying.engine.journal import Kind


@transaction.atomic
def ask_machine(*, by: Person, now: datetime, draft: Draft, kind: str = Suggestion.Kind.DRAFT) -> Suggestion:
    """Ask the operator's model for a proposal; the worker fetches it.

    Raises ValidationError when no model is named, in a drill (nothing leaves the house), or while one is on its way.
    """
    require(by, Right.DRAFT)
    acting(by, Right.DRAFT, draft.case)
    model = model_named()
    if model is None:
        raise ValidationError(_("没有启用拟稿助手。"))
    held = _held(draft)
    if held.case.drill:
        raise ValidationError(_("演练中的内容不送出单位，不能请模型拟稿。"))
    if held.suggestions.filter(state=Suggestion.State.WAITING).exists():
        raise ValidationError(_("上一次还没有回来，请稍候。"))
    if kind not in Suggestion.Kind.values:
        raise ValidationError(_("没有这种拟稿。"))
    row = Suggestion.objects.create(
        draft=held,
        kind=kind,
        lines=lines_in_force(held.case),
        model=model.name[:120],
        asked_by=by,
        asked_at=now,
    )
    _note(row, by, now, f"请模型（{row.model}）为《{held.title}》拟{row.get_kind_display()}，个人信息已遮盖")
    return row


@transaction.atomic
def take_over(*, by: Person, now: datetime, suggestion: Suggestion, revision: int | None = None) -> Draft:
    """Put the sentences that stayed behind the draft's text: from here on they are the person's own words.

    Raises ValidationError when the proposal is not ready, holds nothing, or the draft was changed since `revision`.
    """
    require(by, Right.DRAFT)
    acting(by, Right.DRAFT, suggestion.draft.case)
    draft = _held(suggestion.draft)
    row = _ready(suggestion)
    if not row.text:
        raise ValidationError(_("没有一句站得住，没有可采用的。"))
    text = f"{draft.text.rstrip()}\n{row.text}".lstrip("\n")
    draft = save(by=by, now=now, draft=draft, fields={"text": text}, revision=revision)
    _decide(row, by, now, Suggestion.State.TAKEN)
    _note(row, by, now, f"接手《{draft.title}》的机器拟稿 {len(row.kept)} 句，划去 {len(row.struck)} 句")
    return draft


@transaction.atomic
def leave(*, by: Person, now: datetime, suggestion: Suggestion) -> Suggestion:
    """Not to use the proposal; it stays on record."""
    require(by, Right.DRAFT)
    acting(by, Right.DRAFT, suggestion.draft.case)
    _held(suggestion.draft)
    row = _ready(suggestion)
    _decide(row, by, now, Suggestion.State.DROPPED)
    _note(row, by, now, f"没有采用《{row.draft.title}》的机器拟稿")
    return row


def _held(draft: Draft) -> Draft:
    return hold(draft, EDITABLE, _("这份稿子已送审，不能再改；要改先收回。"))


def _ready(suggestion: Suggestion) -> Suggestion:
    row = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if row.state != Suggestion.State.READY:
        raise ValidationError(_("这份拟稿已经处理过了。"))
    return row


def _decide(row: Suggestion, by: Person, now: datetime, state: Suggestion.State) -> None:
    row.state, row.decided_by, row.decided_at = state, by, now
    row.save(update_fields=["state", "decided_by", "decided_at"])


def _note(row: Suggestion, by: Person, now: datetime, text: str) -> None:
    data = {"text": text, "draft": row.draft_id, "suggestion": row.pk}
    write(by=by, now=now, case=row.draft.case, kind=Kind.NOTE, data=data, right=Right.DRAFT)
