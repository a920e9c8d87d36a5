"""Minutes: written, put before the chair, adopted. On adoption every decision becomes a deadline of the case."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.models import Person, Role, Unit
from huiying.desk.accounts.queries import stand_in
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import actions as cases
from huiying.desk.cases.actions.common import happened, later
from huiying.desk.cases.models import Case
from huiying.desk.joint import steps as plan_steps
from huiying.desk.joint.actions.meetings import KINDS, roll
from huiying.desk.joint.holding import Seat, enter, hold, maybe, said
from huiying.desk.joint.models import PLAN, Decision, Meeting
from huiying.desk.joint.queries.meetings import may_chair, plan_in_force
from huiying.desk.joint.telling import announce
from huiying.desk.reports import actions as reports
from huiying.desk.reports.drafting.words import minute, paragraphs
from huiying.desk.reports.models import Paper
from huiying.desk.shell.times import to_the_minute
from huiying.desk.shell.zone import here
from huiying.engine.journal import Kind
from huiying.engine.text import Text

State = Meeting.State
MOST_DECISIONS = 40
DIGITS = "一二三四五六七八九"
#: What of the minutes the journal repeats in one entry.
GIST = 4000


@transaction.atomic
def write_minutes(
    *,
    by: Person,
    now: datetime,
    meeting: Meeting,
    minutes: str,
    assessment: str = "",
    handling: str = "",
    wording: str = "",
    monitoring: str = "",
) -> Meeting:
    """Keep the minutes and the handling plan as they are being written. Raises ValidationError once they are handed in."""
    require(by, Right.CONVENE)
    row = _writing(meeting)
    enter(by, Right.CONVENE, row.case, now)
    row.minutes, row.assessment = maybe(minutes, "minutes", 8000), maybe(assessment, "assessment")
    row.handling, row.wording = maybe(handling, "handling"), maybe(wording, "wording")
    row.monitoring = maybe(monitoring, "monitoring")
    row.save()
    return row


def _writing(meeting: Meeting) -> Meeting:
    return hold(meeting, [State.HELD], _("纪要已送审或已审定，不能再改；要改请主持人退回。"))


@transaction.atomic
def add_decision(
    *, by: Person, now: datetime, meeting: Meeting, text: str, unit: Unit, due_at: datetime
) -> Decision:
    """One thing that was decided, the unit that does it, by when. Raises ValidationError."""
    require(by, Right.CONVENE)
    row = _writing(meeting)
    enter(by, Right.CONVENE, row.case, now)
    if not unit.active:
        raise ValidationError({"unit": _("%(unit)s 已停用。") % {"unit": unit}})
    if row.decisions.count() >= MOST_DECISIONS:
        raise ValidationError(_("一次会议最多记 %(most)s 项。") % {"most": MOST_DECISIONS})
    later(due_at, now)
    return Decision.objects.create(meeting=row, text=said(text, "text", 500), unit=unit, due_at=due_at)


@transaction.atomic
def drop_decision(*, by: Person, now: datetime, decision: Decision) -> None:
    """Take a decision out of minutes that are still being written."""
    require(by, Right.CONVENE)
    row = _writing(decision.meeting)
    enter(by, Right.CONVENE, row.case, now)
    row.decisions.filter(pk=decision.pk).delete()


@transaction.atomic
def submit_minutes(*, by: Person, now: datetime, meeting: Meeting) -> Meeting:
    """Put the minutes before the chair. Raises ValidationError for what is still missing."""
    require(by, Right.CONVENE)
    row = _writing(meeting)
    seat = enter(by, Right.CONVENE, row.case, now)
    _complete(row, seat.case, now)
    row.state, row.comment = State.SUBMITTED, ""
    row.save()
    text = f"{KINDS[row.kind].zh}纪要送主持人审定"
    seat.tell(text, about=row, act="submitted")
    kind = KINDS[row.kind]
    announce(
        case=seat.case,
        now=now,
        people=[row.chair, *stand_in(Role.HEAD, now)] if _away(row, now) else [row.chair],
        key=f"meeting{row.pk}|minutes|{seat.case.entries_count}",
        subject=Text(f"请审定{kind.zh}纪要", f"Minutes to adopt: {kind.en}"),
        body=Text(row.minutes[:600], row.minutes[:600]),
        link=row.get_absolute_url(),
        urgent=True,
        but=by,
    )
    return row


def _away(row: Meeting, now: datetime) -> bool:
    return row.chair.away_until is not None and row.chair.away_until > now


def _complete(row: Meeting, case: Case, now: datetime) -> None:
    """Raises ValidationError unless there are minutes, dates ahead, and a plan whole or not at all."""
    if not row.minutes:
        raise ValidationError({"minutes": _("纪要还是空的。")})
    parts = [name for name in PLAN if getattr(row, name)]
    first = plan_in_force(case) is None and row.kind != Meeting.Kind.COORDINATE
    if len(parts) < len(PLAN) and (parts or first):
        missing = next(name for name in PLAN if name not in parts)
        raise ValidationError(
            {missing: _("处置方案的三部分要一起定：线下处置、口径与发布、监测与信息报送。")}
        )
    past = row.decisions.filter(due_at__lte=now).first()
    if past is not None:
        raise ValidationError({"decisions": _("“%(what)s”的时限已经过去，请改。") % {"what": past.text[:40]}})


@transaction.atomic
def return_minutes(*, by: Person, now: datetime, meeting: Meeting, why: str) -> Meeting:
    """The chair gives the minutes back with a reason. Raises PermissionDenied for anybody else."""
    require(by, Right.ADOPT_MINUTES)
    row = hold(meeting, [State.SUBMITTED], _("没有等着审定的纪要。"))
    seat = enter(by, Right.ADOPT_MINUTES, row.case, now)
    _chairs(by, row, now)
    row.state, row.comment = State.HELD, said(why, "why", 1000)
    row.save()
    text = f"{KINDS[row.kind].zh}纪要退回修改：{row.comment}"
    seat.tell(text, about=row, act="returned")
    announce(
        case=seat.case,
        now=now,
        people=[row.called_by],
        key=f"meeting{row.pk}|returned|{seat.case.entries_count}",
        subject=Text("会议纪要退回修改", "Minutes returned"),
        body=Text(row.comment, row.comment),
        link=row.get_absolute_url(),
        but=by,
    )
    return row


def _chairs(by: Person, row: Meeting, now: datetime) -> None:
    if not may_chair(by, row, now):
        raise PermissionDenied(_("纪要由主持人%(chair)s审定。") % {"chair": row.chair})


@transaction.atomic
def adopt_minutes(
    *,
    by: Person,
    now: datetime,
    meeting: Meeting,
    steps: Iterable[str] = (),
    at: datetime | None = None,
    recorded_late: str = "",
) -> Meeting:
    """The chair adopts minutes and plan: steps of the case's plan are done, every decision gets its deadline.

    `steps` are keys of `plan_steps.offers`; `at` is when it was adopted, if earlier, and counts only with a reason. A
    decision becomes an assignment of its unit; where the unit has the case in hand already, an instruction of the chair.
    Raises PermissionDenied for whom does not chair, ValidationError.
    """
    require(by, Right.ADOPT_MINUTES)
    row = hold(meeting, [State.SUBMITTED, State.HELD], _("没有等着审定的纪要。"))
    seat = enter(by, Right.ADOPT_MINUTES, row.case, now)
    _chairs(by, row, now)
    _complete(row, seat.case, now)
    when = _earlier(row, at, now, recorded_late)
    facts = seat.held.facts
    given = plan_steps.offers(seat.held.plan if facts.plan else None, facts, seat.held.entries)
    ids = plan_steps.chosen(given, steps)
    row.state, row.adopted_by, row.adopted_at = State.ADOPTED, by, when or now
    row.save()
    late = {"recorded_late": recorded_late.strip()[:500]} if when else {}
    gist = as_text(row)[:GIST]
    plan_steps.settle(seat, ids, gist, about=row, act="adopted", at=when, data=late)
    for decision in row.decisions.select_related("unit"):
        _takes_effect(decision, row, by, now)
    _spread(row, by, now)
    return row


def _earlier(row: Meeting, at: datetime | None, now: datetime, reason: str) -> datetime | None:
    """When it was adopted, if earlier than now. Raises ValidationError for a time before the meeting or without a reason."""
    when = happened(at, now)
    if when is None:
        return None
    if row.held_at and when < row.held_at:
        raise ValidationError({"at": _("审定不能早于会议。")})
    said(reason, "recorded_late", 500)
    return when


def as_text(row: Meeting) -> str:
    """All that the minutes say, in the order of the paper; in Chinese."""
    decided = [f"{number}．{one}" for number, one in enumerate(_decided(row), 1)]
    plan = [f"{name}：{text}" for name, text in _plan_zh(row)]
    assessed = f"研判：{row.assessment}" if row.assessment else ""
    return paragraphs(row.minutes, assessed, "议定事项：" if decided else "", *decided, *plan, *roll(row))


def _takes_effect(decision: Decision, row: Meeting, by: Person, now: datetime) -> None:
    """The decision as a deadline of the case."""
    seat = enter(by, Right.ADOPT_MINUTES, row.case, now)
    facts, code = seat.held.facts, decision.unit.code
    if any(part.unit == code and part.state in {"asked", "accepted"} for part in facts.parts):
        decision.became, decision.entry = Decision.Became.INSTRUCTED, _instruct(decision, row, seat)
    else:
        cases.assign(
            by=by,
            now=now,
            case=row.case,
            unit=decision.unit,
            part="cooperating" if facts.lead else "lead",
            due_at=decision.due_at,
            text=decision.text,
        )
        decision.became, decision.entry = Decision.Became.ASSIGNED, row.case.entries_count
    decision.save()


def _instruct(decision: Decision, row: Meeting, seat: Seat) -> int:
    """The chair's instruction to a unit that has the case in hand already; gives the entry's number."""
    data = {
        "by": str(seat.by),
        "due_at": decision.due_at,
        "ref": f"i{len(seat.held.marked(Kind.INSTRUCTED)) + 1}",
        "unit": decision.unit.code,
    }
    entry = seat.tell(decision.text, about=row, act="decided", kind=Kind.INSTRUCTED, data=data)
    due_zh, due_en = (to_the_minute(decision.due_at, here(), tongue) for tongue in ("zh-hans", "en"))
    announce(
        case=seat.case,
        now=seat.now,
        people=stand_in(Role.HANDLER, seat.now, decision.unit),
        key=f"decision{decision.pk}",
        subject=Text(f"会议议定：{decision.text}"[:200], f"Decided: {decision.text}"[:200]),
        body=Text(f"责任部门：{decision.unit}\n时限：{due_zh}", f"Unit: {decision.unit}\nDue: {due_en}"),
        link=f"/cases/{seat.case.number}/",
        but=seat.by,
    )
    return entry.seq


def _spread(row: Meeting, by: Person, now: datetime) -> None:
    """Whoever was asked hears that the minutes stand."""
    kind = KINDS[row.kind]
    announce(
        case=row.case,
        now=now,
        people=[one.person for one in row.invitations.select_related("person")],
        key=f"meeting{row.pk}|adopted",
        subject=Text(f"{kind.zh}纪要已审定", f"{kind.en}: minutes adopted"),
        body=Text(row.minutes[:600], row.minutes[:600]),
        link=row.get_absolute_url(),
        but=by,
    )


@transaction.atomic
def minutes_paper(*, by: Person, now: datetime, meeting: Meeting) -> Paper:
    """Begin the paper of adopted minutes, filled in; the one that was begun is given again. Raises ValidationError."""
    require(by, Right.WRITE_REPORTS)
    row = hold(meeting, [State.ADOPTED], _("纪要审定以后才出文件。"))
    if row.paper is not None:
        return row.paper
    decided = [f"（{numeral(number)}）{one}" for number, one in enumerate(_decided(row), 1)]
    at = (row.held_at or row.at).astimezone(here())
    body = {
        "meeting": paragraphs(
            f"{at:%Y年}{minute(at, here())}，{row.chair}在{row.place}主持召开{KINDS[row.kind].zh}。",
            row.minutes,
        ),
        "assess": row.assessment,
        "decisions": paragraphs(*decided) or "会议没有另定分办事项。",
        "plan": paragraphs(*(f"{label}：{text}" for label, text in _plan_zh(row))),
        "roll": paragraphs(*roll(row)),
    }
    paper = reports.start(by=by, now=now, kind="minutes", case=row.case)
    paper = reports.save(by=by, now=now, paper=paper, fields={"title": _title(row)}, body=body)
    row.paper = paper
    row.save(update_fields=["paper"])
    return paper


def numeral(number: int) -> str:
    """A number from 1 to 99 as papers count with it: 九, 十, 十一, 二十, 四十."""
    tens, ones = divmod(number, 10)
    lead = DIGITS[tens - 1] if tens > 1 else ""
    return f"{lead}{'十' if tens else ''}{DIGITS[ones - 1] if ones else ''}"


def _decided(row: Meeting) -> list[str]:
    """The decisions as sentences, in Chinese: what, who, until when."""
    return [
        f"{one.text.rstrip('。')}。由{one.unit}负责，{minute(one.due_at, here())}前完成。"
        for one in row.decisions.select_related("unit")
    ]


def _plan_zh(row: Meeting) -> list[tuple[str, str]]:
    names = {"handling": "线下处置", "wording": "口径与发布", "monitoring": "监测与信息报送"}
    return [(names[name], getattr(row, name)) for name in PLAN if getattr(row, name)]


def _title(row: Meeting) -> str:
    return f"关于{row.case.title.strip('。！？!? ')[:120]}的{KINDS[row.kind].zh}纪要"
