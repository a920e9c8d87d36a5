"""What a journal says, read without a database: the pure half of the projection."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from huiying.engine.journal import Entry, Kind

#: Entries that show that the handling has begun.
HANDLING = frozenset(
    {
        Kind.ASSIGNED,
        Kind.ACCEPTED,
        Kind.LINES_SET,
        Kind.DRAFTED,
        Kind.SUBMITTED,
        Kind.PUBLISHED,
        Kind.OFFLINE_FIXED,
        Kind.UNIT_REPORTED,
        Kind.PROMISED,
        Kind.PROGRESS,
    }
)
#: Entries that no correction undoes (the engine's rule too): the case began, levels change by confirming another.
FIRM = frozenset({Kind.OPENED, Kind.LEVEL_CONFIRMED, Kind.CORRECTED, Kind.MERGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A unit's share in a case, as it stands now."""

    unit: str  # its code
    part: str  # lead, cooperating
    asked_at: datetime
    due_at: datetime | None = None  # the deadline given with the assignment
    state: str = "asked"  # asked, accepted, declined, reported, replaced
    at: datetime | None = None  # when it came to that state
    reason: str = ""  # why it was declined, or what was reported
    asked_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """The case as its journal tells it. Units are named by code, other cases by number."""

    title: str = ""
    summary: str = ""
    how: str = "hand"
    drill: bool = False
    subject: str = ""
    matter: str = ""
    addressee: str = ""
    step: str = "collect"
    level: int | None = None
    proposed_level: int | None = None
    plan: Mapping[str, Any] = field(default_factory=dict)  # id, version, sha256
    pinned: bool = False  # the plan's version is fixed for good
    opened_at: datetime | None = None
    discovered_at: datetime | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    watch_until: datetime | None = None
    asked_first: str = ""
    lead: str = ""  # who is responsible now: the unit that accepted last, else the first one asked
    parts: tuple[Part, ...] = ()
    mentions: tuple[int, ...] = ()
    story: int | None = None
    merged_into: str = ""
    returns: int = 0
    extensions: int = 0
    relapses: int = 0
    back: int = 0  # posts that came after closing, while watching, and that nobody has judged yet
    asking: tuple[str, ...] = ()  # obligations for which an extension waits to be decided
    asked_at: datetime | None = None  # since when something waits for a decision: a level, a relapse
    handled: bool = False  # the handling has begun
    reported: bool = False
    archived: bool = False

    @property
    def cooperating(self) -> tuple[str, ...]:
        """Units that help, as far as they did not decline."""
        return tuple(
            part.unit
            for part in self.parts
            if part.part == "cooperating" and part.state in {"asked", "accepted", "reported"}
        )

    @property
    def returned(self) -> bool:
        """True while a share that was given back has not been given on."""
        newest = {part.part: part for part in self.parts if part.part == "lead"}
        open_ = {(part.unit, part.part): part for part in self.parts if part.part == "cooperating"}
        return any(part.state == "declined" for part in (*newest.values(), *open_.values()))

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that was ever asked, in order."""
        return tuple(dict.fromkeys(part.unit for part in self.parts))


def moment(value: Any) -> datetime | None:
    """An instant as journals write it; None for nothing. Raises ValueError for anything else."""
    return datetime.fromisoformat(str(value)).astimezone(UTC) if value else None


def corrected(entries: Iterable[Entry]) -> set[int]:
    """The entries (by seq) that a later one declared wrong: they stay, and count no more."""
    wrong = {entry.data.get("entry") for entry in entries if entry.kind is Kind.CORRECTED}
    return {entry.seq for entry in entries if entry.seq in wrong and entry.kind not in FIRM}


def proposer(entries: Sequence[Entry]) -> str:
    """Who proposed a level last ("person:12", "system"); "" where nobody did."""
    wrong = corrected(entries)
    made = (e for e in reversed(entries) if e.kind is Kind.LEVEL_PROPOSED and e.seq not in wrong)
    return next((entry.actor for entry in made), "")


def project(entries: Sequence[Entry]) -> Projected:
    """What the journal tells, entry by entry; what was corrected later is left out."""
    facts, wrong = Projected(), corrected(entries)
    for entry in entries:
        if entry.seq not in wrong:
            facts = step(facts, entry)
    return facts


def step(facts: Projected, entry: Entry) -> Projected:
    """The facts after one more entry."""
    change = CHANGES.get(entry.kind)
    if change:
        facts = change(facts, entry)
    if entry.kind in HANDLING:
        facts = replace(facts, handled=True)
    return replace(facts, step=stands(facts))


def stands(facts: Projected) -> str:
    """At which of the four steps the case stands, or that it is over."""
    if facts.opened_at is None:
        return "collect"
    if facts.closed_at or facts.merged_into:
        return "archived" if facts.archived else "closed"
    if facts.level is None:
        return "verify"
    return "handle" if facts.handled or facts.reported else "report"


def _opened(facts: Projected, entry: Entry) -> Projected:
    data = entry.data
    return replace(
        facts,
        title=str(data.get("title", "")),
        summary=str(data.get("summary", "")),
        how=str(data.get("how", "hand")),
        drill=bool(data.get("drill")),
        subject=str(data.get("subject") or ""),
        matter=str(data.get("matter") or ""),
        addressee=str(data.get("addressee") or ""),
        plan=dict(data.get("plan") or {}),
        opened_at=entry.at,
        discovered_at=moment(data.get("discovered_at")) or entry.at,
        due_at=moment(data.get("due_at")),
    )


def _mentions(facts: Projected, entry: Entry) -> Projected:
    more = tuple(dict.fromkeys((*facts.mentions, *(int(pk) for pk in entry.data.get("mentions", ())))))
    fresh = len(more) - len(facts.mentions) if facts.closed_at else 0
    since = entry.at if fresh and not facts.back else facts.asked_at
    story = entry.data.get("story") or facts.story
    return replace(facts, mentions=more, story=story, back=facts.back + fresh, asked_at=since)


def _proposed(facts: Projected, entry: Entry) -> Projected:
    return replace(facts, proposed_level=entry.data.get("level"), asked_at=entry.at)


def _confirmed(facts: Projected, entry: Entry) -> Projected:
    plan = facts.plan if facts.pinned else dict(entry.data.get("plan") or facts.plan)
    matter = str(entry.data.get("matter") or facts.matter)
    return replace(
        facts, level=int(entry.data["level"]), proposed_level=None, plan=plan, pinned=True, matter=matter
    )


def _assigned(facts: Projected, entry: Entry) -> Projected:
    data = entry.data
    lead = data.get("part") == "lead"
    first = lead and not facts.asked_first
    part = Part(
        unit=str(data["unit"]),
        part=str(data.get("part", "lead")),
        asked_at=entry.at,
        due_at=moment(data.get("due_at")),
        asked_first=first,
    )
    parts = [
        old
        for old in facts.parts
        if (old.unit, old.part) != (part.unit, part.part) or old.state == "declined"
    ]
    if first:
        return replace(facts, parts=(*parts, part), asked_first=part.unit, lead=part.unit)
    return replace(facts, parts=(*parts, part))


def _answered(facts: Projected, entry: Entry, state: str, reason: str = "") -> Projected:
    """The unit's newest share that still waits or runs comes to `state`."""
    parts, done = list(facts.parts), False
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if not done and part.unit == entry.data["unit"] and part.state not in {"declined", "replaced"}:
            parts[index] = replace(part, state=state, at=entry.at, reason=reason)
            done = True
    return replace(facts, parts=tuple(parts))


