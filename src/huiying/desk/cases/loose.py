"""People who still wait for a word of ours although no rule of the plan says so; they too keep a case open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiying.desk.cases.models import Case, JournalEntry
from huiying.engine.journal import Entry, Kind

#: Steps of our own in DONE entries.
ANSWERED = "asker_answered"
TOLD_OF_EXTENSION = "told_of_extension"


@dataclass(frozen=True, slots=True, kw_only=True)
class LooseEnd:
    """Something that is still to be done; `form` names the form that records it, on the case `number`, or `url` the page."""

    what: str
    number: str
    form: str = ""
    ref: str = ""
    url: str = ""


Judge = Callable[[Case, Sequence[Entry]], list[LooseEnd]]
_judges: list[Judge] = []


def register(judge: Judge) -> None:
    """A room above adds what it still waits for; called from its `AppConfig.ready()`."""
    if judge not in _judges:
        _judges.append(judge)


def loose_ends(case: Case, entries: Sequence[Entry]) -> list[LooseEnd]:
    """Askers of merged cases without an answer, granted extensions of which the asker was not told, and what rooms above add."""
    own = [*_askers(case), *_extensions(case, entries)]
    return own + [end for judge in _judges for end in judge(case, entries)]


def _askers(case: Case) -> list[LooseEnd]:
    answered = JournalEntry.objects.filter(
        case__merged_into=case, kind=Kind.DONE, data__step=ANSWERED
    ).values_list("case_id", flat=True)
    waiting = case.absorbed.exclude(pk__in=answered).order_by("number")
    return [
        LooseEnd(
            what=_("并入的 %(number)s 的诉求人还没有答复。") % {"number": one.number},
            number=one.number,
            form="answer-asker",
        )
        for one in waiting
    ]


def _extensions(case: Case, entries: Sequence[Entry]) -> list[LooseEnd]:
    told = {
        entry.data.get("request")
        for entry in entries
        if entry.kind is Kind.DONE and entry.data.get("step") == TOLD_OF_EXTENSION
    }
    granted = [e.data.get("request") for e in entries if e.kind is Kind.EXTENSION_GRANTED]
    return [
        LooseEnd(
            what=_("延期还没有告知诉求人。"), number=case.number, form="tell-of-extension", ref=str(request)
        )
        for request in granted
        if request not in told
    ]
