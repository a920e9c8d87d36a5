"""Reads of knowledge: the list, what is near a draft, what waits, what must be checked again."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.library.models import Knowledge
from huiying.engine.similar import alike

#: How many entries are compared with a draft, and how near one has to be.
COMPARED, MOST = 2000, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """An entry that may help with a draft."""

    it: Knowledge
    stale: bool  # its check date has passed


def knowledge_for(person: Person) -> QuerySet[Knowledge]:
    """What `person` may find: what may be used; whoever writes and approves sees the rest too."""
    rows = Knowledge.objects.select_related("unit", "written_by", "approved_by", "checked_by")
    if can(person, Right.EDIT_LIBRARY) or can(person, Right.APPROVE_LINES) or can(person, Right.SEE_AUDIT):
        return rows
    return rows.filter(state=Knowledge.State.GOOD)


def get_knowledge(person: Person, pk: int) -> Knowledge:
    """The entry. Raises Http404."""
    found = knowledge_for(person).filter(pk=pk).first()
    if found is None:
        raise Http404(_("没有这一条，或者还没有审定。"))
    return found


def knowledge(
    person: Person, words: str = "", state: str = "", today: date | None = None
) -> QuerySet[Knowledge]:
    """The list: by words and by state (`stale`: to be checked again by `today`)."""
    rows = knowledge_for(person)
    if state in Knowledge.State.values:
        rows = rows.filter(state=state)
    elif state == "stale" and today is not None:
        rows = rows.filter(state=Knowledge.State.GOOD, check_on__lte=today)
    else:
        rows = rows.exclude(state=Knowledge.State.WITHDRAWN)
    for word in words.split()[:6]:
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(basis__icontains=word))
    return rows.order_by("check_on", "-pk")


def to_check(today: date) -> QuerySet[Knowledge]:
    """Entries in use whose check is due."""
    return Knowledge.objects.filter(state=Knowledge.State.GOOD, check_on__lte=today).order_by(
        "check_on", "pk"
    )


def to_approve(person: Person) -> QuerySet[Knowledge]:
    """Entries that wait for this person's approval."""
    if not can(person, Right.APPROVE_LINES):
        return Knowledge.objects.none()
    return Knowledge.objects.filter(state=Knowledge.State.WAITING).exclude(written_by=person)


def near(text: str, now: datetime, most: int = MOST) -> list[Near]:
    """Entries in use that speak of what `text` asks, nearest first."""
    rows = {
        row.pk: row for row in Knowledge.objects.filter(state=Knowledge.State.GOOD).order_by("-pk")[:COMPARED]
    }
    found = alike(text, [(pk, f"{row.title}\n{row.title}\n{row.text}") for pk, row in rows.items()], most)
    return [Near(it=rows[one.key], stale=rows[one.key].check_on <= now.date()) for one in found]
