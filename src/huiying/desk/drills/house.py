"""The one source of scripted posts, and whom a drill tells."""

from datetime import datetime

from huiying.desk.accounts.models import Person, Role
from huiying.desk.collect.models import DRILL, Source, Tier

#: Who takes part: everybody who handles cases.
PARTICIPANTS = frozenset(Role) - {Role.AUDITOR, Role.ADMIN}


def source(now: datetime) -> Source:
    """Where scripted posts come from; no list knows it."""
    found, _made = Source.every.get_or_create(
        kind=DRILL,
        defaults={"name": "【演练】脚本", "tier": Tier.UNKNOWN, "paused": True, "created_at": now},
    )
    return found


def participants() -> list[Person]:
    """Everybody who takes part in an exercise."""
    people = Person.objects.filter(is_active=True, appointments__role__in=PARTICIPANTS)
    return list(people.distinct().order_by("pk"))
