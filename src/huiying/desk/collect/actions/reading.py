"""Who looked at personal data, and who took evidence away, is on record."""

from datetime import datetime

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.models import Capture, Mention


def note_reading(*, by: Person, now: datetime, mention: Mention) -> None:
    """That somebody read a mention with its personal data uncovered."""
    require(by, Right.VERIFY)
    record(by=by, now=now, verb="mention.reveal", target=f"mention {mention.pk}")


def note_taking(*, by: Person, now: datetime, capture: Capture) -> None:
    """That somebody took a payload away."""
    require(by, Right.SEE_SOURCES)
    record(by=by, now=now, verb="capture.take", target=capture.sha256[:12], data={"capture": capture.pk})
