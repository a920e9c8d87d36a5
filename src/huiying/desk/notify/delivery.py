"""Taking messages out of the house: leased, sent outside of any transaction, recorded with what follows from it.

Delivery is at least once. A worker that dies while sending leaves a lease behind; when that runs out the message is
sent again, labelled as a possible repeat, in its words and on record.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from queue import SimpleQueue

from django.db import transaction

from huiying.desk.accounts.access import require_own
from huiying.desk.accounts.actions import mark_contact
from huiying.desk.accounts.models import Contact, Person
from huiying.desk.accounts.rights import Right
from huiying.desk.net.client import Client, Limits
from huiying.desk.net.guard import Guard
from huiying.desk.net.listed import listed
from huiying.desk.net.trouble import Trouble
from huiying.desk.notify.channels.answers import failed, troubled
from huiying.desk.notify.channels.base import DELIVERED, Outcome, Result
from huiying.desk.notify.leasing import Destination, Taken, lease, put_back
from huiying.desk.notify.models import Message, Outlet, Try
from huiying.engine.text import Text

log = logging.getLogger(__name__)
Ended = SimpleQueue[tuple[Taken, Outcome | None]]
OnOutcome = Callable[[Message, Outcome, datetime], None]

#: Seconds until the next try after the first, second, ... failure; the last one repeats.
BACK_OFF = (15, 30, 60, 120, 300, 600, 900, 1800)
URGENT_AT_MOST = 300
#: A way that only a person can mend is given up after this many failures; others after the message's patience.
HOPELESS = 3
#: A message that may have arrived each time is not repeated for ever.
UNCERTAIN = 10
#: A way counts as failing after this many failures in a row: one lost packet is no reason to leave it out.
FAILING = 3
LANES = 8
TEST_SUBJECT = Text("试发：收到即可用", "Test: this way works")
TEST_BODY = Text(
    "这是回应系统的一条试发消息，不用处理。以后的时限提醒会这样送到。",
    "This is a test from Huiying; nothing needs to be done. Reminders of deadlines will arrive like this.",
)
LATER = timedelta(minutes=1)
LIMITS = Limits(packed=2**18, unpacked=2**20, connect=5, read=8, total=12)
BROKEN = Text("发送程序自身出错，详情在日志里", "The sender itself has a fault: the log says more")


def default_client() -> Client:
    """The guarded client by the operator's settings; a few seconds for each message."""
    return Client(guard=Guard(allow=listed()), limits=LIMITS, gap=0)


def deliver_due(
    *,
    now: datetime,
    worker: str,
    most: int = 40,
    on_outcome: OnOutcome,
    client: Callable[[], Client] = default_client,
    only: Message | None = None,
) -> int:
    """Send what is due, urgent first; returns how many messages were taken.

    `on_outcome` is called in the transaction that records the outcome, when a message is delivered or given up: the
    case's journal learns it there. Should it fail, the delivery stands, and it is called again with the next round.
    """
    clock = _clock(now)
    _record_late(on_outcome, now)
    taken = lease(now=now, worker=worker, most=most, only=only)
    for one, outcome in _sent(taken, client, clock):
        if outcome is None:
            put_back(one, clock() + timedelta(seconds=BACK_OFF[0]))
        else:
            settle(one, outcome, clock(), on_outcome)
    return len(taken)


def send_test(
    *, by: Person, now: datetime, contact: Contact, client: Callable[[], Client] = default_client
) -> Message:
    """Send one test message at once; its state and `error_zh` say whether it arrived. One's own way, or EDIT_CHANNELS."""
    require_own(by, contact.person, Right.EDIT_CHANNELS)
    row = Message.objects.create(
        key=f"test|{contact.pk}|{now.isoformat()}|{secrets.token_hex(4)}",
        purpose=Message.Purpose.TEST,
        person=contact.person,
        contact=contact,
        channel=contact.channel,
        recipient=contact.masked[:200],
        language=contact.person.language,
        subject=TEST_SUBJECT.say(contact.person.language),
        body=TEST_BODY.say(contact.person.language),
        link="/notices/mine/",
        created_at=now,
        next_try_at=now,
        give_up_at=now,
    )
    deliver_due(now=now, worker="web", most=1, on_outcome=nobody, client=client, only=row)
    row.refresh_from_db()
    return row


def nobody(message: Message, outcome: Outcome, now: datetime) -> None:
    """Nobody is told of the outcome: for tests of a way, which concern no case."""


def _clock(now: datetime) -> Callable[[], datetime]:
    """The instant by the caller's clock, as time passes while messages are sent."""
    begun = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - begun)


def _sent(
    taken: Sequence[Taken], client: Callable[[], Client], clock: Callable[[], datetime]
) -> Iterator[tuple[Taken, Outcome | None]]:
    """Each message with its outcome, as they end; None for those that were not tried in this round.

    Messages to one address go one after another and stop at the first failure; addresses go side by side, so that one
    that hangs holds up nobody else.
    """
    lanes: dict[Destination, list[Taken]] = {}
    for one in taken:
        lanes.setdefault(one.destination, []).append(one)
    ended: Ended = SimpleQueue()
    with ThreadPoolExecutor(max_workers=LANES) as pool:
        for lane in lanes.values():
            pool.submit(_lane, lane, client, clock, ended)
        for _one in taken:
            yield ended.get()


def _lane(
    lane: Sequence[Taken], client: Callable[[], Client], clock: Callable[[], datetime], ended: Ended
) -> None:
    stopped = False
    for one in lane:
        outcome = None if stopped else _send(one, client, clock())
        stopped = outcome is None or not outcome.sent
        ended.put((one, outcome))


