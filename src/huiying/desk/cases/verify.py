"""Whether every journal holds together: used by `huiying verify`."""

from collections.abc import Iterator
from dataclasses import dataclass

from huiying.desk.cases.models import Case
from huiying.desk.cases.projection import entries_of
from huiying.engine.journal import verify as breaks_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A place where the journal of a case does not hold."""

    number: str
    seq: int
    why: str  # "gap", "prev", "hash": see engine.journal.Break; "head": the row names another last hash


def _troubles(case: Case) -> Iterator[Trouble]:
    entries = entries_of(case)
    for found in breaks_in(entries):
        yield Trouble(number=case.number, seq=found.seq, why=found.why)
    last = entries[-1] if entries else None
    if (last.hash if last else "") != case.head_hash or len(entries) != case.entries_count:
        yield Trouble(number=case.number, seq=last.seq if last else 0, why="head")


def verify_all() -> list[Trouble]:
    """Every break in every journal, by case; an empty list means that all of them are whole."""
    return [trouble for case in Case.objects.order_by("pk").iterator() for trouble in _troubles(case)]
