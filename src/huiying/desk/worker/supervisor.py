"""Web server and worker as children of one process: restarted when they die, gone when it is gone."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

#: Children look at this to see whether their parent still lives.
PARENT = "HUIYING_PARENT"
LOOK = 0.5
#: Seconds until a dead child is started again: doubled each time, up to the last; a life of `STEADY` seconds resets it.
BACK_OFF = (0.5, 30.0)
STEADY = 30.0
#: A child that dies this often in a row without ever having lived steadily at the very start ends the whole.
HOPELESS = 4
GRACE = 20.0


@dataclass(slots=True, kw_only=True)
class Child:
    """One process to keep alive."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    born: float = 0
    deaths: int = 0  # in a row, each after a short life
    next_at: float = 0
    wanted: Callable[[], bool] = lambda: (
        True
    )  # looked at before it is started; a child that nobody wants waits
    ever_steady: bool = False
    exits: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Bring it to life; it learns who its parent is."""
        environment = {**self.environment, PARENT: str(os.getpid())}
        # A group of its own: Ctrl-C reaches us alone, and we tell the children in our order.
        self.process = subprocess.Popen(self.argv, env=environment, process_group=0)  # noqa: S603
        self.born = time.monotonic()

    def look(self, now: float) -> int | None:
        """The exit status of a child that has just died; None while it lives or waits to be started again."""
        if self.process is None:
            if now >= self.next_at and self.wanted():
                self.start()
            return None
        status = self.process.poll()
        if status is None:
            if now - self.born > STEADY:
                self.deaths, self.ever_steady = 0, True
            return None
        self._mourn(status, now)
        return status

    def _mourn(self, status: int, now: float) -> None:
        self.process = None
        self.deaths += 1
        self.exits.append(status)
        first, last = BACK_OFF
        self.next_at = now + min(first * 2 ** min(self.deaths - 1, 10), last)

    @property
    def hopeless(self) -> bool:
        """Whether it cannot be brought to life at all, so that starting it again helps nobody."""
        return not self.ever_steady and self.deaths >= HOPELESS


def supervise(
    children: Sequence[Child], stop: threading.Event, died: Callable[[Child, int], None], look: float = 0.2
) -> bool:
    """Keep the children alive until `stop` is set; False when one of them cannot be brought to life."""
    try:
        while not stop.is_set():
            now = time.monotonic()
            for child in children:
                status = child.look(now)
                if status is not None:
                    died(child, status)
                if child.hopeless:
                    return False
            stop.wait(look)
        return True
    finally:
        end(children)


def end(children: Sequence[Child]) -> None:
    """Ask every child to stop, wait, and kill what is left."""
    living = [child.process for child in children if child.process and child.process.poll() is None]
    for process in living:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
    until = time.monotonic() + GRACE
    for process in living:
        try:
            process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def follow_parent(act: Callable[[], None], environment: Mapping[str, str] = os.environ) -> None:
    """Call `act` in a thread of its own once the parent that started this process is gone.

    A process that is killed takes nobody along by itself: its children live on as orphans and hold the port.
    """
    parent = environment.get(PARENT, "")
    if not parent.isdigit():
        return
    threading.Thread(target=_watch, args=(int(parent), act), name="parent", daemon=True).start()


def _watch(parent: int, act: Callable[[], None]) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    act()
