"""What was heard in a mention, shown on the mention's own page in the collecting room."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from huiying.desk.accounts.access import can
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.models import Mention
from huiying.desk.listen.models import Hearing, Match


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
