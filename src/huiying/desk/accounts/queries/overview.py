"""The state of institution, people, roster and keys in a few figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Q

from huiying.desk.accounts.models import ApiToken, Contact, Person, Shift, Unit
from huiying.desk.accounts.queries.roster import gaps, on_duty

AHEAD = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the settings' first page says."""

    people: int
    uninvited: int  # who cannot sign in yet
    away: int
    units: int
    duty: tuple[Shift, ...]  # who is on duty now
    gaps: tuple[tuple[datetime, datetime], ...]  # of the next seven days
    contacts: int
    failing: int
    untested: int
    tokens: int


def overview(now: datetime) -> Overview:
    """The figures at `now`."""
    working = Q(is_active=True)
    people = Person.objects.aggregate(
        people=Count("pk", filter=working),
        uninvited=Count("pk", filter=working & Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)),
        away=Count("pk", filter=working & Q(away_until__gt=now)),
    )
    contacts = Contact.objects.filter(active=True, person__is_active=True).aggregate(
        contacts=Count("pk"),
        failing=Count("pk", filter=Q(failing_since__isnull=False)),
        untested=Count("pk", filter=Q(failing_since=None, verified_at=None)),
    )
    open_keys = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))
    return Overview(
        **people,
        **contacts,
        units=Unit.objects.filter(active=True).count(),
        duty=tuple(on_duty(now)),
        gaps=tuple(gaps(now, now + AHEAD)),
        tokens=ApiToken.objects.filter(open_keys).count(),
    )
