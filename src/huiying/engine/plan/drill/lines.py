"""What waits, in a line for each role and unit: soonest due first; and why the line waits, as time passes."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

_NONE = timedelta()


class Waiting(Protocol):
    """Something that waits; lines put it in order by itself."""

    def __lt__(self, other: Any, /) -> bool: ...


T = TypeVar("T", bound=Waiting)


@dataclass(slots=True)
class Waited:
    """For how long something waited because nobody was there, and because all were busy."""

    absent: timedelta = _NONE
    busy: timedelta = _NONE


@dataclass(slots=True)
class Line(Generic[T]):
    """One line. Its clock runs for all that stand in it, so that noting why they wait costs nothing for each."""

    role: str
    unit: str
    heap: list[tuple[T, Waited]] = field(default_factory=list)
    clock: Waited = field(default_factory=Waited)
    since: datetime | None = None
    held: bool = False  # somebody is there, and busy

    def look(self, at: datetime) -> None:
        """Time has passed since the line was last looked at."""
        if self.since is not None and self.heap:
            if self.held:
                self.clock.busy += at - self.since
            else:
                self.clock.absent += at - self.since
        self.since = at

    def join(self, task: T, at: datetime) -> None:
        """Something joins the line."""
        self.look(at)
        heapq.heappush(self.heap, (task, Waited(self.clock.absent, self.clock.busy)))

    @property
    def head(self) -> T | None:
        """What is due first."""
        return self.heap[0][0] if self.heap else None

    def leave(self, at: datetime) -> tuple[T, Waited]:
        """What is due first leaves the line; with how long it waited."""
        self.look(at)
        task, before = heapq.heappop(self.heap)
        return task, Waited(self.clock.absent - before.absent, self.clock.busy - before.busy)


class Lines(Generic[T]):
    """All lines of one run."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], Line[T]] = {}

    def join(self, role: str, unit: str, task: T, at: datetime) -> None:
        """Something waits for somebody in the role, in the unit."""
        key = (role, unit)
        if key not in self._lines:
            self._lines[key] = Line(role, unit)
        self._lines[key].join(task, at)

    def __iter__(self) -> Iterator[Line[T]]:
        """The lines in which something stands."""
        return (line for line in self._lines.values() if line.heap)