def _send(one: Taken, client: Callable[[], Client], at: datetime) -> Outcome:
    """The outcome of one try, whatever happens."""
    try:
        return one.kind.send(one.parcel(at), one.route, client())
    except Trouble as trouble:
        return troubled(trouble, one.route)
    except Exception as error:
        log.error("sending message %s by %s failed: %s", one.message.pk, one.kind.name, type(error).__name__)
        return failed(BROKEN, Result.UNKNOWN)


def settle(one: Taken, outcome: Outcome, at: datetime, on_outcome: OnOutcome) -> None:
    """Record how a try ended; a try whose lease another worker has taken over only completes its own line."""
    with transaction.atomic():
        row = Message.objects.select_for_update(of=("self",)).get(pk=one.message.pk)
        _complete(row, one.number, outcome, at)
        if row.tries != one.number or row.state != Message.State.SENDING:
            return
        outcome = _moved(row, outcome, at)
        row.save()
        _health(row, outcome, at)
        if outcome.sent or outcome.final:
            _hand_on(row, outcome, at, on_outcome)


def _complete(row: Message, number: int, outcome: Outcome, at: datetime) -> None:
    kind = {Result.SENT: Try.Outcome.SENT, Result.UNKNOWN: Try.Outcome.UNKNOWN}.get(
        outcome.result, Try.Outcome.FAILED
    )
    Try.objects.filter(message=row, number=number).update(
        ended_at=at, outcome=kind, said_zh=outcome.said.zh[:400], said_en=outcome.said.en[:400]
    )


def _moved(row: Message, outcome: Outcome, at: datetime) -> Outcome:
    """Move the row on by its outcome; the outcome comes back marked final when no further try follows."""
    row.leased_until, row.leased_by = None, ""
    if outcome.sent:
        row.state, row.sent_at, row.next_try_at = Message.State.SENT, at, None
        row.error_zh = row.error_en = ""
        row.address = outcome.address or row.address
        return outcome
    row.error_zh, row.error_en = outcome.said.zh[:400], outcome.said.en[:400]
    row.possible_repeats += outcome.result == Result.UNKNOWN
    row.failures += outcome.result != Result.BUSY
    if _hopeless(row, outcome, at):
        row.state, row.next_try_at = Message.State.FAILED, None
        return Outcome(result=outcome.result, said=outcome.said, final=True)
    row.state, row.next_try_at = Message.State.WAITING, at + wait(row, outcome)
    return outcome


def _hopeless(row: Message, outcome: Outcome, at: datetime) -> bool:
    if row.purpose == Message.Purpose.TEST:
        return True
    most = {Result.REFUSED: HOPELESS, Result.UNKNOWN: UNCERTAIN}.get(outcome.result)
    if most and row.failures >= most:
        return True
    return row.give_up_at is not None and at >= row.give_up_at and row.tries >= HOPELESS


def wait(row: Message, outcome: Outcome) -> timedelta:
    """How long until the next try: what the other side asks, else longer with each failure, never long when urgent."""
    if outcome.retry_after:
        return max(outcome.retry_after, timedelta(seconds=BACK_OFF[0]))
    seconds = BACK_OFF[min(max(row.failures, 1), len(BACK_OFF)) - 1]
    return timedelta(seconds=min(seconds, URGENT_AT_MOST) if row.urgent else seconds)


def _health(row: Message, outcome: Outcome, at: datetime) -> None:
    """Whether the way itself works, by what just happened to a message that took it."""
    bad = outcome.result == Result.REFUSED or row.failures >= FAILING or row.purpose == Message.Purpose.TEST
    if not outcome.sent and (not bad or outcome.result == Result.BUSY):
        return
    error = "" if outcome.sent else outcome.said.zh
    if row.contact is not None:
        mark_contact(now=at, contact=row.contact, error=error)
    elif row.outlet is not None:
        _mark_outlet(row.outlet, error, at)


def _mark_outlet(outlet: Outlet, error: str, at: datetime) -> None:
    if error:
        outlet.failing_since = outlet.failing_since or at
        outlet.last_error = error[:300]
    else:
        outlet.verified_at, outlet.failing_since, outlet.last_error = at, None, ""
    outlet.save(update_fields=["verified_at", "failing_since", "last_error"])


def _hand_on(row: Message, outcome: Outcome, at: datetime, on_outcome: OnOutcome) -> None:
    """Tell whoever wrote the message; a fault there is no reason to send it again, so it is told a minute later."""
    try:
        with transaction.atomic():
            on_outcome(row, outcome, at)
    except Exception:
        log.exception("the outcome of message %s could not be recorded", row.pk)
        Message.objects.filter(pk=row.pk).update(owes_record=True, next_try_at=at + LATER)


def _record_late(on_outcome: OnOutcome, now: datetime) -> None:
    """Outcomes whose record failed earlier."""
    owed = Message.objects.filter(owes_record=True, next_try_at__lte=now)
    for pk in list(owed.values_list("pk", flat=True)[:20]):
        with transaction.atomic():
            row = owed.select_for_update(of=("self",)).filter(pk=pk).first()
            if row is not None:
                Message.objects.filter(pk=pk).update(owes_record=False, next_try_at=None)
                _hand_on(row, outcome_of(row), row.sent_at or now, on_outcome)


def outcome_of(row: Message) -> Outcome:
    """How the last try ended, read back from the row."""
    if row.state == Message.State.SENT:
        return Outcome(result=Result.SENT, said=DELIVERED, address=row.address)
    return Outcome(result=Result.FAILED, said=Text(row.error_zh, row.error_en), final=True)
