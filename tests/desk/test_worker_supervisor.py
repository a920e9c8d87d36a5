"""Keeping children alive: the dead are started again, later and later; what never lives ends the whole."""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from huiying.desk.worker.supervisor import Child, follow_parent, supervise

SLEEP = "import time; time.sleep(60)"


def child(name: str, code: str, wanted: Callable[[], bool] = lambda: True) -> Child:
    return Child(name=name, argv=[sys.executable, "-c", code], environment=dict(os.environ), wanted=wanted)


def run_until(done: Callable[[], bool], *children: Child) -> tuple[bool, list[str]]:
    """Supervises until the condition holds; returns how it ended, and who died on the way."""
    stop, dead = threading.Event(), list[str]()
    ended: list[bool] = []
    thread = threading.Thread(
        target=lambda: ended.append(supervise(children, stop, lambda it, _: dead.append(it.name), look=0.01))
    )
    thread.start()
    until = time.monotonic() + 120
    while thread.is_alive() and not done() and time.monotonic() < until:
        time.sleep(0.01)
    stop.set()
    thread.join(60)
    return ended[0], dead


def pid(it: Child) -> int:
    return it.process.pid if it.process else 0


def test_a_dead_child_is_started_again_and_the_others_stay() -> None:
    one, two = child("one", SLEEP), child("two", SLEEP)
    seen: list[int] = []

    def done() -> bool:
        if not seen and pid(one) and pid(two):
            seen.extend([pid(one), pid(two)])
            os.kill(pid(one), 9)
        return bool(seen) and pid(one) not in {0, seen[0]}

    well, dead = run_until(done, one, two)
    assert (well, dead) == (True, ["one"])
    assert one.deaths == 1


def test_at_the_end_nobody_is_left() -> None:
    one = child("one", SLEEP)
    run_until(lambda: pid(one) > 0, one)
    assert one.process is not None
    assert one.process.poll() is not None


def test_what_cannot_be_brought_to_life_ends_the_whole() -> None:
    bad, good = child("bad", "raise SystemExit(3)"), child("good", SLEEP)
    well, dead = run_until(lambda: False, bad, good)
    assert (well, set(dead), bad.exits) == (False, {"bad"}, [3, 3, 3, 3])
    assert good.process is not None
    assert good.process.poll() is not None


def test_a_child_waits_until_it_is_wanted(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    other, late = child("other", SLEEP), child("late", SLEEP, wanted=mark.exists)

    def done() -> bool:
        if pid(other):
            assert pid(late) == 0 or mark.exists()
            mark.touch()
        return pid(late) > 0

    assert run_until(done, other, late) == (True, [])


def test_a_process_learns_that_its_parent_is_gone() -> None:
    gone = threading.Event()
    follow_parent(gone.set, {"HUIYING_PARENT": "1" if os.getppid() != 1 else "2"})
    assert gone.wait(5)


def test_a_process_whose_parent_lives_stays() -> None:
    gone = threading.Event()
    follow_parent(gone.set, {"HUIYING_PARENT": str(os.getppid())})
    assert not gone.wait(0.7)


def test_without_a_parent_to_follow_nothing_is_watched() -> None:
    before = threading.active_count()
    follow_parent(lambda: None, {})
    assert threading.active_count() == before
