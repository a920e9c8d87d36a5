"""Reads of the library: reviewed and archived cases, and earlier ones like a new one."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from huiying.desk.accounts.models import Person
from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Case
from huiying.desk.library.models import Review
from huiying.engine.similar import alike

#: How many earlier cases are compared; older ones are found by search.
COMPARED = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A closed case that is like the one at hand."""

    case: Case
    review: Review | None
    share: int  # likeness in per cent
    terms: tuple[str, ...]


def filed(person: Person, words: str = "", level: int | None = None) -> QuerySet[Case]:
    """Closed cases that `person` may read, newest first; drills are not the library's."""
    rows = (
        visible(person).filter(closed_at__isnull=False, drill=False).select_related("review", "lead", "plan")
    )
    if level is not None:
        rows = rows.filter(level=level)
    for word in words.split():
        in_review = Q(review__summary__icontains=word) | Q(review__lessons__icontains=word)
        rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word) | in_review)
    return rows.order_by("-closed_at")


def earlier_like(case: Case, person: Person, most: int = 3) -> list[Earlier]:
    """The earlier cases nearest to `case` in their words, with what was learnt from them."""
    rows = list(filed(person).exclude(pk=case.pk)[:COMPARED])
    by_key = {row.pk: row for row in rows}
    found = alike(_words(case), [(row.pk, _words(row)) for row in rows], most)
    return [
        Earlier(
            case=by_key[one.key],
            review=_review(by_key[one.key]),
            share=round(one.score * 100),
            terms=one.terms,
        )
        for one in found
    ]


def _review(case: Case) -> Review | None:
    return getattr(case, "review", None)


def _words(case: Case) -> str:
    review = _review(case)
    return "\n".join([case.title, case.title, case.summary, review.summary if review else ""])
