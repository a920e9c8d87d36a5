"""Reads of task forces."""

from django.db.models import QuerySet

from huiying.desk.accounts.models import Person
from huiying.desk.cases.models import Case
from huiying.desk.joint.models import Member, TaskForce


def standing_force(case: Case) -> TaskForce | None:
    """The task force that works on the case now."""
    return case.task_forces.filter(dissolved_at=None).select_related("leader").first()


def mine(person: Person) -> QuerySet[Member]:
    """The standing task forces to which this person belongs, the newest first."""
    rows = Member.objects.filter(person=person, left_at=None, force__dissolved_at=None)
    return rows.select_related("force", "force__case", "force__leader").order_by("-force__formed_at")
