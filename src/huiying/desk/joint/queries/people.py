"""Who may be asked, in forms of this room."""

from django.db.models import QuerySet

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import TABLE, Right


def colleagues() -> QuerySet[Person]:
    """Everybody who handles cases, in whatever unit: who may be in a task force or speak."""
    held = Person.objects.filter(is_active=True, appointments__role__in=TABLE[Right.ACKNOWLEDGE])
    return held.distinct().order_by("pk")
