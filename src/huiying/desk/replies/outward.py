"""What became of publications that the worker sent to outlets. The system itself acts here."""

from datetime import datetime
from typing import Any

from huiying.desk.cases import journal
from huiying.desk.notify.models import Message
from huiying.desk.replies.actions.publishing import published_data
from huiying.desk.replies.models import Publication
from huiying.engine.journal import Kind


def record_outcome(message: Message, outcome: Any, now: datetime) -> None:
    """Write down that a publication went out or was given up, in the transaction that records the delivery.

    `outcome` is notify's: `sent`, `final`, `said`. A message that no publication knows is passed over.
    """
    row = Publication.objects.select_related("draft", "draft__case").filter(message=message).first()
    if row is None or row.state == Publication.State.OUT:
        return
    if outcome.sent:
        _went_out(row, message, now)
    elif outcome.final:
        row.state, row.said = Publication.State.FAILED, outcome.said.zh[:400]
        row.save(update_fields=["state", "said"])


def _went_out(row: Publication, message: Message, now: datetime) -> None:
    row.state, row.address, row.published_at, row.said = Publication.State.OUT, message.address, now, ""
    row.save(update_fields=["state", "address", "published_at", "said"])
    repeat = message.possible_repeats > 0
    data = published_data(row.draft, row.place, row.address, repeat=repeat)
    journal.write(case=row.draft.case, kind=Kind.PUBLISHED, data=data, now=now, by=None)
