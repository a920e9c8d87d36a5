"""What people and other systems bring: entered by hand, or pushed with a signature."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.actions.sources import hand_source
from huiying.desk.collect.attempts import note, note_failure, well
from huiying.desk.collect.house import house_zone
from huiying.desk.collect.models import Attachment, Mention, Source
from huiying.desk.collect.plain import one_line
from huiying.desk.collect.seal import unseal
from huiying.desk.collect.sources.base import Harvest, Item, Payload
from huiying.desk.collect.sources.inbound.parse import parse
from huiying.desk.collect.sources.inbound.sign import flaw
from huiying.desk.collect.storing import Stored, keep, store
from huiying.desk.collect.trouble import Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that comes with an entry."""

    name: str
    content_type: str
    body: bytes


@transaction.atomic
def enter(*, by: Person, now: datetime, item: Item, files: Sequence[Attached] = ()) -> Mention:
    """Stores what a person entered, once for each `item.key`: a form sent twice makes one mention."""
    require(by, Right.ENTER_MENTIONS)
    source = hand_source(now)
    address = f"{item.kind}:{by.actor}"
    harvest = Harvest(items=[item], payloads=[_as_typed(item, address)])
    stored = store(source, harvest, now)
    mention = Mention.objects.get(source=source, key=item.key)
    if stored.new:
        for file in files:
            payload = Payload(
                address=f"{address}/{mention.pk}", content_type=file.content_type, body=file.body
            )
            capture = keep(source, payload, now)
            Attachment.objects.create(mention=mention, capture=capture, name=one_line(file.name, 120))
        _brought(source, harvest, stored, now)
        record(by=by, now=now, verb="mention.enter", target=mention.title, data={"kind": mention.kind})
    return mention


def _as_typed(item: Item, address: str) -> Payload:
    """The entry itself as evidence, without the name of whoever spoke."""
    said = {
        "kind": item.kind,
        "title": item.title,
        "text": item.text,
        "address": item.address,
        "posted_at": item.posted_at.isoformat() if item.posted_at else None,
        "due_at": item.due_at.isoformat() if item.due_at else None,
        **item.extra,
    }
    body = json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()
    return Payload(address=address, content_type="application/json", body=body)


def push(
    source: Source, *, body: bytes, timestamp: str, signature: str, now: datetime
) -> tuple[Stored, Harvest]:
    """Takes a signed call; the system itself acts, for whoever holds the key.

    The same call again stores nothing twice, so a sender that got no answer may send again. Raises PermissionDenied with
    "timestamp", "signature", "expired" or "key"; Trouble for a body that cannot be read, which is noted on the source.
    """
    secret = unseal(source.secret)
    wrong = flaw(secret, timestamp, signature, body, now) if secret else "key"
    if wrong or source.paused:
        raise PermissionDenied(wrong or "paused")
    try:
        harvest = parse(body, now, house_zone())
    except Trouble as trouble:
        note_failure(source, trouble, now)
        raise
    harvest.payloads = [Payload(address="push", content_type="application/json", body=body)]
    with transaction.atomic():
        stored = store(source, harvest, now)
        _brought(source, harvest, stored, now)
    return stored, harvest


def _brought(source: Source, harvest: Harvest, stored: Stored, now: datetime) -> None:
    """A delivery shows on the source's page like a visit."""
    row = Source.objects.select_for_update().get(pk=source.pk)
    row.last_tried_at = now
    if stored.new:
        row.last_new_at = now
    well(row, now)
    row.save()
    note(row, harvest, stored, now)
