"""Telling people about meetings, task forces and the press: rows of the outbox, in the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime

from huiying.desk.accounts.models import Person
from huiying.desk.cases.models import Case
from huiying.desk.cases.telling import heading
from huiying.desk.notify.actions import tell
from huiying.desk.notify.models import Message
from huiying.engine.text import Text


def announce(
    *,
    case: Case,
    now: datetime,
    people: Iterable[Person],
    key: str,
    subject: Text,
    body: Text,
    link: str,
    stage: str = "",
    urgent: bool = False,
    but: Person | None = None,
) -> list[Message]:
    """Tell these people once for each `key`, except the one who did it; a drill's notices never leave."""
    return tell(
        now=now,
        people=[person for person in people if person != but],
        key=f"{case.number}|{key}",
        subject=heading(case, subject),
        body=body,
        link=link,
        case_number=case.number,
        stage=stage,
        urgent=urgent,
        held=case.drill,
    )
