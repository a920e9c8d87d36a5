"""Panels of the case's own room on its page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from huiying.desk.accounts.access import can, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.asked import requests, urges


def asked(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """What units and other bodies were asked for on this case; nothing where nobody was."""
    person, now = signed_in(request), timezone.now()
    found = {"urges": urges(person, now, case), "requests": requests(person, now, case)}
    if not any(found.values()):
        return None
    return {
        **found,
        "case": case,
        "may_answer": can(person, Right.ADD_NOTE),
        "may_record": can(person, Right.WRITE_REPORTS),
    }
