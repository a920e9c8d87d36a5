"""What the worker does, lane by lane."""

from datetime import datetime

from huiying.desk.cases import told, wake
from huiying.desk.collect import work as collecting
from huiying.desk.collect.actions import retention
from huiying.desk.collect.models import Mention
from huiying.desk.listen import propose, rehear
from huiying.desk.listen import work as listening
from huiying.desk.notify import delivery
from huiying.desk.notify.channels.base import Outcome
from huiying.desk.notify.models import Message
from huiying.desk.replies import outward
from huiying.desk.worker.loop import Lane


def record(message: Message, outcome: Outcome, now: datetime) -> None:
    """Hand the outcome of a message to the room that wrote it."""
    if message.purpose == Message.Purpose.PUBLICATION:
        outward.record_outcome(message, outcome, now)
    elif message.case_number:
        told.record_outcome(message, outcome, now)


def deliver(now: datetime, worker: str) -> int:
    """Send what is due."""
    return delivery.deliver_due(now=now, worker=worker, on_outcome=record)


def collect(now: datetime, worker: str) -> int:
    """Visit the sources that are due."""
    return collecting.fetch_due(now=now, worker=worker, most=8)


def read_in(now: datetime, worker: str) -> int:
    """Read in uploaded files."""
    return collecting.read_in_next(now=now, worker=worker)


def forget(now: datetime, worker: str) -> int:
    """Empty captured payloads that were kept long enough; what an open case rests on stays."""
    spared = Mention.objects.filter(cases__closed_at__isnull=True, cases__isnull=False)
    return retention.purge_due(now=now, spared=spared)


def hear(now: datetime, worker: str) -> int:
    """Hear what came in; hear old mentions again only when nothing new waits."""
    return listening.hear_next(now=now, worker=worker) or rehear.rehear_next(now=now, worker=worker)


def remind(now: datetime, worker: str) -> int:
    """Look again at the cases and proposals whose instant has come."""
    return wake.wake_due(now) + propose.remind_due(now=now, worker=worker)


def lanes() -> tuple[Lane, ...]:
    """Every lane. Delivery has two, so that one hanging address does not hold up an urgent notice to another."""
    return (
        Lane(name="remind", job=remind),
        Lane(name="deliver", job=deliver),
        Lane(name="deliver-2", job=deliver),
        Lane(name="collect", job=collect),
        Lane(name="read-in", job=read_in),
        Lane(name="hear", job=hear),
        Lane(name="forget", job=forget, poll=600),
    )
