"""Files on their way in: looked at, columns chosen, then read in steps that survive an interruption."""

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.attempts import SHOWN_REJECTED, as_json, note, well
from huiying.desk.collect.house import house_zone
from huiying.desk.collect.models import Source, Upload
from huiying.desk.collect.plain import one_line
from huiying.desk.collect.sources.base import Harvest, Payload
from huiying.desk.collect.sources.upload.parse import Table, guess_columns, read_rows, read_table
from huiying.desk.collect.storing import Stored, store
from huiying.desk.collect.trouble import Trouble

STEP = 1000  # rows in one transaction
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@transaction.atomic
def look_at(*, by: Person, now: datetime, source: Source, name: str, body: bytes) -> Upload:
    """Keeps a file for looking at it; nothing is read in yet. Raises ValidationError for one that is no table."""
    require(by, Right.EDIT_SOURCES)
    if source.kind != "upload":
        raise ValidationError(_("这个信源不收文件"))
    try:
        table = read_table(body, name)
    except Trouble as trouble:
        language = get_language() or "zh-hans"
        said = f"{trouble.message.say(language)}。{trouble.mend.say(language)}"
        raise ValidationError({"file": said}) from trouble
    digest = hashlib.sha256(body).hexdigest()
    waiting = Upload.objects.filter(source=source, sha256=digest, state=Upload.State.LOOKED_AT).first()
    return waiting or Upload.objects.create(
        source=source,
        name=one_line(name, 200) or digest[:12],
        sha256=digest,
        size=len(body),
        payload=zlib.compress(body, 6),
        columns=guess_columns(table.headings),
        rows=len(table.rows),
        created_at=now,
        created_by=by,
    )


def body_of(upload: Upload) -> bytes:
    """The file as it was sent; empty after it was read in or dropped."""
    return zlib.decompress(bytes(upload.payload)) if upload.payload else b""


def table_of(upload: Upload) -> Table:
    """The file as a table. Raises Trouble."""
    return read_table(body_of(upload), upload.name)


@transaction.atomic
def choose_columns(*, by: Person, now: datetime, upload: Upload, columns: Mapping[str, int]) -> Upload:
    """Which column holds what. Raises ValidationError when the file is no longer waiting."""
    require(by, Right.EDIT_SOURCES)
    row = _waiting(upload)
    row.columns = dict(columns)
    row.save(update_fields=["columns"])
    return row


@transaction.atomic
def read_in(*, by: Person, now: datetime, upload: Upload) -> Upload:
    """Lets the file be read in: a short one at once, a long one by the worker. Raises ValidationError."""
    require(by, Right.EDIT_SOURCES)
    row = _waiting(upload)
    if not {"title", "text"} & set(row.columns):
        raise ValidationError(_("请至少选定标题或正文的列"))
    row.state = Upload.State.READING
    row.save(update_fields=["state"])
    data = {"file": row.name, "rows": row.rows, "sha256": row.sha256}
    record(by=by, now=now, verb="source.upload", target=row.source.name, data=data)
    if row.rows <= STEP:
        read_step(row, ordered(row, now), now)
    return row


@transaction.atomic
def drop(*, by: Person, now: datetime, upload: Upload) -> None:
    """Lets the file go unread. Raises ValidationError when it is no longer waiting."""
    require(by, Right.EDIT_SOURCES)
    row = _waiting(upload)
    row.state, row.payload, row.finished_at = Upload.State.DROPPED, b"", now
    row.save()


def _waiting(upload: Upload) -> Upload:
    row = Upload.objects.select_for_update(of=("self",)).select_related("source").get(pk=upload.pk)
    if row.state != Upload.State.LOOKED_AT:
        raise ValidationError(_("这个文件已经处理过了"))
    return row


def ordered(upload: Upload, now: datetime) -> Harvest:
    """Everything that the file holds, oldest first: in the order in which it is stored. Raises Trouble.

    The order depends on the file alone, so that an interrupted reading goes on at the same row.
    """
    harvest = read_rows(table_of(upload), upload.columns, upload.created_at, house_zone())
    harvest.items.sort(key=lambda item: (item.posted_at is None, item.posted_at or now))
    kind = SPREADSHEET if body_of(upload).startswith(b"PK") else "text/csv"
    harvest.payloads = [Payload(address=upload.name, content_type=kind, body=body_of(upload))]
    return harvest


@transaction.atomic
def read_step(upload: Upload, whole: Harvest, now: datetime) -> bool:
    """Stores the next rows and how far they reach, in one transaction; True when the file is done. The system itself acts."""
    start = upload.done_rows
    part = replace(whole, items=whole.items[start : start + STEP])
    stored = store(upload.source, part, now)
    upload.new += stored.new
    upload.known += stored.known
    upload.done_rows = start + len(part.items)
    if upload.done_rows >= len(whole.items):
        _finish(upload, whole, now)
    upload.save()
    return upload.state == Upload.State.DONE


def _finish(upload: Upload, whole: Harvest, now: datetime) -> None:
    upload.state, upload.finished_at, upload.payload = Upload.State.DONE, now, b""
    upload.rejected = [as_json(one) for one in whole.rejected[:SHOWN_REJECTED]]
    upload.rejected_count = len(whole.rejected)
    source = Source.objects.select_for_update().get(pk=upload.source_id)
    source.last_tried_at = now
    source.last_new_at = now if upload.new else source.last_new_at
    well(source, now)
    source.save()
    note(source, whole, _told(upload), now)


def _told(upload: Upload) -> Stored:
    return Stored(new=upload.new, known=upload.known, rejected=upload.rejected_count)
