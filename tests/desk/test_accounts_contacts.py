"""Ways of reaching people: checked, shown only in part, proven by what arrives."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from huiying.desk.accounts import actions, queries
from huiying.desk.accounts.models import AuditLog, Contact
from tests.desk.world import World

ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=very-secret-key-0001"


def add(world: World, now: datetime, channel: str, address: str, secret: str = "") -> Contact:
    return actions.add_contact(
        by=world["admin"], now=now, person=world["duty"], channel=channel, address=address, secret=secret
    )


@pytest.mark.parametrize(
    ("channel", "address", "shown"),
    [
        ("mail", "zhiban@school.example", "z***@school.example"),
        ("sms", "13800138000", "138****8000"),
        ("sms", "+86 138-0013-8000", "+86****8000"),
        ("wecom", ROBOT, "https://qyapi.weixin.qq.com/…0001"),
        ("webhook", "https://user:word@host.example/hook/abcd", "https://host.example/…abcd"),
        ("apprise", "tgram://token/chat", "tgram://…"),
    ],
)
def test_an_address_is_kept_whole_and_shown_in_part(
    world: World, now: datetime, channel: str, address: str, shown: str
) -> None:
    assert add(world, now, channel, address).masked == shown


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("mail", "zhiban.school"),
        ("sms", "call me"),
        ("sms", "123"),
        ("wecom", "qyapi.weixin.qq.com"),
        ("dingtalk", "javascript:alert(1)"),
        ("apprise", "telegram"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused_with_an_example(
    world: World, now: datetime, channel: str, address: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        add(world, now, channel, address)
    assert "address" in refused.value.message_dict


def test_an_unknown_channel_is_refused(world: World, now: datetime) -> None:
    with pytest.raises(ValidationError) as refused:
        add(world, now, "pigeon", "loft 3")
    assert "channel" in refused.value.message_dict


def test_adding_twice_keeps_one_and_takes_the_newer_secret(world: World, now: datetime) -> None:
    add(world, now, "dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=1", "SEC-old")
    contact = add(world, now, "dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=1", "SEC-new")
    assert contact.secret == "SEC-new"
    assert world["duty"].contacts.filter(channel="dingtalk").count() == 1


def test_neither_key_nor_secret_reaches_the_audit_log(world: World, now: datetime) -> None:
    add(world, now, "wecom", ROBOT, "SEC-signing")
    log = str(list(AuditLog.objects.values_list("data", flat=True)))
    assert "very-secret" not in log
    assert "SEC-signing" not in log


def test_ones_own_ways_are_ones_own_business(world: World, now: datetime) -> None:
    mine = {"person": world["duty"], "channel": "sms", "address": "13800138000"}
    actions.add_contact(by=world["duty"], now=now, **mine)  # type: ignore[arg-type]
    with pytest.raises(PermissionDenied):
        actions.add_contact(by=world["office"], now=now, **mine)  # type: ignore[arg-type]


def test_a_new_address_must_be_proven_again(world: World, now: datetime) -> None:
    contact = world["duty"].contacts.get()
    actions.rename_contact(
        by=world["duty"], now=now, contact=contact, address="other@school.example", secret="", active=True
    )
    contact.refresh_from_db()
    assert contact.verified_at is None


def test_the_first_failure_is_remembered_until_something_arrives(world: World, now: datetime) -> None:
    contact = world["duty"].contacts.get()
    actions.mark_contact(now=now, contact=contact, error="550")
    actions.mark_contact(now=now + timedelta(hours=1), contact=contact, error="421")
    assert (contact.failing_since, contact.last_error) == (now, "421")
    assert queries.reachable(world["duty"]) == []
    actions.mark_contact(now=now + timedelta(hours=2), contact=contact)
    assert (contact.failing_since, contact.last_error) == (None, "")
    assert queries.reachable(world["duty"]) == [contact]


def test_proven_ways_come_first_and_those_switched_off_not_at_all(world: World, now: datetime) -> None:
    untried = add(world, now, "sms", "13800138000")
    off = add(world, now, "sms", "13900139000")
    actions.rename_contact(by=world["duty"], now=now, contact=off, address="", secret="", active=False)
    assert [way.channel for way in queries.reachable(world["duty"])] == ["mail", untried.channel]
