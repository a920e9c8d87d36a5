"""What was heard in a mention and where it stands on a list, shown on the mention's own page in the collecting room."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from huiying.desk.accounts.access import can
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.models import Mention
from huiying.desk.collect.placings import standing
from huiying.desk.listen.models import Hearing, Match
from huiying.desk.listen.queries import climb_of, steps


def climb(request: HttpRequest, mention: Mention) -> Mapping[str, Any] | None:
    """Where it stands on its list and whether it will be among the first ten; None for what stands on no list now."""
    if not can(request.user, Right.SEE_LISTEN):
        return None
    row = climb_of(mention, timezone.now())
    return None if row is None else {"row": row, "steps": steps(standing(mention))}


def heard(request: HttpRequest, mention: Mention) -> Mapping[str, Any] | None:
    """Its story, the watches it answers to, its tone, and what it repeats; None before it was heard."""
    if not can(request.user, Right.SEE_LISTEN):
        return None
    row = Hearing.objects.select_related("story", "copy_of").filter(mention=mention).first()
    if row is None:
        return None
    matches = Match.objects.filter(mention=mention).select_related("watch")
    copies = Hearing.objects.filter(copy_of=mention).count()
    return {"hearing": row, "watches": [match.watch for match in matches], "copies": copies}
