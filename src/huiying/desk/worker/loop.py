"""The worker's loop: every job in a lane of its own, so that a slow feed or a hanging gateway never keeps a deadline waiting."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, connections

from huiying.desk.notify import pulse

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
Job = Callable[[datetime, str], int]

#: Seconds between two looks at a lane that had nothing to do.
POLL = 1.0
#: Seconds that a failing job is left alone: doubled with each failure, up to the last.
PATIENCE = (1.0, 60.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One job, done again and again by one thread. `job(now, worker)` does a bounded piece of work and returns its size."""

    name: str
    job: Job
    poll: float = POLL  # seconds until the next look when there was nothing to do


def worker_name() -> str:
    """A name that no other worker has, and by which a person finds the process."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"


def run(
    lanes: Sequence[Lane],
    *,
    clock: Clock,
    stop: threading.Event,
    worker: str = "",
    beat: float = pulse.BEAT.total_seconds(),
) -> None:
    """Work until `stop` is set, then finish what is in hand. `clock` gives the instant; `beat` is in seconds of it."""
    name = worker or worker_name()
    _well("heartbeat", lambda: pulse.begin(worker=name, now=clock()), clock)
    threads = [
        threading.Thread(target=_live, args=(lane, clock, stop, name), name=lane.name) for lane in lanes
    ]
    for thread in threads:
        thread.start()
    _beat_until(stop, clock, name, beat)
    for thread in threads:
        thread.join()
    _well("heartbeat", lambda: pulse.end(worker=name, now=clock()), clock)
    connections.close_all()


def _beat_until(stop: threading.Event, clock: Clock, worker: str, every: float) -> None:
    last = clock()
    while not stop.wait(min(POLL, every)):
        if clock() - last >= timedelta(seconds=every):
            last = clock()
            _well("heartbeat", lambda: pulse.beat(worker=worker, now=clock()), clock)


def _live(lane: Lane, clock: Clock, stop: threading.Event, worker: str) -> None:
    """One lane: at once again while there is work, after a pause when there is none, later and later when it fails."""
    state = _State(lane.name, clock)
    try:
        while not stop.is_set():
            done = state.attempt(lambda: lane.job(clock(), worker))
            if done:
                continue
            stop.wait(state.pause() if done is None else lane.poll)
    finally:
        connections.close_all()


class _State:
    """How one job goes; the database learns of changes only."""

    def __init__(self, name: str, clock: Clock) -> None:
        self._name, self._clock = name, clock
        self._failures = 0
        self._told_well = 0.0

    def attempt(self, job: Callable[[], int]) -> int | None:
        """What the job did; None when it failed."""
        close_old_connections()
        try:
            done = job()
        except Exception as error:
            self._failures += 1
            self._failed(error)
            return None
        self._went_well()
        return done

    def pause(self) -> float:
        """Seconds to leave the job alone."""
        first, last = PATIENCE
        return float(min(first * 2 ** min(self._failures - 1, 10), last))

    def _failed(self, error: Exception) -> None:
        said = f"{type(error).__name__}: {error}"
        if _note_failure(self._name, self._clock(), said):
            log.error("the job %s failed; others go on", self._name, exc_info=error)

    def _went_well(self) -> None:
        due = time.monotonic() - self._told_well > 60
        if self._failures or due:
            self._failures, self._told_well = 0, time.monotonic()
            _well(self._name, lambda: pulse.job_well(name=self._name, now=self._clock()), self._clock)


def _note_failure(name: str, now: datetime, error: str) -> bool:
    """Whether this is news; when the database itself is away everything is."""
    try:
        return pulse.job_failed(name=name, now=now, error=error)
    except DatabaseError:
        return True


def _well(name: str, write: Callable[[], None], clock: Clock) -> None:
    """Write down something about ourselves; a database that is away is no reason to end."""
    try:
        write()
    except DatabaseError as error:
        log.warning("%s could not be written at %s: %s", name, clock().isoformat(), type(error).__name__)
        close_old_connections()
