"""Pages of the outbox and of the ways out."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from huiying.desk.accounts.models import AuditLog, Channel, Contact
from huiying.desk.notify import actions
from huiying.desk.notify.models import ChannelSettings, Message, Outlet
from tests.desk.servers.channels import Channels, serving
from tests.desk.world import NOW, World

SignIn = Callable[[str], Client]
STATE = Message.State


@pytest.fixture(scope="module")
def server() -> Iterator[Channels]:
    with serving() as channels:
        yield channels


@pytest.fixture
def listed(settings: object) -> None:
    """The operator lists this machine's own network."""
    settings.HUIYING_FETCH_ALLOW = ["127.0.0.0/8"]  # type: ignore[attr-defined]


def told(world: World, key: str = "k", role: str = "duty") -> Message:
    (row,) = actions.tell(
        now=NOW,
        people=[world[role]],
        key=key,
        subject="首次回应到期",
        body="十点前",
        link="/cases/2026-0001/",
        case_number="2026-0001",
    )
    return row


def failed(row: Message, words: str = "对方返回 HTTP 404") -> Message:
    Message.objects.filter(pk=row.pk).update(
        state=STATE.FAILED, error_zh=words, error_en="HTTP 404", failures=3
    )
    return row


def test_the_outbox_says_what_failed_and_why(world: World, as_role: SignIn) -> None:
    failed(told(world))
    page = as_role("office").get("/notices/?state=trouble").content.decode()
    assert "首次回应到期" in page
    assert "对方返回 HTTP 404" in page
    assert "duty@school.example" not in page


def test_filters_stand_in_the_address(world: World, as_role: SignIn) -> None:
    told(world, "one")
    failed(told(world, "two", role="head"))
    office = as_role("office")
    assert "甲校长" not in office.get("/notices/?state=waiting").content.decode()
    assert "甲校长" in office.get("/notices/?words=甲校长").content.decode()
    assert "没有符合条件的" in office.get("/notices/?channel=sms").content.decode()


def test_nobody_working_behind_the_desk_is_said_on_top(world: World, as_role: SignIn) -> None:
    assert "后台程序没有在运行" in as_role("office").get("/notices/").content.decode()


def test_selected_messages_are_tried_again(world: World, as_role: SignIn) -> None:
    rows = [failed(told(world, key)) for key in ("one", "two")]
    as_role("office").post("/notices/again/", {"pk": [row.pk for row in rows]})
    assert set(Message.objects.values_list("state", flat=True)) == {STATE.WAITING}


def test_what_cannot_be_tried_again_says_why(world: World, as_role: SignIn) -> None:
    row = told(world)
    Message.objects.update(state=STATE.SENT)
    answer = as_role("office").post("/notices/again/", {"pk": [row.pk]}, follow=True)
    assert "这条已经送达" in answer.content.decode()


def test_giving_up_is_said_and_kept(world: World, as_role: SignIn) -> None:
    row = told(world)
    as_role("office").post("/notices/give-up/", {"pk": [row.pk], "next": f"/notices/{row.pk}/"})
    page = as_role("office").get(f"/notices/{row.pk}/").content.decode()
    assert "由人放弃" in page


def test_a_page_speaks_english_at_the_switch(world: World, as_role: SignIn) -> None:
    row = failed(told(world))
    office = as_role("office")
    office.cookies["django_language"] = "en"
    assert "HTTP 404" in office.get(f"/notices/{row.pk}/").content.decode()


def test_i_see_what_i_was_told_and_nothing_of_others(world: World, as_role: SignIn) -> None:
    told(world, "mine", role="handler")
    told(world, "theirs", role="head")
    page = as_role("handler").get("/notices/mine/").content.decode()
    assert page.count("首次回应到期") == 1
    assert Message.objects.get(person=world["handler"]).ack_path in page


def test_a_test_message_says_whether_it_arrived(
    world: World, as_role: SignIn, server: Channels, listed: None
) -> None:
    contact = Contact.objects.create(
        person=world["duty"], channel=Channel.WECOM, address=server.say("/wecom/test", "good")
    )
    answer = as_role("duty").post(f"/notices/test/{contact.pk}/", {"next": "/notices/mine/"}, follow=True)
    contact.refresh_from_db()
    assert "对方返回成功" in answer.content.decode()
    assert contact.verified_at is not None
    assert "试发" in server.at("/wecom/test")[0].json["text"]["content"]


