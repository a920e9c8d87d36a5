"""Calling a meeting, answering the call, noting who came, calling it off."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from huiying.desk.accounts.access import can, require
from huiying.desk.accounts.models import Person, Role, Unit
from huiying.desk.accounts.queries import stand_in
from huiying.desk.accounts.rights import TABLE, Right
from huiying.desk.cases import journal, told
from huiying.desk.cases.actions.common import happened
from huiying.desk.cases.models import Case
from huiying.desk.joint.holding import enter, hold, maybe, said
from huiying.desk.joint.models import Invitation, Meeting
from huiying.desk.joint.queries.meetings import notices_of
from huiying.desk.joint.telling import announce
from huiying.desk.notify.actions import acknowledge
from huiying.desk.notify.tokens import ack_token
from huiying.desk.shell.times import to_the_minute
from huiying.desk.shell.zone import here
from huiying.engine.journal import Kind
from huiying.engine.text import Text

#: A meeting that was held without the desk may still be written down for so long; and how far ahead one is called.
LATE, AHEAD = timedelta(days=1), timedelta(days=60)
State = Meeting.State
Asked = dict[Person, tuple[str, Unit | None]]


@transaction.atomic
def call_meeting(
    *,
    by: Person,
    now: datetime,
    case: Case,
    kind: str,
    at: datetime,
    way: str,
    place: str,
    agenda: str,
    chair: Person,
    roles: Iterable[str] = (),
    units: Iterable[Unit] = (),
    guests: str = "",
) -> Meeting:
    """Call a meeting on the case: the people of these roles and units are asked to come, and told at once.

    `guests` are other bodies, one a line: they are asked in writing, elsewhere. Raises ValidationError.
    """
    require(by, Right.CONVENE)
    seat = enter(by, Right.CONVENE, case, now)
    if kind not in Meeting.Kind.values:
        raise ValidationError({"kind": _("没有这种会议。")})
    if way not in Meeting.Way.values:
        raise ValidationError({"way": _("没有这种方式。")})
    if not now - LATE <= at <= now + AHEAD:
        raise ValidationError({"at": _("时间要在一天前到六十天后之间。")})
    if not can(chair, Right.ADOPT_MINUTES):
        raise ValidationError({"chair": _("会议由负责人或分管负责人主持，纪要由主持人审定。")})
    asked = _asked(roles, units, now)
    asked.setdefault(chair, (_leading(chair), None))
    meeting = Meeting.objects.create(
        case=seat.case,
        kind=kind,
        at=at,
        way=way,
        place=said(place, "place", 200),
        agenda=said(agenda, "agenda", 2000),
        chair=chair,
        guests=maybe(guests, "guests", 1000),
        called_by=by,
        called_at=now,
    )
    Invitation.objects.bulk_create(
        Invitation(meeting=meeting, person=person, role=post, unit=unit)
        for person, (post, unit) in asked.items()
    )
    names = "、".join(str(person) for person in asked)
    text = f"{_named(meeting)}，{meeting.place}；主持：{chair}；请到会：{names}\n{meeting.agenda}"
    seat.tell(text, about=meeting, act="called")
    if at > now:
        _ask(meeting, asked, by, now)
    return meeting


def _asked(roles: Iterable[str], units: Iterable[Unit], now: datetime) -> Asked:
    """Who comes for these roles and units: those there now, else who stands in; each once, as what is named first."""
    asked: Asked = {}
    for role in roles:
        if role not in TABLE[Right.ACKNOWLEDGE]:
            raise ValidationError({"roles": _("没有这个角色，或者这个角色不参会。")})
        for person in stand_in(role, now):
            asked.setdefault(person, (role, None))
    for unit in units:
        found = stand_in(Role.HANDLER, now, unit)
        if not found:
            raise ValidationError({"units": _("%(unit)s 没有人可以参会，先给它配承办人。") % {"unit": unit}})
        for person in found:
            asked.setdefault(person, (Role.HANDLER.value, unit))
    return asked


def _leading(chair: Person) -> str:
    post = chair.appointments.filter(role__in=TABLE[Right.ADOPT_MINUTES], unit=None).order_by("pk").first()
    return post.role if post else Role.HEAD.value


def _named(meeting: Meeting) -> str:
    """The meeting as journals say it: in Chinese, with its time."""
    return f"{KINDS[meeting.kind].zh} {to_the_minute(meeting.at, here(), 'zh-hans')}"


KINDS = {
    "joint": Text("联席会议", "Joint meeting"),
    "assess": Text("会商研判", "Assessment meeting"),
    "coordinate": Text("协调会", "Coordination meeting"),
}


def _ask(meeting: Meeting, people: Iterable[Person], by: Person, now: datetime) -> None:
    kind, zone = KINDS[meeting.kind], here()
    zh, en = to_the_minute(meeting.at, zone, "zh-hans"), to_the_minute(meeting.at, zone, "en")
    announce(
        case=meeting.case,
        now=now,
        people=people,
        key=f"meeting{meeting.pk}",
        stage=stage_of(meeting),
        subject=Text(f"请参加{kind.zh}，{zh}", f"{kind.en}, {en}: please come"),
        body=Text(
            f"{meeting.case.title}\n时间：{zh}\n地点：{meeting.place}\n{meeting.agenda}",
            f"{meeting.case.title}\nWhen: {en}\nWhere: {meeting.place}\n{meeting.agenda}",
        ),
        link=meeting.get_absolute_url(),
        urgent=True,
        but=by,
    )


def stage_of(meeting: Meeting) -> str:
    """By which word the outbox knows the notices of this meeting."""
    return f"meeting:{meeting.pk}"


@transaction.atomic
def answer_call(*, by: Person, now: datetime, meeting: Meeting, answer: str, words: str = "") -> Invitation:
    """Say whether one comes; who does not says why or who comes instead. It is the acknowledgement too.

    Raises PermissionDenied for whom was not asked, ValidationError.
    """
    require(by, Right.ACKNOWLEDGE)
    held = hold(meeting, [State.CALLED], _("会议已经召开或取消，不用再回。"))
    mine = held.invitations.select_for_update(of=("self",)).filter(person=by).first()
    if mine is None:
        raise PermissionDenied(_("没有请你参加这个会。"))
    if answer not in Invitation.Answer.values or not answer:
        raise ValidationError({"answer": _("请选参加、派人参加还是请假。")})
    if answer != Invitation.Answer.COMING:
        words = said(words, "words", 200)
    mine.answer, mine.said, mine.answered_at = answer, maybe(words, "words", 200), now
    mine.save()
    _acknowledged(held, by, now)
    if answer != Invitation.Answer.COMING:
        _tell_caller(held, mine, now)
    return mine


def _acknowledged(meeting: Meeting, by: Person, now: datetime) -> None:
    """The notices that called this person count as seen; somebody whom none reached has seen it here."""
    reached = [row for row in notices_of(meeting) if row.person_id == by.pk and row.ack_digest]
    for row in reached:
        told.record_ack(acknowledge(token=ack_token(row.key), now=now), by, now)
    stage = stage_of(meeting)
    known = meeting.case.entries.filter(kind=Kind.ACKNOWLEDGED, data__stage=stage, data__recipient=by.actor)
    if not known.exists():
        data = {"obligation": "", "stage": stage, "recipient": by.actor, "channel": "desk", "message": None}
        journal.write(case=meeting.case, kind=Kind.ACKNOWLEDGED, data=data, now=now, by=by)


def _tell_caller(meeting: Meeting, mine: Invitation, now: datetime) -> None:
    zh = {"sends": "派人参加", "not": "请假"}[mine.answer]
    en = {"sends": "sends somebody else", "not": "cannot come"}[mine.answer]
    announce(
        case=meeting.case,
        now=now,
        people=[meeting.called_by],
        key=f"meeting{meeting.pk}|answer{mine.pk}|{mine.answer}",
        subject=Text(f"{mine.person}{zh}", f"{mine.person} {en}"),
        body=Text(mine.said, mine.said),
        link=meeting.get_absolute_url(),
        but=mine.person,
    )


@transaction.atomic
def cancel_meeting(*, by: Person, now: datetime, meeting: Meeting, why: str) -> Meeting:
    """Call it off, and tell whoever was asked. Raises ValidationError once it was held."""
    require(by, Right.CONVENE)
    held = hold(meeting, [State.CALLED], _("只有还没开的会可以取消。"))
    seat = enter(by, Right.CONVENE, held.case, now, closed=True)
    held.state, held.why = State.CANCELLED, said(why, "why", 300)
    held.save()
    text = f"{_named(held)}取消：{held.why}"
    seat.tell(text, about=held, act="cancelled")
    kind = KINDS[held.kind]
    announce(
        case=seat.case,
        now=now,
        people=[invited.person for invited in held.invitations.select_related("person")],
        key=f"meeting{held.pk}|cancelled",
        subject=Text(f"{kind.zh}取消", f"{kind.en} called off"),
        body=Text(f"{_named(held)}\n{held.why}", held.why),
        link=held.get_absolute_url(),
        urgent=True,
        but=by,
    )
    return held


@transaction.atomic
def hold_meeting(
    *,
    by: Person,
    now: datetime,
    meeting: Meeting,
    came: Iterable[Invitation],
    guests: str = "",
    held_at: datetime | None = None,
) -> Meeting:
    """It took place: who of those invited came, which guests, when. Raises ValidationError."""
    require(by, Right.CONVENE)
    row = hold(meeting, [State.CALLED], _("会议已经记过到会，或者已取消。"))
    seat = enter(by, Right.CONVENE, row.case, now)
    at = happened(held_at, now, "held_at") or now
    if at < row.called_at - LATE:
        raise ValidationError({"held_at": _("时间早于召集一天以上，请核对。")})
    there = {one.pk for one in came}
    invited = list(row.invitations.select_related("person", "unit"))
    if not there & {one.pk for one in invited}:
        raise ValidationError({"came": _("至少要有一个人到会。")})
    for one in invited:
        one.came = one.pk in there
        one.save()
    row.state, row.held_at, row.guests_came = State.HELD, at, maybe(guests, "guests", 1000)
    row.save()
    text = "\n".join([_named(row), *roll(row)])
    seat.tell(text, about=row, act="held", at=at)
    return row


def roll(meeting: Meeting) -> list[str]:
    """Who was there, who was not and who came from outside, as minutes list them; in Chinese."""
    invited = list(meeting.invitations.select_related("person", "unit"))
    came = [f"{one.person}（{one.unit or _post(one)}）" for one in invited if one.came]
    sent = [f"{one.person}（{one.said}）" for one in invited if not one.came and one.answer == "sends"]
    gone = [
        f"{one.person}（{one.said}）" if one.said else str(one.person)
        for one in invited
        if not one.came and one.answer != "sends"
    ]
    guests = [line.strip() for line in meeting.guests_came.splitlines() if line.strip()]
    parts = (("出席", came), ("代会", sent), ("请假", gone), ("列席", guests))
    return [f"{name}：{'、'.join(people)}" for name, people in parts if people]


def _post(invitation: Invitation) -> str:
    with override("zh-hans"):
        return str(invitation.get_role_display())
