"""What goes into the archive of a case: the journal, mentions with their evidence, answers, lines, files, papers."""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from huiying.desk.cases.evidence import path_of
from huiying.desk.cases.journal import entries
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Capture, Mention
from huiying.desk.library.models import Review
from huiying.desk.replies.models import Draft, Lines
from huiying.desk.reports.models import Paper
from huiying.engine.journal import Entry, instant

Files = Iterator[tuple[str, bytes]]


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, default=str) + "\n").encode()


def _lines(rows: Iterable[Any]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows).encode()


def _entry(entry: Entry) -> dict[str, Any]:
    """An entry as `huiying obligations --journal` and `huiying verify` read it."""
    return {
        "seq": entry.seq,
        "at": instant(entry.at),
        "recorded_at": instant(entry.recorded_at),
        "kind": str(entry.kind),
        "actor": entry.actor,
        "role": entry.role,
        "data": dict(entry.data),
        "prev": entry.prev,
        "hash": entry.hash,
    }


def _moment(at: datetime | None) -> str | None:
    return instant(at) if at else None


def _mention(mention: Mention) -> dict[str, Any]:
    """A mention with the hash of its evidence; who wrote it stays a pseudonym."""
    return {
        "id": mention.pk,
        "source": mention.source.name,
        "kind": mention.kind,
        "title": mention.title,
        "text": mention.text,
        "address": mention.address,
        "site": mention.site,
        "tier": mention.tier,
        "voice": mention.voice,
        "posted_at": _moment(mention.posted_at),
        "captured_at": _moment(mention.captured_at),
        "text_sha256": mention.text_sha256,
        "capture_sha256": mention.capture.sha256 if mention.capture else None,
    }


def journal(case: Case) -> Files:
    """The journal and, to read it by, the plan's own text."""
    yield "journal.jsonl", _lines(_entry(entry) for entry in entries(case))
    if case.plan:
        yield "plan.toml", case.plan.text.encode()


def mentions(case: Case) -> Files:
    """Every mention and each payload that is still kept, under its hash."""
    rows = list(case.mentions.select_related("source", "capture").order_by("pk"))
    yield "mentions.jsonl", _lines(_mention(row) for row in rows)
    captures = {row.capture.pk: row.capture for row in rows if row.capture}
    for _pk, capture in sorted(captures.items()):
        yield from _capture(capture)


def _capture(capture: Capture) -> Files:
    if capture.purged_at is None:
        yield f"evidence/{capture.sha256}", zlib.decompress(bytes(capture.payload))


def files(case: Case) -> Files:
    """Photographs and documents that people added; a file that is gone is named, not passed over."""
    for row in case.evidence.order_by("pk"):
        path = path_of(row.sha256)
        if path.exists():
            yield f"files/{row.sha256}", path.read_bytes()
        else:
            yield f"files/{row.sha256}.missing.txt", f"{row.name}: the file was not there\n".encode()
    listed = [
        {"name": row.name, "sha256": row.sha256, "type": row.content_type}
        for row in case.evidence.order_by("pk")
    ]
    yield "files.json", _json(listed)


def answers(case: Case) -> Files:
    """Lines to take, version by version, and every text that was published or on its way."""
    for lines in Lines.objects.filter(case=case).order_by("version"):
        yield f"lines/{lines.version}.json", _json(_row(lines))
    for draft in Draft.objects.filter(case=case).order_by("pk"):
        yield f"replies/{draft.pk}.txt", draft.text.encode()
        yield f"replies/{draft.pk}.json", _json({**_row(draft), "text": f"see {draft.pk}.txt"})


def papers(case: Case) -> Files:
    """What was reported upward, and the review."""
    for paper in Paper.objects.filter(case=case, issued_at__isnull=False).order_by("pk"):
        yield f"papers/{paper.number}.json", _json(_row(paper))
        for one in paper.files.order_by("form"):
            yield f"papers/{paper.number}.{one.form}", bytes(one.content)
    for review in Review.objects.filter(case=case):
        yield "review.json", _json(_row(review))


def _row(row: Any) -> Mapping[str, Any]:
    """The row's own columns."""
    return {
        field.attname: _moment(value) if isinstance(value, datetime) else value
        for field in row._meta.concrete_fields
        if (value := getattr(row, field.attname)) is not None
    }


PARTS: tuple[Callable[[Case], Files], ...] = (journal, mentions, files, answers, papers)


def content(case: Case) -> dict[str, bytes]:
    """Every file of the package, by its path."""
    return {path: data for part in PARTS for path, data in part(case)}
