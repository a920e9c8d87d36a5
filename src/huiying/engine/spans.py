"""Spans of time that rules allow, in words and as the instants at which they end."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

from huiying.engine.text import Text

if TYPE_CHECKING:
    from huiying.engine.calendar import Calendar

Unit = Literal["minutes", "hours", "days", "working_hours", "working_days"]
End = Literal["midnight", "office_close"]

_WORDS: Mapping[Unit, tuple[str, str, str]] = {
    "minutes": ("分钟", "minute", "minutes"),
    "hours": ("小时", "hour", "hours"),
    "days": ("日", "day", "days"),
    "working_hours": ("个工作小时", "working hour", "working hours"),
    "working_days": ("个工作日", "working day", "working days"),
}


@cache
def _delta(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo is UTC else at.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A span of time that a rule allows, on the clock that the rule names."""

    amount: int
    unit: Unit
    until: End = "midnight"  # when the last day of a span of days ends
    roll: bool = False  # a span of days that ends on a day of rest goes on to the next working day

    def due(self, start: datetime, calendar: "Calendar") -> datetime:
        """The instant, in UTC, at which the span that begins at `start` ends. Raises UnknownYear."""
        if self.unit == "minutes":
            return _utc(start) + _delta(self.amount)
        if self.unit == "hours":
            return _utc(start) + _delta(self.amount * 60)
        if self.unit == "days":
            return calendar.add_days(start, self.amount, until=self.until, roll=self.roll)
        if self.unit == "working_hours":
            return calendar.add_working_time(start, timedelta(hours=self.amount))
        return calendar.add_working_days(start, self.amount, until=self.until)

    @property
    def elapsed(self) -> bool:
        """True if the span runs through nights and holidays."""
        return self.unit in ("minutes", "hours")

    @property
    def text(self) -> Text:
        """The span in words."""
        if self.amount == 0:
            return (
                Text("当日", "the same day")
                if self.unit == "days"
                else Text("当个工作日", "the same working day")
            )
        zh, one, many = _WORDS[self.unit]
        return Text(f"{self.amount} {zh}", f"{self.amount} {one if self.amount == 1 else many}")


_SPAN = re.compile(
    r"(\d{1,4})\s*个?\s*(working\s+days?|working\s+hours?|minutes?|hours?|days?|工作日|工作小时|分钟|小时|日|天)"
)
_UNITS: dict[str, Unit] = {
    "minute": "minutes",
    "分钟": "minutes",
    "hour": "hours",
    "小时": "hours",
    "day": "days",
    "日": "days",
    "天": "days",
    "working hour": "working_hours",
    "工作小时": "working_hours",
    "working day": "working_days",
    "工作日": "working_days",
}
SPAN_HELP = Text(
    "写成“30 minutes”“5 hours”“2 days”“8 working hours”“5 working days”“same day”，或“30分钟”“5个工作日”“当日”",
    'Write "30 minutes", "5 hours", "2 days", "8 working hours", "5 working days" or "same day"',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How a plan counts spans of days."""

    until: End = "midnight"
    roll: bool = False


def read_span(words: str, counting: Counting) -> Within | None:
    """A span in words, or None if it cannot be read."""
    words = " ".join(words.lower().split())
    if words.removeprefix("the ") in ("same day", "当日", "当天"):
        return Within(amount=0, unit="days", until=counting.until, roll=counting.roll)
    found = _SPAN.fullmatch(words)
    if not found or int(found.group(1)) == 0:
        return None
    unit = _UNITS[found.group(2).removesuffix("s")]
    return Within(amount=int(found.group(1)), unit=unit, until=counting.until, roll=counting.roll)
