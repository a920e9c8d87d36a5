"""Telling people about a case at once: the outbox rows are written with the entry that causes them."""

from collections.abc import Iterable
from datetime import datetime

from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.queries import stand_in
from huiying.desk.cases.models import Case
from huiying.desk.notify.actions import tell
from huiying.desk.notify.models import Message
from huiying.engine.obligations.notices import ASKED
from huiying.engine.text import Text

#: Whom to tell when nobody holds a role: never nobody.
LAST_RESORT = ("office", "duty", "deputy", "head", "admin")


def link(case: Case) -> str:
    """The case's page."""
    return f"/cases/{case.number}/"


def heading(case: Case, words: Text) -> Text:
    """A subject line: the number first, and that it is a drill."""
    drill = ("【演练】", "[DRILL] ") if case.drill else ("", "")
    return Text(f"{drill[0]}[{case.number}] {words.zh}", f"{drill[1]}[{case.number}] {words.en}")


def people_for(roles: Iterable[str], now: datetime, unit: Unit | None = None) -> list[Person]:
    """Who is told for these roles: those there now, else who stands in, else the first that can be found at all."""
    found = [person for role in roles for person in stand_in(role, now, unit)]
    for role in LAST_RESORT:
        if found:
            break
        found = stand_in(role, now)
    return list(dict.fromkeys(found))


def asked_by_plan(case: Case, seq: int) -> bool:
    """True when the entry began something that its plan tells of by itself, at once: nobody hears of it twice."""
    return case.owed.filter(started_by=seq, rule__in=ASKED, state="open").exists()


def tell_people(
    *,
    case: Case,
    now: datetime,
    people: Iterable[Person],
    key: str,
    subject: Text,
    body: Text,
    obligation: str = "",
    stage: str = "",
    urgent: bool = False,
) -> list[Message]:
    """Tell these people, once for each `key`; a drill's notices are kept and never leave."""
    return tell(
        now=now,
        people=people,
        key=f"{case.number}|{key}",
        subject=heading(case, subject),
        body=body,
        link=link(case),
        case_number=case.number,
        obligation=obligation,
        stage=stage,
        urgent=urgent,
        held=case.drill,
    )


def tell_roles(
    *,
    case: Case,
    now: datetime,
    roles: Iterable[str],
    key: str,
    subject: Text,
    body: Text,
    unit: Unit | None = None,
    but: Person | None = None,
    urgent: bool = False,
    stage: str = "",
) -> list[Message]:
    """Tell whoever holds these roles now, except the one who did it."""
    people = [person for person in people_for(roles, now, unit) if person != but]
    return tell_people(
        case=case, now=now, people=people, key=key, subject=subject, body=body, stage=stage, urgent=urgent
    )
