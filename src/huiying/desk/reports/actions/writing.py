"""Beginning a paper, writing it, taking fresh figures, throwing it away."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import acting
from huiying.desk.cases.models import Case
from huiying.desk.reports.drafting import drafted
from huiying.desk.reports.holding import editable
from huiying.desk.reports.kinds import SECTION_MOST, Form, form_of
from huiying.desk.reports.models import Paper, Urgency

#: Plain fields that a writer changes, and how long they may be.
FIELDS = {"title": 200, "to": 200, "recipient": 60, "copy_to": 200, "contact": 120}


@transaction.atomic
def start(*, by: Person, now: datetime, kind: str, case: Case | None = None, source: str = "") -> Paper:
    """Begin a paper, everything filled in that is known. Raises ValidationError for a kind that does not fit."""
    require(by, Right.WRITE_REPORTS)
    form = _form(kind)
    if form.case and case is None:
        raise ValidationError(_("这种文件要从一件舆情件里拟。"))
    if case is not None:
        acting(by, Right.WRITE_REPORTS, case)
    first = drafted(form, person=by, now=now, case=case if form.case else None, source=source)
    return Paper.objects.create(
        kind=form.kind,
        case=case if form.case else None,
        title=first.title,
        to=first.to,
        recipient=first.recipient,
        copy_to=first.copy_to,
        urgency=first.urgency,
        body=first.body,
        figures=[_stored(figure) for figure in first.figures],
        source=first.source,
        since=first.since,
        until=first.until,
        due_at=first.due_at,
        made_by=by,
        made_at=now,
        changed_at=now,
    )


def _form(kind: str) -> Form:
    try:
        return form_of(kind)
    except KeyError as unknown:
        raise ValidationError(_("没有这种文件。")) from unknown


def _stored(figure: object) -> dict[str, object]:
    return {
        "title": figure.title,  # type: ignore[attr-defined]
        "unit": figure.unit,  # type: ignore[attr-defined]
        "label": figure.label,  # type: ignore[attr-defined]
        "shape": figure.shape,  # type: ignore[attr-defined]
        "rows": [list(row) for row in figure.rows],  # type: ignore[attr-defined]
    }


@transaction.atomic
def save(
    *,
    by: Person,
    now: datetime,
    paper: Paper,
    fields: Mapping[str, str],
    body: Mapping[str, str],
    due_at: datetime | None = None,
    revision: int | None = None,
) -> Paper:
    """Keep what was written. Words that come from elsewhere stay. Writing on takes a signature back.

    Raises ValidationError for an issued paper, for what is too long, and when somebody else saved since `revision`.
    """
    require(by, Right.WRITE_REPORTS)
    held = editable(paper, by)
    if revision is not None and revision != held.revision:
        raise ValidationError(_("别人刚刚也改了这份文件。先把你的改动复制下来，刷新后再改。"))
    form = form_of(held.kind)
    _take(held, fields)
    for section in form.sections:
        if section.key in body and not section.fixed:
            held.body[section.key] = _within(body[section.key], section.key, SECTION_MOST)
    if form.due:
        held.due_at = due_at
    held.signed_by, held.signed_at = None, None
    held.revision, held.changed_at = held.revision + 1, now
    held.save()
    return held


def _take(paper: Paper, fields: Mapping[str, str]) -> None:
    for name, most in FIELDS.items():
        if name in fields:
            setattr(paper, name, _within(fields[name], name, most))
    if not paper.title:
        raise ValidationError({"title": _("请写标题。")})
    if "urgency" in fields:
        if fields["urgency"] not in Urgency.values:
            raise ValidationError({"urgency": _("没有这种紧急程度。")})
        paper.urgency = fields["urgency"]


def _within(text: str, field: str, most: int) -> str:
    """The text without what no paper can hold. Raises ValidationError when it is too long."""
    kept = "".join(char for char in text.replace("\r\n", "\n") if char in "\n\t" or ord(char) >= 32)
    words = kept.encode("utf-8", "ignore").decode().strip()
    if len(words) > most:
        raise ValidationError(
            {field: _("最多 %(most)s 字，现在 %(now)s 字。") % {"most": most, "now": len(words)}}
        )
    return words


@transaction.atomic
def redraft(*, by: Person, now: datetime, paper: Paper) -> Paper:
    """Take everything anew from the record: words and figures as they stand now; what was written by hand is lost."""
    require(by, Right.WRITE_REPORTS)
    held = editable(paper, by)
    form = form_of(held.kind)
    first = drafted(form, person=by, now=now, case=held.case, source=held.source)
    held.body, held.figures = first.body, [_stored(figure) for figure in first.figures]
    held.source, held.since, held.until = first.source, first.since, first.until
    held.signed_by, held.signed_at = None, None
    held.revision, held.changed_at = held.revision + 1, now
    held.save()
    return held


@transaction.atomic
def discard(*, by: Person, now: datetime, paper: Paper) -> None:
    """Throw away a paper that was never issued nor told by phone. Raises ValidationError for any other."""
    require(by, Right.WRITE_REPORTS)
    held = editable(paper, by)
    if held.phoned_at is not None:
        raise ValidationError(_("已按这份快报作过电话报告，不能丢弃。"))
    held.delete()
