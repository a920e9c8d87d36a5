"""Finding: exact counts and the newest finds of each kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from huiying.desk.listen.search.bigrams import Both, Term, terms
from huiying.desk.listen.search.vendors import vendor_of

#: So many finds are put in order by their time; more are listed by arrival, which the index knows without reading them.
SORTED = 2000
KINDS = ("mention", "story", "case", "reply", "report", "knowledge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found of one kind."""

    kind: str
    count: int  # of all finds, however many are listed
    refs: tuple[int, ...]  # ids in the kind's own table, newest first


def search(
    text: str,
    limit: int = 20,
    *,
    kinds: Sequence[str] = KINDS,
    offset: int = 0,
    within: Mapping[str, QuerySet[Any] | None] | None = None,
) -> list[Found]:
    """Everything that holds every part of `text` (parts are split at spaces; "quoted parts" count whole), by kind.

    Widths, case, Traditional and Simplified characters count as the same. `within` limits a kind to the rows of a query
    set (of ids or objects): what the reader may see. Kinds without a find are left out.
    """
    asked = terms(text)
    if not asked:
        return []
    found = [_of_kind(kind, asked, limit, offset, (within or {}).get(kind)) for kind in kinds]
    return [one for one in found if one.count]


def _of_kind(
    kind: str, asked: Sequence[Term], limit: int, offset: int, within: QuerySet[Any] | None
) -> Found:
    vendor = vendor_of(connection.vendor)
    wanted = Both(tuple(need for term in asked for need in term.needs))
    compared = [term.text for term in asked if term.compare]
    where = [vendor.where, "d.kind = %s", *[vendor.compare] * len(compared)]
    params: list[Any] = [vendor.asked(wanted), kind, *compared]
    if within is not None:
        try:
            inner, inner_params = _ids(within)
        except EmptyResultSet:  # the reader may see none of them
            return Found(kind=kind, count=0, refs=())
        where.append(f"d.ref IN ({inner})")
        params += inner_params
    tail = f"FROM {vendor.source} WHERE {' AND '.join(where)}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {tail}", params)  # only constants are put together
        count = cursor.fetchone()[0]
        order = "d.at DESC, d.id DESC" if count <= SORTED else f"{vendor.arrival} DESC"
        cursor.execute(f"SELECT d.ref {tail} ORDER BY {order} LIMIT %s OFFSET %s", [*params, limit, offset])
        refs = tuple(row[0] for row in cursor.fetchall())
    return Found(kind=kind, count=count, refs=refs)


def _ids(rows: QuerySet[Any]) -> tuple[str, Sequence[Any]]:
    """The ids of a query set as SQL."""
    sql, params = rows.order_by().values("pk").query.sql_with_params()
    return sql, params
