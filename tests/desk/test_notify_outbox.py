"""Writing to the outbox: one row for each person and way, and telling twice makes nothing twice."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from huiying.desk.accounts.models import Channel, Contact
from huiying.desk.notify import actions
from huiying.desk.notify.models import Message, Outlet
from huiying.engine.text import Text
from tests.desk.world import NOW, World

STATE = Message.State


def told(world: World, *roles: str, **more: object) -> list[Message]:
    given: dict[str, object] = {
        "key": "2026-0001|first-answer|due",
        "subject": "首次回应到期",
        "body": "十点前",
    }
    return actions.tell(
        now=NOW, people=[world[role] for role in roles], link="/cases/2026-0001/", **{**given, **more}
    )  # type: ignore[arg-type]


def test_each_person_is_told_by_each_way_that_works(world: World) -> None:
    Contact.objects.create(person=world["duty"], channel=Channel.SMS, address="13800138000", verified_at=NOW)
    rows = told(world, "duty", "head")
    assert [(row.person.name, row.channel, row.state) for row in rows if row.person] == [
        ("丁值班", "mail", STATE.WAITING),
        ("丁值班", "sms", STATE.WAITING),
        ("甲校长", "mail", STATE.WAITING),
    ]


def test_telling_twice_makes_nothing_twice(world: World) -> None:
    first, again = told(world, "duty"), told(world, "duty", "duty")
    assert [row.pk for row in first] == [row.pk for row in again]
    assert Message.objects.count() == 1


def test_the_record_shows_an_address_only_masked(world: World) -> None:
    (row,) = told(world, "duty")
    assert row.recipient == "d***@school.example"


def test_a_way_that_fails_is_left_out_while_another_works(world: World) -> None:
    Contact.objects.create(
        person=world["duty"], channel=Channel.SMS, address="13800138000", failing_since=NOW
    )
    assert [row.channel for row in told(world, "duty")] == ["mail"]


def test_when_every_way_fails_all_are_tried(world: World) -> None:
    world["duty"].contacts.update(failing_since=NOW)
    assert [(row.channel, row.state) for row in told(world, "duty")] == [("mail", STATE.WAITING)]


def test_whom_nothing_reaches_is_on_record_as_not_told(world: World) -> None:
    world["duty"].contacts.all().delete()
    (row,) = told(world, "duty")
    assert (row.state, row.error_zh) == (STATE.FAILED, "没有可用的联系方式")


def test_a_drill_holds_its_notices(world: World) -> None:
    assert [row.state for row in told(world, "duty", held=True)] == [STATE.HELD]


def test_each_is_told_in_their_own_language(world: World) -> None:
    world["head"].language = "en"
    world["head"].save()
    rows = told(world, "duty", "head", subject=Text("首次回应到期", "First answer due"))
    assert [row.subject for row in rows] == ["首次回应到期", "First answer due"]


def test_the_link_of_a_notice_acknowledges_it_once(world: World) -> None:
    (row,) = told(world, "duty")
    token = row.ack_path.split("/")[2]
    first = actions.acknowledge(token=token, now=NOW)
    later = actions.acknowledge(token=token, now=NOW + timedelta(hours=1))
    assert (first.pk, later.acknowledged_at) == (row.pk, NOW)


def test_a_made_up_token_acknowledges_nothing(world: World) -> None:
    told(world, "duty")
    with pytest.raises(Message.DoesNotExist):
        actions.acknowledge(token="x" * 24, now=NOW)


def test_a_publication_is_written_once(world: World) -> None:
    outlet = Outlet.objects.create(
        name="市民社区", channel="mastodon", address="https://social.example", created_at=NOW
    )
    rows = [
        actions.publish_out(now=NOW, outlet=outlet, key="draft:7|1", title="情况说明", text="……")
        for _ in range(2)
    ]
    assert rows[0].pk == rows[1].pk
    assert (rows[0].purpose, rows[0].recipient) == (Message.Purpose.PUBLICATION, "市民社区")


def test_what_was_given_up_can_be_tried_again_by_the_office(world: World) -> None:
    (row,) = told(world, "duty")
    Message.objects.filter(pk=row.pk).update(state=STATE.FAILED, next_try_at=None)
    later = NOW + timedelta(days=2)
    again = actions.try_again(by=world["office"], now=later, message=row)
    assert (again.state, again.next_try_at) == (STATE.WAITING, later)


def test_a_notice_without_a_way_takes_one_when_there_is_one(world: World) -> None:
    world["duty"].contacts.all().delete()
    (row,) = told(world, "duty")
    with pytest.raises(ValidationError):
        actions.try_again(by=world["office"], now=NOW, message=row)
    Contact.objects.create(person=world["duty"], channel=Channel.SMS, address="13800138000")
    again = actions.try_again(by=world["office"], now=NOW, message=row)
    assert (again.channel, again.state) == ("sms", STATE.WAITING)


def test_giving_up_stays_on_record(world: World) -> None:
    (row,) = told(world, "duty")
    given = actions.give_up(by=world["admin"], now=NOW, message=row)
    assert (given.state, given.next_try_at) == (STATE.FAILED, None)
    assert given.error_zh.startswith("由人放弃")


def test_what_is_delivered_is_not_sent_again(world: World) -> None:
    (row,) = told(world, "duty")
    Message.objects.filter(pk=row.pk).update(state=STATE.SENT)
    with pytest.raises(ValidationError):
        actions.try_again(by=world["office"], now=NOW, message=row)


def test_the_duty_officer_may_look_but_not_resend(world: World) -> None:
    (row,) = told(world, "duty")
    with pytest.raises(PermissionDenied):
        actions.try_again(by=world["duty"], now=NOW, message=row)
