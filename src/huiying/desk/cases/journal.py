"""The journal of a case in the database: locked, sealed, inserted, projected, all in the caller's transaction."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from huiying.desk.accounts.models import Person
from huiying.desk.cases import projection
from huiying.desk.cases.models import Case, JournalEntry
from huiying.engine.journal import Entry, Kind, instant, seal


def plain(value: Any) -> Any:
    """JSON that both databases give back as it went in, so that a hash computed today holds tomorrow.

    Instants become ISO 8601 in UTC; numbers keep six decimals (PostgreSQL writes 1e22 as an integer); NUL goes.
    Raises TypeError or ValueError for what has no such form.
    """
    match value:
        case None | bool() | int():
            return value
        case datetime():
            return instant(value)
        case str():
            return str(value).replace("\0", "").encode("utf-8", "replace").decode()
        case float():
            return _number(value)
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case set() | frozenset():
            return sorted(plain(item) for item in value)
        case Sequence() if not isinstance(value, bytes | bytearray):
            return [plain(item) for item in value]
    raise TypeError(f"a journal cannot hold {type(value).__name__}")


def _number(value: float) -> int | float:
    if not math.isfinite(value):
        raise ValueError(f"a journal cannot hold {value}")
    rounded = round(value, 6)
    return int(rounded) if rounded.is_integer() else rounded


def entries(case: Case) -> list[Entry]:
    """The whole journal, in order."""
    return projection.entries_of(case)


def lock(case: Case) -> Case:
    """Hold the case until the transaction ends and bring the object up to date. Raises RuntimeError outside of one."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a journal is written inside a transaction")
    held = Case.objects.select_for_update().get(pk=case.pk)
    _adopt(case, held)
    return case


def _adopt(case: Case, held: Case) -> None:
    """Give the caller's object the values of the row that is held."""
    for field in Case._meta.concrete_fields:
        setattr(case, field.attname, getattr(held, field.attname))
    case._state.fields_cache.clear()


def write(
    *,
    case: Case,
    kind: Kind,
    data: Mapping[str, Any],
    now: datetime,
    by: Person | None,
    role: str = "",
    at: datetime | None = None,
) -> JournalEntry:
    """Add one entry and bring the projection up to date. `by` None is the system; `at` is when it happened, if earlier.

    Raises ValueError for an `at` after `now`, RuntimeError outside of a transaction.
    """
    if at is not None and at > now:
        raise ValueError(f"{kind} cannot happen at {at}, after it is written down at {now}")
    lock(case)
    last = case.entries.order_by("-seq").first()
    sealed = seal(
        Entry(
            seq=0,
            at=at or now,
            recorded_at=now,
            kind=kind,
            actor=by.actor if by else "system",
            role=role,
            data=plain(data),
        ),
        projection.entry_of(last) if last else None,
    )
    row = JournalEntry.objects.create(
        case=case,
        seq=sealed.seq,
        at=sealed.at,
        recorded_at=sealed.recorded_at,
        kind=sealed.kind,
        actor=sealed.actor,
        role=sealed.role,
        data=sealed.data,
        prev=sealed.prev,
        hash=sealed.hash,
    )
    projection.refresh(case, now)
    return row
