"""Putting things into the index and taking them out, in the transaction of whoever writes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from huiying.desk.listen import quick
from huiying.desk.listen.models import SearchDoc
from huiying.desk.listen.search.bigrams import tokens
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
    _add({key: pair for key, pair in pairs.items() if key not in known})
    _replace([(known[key], *pairs[key]) for key in known])


def _known(keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], SearchDoc]:
    return {(row.kind, row.ref): row for rows in _stored(keys) for row in rows}


def _stored(keys: Iterable[tuple[str, int]]) -> Iterator[QuerySet[SearchDoc]]:
    by_kind: dict[str, list[int]] = {}
    for kind, ref in keys:
        by_kind.setdefault(kind, []).append(ref)
    for kind, refs in by_kind.items():
        for start in range(0, len(refs), CHUNK):
            yield SearchDoc.objects.filter(kind=kind, ref__in=refs[start : start + CHUNK])


def _add(pairs: Mapping[tuple[str, int], tuple[Doc, str]]) -> None:
    quick.insert(
        [
            SearchDoc(kind=doc.kind, ref=doc.ref, at=doc.at, title_chars=len(doc.title), body=body)
            for doc, body in pairs.values()
        ]
    )
    made = [row for rows in _stored(pairs) for row in rows.values_list("kind", "ref", "pk")]
    with connection.cursor() as cursor:
        vendor_of(connection.vendor).add(cursor, [(pk, pairs[kind, ref][1]) for kind, ref, pk in made])


def _replace(known: Sequence[tuple[SearchDoc, Doc, str]]) -> None:
    changed = [(row, doc, body) for row, doc, body in known if row.body != body]
    other = [(row, body) for row, _doc, body in changed if set(tokens(row.body)) != set(tokens(body))]
    vendor = vendor_of(connection.vendor)
    with connection.cursor() as cursor:
        vendor.take(cursor, [(row.pk, row.body) for row, _body in other])
        vendor.add(cursor, [(row.pk, body) for row, body in other])
    later = [row for row, doc, body in known if row.body == body and row.at != doc.at]
    for row, doc, body in known:
        row.body, row.at, row.title_chars = body, doc.at, len(doc.title)
    quick.update([row for row, _doc, _body in changed], ["body", "at", "title_chars"])
    quick.update(later, ["at", "title_chars"])


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
