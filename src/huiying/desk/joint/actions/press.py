"""Getting a meeting with the press ready: outlets, words, leave from above, a leader's word on an interview."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import can, require
from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.queries import stand_in
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.actions.common import happened
from huiying.desk.cases.models import Case
from huiying.desk.joint import steps
from huiying.desk.joint.holding import enter, hold, said
from huiying.desk.joint.models import HIGHER, TIERS, Attending, Briefing
from huiying.desk.joint.queries.press import FORM_OF
from huiying.desk.joint.telling import announce
from huiying.desk.library.models import MediaContact
from huiying.desk.replies import actions as replies
from huiying.desk.replies.models import Draft, Stage
from huiying.desk.reports import actions as reports
from huiying.desk.reports.models import Paper
from huiying.desk.shell.times import to_the_minute
from huiying.desk.shell.zone import here
from huiying.engine.text import Text

Kind, State = Briefing.Kind, Briefing.State
STAGES = (Stage.FIRST, Stage.PROGRESS, Stage.FINAL)
LATE, AHEAD = timedelta(days=1), timedelta(days=90)
NAMES = {
    "conference": Text("新闻发布会", "Press conference"),
    "media": Text("媒体通气会", "Background briefing"),
    "interview": Text("采访", "Interview"),
}
OVER = "这一场已经举行或取消。"


@transaction.atomic
def plan_briefing(
    *,
    by: Person,
    now: datetime,
    case: Case,
    kind: str,
    stage: str,
    topic: str,
    at: datetime,
    place: str,
    spokesperson: Person,
) -> Briefing:
    """Plan to meet the press on a case: the next one of its stages. Raises ValidationError by field."""
    require(by, Right.BRIEF_PRESS)
    seat = enter(by, Right.BRIEF_PRESS, case, now)
    if kind not in Kind.values:
        raise ValidationError({"kind": _("没有这种形式。")})
    values = _arranged(now, stage=stage, topic=topic, at=at, place=place, spokesperson=spokesperson)
    number = seat.case.briefings.count() + 1
    made = Briefing.objects.create(
        case=seat.case, kind=kind, number=number, planned_by=by, planned_at=now, **values
    )
    text = f"筹备{_named(made)}：{made.topic}；发言人：{made.spokesperson}；{made.place}"
    seat.tell(text, about=made, act="planned")
    if kind == Kind.INTERVIEW:
        _ask_leaders(made, by, now)
    return made


def _arranged(
    now: datetime, *, stage: str, topic: str, at: datetime, place: str, spokesperson: Person
) -> dict[str, Any]:
    if stage not in STAGES:
        raise ValidationError({"stage": _("没有这个阶段。")})
    if not now - LATE <= at <= now + AHEAD:
        raise ValidationError({"at": _("时间要在一天前到九十天后之间。")})
    if not can(spokesperson, Right.SEE_CASES):
        raise ValidationError({"spokesperson": _("发言人要能看这一件。")})
    return {
        "stage": stage,
        "topic": said(topic, "topic", 200),
        "at": at,
        "place": said(place, "place", 200),
        "spokesperson": spokesperson,
    }


def _named(briefing: Briefing) -> str:
    at = to_the_minute(briefing.at, here(), "zh-hans")
    return f"第{briefing.number}次对外发布（{NAMES[briefing.kind].zh}，{at}）"


def _ask_leaders(briefing: Briefing, by: Person, now: datetime) -> None:
    announce(
        case=briefing.case,
        now=now,
        people=stand_in(Role.HEAD, now),
        key=f"briefing{briefing.pk}|clear",
        subject=Text(
            f"请定：是否接受采访（{briefing.topic}）"[:200], f"Interview to decide: {briefing.topic}"[:200]
        ),
        body=Text(f"{_named(briefing)}\n{briefing.place}", f"{briefing.topic}\n{briefing.place}"),
        link=briefing.get_absolute_url(),
        urgent=True,
        but=by,
    )


def planned(briefing: Briefing) -> Briefing:
    """The row, held, of a briefing that is still being got ready. Raises ValidationError."""
    return hold(briefing, [State.PLANNED], _(OVER))


@transaction.atomic
def change_briefing(
    *,
    by: Person,
    now: datetime,
    briefing: Briefing,
    stage: str,
    topic: str,
    at: datetime,
    place: str,
    spokesperson: Person,
) -> Briefing:
    """Another time, place, topic, stage or spokesperson; the kind stays. Raises ValidationError by field."""
    require(by, Right.BRIEF_PRESS)
    row = planned(briefing)
    seat = enter(by, Right.BRIEF_PRESS, row.case, now)
    values = _arranged(now, stage=stage, topic=topic, at=at, place=place, spokesperson=spokesperson)
    if all(getattr(row, name) == value for name, value in values.items()):
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    text = f"改为{_named(row)}：{row.topic}；发言人：{row.spokesperson}；{row.place}"
    seat.tell(text, about=row, act="changed")
    return row


@transaction.atomic
def cancel_briefing(*, by: Person, now: datetime, briefing: Briefing, why: str) -> Briefing:
    """Do not hold it. Raises ValidationError once it was held."""
    require(by, Right.BRIEF_PRESS)
    row = planned(briefing)
    seat = enter(by, Right.BRIEF_PRESS, row.case, now, closed=True)
    row.state, row.why = State.CANCELLED, said(why, "why", 300)
    row.save()
    text = f"{_named(row)}取消：{row.why}"
    seat.tell(text, about=row, act="cancelled")
    return row


@transaction.atomic
def add_outlet(
    *,
    by: Person,
    now: datetime,
    briefing: Briefing,
    outlet: str = "",
    tier: str = "",
    contact: MediaContact | None = None,
) -> Attending:
    """An outlet that is asked to come, or that asks; `contact` names both. Raises ValidationError by field.

    One from abroad, national or provincial after the higher body approved wants its approval anew.
    """
    require(by, Right.BRIEF_PRESS)
    row = planned(briefing)
    seat = enter(by, Right.BRIEF_PRESS, row.case, now)
    name = said(outlet or (contact.outlet if contact else ""), "outlet", 120)
    tier = tier or (contact.tier if contact else "")
    if tier not in dict(TIERS) or tier == "unknown":
        raise ValidationError({"tier": _("请选层级：境外、中央和省级媒体要报上级批准。")})
    if row.outlets.filter(outlet=name).exists():
        raise ValidationError({"outlet": _("这家媒体已经在名单里。")})
    made = Attending.objects.create(briefing=row, outlet=name, tier=tier, contact=contact)
    text = f"{_named(row)}：媒体 {name}（{TIERS_ZH[tier]}）"
    if tier in HIGHER and row.higher_at is not None:
        row.higher_at, row.higher_by = None, None
        row.save(update_fields=["higher_at", "higher_by"])
        text += "；此前的上级批准不含这家，须重新报批"
    seat.tell(text, about=row, act="outlet")
    return made


TIERS_ZH = {
    "foreign": "境外媒体", "national": "中央媒体", "portal": "大型门户", "provincial": "省级媒体", "city": "市级媒体",
    "local": "本地网站", "self-media": "自媒体", "board": "留言板", "internal": "内部渠道",
}  # fmt: skip


@transaction.atomic
def drop_outlet(*, by: Person, now: datetime, outlet: Attending) -> None:
    """It is not asked after all."""
    require(by, Right.BRIEF_PRESS)
    row = planned(outlet.briefing)
    seat = enter(by, Right.BRIEF_PRESS, row.case, now)
    if row.outlets.filter(pk=outlet.pk).delete()[0]:
        text = f"{_named(row)}：媒体名单去掉 {outlet.outlet}"
        seat.tell(text, about=row, act="outlet")


@transaction.atomic
def write_statement(*, by: Person, now: datetime, briefing: Briefing) -> Draft:
    """Begin the words that will be spoken: a text like any other, checked, and approved by the plan's chain.

    Gives the one that was begun, unless it was dropped. Raises ValidationError for an interview.
    """
    require(by, Right.DRAFT)
    row = planned(briefing)
    if row.kind not in FORM_OF:
        raise ValidationError(_("采访没有发布词，由负责人同意。"))
    if row.draft is not None and row.draft.state != Draft.State.DROPPED:
        return row.draft
    draft = replies.start(by=by, now=now, case=row.case, form=FORM_OF[row.kind], stage=row.stage)
    draft = replies.save(by=by, now=now, draft=draft, fields={"title": row.topic})
    row.draft = draft
    row.save(update_fields=["draft"])
    return draft


@transaction.atomic
def prepare_kit(*, by: Person, now: datetime, briefing: Briefing) -> Paper:
    """Begin the kit: facts from the approved lines, expected questions, answers. Gives the one that was begun."""
    require(by, Right.WRITE_REPORTS)
    row = planned(briefing)
    if row.kit is not None:
        return row.kit
    outlets = "、".join(outlet.outlet for outlet in row.outlets.all())
    arranged = (
        f"时间：{to_the_minute(row.at, here(), 'zh-hans')}\n地点：{row.place}\n发布人：{row.spokesperson}"
        f"\n邀请媒体：{outlets}"
    )
    kit = reports.start(by=by, now=now, kind="kit", case=row.case)
    row.kit = reports.save(by=by, now=now, paper=kit, fields={}, body={"arrangement": arranged})
    row.save(update_fields=["kit"])
    return row.kit


@transaction.atomic
def record_higher(
    *,
    by: Person,
    now: datetime,
    briefing: Briefing,
    body: str,
    ref: str,
    guidance: str,
    at: datetime | None = None,
    evidence: Sequence[Mapping[str, Any]] = (),
) -> Briefing:
    """The higher body approved, and how it guides: its name, the paper's number or the call, its words.

    The plan's step is done with it, where the plan has one. Raises ValidationError.
    """
    require(by, Right.REPORT_UP)
    row = planned(briefing)
    seat = enter(by, Right.REPORT_UP, row.case, now)
    when = happened(at, now)
    row.higher_body, row.higher_ref = said(body, "body", 120), said(ref, "ref", 120)
    row.guidance, row.higher_evidence = said(guidance, "guidance", 2000), list(evidence)
    row.higher_by, row.higher_at = by, when or now
    row.save()
    outlets = "、".join(outlet.outlet for outlet in row.higher_outlets)
    text = f"{row.higher_body}批准{_named(row)}（{row.higher_ref}）{f'，媒体：{outlets}' if outlets else ''}\n{row.guidance}"
    lacking = steps.lacking(seat.held, steps.HIGHER_BODY)
    steps.settle(seat, lacking, text, about=row, act="higher", at=when, evidence=evidence)
    return row


@transaction.atomic
def clear_interview(*, by: Person, now: datetime, briefing: Briefing) -> Briefing:
    """A leader agrees that the interview is given. Raises PermissionDenied for whoever planned it."""
    require(by, Right.APPROVE_LINES)
    row = planned(briefing)
    seat = enter(by, Right.APPROVE_LINES, row.case, now)
    if row.kind != Kind.INTERVIEW:
        raise ValidationError(_("发布会的发布词按预案审批，不在这里同意。"))
    if row.cleared_at is not None:
        raise ValidationError(_("已经同意过。"))
    if row.planned_by_id == by.pk:
        raise PermissionDenied(_("自己安排的采访要由别人同意。"))
    row.cleared_by, row.cleared_at = by, now
    row.save(update_fields=["cleared_by", "cleared_at"])
    text = f"同意{_named(row)}：{row.topic}"
    seat.tell(text, about=row, act="cleared")
    return row