def _accepted(facts: Projected, entry: Entry) -> Projected:
    """Accepting as lead moves the responsibility; the lead before is replaced, and only now."""
    after = _answered(facts, entry, "accepted")
    unit = str(entry.data["unit"])
    leads = any(p.unit == unit and p.part == "lead" and p.state == "accepted" for p in after.parts)
    if not leads or unit == after.lead:
        return after
    parts = tuple(
        replace(part, state="replaced", at=entry.at)
        if part.part == "lead" and part.unit != unit and part.state in {"asked", "accepted", "reported"}
        else part
        for part in after.parts
    )
    return replace(after, parts=parts, lead=unit)


def _declined(facts: Projected, entry: Entry) -> Projected:
    after = _answered(facts, entry, "declined", str(entry.data.get("reason", "")))
    return replace(after, returns=after.returns + 1)


def _unit_reported(facts: Projected, entry: Entry) -> Projected:
    return _answered(facts, entry, "reported", str(entry.data.get("text", "")))


def _asked(facts: Projected, entry: Entry) -> Projected:
    return replace(facts, asking=(*facts.asking, str(entry.data["obligation"])))


def _decided(facts: Projected, entry: Entry) -> Projected:
    return replace(facts, asking=tuple(key for key in facts.asking if key != entry.data["obligation"]))


def _granted(facts: Projected, entry: Entry) -> Projected:
    return replace(_decided(facts, entry), extensions=facts.extensions + 1)


def _merged(facts: Projected, entry: Entry) -> Projected:
    if entry.data.get("into"):
        return replace(facts, merged_into=str(entry.data["into"]))
    return _mentions(facts, entry)


def _closed(facts: Projected, entry: Entry) -> Projected:
    return replace(facts, closed_at=entry.at, watch_until=moment(entry.data.get("watch_until")))


def _reopened(facts: Projected, entry: Entry) -> Projected:
    relapses = facts.relapses + bool(entry.data.get("relapse"))
    return replace(facts, closed_at=None, watch_until=None, archived=False, relapses=relapses, back=0)


def _noted(facts: Projected, entry: Entry) -> Projected:
    return replace(facts, back=0) if entry.data.get("relapse") is False else facts


CHANGES: Mapping[Kind, Callable[[Projected, Entry], Projected]] = {
    Kind.OPENED: _opened,
    Kind.MENTIONS_ADDED: _mentions,
    Kind.LEVEL_PROPOSED: _proposed,
    Kind.LEVEL_CONFIRMED: _confirmed,
    Kind.REPORTED: lambda facts, entry: replace(facts, reported=True),
    Kind.ASSIGNED: _assigned,
    Kind.ACCEPTED: _accepted,
    Kind.DECLINED: _declined,
    Kind.UNIT_REPORTED: _unit_reported,
    Kind.EXTENSION_ASKED: _asked,
    Kind.EXTENSION_GRANTED: _granted,
    Kind.EXTENSION_REFUSED: _decided,
    Kind.MERGED: _merged,
    Kind.NOTE: _noted,
    Kind.CLOSED: _closed,
    Kind.REOPENED: _reopened,
    Kind.ARCHIVED: lambda facts, entry: replace(facts, archived=True),
}


def calendar_refs(entries: Sequence[Entry]) -> list[tuple[int, Mapping[str, Any]]]:
    """Which calendar counted from which entry on (index in `entries`): the one at opening, then each published later."""
    refs: list[tuple[int, Mapping[str, Any]]] = []
    for index, entry in enumerate(entries):
        ref = entry.data.get("calendar")
        if ref and entry.kind in {Kind.OPENED, Kind.NOTE}:
            refs.append((index, ref))
    return refs
