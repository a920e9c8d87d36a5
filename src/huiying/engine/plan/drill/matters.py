"""What comes in during a rehearsal: matters with the instants at which they reach their levels."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from huiying.engine.assess import Evidence, assess
from huiying.engine.findings import Finding, Place
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """The evidence of a matter reaches a graver level."""

    at: datetime
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Something that comes in; `at` is the instant of discovery, in UTC."""

    at: datetime
    level: int  # that the evidence has at `at`
    rises: tuple[Rise, ...] = ()  # later ones, in order, each graver than the one before
    title: str = ""
    matter: str = ""  # of the plan's kinds of matter
    subject: str = ""  # of the plan's subjects
    unit: str = ""  # code of the unit that it is proposed for, where that is known
    posted_at: datetime | None = None
    mentions: int = 0  # that it had in the end, where it was heard

    @property
    def ends(self) -> datetime:
        """The last instant at which something about it changes by itself."""
        return self.rises[-1].at if self.rises else self.at

    @property
    def gravest(self) -> int:
        """The level that it reaches in the end."""
        return self.rises[-1].level if self.rises else self.level


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


def moved(matters: Sequence[Matter], start: datetime) -> list[Matter]:
    """The same matters as if the first had come at `start`."""
    if not matters:
        return []
    by = start - min(matter.at for matter in matters)
    return [
        replace(
            one,
            at=one.at + by,
            rises=tuple(Rise(at=rise.at + by, level=rise.level) for rise in one.rises),
            posted_at=one.posted_at + by if one.posted_at else None,
        )
        for one in matters
    ]


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
        unit=str(data.get("unit", "")),
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


def as_plain(matter: Matter) -> dict[str, Any]:
    """The matter as JSON values; `from_plain` reads it back."""
    return {
        "at": matter.at.isoformat(),
        "level": matter.level,
        "rises": [[rise.at.isoformat(), rise.level] for rise in matter.rises],
        "title": matter.title,
        "matter": matter.matter,
        "subject": matter.subject,
        "unit": matter.unit,
        "posted_at": matter.posted_at.isoformat() if matter.posted_at else None,
        "mentions": matter.mentions,
    }


def from_plain(data: Mapping[str, Any]) -> Matter:
    """What `as_plain` wrote down."""
    posted = data["posted_at"]
    return Matter(
        at=datetime.fromisoformat(data["at"]),
        level=data["level"],
        rises=tuple(Rise(at=datetime.fromisoformat(at), level=level) for at, level in data["rises"]),
        title=data["title"],
        matter=data["matter"],
        subject=data["subject"],
        unit=data["unit"],
        posted_at=datetime.fromisoformat(posted) if posted else None,
        mentions=data["mentions"],
    )
