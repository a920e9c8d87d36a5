"""What a rehearsal is given, and what it comes to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from huiying.engine.assess import Evidence, assess
from huiying.engine.findings import Finding, Place
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text

_MINUTE = timedelta(minutes=1)
#: Minutes of work that each act takes, about; everything else takes half an hour.
USUAL: Mapping[str, int] = {
    "verified": 40,
    "level_confirmed": 15,
    "reported": 8,
    "assigned": 10,
    "accepted": 5,
    "published": 60,
    "lines_set": 40,
    "unit_reported": 120,
    "offline_fixed": 240,
    "reviewed": 120,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something that comes in."""

    at: datetime
    level: int
    title: str = ""
    matter: str = ""
    subject: str = ""
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast people react and work: medians; single times vary about them by `spread` (of the logarithm)."""

    by_day: timedelta = 5 * _MINUTE  # until somebody who is there begins, from 7 to 22 o'clock
    by_night: timedelta = 20 * _MINUTE
    approve: timedelta = 20 * _MINUTE
    work: Mapping[str, timedelta] = field(default_factory=dict)  # act -> work; else as usual
    spread: float = 0.6

    def works(self, act: str) -> timedelta:
        """How long an act takes, about."""
        return self.work.get(act, USUAL.get(act, 30) * _MINUTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one rule over all matters and runs."""

    rule: str
    what: Text
    owed: int
    met: int
    late: int
    missed: int
    worst: timedelta  # the greatest lateness; negative: the least time left
    waits: Mapping[str, timedelta]  # role -> time that unmet ones spent waiting for it

    @property
    def failed(self) -> float:
        """The share that was not met in time."""
        return (self.late + self.missed) / self.owed if self.owed else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """How a role was kept busy, and how long things waited for it."""

    role: str
    tasks: int
    waited: timedelta  # all together: for somebody to be there, to be free, and to react
    worked: timedelta
    blamed: timedelta  # waiting in what was then not met in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The whole result."""

    runs: int
    seed: int
    matters: int
    outcomes: tuple[Outcome, ...]  # what failed most often first
    roles: tuple[Bottleneck, ...]  # the worst bottleneck first

    @property
    def bottleneck(self) -> Bottleneck | None:
        """The role that unmet deadlines waited for longest."""
        return self.roles[0] if self.roles and self.roles[0].blamed else None


def read_stream(text: str, *, file: str, plan: Plan, zone: ZoneInfo) -> tuple[list[Matter], list[Finding]]:
    """Matters from JSON lines: `at`, and `level` or the evidence by which the plan gives one; by time.

    What reaches no level of the plan is no matter and is left out.
    """
    found: list[Matter] = []
    wrong: list[Finding] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            matter = _matter(json.loads(line), plan, zone)
        except (ValueError, TypeError, AttributeError) as error:
            message = Text(f"这一行读不出来：{error}", f"This line cannot be read: {error}")
            place = Place(file=file, line=number)
            wrong.append(Finding(code="stream.bad-line", level="error", message=message, place=place))
            continue
        if matter:
            found.append(matter)
    return sorted(found, key=lambda one: one.at), wrong


def _matter(data: Mapping[str, Any], plan: Plan, zone: ZoneInfo) -> Matter | None:
    level = data.get("level")
    if level is None:
        level = assess(plan, _evidence(data)).level
        if level is None:
            return None
    if plan.level(level) is None:
        raise ValueError(f"the plan has no level {level}")
    posted = data.get("posted_at")
    return Matter(
        at=_instant(data["at"] if "at" in data else _missing("at"), zone),
        level=level,
        title=str(data.get("title", "")),
        matter=str(data.get("matter", "")),
        subject=str(data.get("subject", "")),
        posted_at=_instant(posted, zone) if posted else None,
    )


def _missing(key: str) -> Any:
    raise ValueError(f'"{key}" is missing')


def _instant(value: Any, zone: ZoneInfo) -> datetime:
    at = datetime.fromisoformat(str(value))
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _evidence(data: Mapping[str, Any]) -> Evidence:
    counts = ("sites", "voices", "mentions", "reach", "growth", "forecast", "negative_share", "concern")
    values: dict[str, Any] = {key: data[key] for key in counts if key in data}
    values |= {key: frozenset(data.get(key, ())) for key in ("subjects", "places", "flags")}
    values |= {key: bool(data.get(key)) for key in ("key_period", "mishandled")}
    return Evidence(tiers=dict(data.get("tiers", {})), **values)
