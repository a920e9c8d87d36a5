"""The gate of this room: whose business a meeting, a task force, an opinion, a briefing is."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Person
from huiying.desk.cases.access import visible
from huiying.desk.joint.models import Briefing, Meeting, Opinion, TaskForce

T = TypeVar("T", bound=Model)


def seen_by_members(person: Person) -> Q:
    """The cases whose standing task force `person` belongs to: its members see the case as long as it stands."""
    mine = TaskForce.objects.filter(dissolved_at=None, members__person=person, members__left_at=None)
    return Q(pk__in=mine.values("case_id"))


def meetings_for(person: Person) -> QuerySet[Meeting]:
    """Meetings on the cases that `person` may read, and those to which the person was asked."""
    rows = Meeting.objects.filter(Q(case__in=visible(person)) | Q(invitations__person=person)).distinct()
    return rows.select_related("case", "chair", "called_by")


def forces_for(person: Person) -> QuerySet[TaskForce]:
    """Task forces on the cases that `person` may read."""
    return TaskForce.objects.filter(case__in=visible(person)).select_related("case", "leader", "formed_by")


def opinions_for(person: Person) -> QuerySet[Opinion]:
    """Opinions on the cases that `person` may read."""
    return Opinion.objects.filter(case__in=visible(person)).select_related("case", "adviser", "recorded_by")


def briefings_for(person: Person) -> QuerySet[Briefing]:
    """Briefings on the cases that `person` may read."""
    rows = Briefing.objects.filter(case__in=visible(person))
    return rows.select_related("case", "spokesperson", "draft", "kit")


def one(rows: QuerySet[T], pk: int) -> T:
    """The row. Raises Http404 when there is none or it is none of the person's business."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这一项，或者不归你看。"))
    return found
