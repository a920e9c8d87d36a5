"""The journal of a case: what happened, in order, each entry chained by hash to the one before.

The chain is a plain hash chain (Haber and Stornetta, 1991): changing, removing or reordering an entry changes
every later hash, so a copy of the last hash proves the whole.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

GENESIS = "0" * 64


class Kind(StrEnum):
    """What can happen to a case. The comment names the data that an entry of the kind carries.

    Any entry may also carry `recorded_late`: why it was written down after a deadline that it kept. Without it, an
    entry written down after the deadline counts from then, whatever its `at` says.
    """

    # how, title, summary, discovered_at, posted_at?, due_at?, addressee?, subject?, matter? (the plan's kind of
    # matter), periods? (ids of the key periods in force), drill, plan: {id, version, sha256}, calendar: {name, version, sha256}
    OPENED = "opened"
    MENTIONS_ADDED = "mentions_added"  # mentions: [id], story?
    VERIFIED = "verified"  # outcome: true|partly|untrue|unclear, facts, evidence: [..]
    LEVEL_PROPOSED = "level_proposed"  # level, reasons, measures
    LEVEL_CONFIRMED = (
        "level_confirmed"  # level, proposed, overruled, reason, plan: {id, version, sha256}, matter?
    )
    DONE = "done"  # step: id of a plan's step, text: a step that has no kind of its own
    REPORTED = "reported"  # to, means: phone|paper|system, text, paper?, result?: bool, the outcome of a transferred matter
    INSTRUCTED = "instructed"  # by, text, due_at?, ref, unit?: who carries it out, else the office
    INSTRUCTION_DONE = "instruction_done"  # ref, text
    ASSIGNED = "assigned"  # unit, part: lead|cooperating, due_at?, reason?
    ACCEPTED = "accepted"  # unit
    DECLINED = "declined"  # unit, reason
    UNIT_REPORTED = "unit_reported"  # unit, text: a unit's handling result
    OFFLINE_FIXED = "offline_fixed"  # text, evidence: the real problem settled
    LINES_SET = "lines_set"  # version, text
    DRAFTED = "drafted"  # draft, form, stage, text_sha256
    SUBMITTED = "submitted"  # draft, chain: [step], as plan/chains.py writes steps: "a", "a|b" either, "a&b" both at once
    APPROVED = "approved"  # draft, step, approver_role, stood_in_for?, part?: which of those asked at once, of: steps
    RETURNED = "returned"  # draft, reason, approver_role?, recalled?: taken back by its writer
    PUBLISHED = "published"  # draft, stage: first|formal|progress|correction|final, form, outlet, address, text_sha256
    PROMISED = "promised"  # ref, due_at, text
    PROMISE_KEPT = "promise_kept"  # ref, text
    PROGRESS = "progress"  # text
    EXTENSION_ASKED = "extension_asked"  # obligation, new_due_at, reason
    EXTENSION_GRANTED = "extension_granted"  # obligation, new_due_at
    EXTENSION_REFUSED = "extension_refused"  # obligation, reason
    TOLD = "told"  # obligation?, stage, recipient, channel, message, repeat: bool
    TELLING_FAILED = "telling_failed"  # obligation?, stage, recipient, channel, message, error
    ACKNOWLEDGED = "acknowledged"  # obligation?, stage, recipient, channel, message
    URGED = "urged"  # number, unit, text, due_at?, supervision, copied: [actor], paper? (催办、督办)
    URGE_ANSWERED = "urge_answered"  # number, text, evidence?
    REQUESTED = "requested"  # number, to, text, means, due_at?, paper?, again?: another body asked in writing (协调函)
    REQUEST_ANSWERED = "request_answered"  # number, outcome: agreed|partly|refused|none, text, evidence?
    MERGED = (
        "merged"  # other: the number of a case that joined this one; or into: the one that this case joined
    )
    CALLED_BACK = "called_back"  # solved: bool, satisfied: bool|None, text
    NOTE = "note"  # text
    WAIVED = "waived"  # obligation, reason: declared not owed, by a named role
    CORRECTED = "corrected"  # entry: seq, reason, text: says that an earlier entry was wrong; the entry stays
    CLOSED = "closed"  # summary, watch_until?
    REOPENED = "reopened"  # reason, relapse: bool
    REVIEWED = "reviewed"  # summary, lessons, outlook
    ARCHIVED = "archived"  # package_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened to a case."""

    seq: int  # from 1, without gaps
    at: datetime  # when it happened, in UTC
    recorded_at: datetime  # when it was written down, in UTC; never earlier than `at` by rule of the desk
    kind: Kind
    actor: str  # "person:12", "system", "public"
    role: str = ""  # in which role the actor acted
    data: Mapping[str, Any] = field(default_factory=dict)  # JSON values; instants as ISO 8601 in UTC
    prev: str = GENESIS  # hash of the entry before
    hash: str = ""  # see `digest`


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A place where a journal does not hold together."""

    seq: int
    why: str  # "gap", "prev", "hash"


def instant(value: datetime) -> str:
    """An instant as journals write it: ISO 8601, UTC, microseconds. Raises ValueError without a zone."""
    if value.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {value.isoformat()}")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def digest(entry: Entry) -> str:
    """SHA-256 (hex) over the entry's canonical JSON, its own hash left out."""
    body = {
        "seq": entry.seq,
        "at": instant(entry.at),
        "recorded_at": instant(entry.recorded_at),
        "kind": str(entry.kind),
        "actor": entry.actor,
        "role": entry.role,
        "data": entry.data,
        "prev": entry.prev,
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal(entry: Entry, prev: Entry | None) -> Entry:
    """The entry with its place in the chain after `prev` and its hash."""
    after = prev.hash if prev else GENESIS
    seq = prev.seq + 1 if prev else 1
    placed = Entry(
        seq=seq,
        at=entry.at,
        recorded_at=entry.recorded_at,
        kind=entry.kind,
        actor=entry.actor,
        role=entry.role,
        data=entry.data,
        prev=after,
    )
    return Entry(
        seq=seq,
        at=placed.at,
        recorded_at=placed.recorded_at,
        kind=placed.kind,
        actor=placed.actor,
        role=placed.role,
        data=placed.data,
        prev=after,
        hash=digest(placed),
    )


def verify(entries: Iterable[Entry]) -> list[Break]:
    """Every place where the chain breaks; an empty list means that the journal is whole."""
    breaks: list[Break] = []
    expected, before = 1, GENESIS
    for entry in entries:
        if entry.seq != expected:
            breaks.append(Break(seq=entry.seq, why="gap"))
        if entry.prev != before:
            breaks.append(Break(seq=entry.seq, why="prev"))
        if digest(entry) != entry.hash:
            breaks.append(Break(seq=entry.seq, why="hash"))
        expected, before = entry.seq + 1, entry.hash
    return breaks
