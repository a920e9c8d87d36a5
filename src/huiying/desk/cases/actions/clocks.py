"""Moving deadlines in the open: extensions asked and decided, duties waived with a reason."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting, holds
from huiying.desk.cases.actions.common import Held, at_words, filled, missing_year
from huiying.desk.cases.facts import moment
from huiying.desk.cases.models import Case
from huiying.desk.cases.telling import asked_by_plan, tell_people, tell_roles
from huiying.engine.calendar import UnknownYear
from huiying.engine.journal import Entry, Kind
from huiying.engine.obligations import Obligation
from huiying.engine.text import Text


def pending_extensions(entries: list[Entry]) -> dict[str, Entry]:
    """Obligation key -> the request that nobody has decided yet."""
    waiting: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind is Kind.EXTENSION_ASKED:
            waiting[str(entry.data["obligation"])] = entry
        elif entry.kind in {Kind.EXTENSION_GRANTED, Kind.EXTENSION_REFUSED}:
            waiting.pop(str(entry.data["obligation"]), None)
    return waiting


@transaction.atomic
def ask_extension(
    *, by: Person, now: datetime, case: Case, obligation: str, new_due_at: datetime, reason: str
) -> None:
    """Ask for more time, before the deadline. Raises ValidationError from the very instant of the deadline on."""
    require(by, Right.ASK_EXTENSION)
    held = Held(case)
    role = acting(by, Right.ASK_EXTENSION, case)
    held.must_be_open()
    owed = held.one(obligation, now)
    if owed.state != "open":
        raise ValidationError(
            {"obligation": _("已过时限（%(due)s），不能再申请延期。") % {"due": at_words(owed.due_at)}}
        )
    if obligation in pending_extensions(held.entries):
        raise ValidationError({"obligation": _("这一项已有一份延期申请在等批复。")})
    if new_due_at <= owed.due_at:
        raise ValidationError(
            {"new_due_at": _("新时限要晚于原时限 %(due)s。") % {"due": at_words(owed.due_at)}}
        )
    _within_the_rules(held, owed, new_due_at)
    data = {
        "obligation": obligation,
        "new_due_at": new_due_at,
        "was_due_at": owed.due_at,
        "reason": filled(reason, "reason", _("请写延期理由。"), 1000),
    }
    entry = journal.write(case=case, kind=Kind.EXTENSION_ASKED, data=data, now=now, by=by, role=role)
    if asked_by_plan(case, entry.seq):
        return
    tell_roles(
        case=case,
        now=now,
        roles=[held.plan.extending.role],
        key=f"extension|{entry.seq}",
        subject=Text(f"待批延期：{owed.what.zh}", f"Extension to decide: {owed.what.en}"),
        body=Text(f"{case.title}。理由：{data['reason']}", f"{case.title}. Reason: {data['reason']}"),
        but=by,
        urgent=True,
    )


def _within_the_rules(held: Held, owed: Obligation, new_due_at: datetime) -> None:
    """How often and how far the plan lets a deadline move. Raises ValidationError."""
    rules = held.plan.extending
    granted = held.marked(Kind.EXTENSION_GRANTED, obligation=owed.key)
    if rules.most is not None and len(granted) >= rules.most:
        raise ValidationError(
            {
                "obligation": _("预案规定最多延期 %(most)s 次，这一项已延 %(n)s 次。")
                % {"most": rules.most, "n": len(granted)}
            }
        )
    if rules.longest is None:
        return
    asked = held.marked(Kind.EXTENSION_ASKED, obligation=owed.key)
    first = moment(asked[0].data["was_due_at"]) if granted and asked else owed.due_at
    try:
        last = rules.longest.due(first or owed.due_at, held.calendar)
    except UnknownYear as unknown:
        raise ValidationError({"new_due_at": missing_year(unknown)}) from unknown
    if new_due_at > last:
        raise ValidationError({"new_due_at": _("预案规定最迟延到 %(last)s。") % {"last": at_words(last)}})


def _request(held: Held, obligation: str, by: Person) -> Entry:
    request = pending_extensions(held.entries).get(obligation)
    if request is None:
        raise ValidationError({"obligation": _("没有等批复的延期申请。")})
    if request.actor == by.actor:
        raise ValidationError(_("不能批自己提的延期。"))
    return request


def _decider(held: Held, by: Person, now: datetime) -> str:
    """The role in which `by` decides: the plan's own, a graver one, or who stands in. Raises PermissionDenied."""
    role = acting(by, Right.GRANT_EXTENSION, held.case)
    named = held.plan.extending.role
    if named == Role.HEAD and not holds(by, [Role.HEAD], now):
        raise PermissionDenied(_("预案规定延期由%(who)s批。") % {"who": Role.HEAD.label})
    return role


@transaction.atomic
def grant_extension(*, by: Person, now: datetime, case: Case, obligation: str) -> None:
    """Agree to a request: the new date is the deadline; it is counted, and the asker is to be told. Never one's own."""
    require(by, Right.GRANT_EXTENSION)
    held = Held(case)
    role = _decider(held, by, now)
    held.must_be_open()
    request = _request(held, obligation, by)
    data = {
        "obligation": obligation,
        "new_due_at": request.data["new_due_at"],
        "request": request.seq,
        "number": held.facts.extensions + 1,
    }
    due = moment(request.data["new_due_at"])
    if due is not None and due <= now:
        raise ValidationError(_("申请的新时限已过，只能不同意。"))
    journal.write(case=case, kind=Kind.EXTENSION_GRANTED, data=data, now=now, by=by, role=role)
    _tell_asker(case, now, request, Text("延期已批准", "Extension granted"), by)


@transaction.atomic
def refuse_extension(*, by: Person, now: datetime, case: Case, obligation: str, reason: str) -> None:
    """Decline a request and say why; the deadline stays. Never one's own."""
    require(by, Right.GRANT_EXTENSION)
    held = Held(case)
    role = _decider(held, by, now)
    request = _request(held, obligation, by)
    data = {
        "obligation": obligation,
        "reason": filled(reason, "reason", _("请写不同意的理由。"), 1000),
        "request": request.seq,
    }
    journal.write(case=case, kind=Kind.EXTENSION_REFUSED, data=data, now=now, by=by, role=role)
    _tell_asker(case, now, request, Text("延期未批准", "Extension refused"), by)


def _tell_asker(case: Case, now: datetime, request: Entry, words: Text, by: Person) -> None:
    """The colleague who asked hears of the decision at once."""
    kind, _sep, pk = request.actor.partition(":")
    asker = Person.objects.filter(pk=int(pk), is_active=True).first() if kind == "person" else None
    if asker is None or asker == by:
        return
    tell_people(
        case=case,
        now=now,
        people=[asker],
        key=f"decided|{request.seq}",
        subject=Text(f"{words.zh}：{case.title}", f"{words.en}: {case.title}"),
        body=Text("打开这一件看时限。", "Open the case to see the deadline."),
    )


@transaction.atomic
def waive(*, by: Person, now: datetime, case: Case, obligation: str, reason: str) -> None:
    """Declare that something is not owed, and why. Raises ValidationError when it is settled already."""
    require(by, Right.WAIVE)
    held = Held(case)
    role = acting(by, Right.WAIVE, case)
    owed = held.one(obligation, now)
    data = {
        "obligation": obligation,
        "reason": filled(reason, "reason", _("请写免办的理由。"), 1000),
        "what_zh": owed.what.zh,
        "what_en": owed.what.en,
        "state": owed.state,
    }
    journal.write(case=case, kind=Kind.WAIVED, data=data, now=now, by=by, role=role)
