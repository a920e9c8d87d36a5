"""What the worker does, lane by lane."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from huiying.desk.cases import feed as feeding
from huiying.desk.cases import told, wake
from huiying.desk.collect import work as collecting
from huiying.desk.collect.actions import retention
from huiying.desk.collect.house import open_client
from huiying.desk.collect.models import Mention
from huiying.desk.collect.work.visits import OpenClient
from huiying.desk.drills import feeding as feeding_drill
from huiying.desk.drills import playing
from huiying.desk.library import reminding
from huiying.desk.listen import lessons, propose, rehear
from huiying.desk.listen import work as listening
from huiying.desk.listen.actions import purge_texts
from huiying.desk.net.client import Client
from huiying.desk.notify import delivery
from huiying.desk.notify.actions import circulars
from huiying.desk.notify.channels.base import Outcome
from huiying.desk.notify.models import Message
from huiying.desk.replies import helper, outward
from huiying.desk.worker.loop import POLL, Job, Lane


def record(message: Message, outcome: Outcome, now: datetime) -> None:
    """Hand the outcome of a message to the room that wrote it."""
    if message.purpose == Message.Purpose.PUBLICATION:
        outward.record_outcome(message, outcome, now)
    elif message.case_number:
        told.record_outcome(message, outcome, now)


def feed(now: datetime, worker: str) -> int:
    """New posts of stories that have a case join it."""
    return feeding.feed_due(now=now, worker=worker)


def read_in(now: datetime, worker: str) -> int:
    """Read in uploaded files."""
    return collecting.read_in_next(now=now, worker=worker)


def forget(now: datetime, worker: str) -> int:
    """Empty captured payloads and purge words that were kept long enough; what a case rests on stays."""
    spared = Mention.objects.filter(cases__closed_at__isnull=True, cases__isnull=False)
    needed = Mention.every.filter(Q(cases__isnull=False) | Q(drafts__isnull=False))
    return retention.purge_due(now=now, spared=spared) + purge_texts(now=now, spared=needed)


def hear(now: datetime, worker: str) -> int:
    """Hear what came in; hear old mentions again only when nothing new waits."""
    return listening.hear_next(now=now, worker=worker) or rehear.rehear_next(now=now, worker=worker)


def learn(now: datetime, worker: str) -> int:
    """Learn from what officers decided, once enough is new."""
    return lessons.learn_next(now=now, worker=worker)


def remind(now: datetime, worker: str) -> int:
    """Look again at the cases and proposals whose instant has come."""
    return wake.wake_due(now) + propose.remind_due(now=now, worker=worker) + circulars.remind_due(now=now)


def rehearse(now: datetime, worker: str) -> int:
    """Play on with the rehearsal that waits longest."""
    return playing.rehearse_next(now=now, worker=worker)


def exercise(now: datetime, worker: str) -> int:
    """Let in what the script of the running drill says."""
    return feeding_drill.feed_due(now=now, worker=worker)


def recheck(now: datetime, worker: str) -> int:
    """Tell the office of knowledge that must be checked again."""
    return reminding.remind_due(now=now, worker=worker)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """How the jobs go out, and how often they look for work; tests take shorter ones."""

    send: Callable[[], Client] = delivery.default_client
    visit: OpenClient = open_client
    poll: float = POLL  # seconds

    def deliver(self, now: datetime, worker: str) -> int:
        """Send what is due."""
        return delivery.deliver_due(now=now, worker=worker, on_outcome=record, client=self.send)

    def collect(self, now: datetime, worker: str) -> int:
        """Visit the sources that are due."""
        return collecting.fetch_due(now=now, worker=worker, most=200, open_client=self.visit)

    def suggest(self, now: datetime, worker: str) -> int:
        """Fetch what the drafting helper was asked for."""
        return helper.suggest_next(now=now, worker=worker)

    def lanes(self) -> tuple[Lane, ...]:
        """Every lane. Delivery has two, so that one hanging address does not hold up an urgent notice to another."""
        jobs: dict[str, Job] = {
            "remind": remind,
            "deliver": self.deliver,
            "deliver-2": self.deliver,
            "collect": self.collect,
            "read-in": read_in,
            "hear": hear,
            "drill": exercise,
            "rehearse": rehearse,
            "suggest": self.suggest,
        }
        quick = [Lane(name=name, job=job, poll=self.poll) for name, job in jobs.items()]
        slow = (
            Lane(name="feed", job=feed, poll=30 * self.poll),
            Lane(name="learn", job=learn, poll=30 * self.poll),
            Lane(name="forget", job=forget, poll=600 * self.poll),
            Lane(name="recheck", job=recheck, poll=600 * self.poll),
        )
        return (*quick, *slow)
