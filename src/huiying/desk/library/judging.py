"""What an obligation's course says of a unit: in time, late, missed, reported only afterwards; and when it was the system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

Stretch = tuple[datetime, datetime]
#: Acts by which something is reported: done after their instant they are "reported only afterwards".
REPORTS = frozenset({"reported", "unit_reported", "urge_answered"})
VERDICTS = ("in_time", "late", "missed", "afterwards", "unreported", "system")


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is known of one obligation that has been settled or has passed."""

    act: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    state: str  # met, late, missed


def down(begin: datetime, end: datetime, downtimes: Sequence[Stretch]) -> timedelta:
    """How long the system was down between two instants; `downtimes` do not overlap."""
    parts = (min(stop, end) - max(start, begin) for start, stop in downtimes if start < end and stop > begin)
    return sum(parts, timedelta())


def joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """The stretches in order, those that touch made one."""
    out: list[Stretch] = []
    for start, end in sorted(stretches):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def verdict(course: Course, now: datetime, downtimes: Sequence[Stretch] = ()) -> str:
    """One of VERDICTS.

    Lateness that is not longer than the system was down between the start and the settling is the system's; what was
    never done stays missed unless the system has been down ever since, long enough.
    """
    if course.state == "met":
        return "in_time"
    end = course.met_at or now
    without = end - down(course.started_at, end, downtimes)
    if without < course.due_at or (course.met_at is not None and without == course.due_at):
        return "system"
    if course.act in REPORTS:
        return "unreported" if course.state == "missed" else "afterwards"
    return "missed" if course.state == "missed" else "late"
