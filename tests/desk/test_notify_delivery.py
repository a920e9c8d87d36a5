"""Delivery: at least once, urgent first, a repeat called a repeat, and nothing lost when a worker dies or an address hangs."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from huiying.desk.accounts.models import Channel, Contact
from huiying.desk.net.client import Client, Limits
from huiying.desk.net.guard import Guard, read_networks
from huiying.desk.notify import actions, delivery, leasing
from huiying.desk.notify.channels.base import Outcome
from huiying.desk.notify.models import ChannelSettings, Message, Outlet, Try
from tests.desk.servers.channels import Channels, serving
from tests.desk.world import NOW, World

STATE = Message.State
HERE = Guard(allow=read_networks("127.0.0.0/8"))
Way = Callable[..., Contact]


@pytest.fixture(scope="module")
def server() -> Iterator[Channels]:
    with serving() as channels:
        yield channels


@pytest.fixture
def way(world: World, server: Channels) -> Way:
    """Gives the duty officer (or another role) exactly one way: a robot that behaves as told."""

    def make(path: str, *ways: str, role: str = "duty", channel: str = "wecom") -> Contact:
        world[role].contacts.all().delete()
        server.got[:] = [one for one in server.got if one.path != path]
        address = server.say(path, *ways)
        return Contact.objects.create(person=world[role], channel=channel, address=address)

    return make


class Told:
    """What the rooms above were told about outcomes."""

    def __init__(self, *faults: str) -> None:
        self.seen: list[tuple[str, bool, bool]] = []
        self.faults = list(faults)

    def __call__(self, message: Message, outcome: Outcome, now: datetime) -> None:
        if self.faults:
            raise RuntimeError(self.faults.pop())
        self.seen.append((message.key, outcome.sent, outcome.final))


def client() -> Client:
    return Client(guard=HERE, limits=Limits(connect=1, read=0.3, total=0.5), gap=0)


def tell(
    world: World, key: str = "k", role: str = "duty", *, urgent: bool = False, at: datetime = NOW
) -> Message:
    (row,) = actions.tell(
        now=at,
        people=[world[role]],
        key=key,
        subject="到期",
        body="正文",
        link="/cases/2026-0001/",
        urgent=urgent,
    )
    return row


def deliver(at: datetime, told: Told | None = None, most: int = 40) -> int:
    return delivery.deliver_due(now=at, worker="w1", most=most, on_outcome=told or Told(), client=client)


def after(**span: float) -> datetime:
    return NOW + timedelta(**span)


def test_what_is_due_goes_out_and_is_on_record(world: World, way: Way, server: Channels) -> None:
    contact, told = way("/wecom/a", "good"), Told()
    row = tell(world)
    assert deliver(NOW, told) == 1
    row.refresh_from_db()
    contact.refresh_from_db()
    assert (row.state, row.tries, row.possible_repeats) == (STATE.SENT, 1, 0)
    assert told.seen == [(row.key, True, False)]
    assert contact.verified_at == row.sent_at
    assert len(server.at("/wecom/a")) == 1


def test_nothing_goes_out_twice(world: World, way: Way, server: Channels) -> None:
    way("/wecom/b", "good")
    tell(world)
    assert [deliver(NOW), deliver(after(hours=1))] == [1, 0]
    assert len(server.at("/wecom/b")) == 1


def test_a_lie_is_found_out_and_tried_again_without_calling_it_a_repeat(
    world: World, way: Way, server: Channels
) -> None:
    way("/wecom/c", "lie", "good")
    row = tell(world)
    deliver(NOW)
    row.refresh_from_db()
    assert (row.state, "45002" in row.error_zh) == (STATE.WAITING, True)
    deliver(after(seconds=20))
    row.refresh_from_db()
    assert (row.state, row.possible_repeats) == (STATE.SENT, 0)
    assert "可能重复" not in server.at("/wecom/c")[1].text


@pytest.mark.parametrize("way_out", ["hang", "drop"])
def test_an_unknown_outcome_is_repeated_and_called_a_possible_repeat(
    world: World, way: Way, server: Channels, way_out: str
) -> None:
    way("/wecom/d", way_out, "good")
    row = tell(world)
    deliver(NOW)
    deliver(after(seconds=20))
    row.refresh_from_db()
    first, second = server.at("/wecom/d")
    assert (row.state, row.possible_repeats) == (STATE.SENT, 1)
    assert ("可能重复" in first.text, "可能重复" in second.text) == (False, True)
    assert [one.labelled for one in row.attempts.all()] == [False, True]


def test_a_message_whose_worker_died_is_sent_again_as_a_possible_repeat(
    world: World, way: Way, server: Channels
) -> None:
    way("/wecom/e", "good")
    row = tell(world)
    leasing.lease(now=NOW, worker="dead", most=10)
    assert deliver(after(seconds=30)) == 0
    deliver(NOW + leasing.LEASE)
    row.refresh_from_db()
    assert (row.state, row.possible_repeats) == (STATE.SENT, 1)
    assert "可能重复" in server.at("/wecom/e")[0].text
    lost, _sent = Try.objects.filter(message=row)
    assert (lost.worker, lost.outcome, lost.ended_at) == ("dead", Try.Outcome.UNKNOWN, None)


def test_two_workers_never_hold_one_message(world: World, way: Way) -> None:
    way("/wecom/f", "good")
    tell(world)
    first = leasing.lease(now=NOW, worker="one", most=10)
    second = leasing.lease(now=NOW, worker="two", most=10)
    assert (len(first), len(second)) == (1, 0)


def test_a_worker_that_comes_back_too_late_changes_nothing_of_the_other(world: World, way: Way) -> None:
    way("/wecom/g", "good")
    row = tell(world)
    (late,) = leasing.lease(now=NOW, worker="slow", most=10)
    told = Told()
    deliver(NOW + leasing.LEASE, told)
    delivery.settle(late, delivery.failed(delivery.BROKEN), after(minutes=5), told)
    row.refresh_from_db()
    assert (row.state, len(told.seen)) == (STATE.SENT, 1)
    assert [one.outcome for one in row.attempts.all()] == [Try.Outcome.FAILED, Try.Outcome.SENT]


def test_urgent_ones_go_first(world: World, way: Way, server: Channels) -> None:
    way("/wecom/h", "good")
    for number in range(4):
        tell(world, f"plain-{number}")
    tell(world, "urgent", urgent=True, at=after(seconds=1))
    deliver(after(seconds=2), most=1)
    assert "【紧急】" in server.at("/wecom/h")[0].text


def test_an_address_that_hangs_holds_up_nobody_else(world: World, way: Way, server: Channels) -> None:
    way("/wecom/i", "hang")
    way("/wecom/j", "good", role="head")
    for number in range(5):
        tell(world, f"hung-{number}")
    tell(world, "fine", role="head")
    deliver(NOW)
    assert len(server.at("/wecom/i")) == 1, "after the first failure the lane stops"
    assert len(server.at("/wecom/j")) == 1
    waiting = Message.objects.filter(state=STATE.WAITING)
    assert waiting.count() == 5
    assert sorted(waiting.values_list("tries", flat=True)) == [0, 0, 0, 0, 1]


def test_an_address_gets_no_more_than_it_can_bear_in_a_minute(
    world: World, way: Way, server: Channels
) -> None:
    way("/wecom/k", "good")
    for number in range(30):
        tell(world, f"many-{number}")
    for second in range(10):
        deliver(after(seconds=second))
    assert len(server.at("/wecom/k")) == 20
    for second in range(10):
        deliver(after(seconds=70 + second))
    assert len(server.at("/wecom/k")) == 30


def test_waiting_grows_and_is_never_long_for_what_is_urgent(world: World, way: Way) -> None:
    way("/wecom/l", "lie")
    row, at, waits = tell(world, urgent=True), NOW, []
    for _ in range(7):
        deliver(at)
        row.refresh_from_db()
        assert row.next_try_at
        waits.append(round((row.next_try_at - at).total_seconds()))
        at = row.next_try_at
    assert waits == [15, 30, 60, 120, 300, 300, 300]


def test_what_only_a_person_can_mend_is_given_up_after_three_tries(world: World, way: Way) -> None:
    contact, told = way("/wecom/m", "404"), Told()
    row = tell(world)
    for minutes in (0, 5, 10, 15):
        deliver(after(minutes=minutes), told)
    row.refresh_from_db()
    contact.refresh_from_db()
    assert (row.state, row.tries) == (STATE.FAILED, 3)
    assert told.seen == [(row.key, False, True)]
    assert contact.failing_since is not None
    assert contact.last_error == row.error_zh == "对方返回 HTTP 404"


def test_a_broken_service_is_tried_for_a_day(world: World, way: Way) -> None:
    way("/wecom/n", "503")
    row, told, at = tell(world), Told(), NOW
    while Message.objects.filter(state=STATE.WAITING).exists():
        deliver(at, told)
        at += timedelta(hours=2)
    row.refresh_from_db()
    assert row.state == STATE.FAILED
    assert row.tries == 13
    assert told.seen == [(row.key, False, True)]


def test_after_a_long_outage_a_message_is_still_tried(world: World, way: Way) -> None:
    way("/wecom/o", "good")
    row = tell(world)
    deliver(after(days=3))
    row.refresh_from_db()
    assert row.state == STATE.SENT


def test_a_message_that_may_have_arrived_is_not_repeated_for_ever(
    world: World, way: Way, server: Channels
) -> None:
    way("/wecom/p", "drop")
    row = tell(world)
    for hour in range(30):
        deliver(after(hours=hour))
    row.refresh_from_db()
    assert (row.state, len(server.at("/wecom/p"))) == (STATE.FAILED, delivery.UNCERTAIN)


def test_one_lost_packet_does_not_make_a_way_fail(world: World, way: Way) -> None:
    contact = way("/wecom/q", "503", "good")
    tell(world)
    deliver(NOW)
    contact.refresh_from_db()
    assert contact.failing_since is None


def test_being_asked_to_slow_down_is_no_failure(world: World, way: Way, server: Channels) -> None:
    contact = way("/wecom/r", "good")
    server.answer("/wecom/r", {"errcode": 45009, "errmsg": "api freq out of limit"})
    row = tell(world)
    deliver(NOW)
    row.refresh_from_db()
    contact.refresh_from_db()
    assert (row.failures, contact.failing_since) == (0, None)
    assert row.next_try_at
    assert row.next_try_at >= after(seconds=60)


def test_a_removed_way_is_said_and_a_person_sends_it_by_another(
    world: World, way: Way, server: Channels
) -> None:
    contact = way("/wecom/s", "good")
    row = tell(world)
    contact.delete()
    for minutes in (0, 5, 10):
        deliver(after(minutes=minutes))
    row.refresh_from_db()
    assert (row.state, row.error_zh) == (STATE.FAILED, "这种联系方式已经删去或停用")
    way("/wecom/t", "good")
    actions.try_again(by=world["office"], now=after(hours=1), message=row)
    deliver(after(hours=1))
    row.refresh_from_db()
    assert (row.state, len(server.at("/wecom/t"))) == (STATE.SENT, 1)


def test_a_mended_address_is_used_for_what_still_waits(world: World, way: Way, server: Channels) -> None:
    contact = way("/wecom/u", "404")
    row = tell(world)
    deliver(NOW)
    contact.address = server.say("/wecom/mended", "good")
    contact.save()
    deliver(after(minutes=5))
    row.refresh_from_db()
    assert (row.state, row.recipient) == (STATE.SENT, contact.masked)


def test_a_fault_in_recording_is_no_reason_to_send_again(world: World, way: Way, server: Channels) -> None:
    way("/wecom/v", "good")
    row, told = tell(world), Told("the journal is locked")
    deliver(NOW, told)
    row.refresh_from_db()
    assert (row.state, row.owes_record, told.seen) == (STATE.SENT, True, [])
    deliver(after(minutes=2), told)
    row.refresh_from_db()
    assert (row.owes_record, told.seen) == (False, [(row.key, True, False)])
    assert len(server.at("/wecom/v")) == 1


def test_a_drill_reaches_nobody(world: World, way: Way, server: Channels) -> None:
    way("/wecom/w", "good")
    actions.tell(now=NOW, people=[world["duty"]], key="d", subject="演练", body="", link="", held=True)
    assert deliver(after(hours=1)) == 0
    assert server.at("/wecom/w") == []


def test_the_gateways_secret_comes_from_the_channels_settings(
    world: World, way: Way, server: Channels
) -> None:
    way("/wecom/x", "good")
    contact = Contact.objects.create(person=world["head"], channel=Channel.SMS, address="13800138000")
    world["head"].contacts.exclude(pk=contact.pk).delete()
    gateway = {"address": server.say("/sms/x", "good"), "kind": "form", "path": "status", "value": "0"}
    ChannelSettings.objects.create(
        channel="sms", settings={**gateway, "body": "m={phone}&t={text}&k={secret}"}, secret="k3y-k3y"
    )
    row = tell(world, role="head")
    deliver(NOW)
    row.refresh_from_db()
    assert (row.state, row.recipient) == (STATE.SENT, "138****8000")
    assert "k=k3y-k3y" in server.at("/sms/x")[0].text


def test_a_publication_brings_back_its_address(world: World, server: Channels) -> None:
    address = server.answer("/webhook/pub", {"url": "https://paper.example/1"})
    outlet = Outlet.objects.create(name="晚报", channel="webhook", address=address, created_at=NOW)
    row = actions.publish_out(now=NOW, outlet=outlet, key="draft:1", title="通报", text="正文")
    deliver(NOW)
    row.refresh_from_db()
    outlet.refresh_from_db()
    assert (row.state, row.address) == (STATE.SENT, "https://paper.example/1")
    assert outlet.verified_at == row.sent_at


def test_the_next_instant_to_wake_at_is_known(world: World, way: Way) -> None:
    way("/wecom/y", "good")
    assert leasing.next_due(NOW) is None
    tell(world, at=after(minutes=5))
    assert leasing.next_due(NOW) == after(minutes=5)
    leasing.lease(now=after(minutes=5), worker="dead", most=1)
    assert leasing.next_due(NOW) == after(minutes=5) + leasing.LEASE
