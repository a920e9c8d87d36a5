"""The day so far: what happened on the cases that the reader sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Case, JournalEntry, Owed
from huiying.desk.cases.projection import engine_plan, entries_of, project
from huiying.desk.cases.queries.names import Names
from huiying.desk.cases.queries.sentences import said
from huiying.desk.shell.mask import mask
from huiying.engine.journal import Kind
from huiying.engine.text import Text

#: Notices are on the case; here they would drown the rest.
LEFT_OUT = [Kind.TOLD, Kind.TELLING_FAILED, Kind.ACKNOWLEDGED, Kind.DRAFTED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened today."""

    at: datetime
    sentence: str
    who: str
    about: str
    address: str
    key: bool
    late: bool = False


def events(person: Person, now: datetime, midnight: datetime, most: int = 12) -> list[Event]:
    """What happened since `midnight`, newest first, missed deadlines among it; drills left out."""
    if not can(person, Right.SEE_CASES):
        return []
    rows = JournalEntry.objects.filter(case__in=real(person), at__gte=midnight, at__lte=now)
    newest = list(rows.exclude(kind__in=LEFT_OUT).order_by("-at", "-pk").values_list("case_id", "seq")[:most])
    wanted: dict[int, set[int]] = {}
    for case, seq in newest:
        wanted.setdefault(case, set()).add(seq)
    cases = Case.objects.in_bulk(wanted)
    found = [event for pk, seqs in wanted.items() for event in _of_case(cases[pk], seqs)]
    found += _missed(person, now, midnight)
    return sorted(found, key=lambda event: event.at, reverse=True)[:most]


def real(person: Person) -> QuerySet[Case]:
    """The cases that the person sees and that are no drill."""
    return visible(person).filter(drill=False)


def _of_case(case: Case, seqs: set[int]) -> Sequence[Event]:
    entries = entries_of(case)
    chosen = [entry for entry in entries if entry.seq in seqs]
    names = Names(case, chosen, engine_plan(project(entries)))
    return [
        Event(
            at=entry.at,
            sentence=words.sentence,
            who=names.actor(entry.actor),
            about=f"{case.number} {mask(case.title)}",
            address=reverse("cases:case", args=[case.number]),
            key=words.key,
        )
        for entry in chosen
        for words in [said(entry, names)]
    ]


def _missed(person: Person, now: datetime, midnight: datetime) -> list[Event]:
    rows = Owed.objects.filter(
        case__in=real(person), lapsed=True, due_at__gte=midnight, due_at__lte=now
    ).select_related("case")
    language = get_language() or "zh-hans"
    return [
        Event(
            at=row.due_at,
            sentence=_("超时：%(what)s") % {"what": Text(row.what_zh, row.what_en).say(language)},
            who="",
            about=f"{row.case.number} {mask(row.case.title)}",
            address=reverse("cases:case", args=[row.case.number]),
            key=False,
            late=True,
        )
        for row in rows[:10]
    ]


def midnight(now: datetime) -> datetime:
    """The beginning of today on the desk's clock; `now` carries the desk's zone."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
