"""Reads of meetings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import TABLE, Right
from huiying.desk.cases.models import Case
from huiying.desk.joint.models import Invitation, Meeting
from huiying.desk.notify.models import Message

State = Meeting.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Somebody who was asked, and whether word reached and was seen."""

    it: Invitation
    told_at: datetime | None
    seen_at: datetime | None
    unreached: bool  # a notice was written and none arrived


def notices_of(meeting: Meeting) -> QuerySet[Message]:
    """The notices that called people to this meeting."""
    rows = Message.objects.filter(case_number=meeting.case.number, stage=f"meeting:{meeting.pk}")
    return rows.select_related("person")


def called(meeting: Meeting) -> list[Called]:
    """Everybody who was asked, in order."""
    notices: dict[int, list[Message]] = {}
    for row in notices_of(meeting):
        notices.setdefault(row.person_id or 0, []).append(row)
    people = meeting.invitations.select_related("person", "unit")
    return [_called(one, notices.get(one.person_id, [])) for one in people]


def _called(one: Invitation, notices: list[Message]) -> Called:
    return Called(
        it=one,
        told_at=_first(row.sent_at for row in notices),
        seen_at=one.answered_at or _first(row.acknowledged_at for row in notices),
        unreached=bool(notices) and all(row.state == Message.State.FAILED for row in notices),
    )


def _first(instants: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in instants if at is not None), default=None)


def plan_in_force(case: Case) -> Meeting | None:
    """The meeting whose adopted handling plan counts now: the newest one."""
    rows = case.meetings.filter(state=State.ADOPTED).exclude(handling="")
    return rows.select_related("adopted_by").order_by("-adopted_at", "-pk").first()


def chairs() -> QuerySet[Person]:
    """Who may chair."""
    roles = TABLE[Right.ADOPT_MINUTES]
    rows = Person.objects.filter(
        is_active=True, appointments__role__in=roles, appointments__unit=None
    ).distinct()
    return rows.order_by("pk")


def may_chair(person: Person, meeting: Meeting, now: datetime) -> bool:
    """True for the chair, and for another leader while the chair is away."""
    if person.pk == meeting.chair_id:
        return True
    away = meeting.chair.away_until
    gone = not meeting.chair.is_active or (away is not None and away > now)
    return gone and can(person, Right.ADOPT_MINUTES)


def to_adopt(person: Person, now: datetime) -> list[Meeting]:
    """Minutes that wait for this person's word, longest first."""
    if not can(person, Right.ADOPT_MINUTES):
        return []
    rows = Meeting.objects.filter(state=State.SUBMITTED).select_related("case", "chair").order_by("held_at")
    return [row for row in rows if may_chair(person, row, now)]


def to_answer(person: Person, now: datetime) -> QuerySet[Invitation]:
    """Calls that this person has not answered, soonest first; those whose hour has passed are left out."""
    rows = Invitation.objects.filter(
        person=person, answer="", meeting__state=State.CALLED, meeting__at__gte=now
    )
    return rows.select_related("meeting", "meeting__case", "meeting__chair").order_by("meeting__at")


def coming(person: Person, now: datetime) -> QuerySet[Invitation]:
    """Meetings ahead to which this person was asked, those called off left out."""
    rows = Invitation.objects.filter(person=person, meeting__state=State.CALLED, meeting__at__gte=now)
    return rows.exclude(answer=Invitation.Answer.NOT).select_related("meeting__case").order_by("meeting__at")
