"""Which stored mentions can answer to a watch's query at all: the index says, so that a preview reads only those."""

from dataclasses import dataclass

from django.db import connection

from huiying.desk.collect.models import Mention
from huiying.desk.listen.search.bigrams import Both, Either, Expr, needs_of
from huiying.desk.listen.search.vendors import vendor_of
from huiying.engine.listen.match import Matcher
from huiying.engine.listen.query import All, Any, Near, Not, Query, Term
from huiying.engine.listen.texts import lay

#: So many candidates are read; more would make the reader wait.
MOST = 10_000
CHUNK = 500
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a query finds in what is stored."""

    count: int
    whole: bool  # False: only the newest `MOST` candidates were read, there may be more
    newest: tuple[tuple[Mention, tuple[Span, ...]], ...]


def preview(query: Query, most: int = 20) -> Preview:
    """How many stored mentions answer to `query`, and the newest of them with the places of its words."""
    refs = _candidates(query)
    matcher = Matcher([("", query)])
    found: list[tuple[Mention, tuple[Span, ...]]] = []
    count = 0
    for start in range(0, len(refs), CHUNK):
        part = refs[start : start + CHUNK]
        rows = Mention.objects.in_bulk(part)
        mentions = [rows[pk] for pk in part if pk in rows]
        hits = matcher.match_all(lay([f"{row.title}\n{row.text}" for row in mentions]))
        for mention, hit in zip(mentions, hits, strict=True):
            if hit:
                count += 1
                if len(found) < most:
                    found.append((mention, hit[0].spans))
    return Preview(count, len(refs) < MOST, tuple(found))


def _candidates(query: Query) -> list[int]:
    """Ids of the newest mentions that the index does not rule out."""
    vendor, expr = vendor_of(connection.vendor), narrowed(query)
    where, params = "d.kind = 'mention'", []
    source = vendor.source
    if expr is None:
        source = "listen_searchdoc d"
    else:
        where, params = f"{vendor.where} AND {where}", [vendor.asked(expr)]
    tail = "ORDER BY d.at DESC, d.id DESC LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(" ".join(["SELECT d.ref FROM", source, "WHERE", where, tail]), [*params, MOST])
        return [row[0] for row in cursor.fetchall()]


def narrowed(query: Query) -> Expr | None:
    """What the index must hold for a text to be able to match; None: the index cannot rule anything out."""
    match query:
        case Term(text, open_left):
            needs = () if open_left else needs_of(text)
            return Both(needs) if needs else None
        case Near(left, right):
            return _both([_either([narrowed(term) for term in side]) for side in (left, right)])
        case All(parts):
            return _both([narrowed(part) for part in parts])
        case Any(parts):
            return _either([narrowed(part) for part in parts])
        case Not():
            return None


def _both(parts: list[Expr | None]) -> Expr | None:
    known = tuple(part for part in parts if part is not None)
    return Both(known) if known else None


def _either(parts: list[Expr | None]) -> Expr | None:
    known = tuple(part for part in parts if part is not None)
    return Either(known) if known and len(known) == len(parts) else None
