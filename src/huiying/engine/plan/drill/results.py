"""What one run of a rehearsal came to, as plain values that can be kept, sent and put together with others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huiying.engine.text import Text

STATES = ("met", "late", "missed")
#: Why something waits: nobody is there, all who are there are busy, somebody is there and has yet to begin.
CAUSES = ("absent", "busy", "notice")


@dataclass(slots=True)
class RuleCount:
    """What became of one rule in one run."""

    what: Text
    met: int = 0
    late: int = 0
    missed: int = 0
    worst: int | None = (
        None  # seconds of the greatest lateness of what was done; negative: the least time left
    )
    past: int = 0  # of the unmet ones, how many were due before the matter was found at all
    waits: dict[str, int] = field(
        default_factory=dict
    )  # role -> seconds that the unmet ones waited for it, those due before they were found left out

    @property
    def owed(self) -> int:
        """How often it was owed."""
        return self.met + self.late + self.missed

    @property
    def failed(self) -> int:
        """How often it was not met in time."""
        return self.late + self.missed


@dataclass(slots=True)
class RoleCount:
    """How a role, or a person, was kept busy in one run; times in seconds."""

    tasks: int = 0
    worked: int = 0
    waits: dict[str, int] = field(default_factory=dict)  # of CAUSES
    queue: int = 0  # the most things that waited for it at once

    @property
    def waited(self) -> int:
        """Waiting of every cause."""
        return sum(self.waits.values())


@dataclass(slots=True)
class Run:
    """One run."""

    number: int
    rules: dict[str, RuleCount] = field(default_factory=dict)
    roles: dict[str, RoleCount] = field(default_factory=dict)
    people: dict[str, RoleCount] = field(default_factory=dict)

    @property
    def owed(self) -> int:
        """How many deadlines there were."""
        return sum(one.owed for one in self.rules.values())

    @property
    def failed(self) -> int:
        """How many of them were not met in time."""
        return sum(one.failed for one in self.rules.values())


def as_plain(run: Run) -> dict[str, Any]:
    """The run as JSON values; `from_plain` reads it back."""
    return {
        "number": run.number,
        "rules": {
            id: [one.what.zh, one.what.en, one.met, one.late, one.missed, one.worst, one.past, one.waits]
            for id, one in run.rules.items()
        },
        "roles": {id: _count(one) for id, one in run.roles.items()},
        "people": {id: _count(one) for id, one in run.people.items()},
    }


def _count(one: RoleCount) -> list[Any]:
    return [one.tasks, one.worked, one.waits, one.queue]


def from_plain(data: Mapping[str, Any]) -> Run:
    """What `as_plain` wrote down."""
    return Run(
        number=data["number"],
        rules={
            id: RuleCount(
                what=Text(zh, en),
                met=met,
                late=late,
                missed=missed,
                worst=worst,
                past=past,
                waits=dict(waits),
            )
            for id, (zh, en, met, late, missed, worst, past, waits) in data["rules"].items()
        },
        roles={id: _counted(row) for id, row in data["roles"].items()},
        people={id: _counted(row) for id, row in data["people"].items()},
    )


def _counted(row: list[Any]) -> RoleCount:
    tasks, worked, waits, queue = row
    return RoleCount(tasks=tasks, worked=worked, waits=dict(waits), queue=queue)


@dataclass(slots=True, kw_only=True)
class Deed:
    """One thing that somebody did in a run: a stage of something owed, for the timeline."""

    matter: int  # place in the stream, from 0
    key: str  # of the obligation
    rule: str
    what: Text
    role: str
    person: str  # id; empty when nobody ever took it
    ready: datetime  # since when it waited
    began: datetime | None
    done: datetime | None
    due: datetime  # of the obligation
    state: str = ""  # what became of the obligation in the end: met, late, missed; empty where it is void


@dataclass(slots=True)
class Diary:
    """What happened in one run, kept only when somebody wants to see it."""

    deeds: list[Deed] = field(default_factory=list)
    levels: list[tuple[int, datetime, int]] = field(default_factory=list)  # matter, instant, level confirmed
