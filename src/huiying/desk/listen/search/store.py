"""Putting things into the index and taking them out, in the transaction of whoever writes them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from huiying.desk.listen.models import SearchDoc
from huiying.desk.listen.search.vendors import vendor_of
from huiying.engine.listen.normalise import simplify_all

#: Of a longer text only so much is found; a page of a book is not a post.
LONGEST = 20_000
CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Doc:
    """One thing to be found."""

    kind: str  # at most 12 characters: mention, story, case, reply, report, knowledge
    ref: int  # its id in its own table
    title: str
    text: str
    at: datetime  # by which finds are ordered, newest first


def put(kind: str, ref: int, title: str, text: str, at: datetime) -> None:
    """Make one thing findable, or findable by its new words."""
    put_many([Doc(kind=kind, ref=ref, title=title, text=text, at=at)])


@transaction.atomic
def put_many(docs: Sequence[Doc]) -> None:
    """Make things findable; those already in the index are replaced when their words changed."""
    bodies = simplify_all([f"{doc.title}\n{doc.text}"[:LONGEST] for doc in docs])
    pairs = {(doc.kind, doc.ref): (doc, body) for doc, body in zip(docs, bodies, strict=True)}
    known = _known(pairs)
    _add([pair for key, pair in pairs.items() if key not in known])
    _replace([(known[key], *pairs[key]) for key in known])


def _known(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], SearchDoc]:
    by_kind: dict[str, list[int]] = {}
    for kind, ref in keys:
        by_kind.setdefault(kind, []).append(ref)
    found: dict[tuple[str, int], SearchDoc] = {}
    for kind, refs in by_kind.items():
        for start in range(0, len(refs), CHUNK):
            rows = SearchDoc.objects.filter(kind=kind, ref__in=refs[start : start + CHUNK])
            found |= {(row.kind, row.ref): row for row in rows}
    return found


def _add(pairs: Sequence[tuple[Doc, str]]) -> None:
    rows = [
        SearchDoc(kind=doc.kind, ref=doc.ref, at=doc.at, title_chars=len(doc.title), body=body)
        for doc, body in pairs
    ]
    made = SearchDoc.objects.bulk_create(rows, batch_size=CHUNK)
    with connection.cursor() as cursor:
        vendor_of(connection.vendor).add(cursor, [(row.pk, row.body) for row in made])


def _replace(known: Sequence[tuple[SearchDoc, Doc, str]]) -> None:
    changed = [(row, body) for row, _doc, body in known if row.body != body]
    vendor = vendor_of(connection.vendor)
    with connection.cursor() as cursor:
        vendor.take(cursor, [(row.pk, row.body) for row, _body in changed])
        vendor.add(cursor, [(row.pk, body) for row, body in changed])
    stale = []
    for row, doc, body in known:
        if (row.body, row.at) != (body, doc.at):
            row.body, row.at, row.title_chars = body, doc.at, len(doc.title)
            stale.append(row)
    SearchDoc.objects.bulk_create(
        stale,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["body", "at", "title_chars"],
        batch_size=100,
    )


@transaction.atomic
def drop(kind: str, refs: Iterable[int]) -> int:
    """Take things out of the index; returns how many were in it."""
    ids = list(refs)
    dropped = 0
    for start in range(0, len(ids), CHUNK):
        rows = list(SearchDoc.objects.filter(kind=kind, ref__in=ids[start : start + CHUNK]))
        with connection.cursor() as cursor:
            vendor_of(connection.vendor).take(cursor, [(row.pk, row.body) for row in rows])
        SearchDoc.objects.filter(pk__in=[row.pk for row in rows]).delete()
        dropped += len(rows)
    return dropped
