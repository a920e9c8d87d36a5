"""The worker's loop: jobs side by side, a fault in one leaves the others alone, and its life is on record."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from huiying.desk.notify import pulse, queries
from huiying.desk.notify.models import Downtime, Heartbeat, Job
from huiying.desk.worker.loop import Lane, run
from tests.desk.world import NOW

pytestmark = pytest.mark.django_db
side_by_side = pytest.mark.django_db(transaction=True)  # threads see each other's rows


def clock() -> datetime:
    return datetime.now(UTC)


def works_until(done: Callable[[], bool], *lanes: Lane, beat: float = 20) -> None:
    """Runs the loop in a thread until the condition holds, then stops it in order."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(lanes,), kwargs={"clock": clock, "stop": stop, "beat": beat})
    thread.start()
    deadline = time.monotonic() + 60
    while not done() and time.monotonic() < deadline:
        stop.wait(0.01)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert done()


def counting(calls: list[str], name: str, *outcomes: int | Exception) -> Lane:
    """A lane whose job does one thing after another; then there is nothing to do."""
    rest = list(outcomes)

    def job(now: datetime, worker: str) -> int:
        calls.append(name)
        outcome = rest.pop(0) if rest else 0
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return Lane(name=name, job=job, poll=0.01)


@side_by_side
def test_a_job_goes_on_until_nothing_is_due() -> None:
    calls: list[str] = []
    works_until(lambda: len(calls) >= 4, counting(calls, "a", 5, 3, 1))


@side_by_side
def test_a_fault_in_one_job_leaves_the_others_alone() -> None:
    calls: list[str] = []
    works_until(
        lambda: calls.count("good") > 3 and Job.objects.filter(name="bad", failures=1).exists(),
        counting(calls, "bad", ValueError("broken")),
        counting(calls, "good", 1, 1, 1),
    )


@side_by_side
def test_a_job_that_fails_is_shown_until_it_goes_well_again() -> None:
    calls: list[str] = []
    works_until(Job.objects.exists, counting(calls, "bad", ValueError("broken")))
    (job,) = queries.job_troubles()
    assert (job.name, job.error) == ("bad", "ValueError: broken")
    works_until(lambda: not queries.job_troubles(), counting(calls, "bad", 1))


def test_the_same_fault_is_news_only_once() -> None:
    said = [pulse.job_failed(name="bad", now=NOW, error=error) for error in ("one", "one", "other")]
    assert said == [True, False, True]


@side_by_side
def test_a_job_that_hangs_keeps_nobody_waiting() -> None:
    calls: list[str] = []
    free = threading.Event()

    def hang(now: datetime, worker: str) -> int:
        free.wait(10)
        return 0

    def done() -> bool:
        if calls.count("good") > 3:
            free.set()
        return free.is_set()

    works_until(done, Lane(name="slow", job=hang), counting(calls, "good", 1, 1, 1))


@side_by_side
def test_stopping_finishes_what_is_in_hand() -> None:
    begun, ended = threading.Event(), list[str]()

    def job(now: datetime, worker: str) -> int:
        begun.set()
        threading.Event().wait(0.2)
        ended.append("done")
        return 0

    works_until(begun.is_set, Lane(name="long", job=job, poll=10))
    assert ended == ["done"]


@side_by_side
def test_a_worker_gives_signs_of_life_and_ends_in_order() -> None:
    works_until(Heartbeat.objects.exists)
    row = Heartbeat.objects.get()
    assert row.stopped_at is not None
    assert not queries.worker_alive(clock())


def test_a_long_silence_before_a_start_is_a_downtime() -> None:
    pulse.begin(worker="one", now=NOW)
    pulse.beat(worker="one", now=NOW + timedelta(minutes=1))
    pulse.begin(worker="two", now=NOW + timedelta(hours=3))
    (down,) = Downtime.objects.all()
    assert (down.starts_at, down.ends_at) == (NOW + timedelta(minutes=1), NOW + timedelta(hours=3))
    assert not down.ordered


def test_a_restart_is_no_downtime() -> None:
    pulse.begin(worker="one", now=NOW)
    pulse.begin(worker="two", now=NOW + timedelta(seconds=40))
    assert not Downtime.objects.exists()


def test_a_stop_in_order_is_told_apart_from_a_crash() -> None:
    pulse.begin(worker="one", now=NOW)
    pulse.end(worker="one", now=NOW + timedelta(minutes=1))
    pulse.begin(worker="two", now=NOW + timedelta(days=1))
    assert Downtime.objects.get().ordered


def test_while_another_worker_lives_nothing_is_down() -> None:
    pulse.begin(worker="one", now=NOW)
    for minute in range(10):
        pulse.beat(worker="one", now=NOW + timedelta(minutes=minute))
    pulse.begin(worker="two", now=NOW + timedelta(minutes=9, seconds=30))
    assert not Downtime.objects.exists()


def test_a_machine_that_slept_was_down() -> None:
    pulse.begin(worker="one", now=NOW)
    pulse.beat(worker="one", now=NOW + timedelta(hours=8))
    assert queries.downtimes(NOW, NOW + timedelta(days=1)) == [(NOW, NOW + timedelta(hours=8))]


def test_downtimes_are_cut_to_the_span_that_is_asked_for() -> None:
    Downtime.objects.create(starts_at=NOW, ends_at=NOW + timedelta(hours=8))
    span = (NOW + timedelta(hours=2), NOW + timedelta(hours=4))
    assert queries.downtimes(*span) == [span]


def test_alive_means_a_beat_not_long_ago() -> None:
    pulse.begin(worker="one", now=NOW)
    assert queries.worker_alive(NOW + timedelta(seconds=89))
    assert not queries.worker_alive(NOW + timedelta(seconds=91))
