"""Joining repeated requests, calling back, closing (never while something is owed), and opening again."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting
from huiying.desk.cases.actions.common import Held, at_words, filled, missing_year, words
from huiying.desk.cases.loose import ANSWERED, TOLD_OF_EXTENSION, loose_ends
from huiying.desk.cases.models import Case
from huiying.desk.cases.recount import catch_up
from huiying.desk.cases.telling import tell_roles
from huiying.engine.calendar import UnknownYear
from huiying.engine.journal import Kind
from huiying.engine.obligations import owed_now
from huiying.engine.text import Text


@transaction.atomic
def merge(*, by: Person, now: datetime, case: Case, other: Case, reason: str = "") -> None:
    """`other` joins `case`: what was owed there is owed here, and its asker is still to be answered. Raises ValidationError."""
    require(by, Right.MERGE_CASES)
    if case.pk == other.pk:
        raise ValidationError({"other": _("不能并入自己。")})
    for one in sorted((case, other), key=lambda it: it.pk):
        journal.lock(one)
    into, joining = Held(case), Held(other)
    role = acting(by, Right.MERGE_CASES, case)
    into.must_be_open()
    if joining.facts.merged_into or joining.facts.closed_at:
        raise ValidationError({"other": _("%(number)s 已办结或已并单。") % {"number": other.number}})
    if case.drill != other.drill:
        raise ValidationError({"other": _("演练件与真件不能并。")})
    shared = {"reason": reason.strip()[:1000]}
    joined = {"other": other.number, "mentions": joining.facts.mentions, "title": other.title, **shared}
    journal.write(
        case=other, kind=Kind.MERGED, data={"into": case.number, **shared}, now=now, by=by, role=role
    )
    journal.write(case=case, kind=Kind.MERGED, data=joined, now=now, by=by, role=role)


@transaction.atomic
def answer_asker(*, by: Person, now: datetime, case: Case, text: str) -> None:
    """The person who asked in a case that was merged has been answered: how, and with what. Raises ValidationError."""
    require(by, Right.ADD_NOTE)
    held = Held(case)
    role = acting(by, Right.ADD_NOTE, case)
    if not held.facts.merged_into:
        raise ValidationError(_("这一件没有并入别的件，按本件答复。"))
    if held.marked(Kind.DONE, step=ANSWERED):
        raise ValidationError(_("这位诉求人已经答复过。"))
    data = {"step": ANSWERED, "text": filled(text, "text", _("请写怎样答复的。"), 1000)}
    journal.write(case=case, kind=Kind.DONE, data=data, now=now, by=by, role=role)


@transaction.atomic
def tell_of_extension(*, by: Person, now: datetime, case: Case, request: int, text: str) -> None:
    """The person who asked us has been told of a granted extension: how. Raises ValidationError."""
    require(by, Right.ADD_NOTE)
    held = Held(case)
    role = acting(by, Right.ADD_NOTE, case)
    if not held.marked(Kind.EXTENSION_GRANTED, request=request):
        raise ValidationError(_("没有这份批准的延期。"))
    if held.marked(Kind.DONE, step=TOLD_OF_EXTENSION, request=request):
        raise ValidationError(_("已经告知过。"))
    data = {
        "step": TOLD_OF_EXTENSION,
        "request": request,
        "text": filled(text, "text", _("请写怎样告知的。"), 1000),
    }
    journal.write(case=case, kind=Kind.DONE, data=data, now=now, by=by, role=role)


@transaction.atomic
def close(*, by: Person, now: datetime, case: Case, summary: str) -> None:
    """End the case. Refused, naming each, while anything is owed, a level is missing or somebody waits for an answer.

    Where the plan says so, the matter is watched on for a relapse. Raises ValidationError.
    """
    require(by, Right.CLOSE_CASE)
    held = Held(case)
    role = acting(by, Right.CLOSE_CASE, case)
    held.must_be_open()
    obstacles = standing_in_the_way(held, now)
    if obstacles:
        raise ValidationError(obstacles)
    data = {
        "summary": filled(summary, "summary", _("请写办结情况。")),
        "watch_until": _watch_until(held, now),
    }
    journal.write(case=case, kind=Kind.CLOSED, data=data, now=now, by=by, role=role)


def standing_in_the_way(held: Held, now: datetime) -> list[str]:
    """What keeps the case from being closed, one sentence each; empty when nothing does."""
    found = [
        _("还欠：%(what)s（时限 %(due)s）") % {"what": words(item.what), "due": at_words(item.due_at)}
        for item in owed_now(held.owed(now))
    ]
    if held.facts.level is None:
        found.append(_("还没有定级。"))
    return found + [end.what for end in loose_ends(held.case, held.entries)]


def _watch_until(held: Held, now: datetime) -> datetime | None:
    watch = held.plan.relapse_watch(held.facts.level)
    if watch is None:
        return None
    try:
        return watch.due(now, held.calendar)
    except UnknownYear as unknown:
        raise ValidationError(missing_year(unknown)) from unknown


@transaction.atomic
def reopen(*, by: Person, now: datetime, case: Case, reason: str, relapse: bool = False) -> None:
    """Handle a closed case again. Raises ValidationError for one that is open or joined another."""
    require(by, Right.REOPEN)
    held = Held(case)
    role = acting(by, Right.REOPEN, case)
    if held.facts.merged_into or not held.facts.closed_at:
        raise ValidationError(_("只有已办结的件可以重新办理。"))
    data = {"reason": filled(reason, "reason", _("请写为什么要重新办理。"), 1000), "relapse": relapse}
    journal.write(case=case, kind=Kind.REOPENED, data=data, now=now, by=by, role=role)
    catch_up(case, now)


@transaction.atomic
def no_relapse(*, by: Person, now: datetime, case: Case, reason: str) -> None:
    """New posts after closing are no relapse: say why; the proposal to reopen goes. Raises ValidationError."""
    require(by, Right.REOPEN)
    held = Held(case)
    role = acting(by, Right.REOPEN, case)
    if not held.facts.back:
        raise ValidationError(_("没有等决定的复发提示。"))
    data = {"text": filled(reason, "reason", _("请写为什么不算复发。"), 1000), "relapse": False}
    journal.write(case=case, kind=Kind.NOTE, data=data, now=now, by=by, role=role)


@transaction.atomic
def call_back(
    *, by: Person, now: datetime, case: Case, solved: bool, satisfied: bool | None, text: str
) -> None:
    """Record what the person who asked says: solved or not, satisfied or not. "Not solved" opens a closed case again."""
    require(by, Right.CALL_BACK)
    held = Held(case)
    role = acting(by, Right.CALL_BACK, case)
    if held.facts.merged_into:
        held.must_be_open()
    data = {"solved": solved, "satisfied": satisfied, "text": filled(text, "text", _("请写回访情况。"))}
    entry = journal.write(case=case, kind=Kind.CALLED_BACK, data=data, now=now, by=by, role=role)
    if solved or not held.facts.closed_at:
        return
    again = {"reason": _("回访：未解决"), "relapse": False, "called_back": entry.seq}
    journal.write(case=case, kind=Kind.REOPENED, data=again, now=now, by=None)
    catch_up(case, now)
    tell_roles(
        case=case,
        now=now,
        roles=[Role.OFFICE],
        key=f"reopened|{entry.seq}",
        subject=Text(f"回访未解决，已重新办理：{case.title}", f"Not solved, opened again: {case.title}"),
        body=Text(str(data["text"])[:300], str(data["text"])[:300]),
        but=by,
        urgent=True,
    )
