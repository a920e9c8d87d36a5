"""In which order the entries of a journal count."""

import json
from bisect import insort
from collections.abc import Iterable
from operator import attrgetter, eq

from huiying.engine.journal import Entry, Kind

#: The order of kinds at one instant; those not named stand in the middle.
_ORDER = (
    Kind.OPENED,
    Kind.LEVEL_PROPOSED,
    Kind.LEVEL_CONFIRMED,
    Kind.ASSIGNED,
    Kind.ACCEPTED,
    Kind.DECLINED,
    Kind.INSTRUCTED,
    Kind.URGED,
    Kind.REQUESTED,
    Kind.PROMISED,
    Kind.SUBMITTED,
)
_LAST = (
    Kind.EXTENSION_ASKED,
    Kind.EXTENSION_GRANTED,
    Kind.EXTENSION_REFUSED,
    Kind.WAIVED,
    Kind.CLOSED,
    Kind.REOPENED,
    Kind.REVIEWED,
    Kind.ARCHIVED,
    Kind.MERGED,
    Kind.CORRECTED,
)
_RANK: dict[str, int] = {kind: place for place, kind in enumerate(_ORDER)}
_RANK |= {kind: 50 + place for place, kind in enumerate(_LAST)}
_MIDDLE = 40
_SEQ = attrgetter("seq")


def same_instant(a: Entry, b: Entry) -> bool:
    """Whether two entries happened and were written down at the same instants."""
    return a.at == b.at and a.recorded_at == b.recorded_at


def _among_equals(entry: Entry) -> tuple[int, int, str]:
    """The place of an entry among those of its instant: of two levels the graver one counts last."""
    level = entry.data.get("level") if entry.kind == Kind.LEVEL_CONFIRMED else None
    body = json.dumps(entry.data, ensure_ascii=False, sort_keys=True, default=str)
    return _RANK.get(entry.kind, _MIDDLE), -level if isinstance(level, int) else 0, body


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The entries in the order in which they count."""
    found = sorted(entries, key=_SEQ)
    times = [entry.recorded_at for entry in found]
    if not any(map(eq, times, times[1:])):
        return found
    result: list[Entry] = []
    for entry in found:
        if result and same_instant(result[-1], entry):
            insort(result, entry, lo=_run_start(result), key=_among_equals)
        else:
            result.append(entry)
    return result


def _run_start(entries: list[Entry]) -> int:
    """Where the run of entries of the last instant begins."""
    start = len(entries) - 1
    while start and same_instant(entries[start - 1], entries[-1]):
        start -= 1
    return start
