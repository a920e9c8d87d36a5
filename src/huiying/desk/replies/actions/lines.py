"""Lines to take: written, approved by a leader who did not write them, never changed afterwards."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.queries import holders
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.models import Case
from huiying.desk.replies.holding import announce, must_be_open, needed, write
from huiying.desk.replies.models import Lines
from huiying.desk.replies.queries.lines import as_text, disagreeing, lines_waiting
from huiying.engine.journal import Kind
from huiying.engine.text import Text

FIELDS = ("facts", "figures", "causes", "wording", "not_yet", "handling", "outlet")


@transaction.atomic
def write_lines(*, by: Person, now: datetime, case: Case, fields: Mapping[str, str]) -> Lines:
    """A new version that waits for a leader; a version of the same writer that still waits is written over.

    Raises ValidationError for lines that say nothing, and while another person's version waits.
    """
    require(by, Right.EDIT_LINES)
    journal.lock(case)
    must_be_open(case)
    values = {name: fields.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    if not any(values[name] for name in ("facts", "figures", "wording")):
        raise ValidationError({"facts": _("至少写一条事实、数字或统一表述。")})
    waiting = lines_waiting(case)
    if waiting and waiting.written_by_id != by.pk:
        raise ValidationError(
            _("第 %(version)s 版还在等审定，先定了再写新的。") % {"version": waiting.version}
        )
    lines = waiting or Lines(case=case, version=_next(case), written_by=by)
    for name, value in values.items():
        setattr(lines, name, value)
    lines.written_at = now
    lines.save()
    _ask(lines, now)
    return lines


def _next(case: Case) -> int:
    return (case.lines.aggregate(last=Max("version"))["last"] or 0) + 1


def _ask(lines: Lines, now: datetime) -> None:
    leaders = {*holders(Role.HEAD, None, now), *holders(Role.DEPUTY, None, now)} - {lines.written_by}
    announce(
        now=now,
        people=sorted(leaders, key=lambda person: person.pk),
        case=lines.case,
        key=f"lines{lines.version}|ask|{now.isoformat()}",
        subject=Text(f"请审定口径：{lines.case.title}", f"Lines to approve: {lines.case.title}"),
        body=Text(as_text(lines), as_text(lines)),
        link=lines.get_absolute_url(),
    )


def _hold(lines: Lines) -> Lines:
    journal.lock(lines.case)
    held = Lines.objects.select_for_update(of=("self",)).select_related("case", "written_by").get(pk=lines.pk)
    if not held.waiting:
        raise ValidationError(_("这一版已经有人审定或退回。"))
    return held


@transaction.atomic
def approve_lines(*, by: Person, now: datetime, lines: Lines, comment: str = "") -> Lines:
    """Make the version the one that binds. Raises ValidationError for one's own, and for one already decided."""
    require(by, Right.APPROVE_LINES)
    held = _hold(lines)
    if held.written_by_id == by.pk:
        raise ValidationError(_("自己写的口径要由别人审定。"))
    held.approved_by, held.approved_at, held.comment = by, now, comment.strip()[:500]
    held.save(update_fields=["approved_by", "approved_at", "comment"])
    data = {"version": held.version, "text": as_text(held), "written_by": held.written_by.actor}
    write(by=by, now=now, case=held.case, kind=Kind.LINES_SET, data=data, right=Right.APPROVE_LINES)
    _warn(held, now)
    return held


def _warn(lines: Lines, now: datetime) -> None:
    """Tell those who publish when the new version contradicts what is public already."""
    stale = disagreeing(lines.case, now, lines)
    if not stale:
        return
    titles = "\n".join(f"- {one.draft.title}" for one in stale)
    announce(
        now=now,
        people=[*holders(Role.OFFICE, None, now), *holders(Role.SPOKESPERSON, None, now)],
        case=lines.case,
        key=f"lines{lines.version}|stale",
        subject=Text(
            f"口径变了，{len(stale)} 篇已发布的要更正",
            f"Lines changed: {len(stale)} published texts now disagree",
        ),
        body=Text(titles, titles),
        link=lines.get_absolute_url(),
        urgent=True,
    )


@transaction.atomic
def return_lines(*, by: Person, now: datetime, lines: Lines, comment: str) -> Lines:
    """Send the version back with a reason; its writer writes a new one."""
    require(by, Right.APPROVE_LINES)
    held = _hold(lines)
    if held.written_by_id == by.pk:
        raise ValidationError(_("自己写的口径要由别人审定。"))
    held.comment = needed(comment, "comment", _("请写退回的理由。"))
    held.returned_by, held.returned_at = by, now
    held.save(update_fields=["returned_by", "returned_at", "comment"])
    announce(
        now=now,
        people=[held.written_by],
        case=held.case,
        key=f"lines{held.version}|returned",
        subject=Text(f"口径退回：{held.case.title}", f"Lines returned: {held.case.title}"),
        body=Text(held.comment, held.comment),
        link=held.get_absolute_url(),
    )
    return held
