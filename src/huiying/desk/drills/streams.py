"""The stream of a rehearsal: the institution's own mentions of a time, or a file, heard as the desk hears."""

import hashlib
import tempfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet

from huiying.desk.collect.models import Mention
from huiying.desk.drills.models import Rehearsal
from huiying.desk.listen.config import listening
from huiying.desk.listen.ledger import heard_as
from huiying.engine.calendar import Calendar
from huiying.engine.listen import mention as engine
from huiying.engine.listen.fold import Config
from huiying.engine.plan.drill.listening import matters_in, moved
from huiying.engine.plan.drill.matters import Matter
from huiying.engine.plan.model import Plan
from huiying.rows_mentions import in_order, read_mentions

#: So many mentions are heard in one rehearsal at most: a month of a busy city.
MOST = 20_000
MOST_BYTES = 8 * 1024 * 1024
ENDINGS = (".tsv", ".csv", ".jsonl", ".ndjson", ".xlsx")


@dataclass(frozen=True, slots=True)
class Stream:
    """What is to be heard, and when it came."""

    mentions: Sequence[engine.Mention]
    arrived: dict[engine.MentionId, datetime]

    @property
    def sha256(self) -> str:
        """What tells equal streams."""
        rows = (f"{one.id}|{one.at.isoformat()}|{one.title}|{one.text}" for one in self.mentions)
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def recorded(since: datetime, until: datetime) -> QuerySet[Mention]:
    """What the institution heard between `since` and `until` (not included), in the order in which it came."""
    return Mention.objects.filter(captured_at__gte=since, captured_at__lt=until).order_by("captured_at", "pk")


def from_file(name: str, body: bytes, now: datetime, calendar: Calendar) -> list[engine.Mention]:
    """The mentions of a file, in order of time. Raises huiying.rows.Unreadable."""
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix.lower()) as file:
        file.write(body)
        file.flush()
        return in_order(read_mentions(Path(file.name), now=now, zone=calendar.zone))


def stream(it: Rehearsal, calendar: Calendar) -> Stream:
    """What a rehearsal hears, as if it began when the rehearsal says. Raises huiying.rows.Unreadable."""
    found = _kept(it, calendar)
    return Stream(*moved(found.mentions, it.starts_at, found.arrived)) if it.starts_at else found


def _kept(it: Rehearsal, calendar: Calendar) -> Stream:
    if it.stream == Rehearsal.Stream.FILE:
        return Stream(from_file(it.file_name, zlib.decompress(bytes(it.payload)), it.asked_at, calendar), {})
    if it.since is None or it.until is None:
        return Stream([], {})
    rows = list(recorded(it.since, it.until)[:MOST])
    return Stream([heard_as(row) for row in rows], {row.pk: row.captured_at for row in rows})


def config(plan: Plan, everything: bool) -> Config:
    """How the desk listens now, with the subjects of the plan that is rehearsed."""
    found, _fingerprint = listening()
    return replace(found, subjects=plan.subjects, group_unmatched=everything)


def heard(
    it: Rehearsal, plan: Plan, calendar: Calendar, told: Callable[[int], None]
) -> tuple[list[Matter], Stream]:
    """The matters that the stream would have become. Raises huiying.rows.Unreadable."""
    found = stream(it, calendar)
    matters = matters_in(
        plan, found.mentions, config(plan, it.everything), calendar, told=told, arrived=found.arrived
    )
    return matters, found
