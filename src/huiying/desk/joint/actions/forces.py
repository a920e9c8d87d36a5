"""Task forces: formed with a leader and members, who see the case while it stands; changed; dissolved."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import can, require
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.models import Case
from huiying.desk.joint import steps
from huiying.desk.joint.holding import enter, hold, maybe, said
from huiying.desk.joint.models import Meeting, Member, TaskForce
from huiying.desk.joint.telling import announce
from huiying.engine.text import Text

MOST_MEMBERS = 60


@transaction.atomic
def form_task_force(
    *,
    by: Person,
    now: datetime,
    case: Case,
    name: str,
    leader: Person,
    duties: str,
    members: Iterable[Person] = (),
    parts: Mapping[int, str] | None = None,
    meeting: Meeting | None = None,
) -> TaskForce:
    """Form the task force of a case; `parts` says what a member does, by person. One stands on a case at a time.

    The plan's step is done with it, where the plan has one. Raises ValidationError.
    """
    require(by, Right.FORM_TASK_FORCE)
    seat = enter(by, Right.FORM_TASK_FORCE, case, now)
    if seat.case.task_forces.filter(dissolved_at=None).exists():
        raise ValidationError(_("这一件已有专班。先解散，或在原专班里加人。"))
    if meeting is not None and meeting.case_id != seat.case.pk:
        raise ValidationError({"meeting": _("这次会议不是这一件的。")})
    people = list(dict.fromkeys([leader, *members]))
    _fit(people)
    force = TaskForce.objects.create(
        case=seat.case,
        name=said(name, "name", 80),
        leader=leader,
        duties=said(duties, "duties", 2000),
        meeting=meeting,
        formed_by=by,
        formed_at=now,
    )
    Member.objects.bulk_create(
        Member(force=force, person=one, duty=maybe((parts or {}).get(one.pk, ""), "duty", 200), joined_at=now)
        for one in people
    )
    others = "、".join(str(one) for one in people[1:])
    text = f"{force.name}成立，组长：{leader}{f'；成员：{others}' if others else ''}\n{force.duties}"
    steps.settle(seat, steps.lacking(seat.held, steps.FORCES), text, about=force, act="formed")
    _tell_members(force, people, by, now)
    return force


def _fit(people: Iterable[Person]) -> None:
    """Raises ValidationError for people who left, who may not read cases at all, or too many."""
    found = list(people)
    for one in found:
        if not can(one, Right.SEE_CASES) or not can(one, Right.ACKNOWLEDGE):
            raise ValidationError(
                {"members": _("%(who)s 的角色不办件，不能进专班。") % {"who": one}},
            )
    if len(found) > MOST_MEMBERS:
        raise ValidationError({"members": _("专班最多 %(most)s 人。") % {"most": MOST_MEMBERS}})


def _tell_members(force: TaskForce, people: Iterable[Person], by: Person, now: datetime) -> None:
    announce(
        case=force.case,
        now=now,
        people=people,
        key=f"force{force.pk}|{now.isoformat()}",
        stage=f"force:{force.pk}",
        subject=Text(f"你已编入{force.name}", f"You are in the task force {force.name}"),
        body=Text(
            f"{force.case.title}\n组长：{force.leader}\n任务：{force.duties}",
            f"{force.case.title}\nLeader: {force.leader}\nDuties: {force.duties}",
        ),
        link=force.get_absolute_url(),
        urgent=True,
        but=by,
    )


def _standing(force: TaskForce) -> TaskForce:
    row = hold(force)
    if not row.stands:
        raise ValidationError(_("这个专班已经解散。"))
    return row


@transaction.atomic
def join_task_force(*, by: Person, now: datetime, force: TaskForce, person: Person, duty: str = "") -> Member:
    """One more member. Raises ValidationError for somebody who is in it already or does not fit."""
    require(by, Right.FORM_TASK_FORCE)
    row = _standing(force)
    seat = enter(by, Right.FORM_TASK_FORCE, row.case, now)
    if row.members.filter(person=person, left_at=None).exists():
        raise ValidationError({"person": _("%(who)s 已经在专班里。") % {"who": person}})
    _fit([*(one.person for one in row.members.filter(left_at=None).select_related("person")), person])
    made = Member.objects.create(force=row, person=person, duty=maybe(duty, "duty", 200), joined_at=now)
    text = f"{row.name}增加：{person}{f'（{made.duty}）' if made.duty else ''}"
    seat.tell(text, about=row, act="joined")
    _tell_members(row, [person], by, now)
    return made


@transaction.atomic
def leave_task_force(*, by: Person, now: datetime, member: Member) -> None:
    """A member is needed no longer, and sees the case only as far as the person's own role goes. Raises ValidationError."""
    require(by, Right.FORM_TASK_FORCE)
    row = _standing(member.force)
    seat = enter(by, Right.FORM_TASK_FORCE, row.case, now)
    if member.person_id == row.leader_id:
        raise ValidationError(_("组长不能退出。换人就解散重组。"))
    found = row.members.filter(pk=member.pk, left_at=None)
    if not found.update(left_at=now):
        raise ValidationError(_("已经不在专班里。"))
    text = f"{row.name}退出：{member.person}"
    seat.tell(text, about=row, act="left")


@transaction.atomic
def dissolve_task_force(*, by: Person, now: datetime, force: TaskForce, why: str) -> TaskForce:
    """It has done its work: from now on its members see the case only as far as their own roles go."""
    require(by, Right.FORM_TASK_FORCE)
    row = _standing(force)
    seat = enter(by, Right.FORM_TASK_FORCE, row.case, now, closed=True)
    row.dissolved_by, row.dissolved_at, row.why = by, now, said(why, "why", 300)
    row.save()
    text = f"{row.name}解散：{row.why}"
    seat.tell(text, about=row, act="dissolved")
    announce(
        case=row.case,
        now=now,
        people=[one.person for one in row.members.filter(left_at=None).select_related("person")],
        key=f"force{row.pk}|dissolved",
        subject=Text(f"{row.name}解散", f"Task force dissolved: {row.name}"),
        body=Text(row.why, row.why),
        link=row.get_absolute_url(),
        but=by,
    )
    return row