def test_a_test_that_fails_is_not_tried_again_and_marks_the_way(
    world: World, as_role: SignIn, server: Channels, listed: None
) -> None:
    contact = Contact.objects.create(
        person=world["duty"], channel=Channel.WECOM, address=server.say("/wecom/bad", "lie")
    )
    answer = as_role("admin").post(f"/notices/test/{contact.pk}/", {"next": "/notices/mine/"}, follow=True)
    contact.refresh_from_db()
    assert "没有发成" in answer.content.decode()
    assert Message.objects.get().state == STATE.FAILED
    assert contact.failing_since is not None


def test_nobody_tests_the_ways_of_others(world: World, as_role: SignIn) -> None:
    contact = world["head"].contacts.get()
    assert as_role("duty").post(f"/notices/test/{contact.pk}/").status_code == 403


def test_inside_addresses_are_refused_by_default(world: World, as_role: SignIn, server: Channels) -> None:
    contact = Contact.objects.create(
        person=world["duty"], channel=Channel.WEBHOOK, address=server.say("/webhook/inside", "good")
    )
    answer = as_role("duty").post(f"/notices/test/{contact.pk}/", {"next": "/notices/mine/"}, follow=True)
    assert "内部网络" in answer.content.decode()
    assert server.at("/webhook/inside") == []


GATEWAY = {
    "address": "https://sms.example/send",
    "kind": "json",
    "body": '{"m":"{phone}","t":"{text}"}',
    "most": "300",
    "path": "status",
    "value": "0",
}


def test_the_gateway_is_set_once_and_its_key_is_never_shown(world: World, as_role: SignIn) -> None:
    admin = as_role("admin")
    assert admin.post("/notices/channels/sms/", {**GATEWAY, "secret": "k3y-k3y"}).status_code == 302
    assert admin.post("/notices/channels/sms/", {**GATEWAY, "most": "200"}).status_code == 302
    row = ChannelSettings.objects.get(channel="sms")
    assert (row.settings["most"], row.secret) == (200, "k3y-k3y")
    assert "k3y-k3y" not in admin.get("/notices/channels/sms/").content.decode()
    assert "k3y-k3y" not in str(list(AuditLog.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"body": "no place for the number"}, "要有 {phone} 和 {text}"),
        ({"path": "", "value": ""}, "写明网关怎样才算收下"),
        ({"path": "", "value": "", "pattern": "("}, "正则表达式写得不对"),
        ({"address": "sms.example"}, "地址应以 https://"),
        ({"value": ""}, "写明成功时这个字段的值"),
    ],
)
def test_a_gateway_that_cannot_work_is_refused_with_the_mend(
    world: World, as_role: SignIn, wrong: dict[str, str], said: str
) -> None:
    answer = as_role("admin").post("/notices/channels/sms/", {**GATEWAY, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_an_outlet_is_added_and_changed_without_showing_its_token(world: World, as_role: SignIn) -> None:
    admin = as_role("admin")
    asked = {"name": "市民社区", "address": "https://social.example", "secret": "t0ken-t0ken"}
    admin.post("/notices/outlets/new/mastodon/", {**asked, "visibility": "public", "most": "500"})
    outlet = Outlet.objects.get()
    page = admin.get(f"/notices/outlets/{outlet.pk}/").content.decode()
    assert "t0ken-t0ken" not in page
    admin.post(
        f"/notices/outlets/{outlet.pk}/",
        {"name": "社区", "address": "", "visibility": "public", "most": "400"},
    )
    outlet.refresh_from_db()
    assert (outlet.name, outlet.address, outlet.secret, outlet.active) == (
        "社区",
        "https://social.example",
        "t0ken-t0ken",
        False,
    )


def test_an_outlet_with_a_bad_address_keeps_what_was_typed(world: World, as_role: SignIn) -> None:
    answer = as_role("admin").post(
        "/notices/outlets/new/discourse/", {"name": "论坛", "address": "ftp://x", "username": "school"}
    )
    assert answer.status_code == 422
    assert "论坛" in answer.content.decode()
    assert not Outlet.objects.exists()
