"""Reads of the keys for programs."""

from datetime import datetime

from django.db.models import Q

from huiying.desk.accounts.actions.tokens import digest
from huiying.desk.accounts.models import ApiToken


def token_for(key: str, now: datetime) -> ApiToken | None:
    """The token of a key that opens now: not revoked, not expired, and its person works here."""
    fresh = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    found = ApiToken.objects.filter(
        fresh, digest=digest(key), revoked_at__isnull=True, person__is_active=True
    )
    return found.select_related("person").first()
