"""Each way out: what goes over the wire, and that the body of the answer decides whether it arrived."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from huiying.desk.net.client import Client, Limits
from huiying.desk.net.guard import Guard, read_networks
from huiying.desk.net.trouble import Trouble
from huiying.desk.notify.channels.answers import scrub, troubled
from huiying.desk.notify.channels.base import Outcome, Parcel, Result, Route
from huiying.desk.notify.channels.registry import NOTICES, OUTLETS
from tests.desk.servers.channels import Channels, SmtpServer, serving, serving_mail

HERE = Guard(allow=read_networks("127.0.0.0/8"))
SOON = Limits(connect=1, read=0.3, total=1)
AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PARCEL = Parcel(
    ident="0123456789abcdef",
    sent_at=AT,
    subject="首次回应还有 60 分钟",
    body="宿舍停水一事，须在今天 10:00 前首次公开回应。",
    link="https://desk.example/cases/2026-0001/",
    ack="https://desk.example/a/abcdefabcdefabcdefabcdef/",
    to="丁值班",
    case_number="2026-0001",
    stage="before:60",
)
ROBOTS = ("wecom", "dingtalk", "feishu")


@pytest.fixture(scope="module")
def channels() -> Iterator[Channels]:
    with serving() as server:
        yield server


@pytest.fixture
def mail_server(settings: Any) -> Iterator[SmtpServer]:
    with serving_mail() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "huiying@school.example"
        yield server


def client() -> Client:
    return Client(guard=HERE, limits=SOON, gap=0)


def send(name: str, address: str, parcel: Parcel = PARCEL, **route: Any) -> Outcome:
    where = Route(address=address, **route)
    try:
        return NOTICES[name].send(parcel, where, client())
    except Trouble as trouble:
        return troubled(trouble, where)


def publish(name: str, address: str, parcel: Parcel = PARCEL, **route: Any) -> Outcome:
    where = Route(address=address, **route)
    try:
        return OUTLETS[name].send(parcel, where, client())
    except Trouble as trouble:
        return troubled(trouble, where)


@pytest.mark.parametrize("name", [*ROBOTS, "webhook"])
def test_a_good_answer_is_a_delivery(channels: Channels, name: str) -> None:
    assert send(name, channels.say(f"/{name}/good", "good")).sent


@pytest.mark.parametrize("name", [*ROBOTS, "webhook"])
def test_a_200_with_an_error_in_its_body_is_none(channels: Channels, name: str) -> None:
    outcome = send(name, channels.say(f"/{name}/lie", "lie"))
    assert outcome.result == Result.FAILED
    assert "对方返回错误" in outcome.said.zh


@pytest.mark.parametrize("name", [*ROBOTS, "webhook"])
@pytest.mark.parametrize("way", ["hang", "drop", "502"])
def test_no_answer_leaves_it_open_whether_it_arrived(channels: Channels, name: str, way: str) -> None:
    assert send(name, channels.say(f"/{name}/{way}", way)).result == Result.UNKNOWN


@pytest.mark.parametrize("name", ROBOTS)
def test_a_page_instead_of_an_answer_leaves_it_open(channels: Channels, name: str) -> None:
    assert send(name, channels.say(f"/{name}/html", "html")).result == Result.UNKNOWN


@pytest.mark.parametrize("name", [*ROBOTS, "webhook"])
def test_an_address_that_is_gone_needs_a_person(channels: Channels, name: str) -> None:
    assert send(name, channels.say(f"/{name}/404", "404")).result == Result.REFUSED


@pytest.mark.parametrize("name", [*ROBOTS, "webhook"])
def test_nobody_there_is_certainly_not_a_delivery(name: str) -> None:
    assert send(name, "http://127.0.0.1:1/").result == Result.FAILED


def test_the_answer_may_ask_to_slow_down(channels: Channels) -> None:
    address = channels.answer("/wecom/busy", {"errcode": 45009, "errmsg": "api freq out of limit"})
    outcome = send("wecom", address)
    assert (outcome.result, outcome.retry_after) == (Result.BUSY, timedelta(minutes=1))


def test_a_wrong_key_is_said_with_what_to_do(channels: Channels) -> None:
    address = channels.answer("/wecom/key", {"errcode": 93000, "errmsg": "invalid webhook url"})
    outcome = send("wecom", address)
    assert outcome.result == Result.REFUSED
    assert outcome.said.zh.endswith("机器人地址无效，请重新复制")


def test_feishu_of_old_says_status_code(channels: Channels) -> None:
    good = channels.answer("/feishu/old", {"StatusCode": 0, "StatusMessage": "success"})
    assert send("feishu", good).sent
    bad = channels.answer("/feishu/oldbad", {"StatusCode": 19021, "StatusMessage": "sign match fail"})
    assert send("feishu", bad).result == Result.REFUSED


def test_private_addresses_are_not_reached_unless_listed(channels: Channels) -> None:
    where = Route(address=channels.say("/webhook/inside", "good"))
    with pytest.raises(Trouble) as refused:
        NOTICES["webhook"].send(PARCEL, where, Client(guard=Guard(), gap=0))
    assert troubled(refused.value, where).result == Result.REFUSED
    assert channels.at("/webhook/inside") == []


def test_wecom_gets_the_text_and_calls_everybody_when_urgent(channels: Channels) -> None:
    send("wecom", channels.say("/wecom/text", "good"), replace(PARCEL, urgent=True, repeat=True))
    (got,) = channels.at("/wecom/text")
    assert got.json["text"]["content"].splitlines() == [
        "【可能重复】【紧急】首次回应还有 60 分钟",
        "致丁值班",
        "宿舍停水一事，须在今天 10:00 前首次公开回应。",
        "查看：https://desk.example/cases/2026-0001/",
        "签收：https://desk.example/a/abcdefabcdefabcdefabcdef/",
    ]
    assert got.json["text"]["mentioned_list"] == ["@all"]


def test_wecom_never_gets_more_than_2048_bytes_and_never_loses_the_links(channels: Channels) -> None:
    send("wecom", channels.say("/wecom/long", "good"), replace(PARCEL, body="停水👨‍👩‍👧" * 2000))
    text = channels.at("/wecom/long")[0].json["text"]["content"]
    assert len(text.encode()) <= 2048
    assert text.endswith(PARCEL.ack)
    assert PARCEL.link in text


def test_dingtalk_is_signed_with_its_secret(channels: Channels) -> None:
    address = channels.say("/dingtalk/sign", "good") + "?access_token=t0ken"
    send("dingtalk", address, secret="SECabc")
    query = parse_qs(urlsplit(channels.at("/dingtalk/sign")[0].path).query)
    stamp = str(int(AT.timestamp() * 1000))
    mac = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert query == {
        "access_token": ["t0ken"],
        "timestamp": [stamp],
        "sign": [base64.b64encode(mac).decode()],
    }


def test_feishu_is_signed_with_its_secret(channels: Channels) -> None:
    send("feishu", channels.say("/feishu/sign", "good"), secret="s3cret")
    said = channels.at("/feishu/sign")[0].json
    stamp = str(int(AT.timestamp()))
    mac = hmac.new(f"{stamp}\ns3cret".encode(), b"", hashlib.sha256).digest()
    assert (said["timestamp"], said["sign"]) == (stamp, base64.b64encode(mac).decode())


def test_a_webhook_is_signed_and_carries_a_key_against_doubles(channels: Channels) -> None:
    send("webhook", channels.say("/webhook/sign", "good"), secret="s3cret")
    (got,) = channels.at("/webhook/sign")
    stamp = got.headers["x-huiying-timestamp"].encode()
    mac = hmac.new(b"s3cret", stamp + b"." + got.body, hashlib.sha256).hexdigest()
    assert got.headers["x-huiying-signature"] == "sha256=" + mac
    assert got.headers["idempotency-key"] == PARCEL.ident
    assert (got.json["case"], got.json["acknowledge"]) == ("2026-0001", PARCEL.ack)


@pytest.mark.parametrize(
    ("settings", "body", "arrived"),
    [
        ({"path": "data.state", "value": "queued"}, {"data": {"state": "queued"}}, True),
        ({"path": "data.state", "value": "queued"}, {"data": {"state": "dropped"}}, False),
        ({"path": "done", "value": "true"}, {"done": True}, True),
        ({"pattern": '"n": ?1'}, {"n": 1}, True),
        ({"pattern": '"n": ?1'}, {"n": 2}, False),
        ({}, {"code": 0}, True),
        ({}, {"code": 200}, True),
        ({}, {"code": 500}, False),
        ({}, {"success": False}, False),
        ({}, ["a list"], True),
    ],
)
def test_the_operator_says_what_a_good_answer_is(
    channels: Channels, settings: dict[str, str], body: Any, arrived: bool
) -> None:
    address = channels.answer("/webhook/expect", body)
    assert send("webhook", address, settings=settings).sent is arrived


GATEWAY = {
    "kind": "json",
    "body": '{"mobile":"{phone}","content":"【九中】{text}","key":"{secret}"}',
    "path": "status",
    "value": "0",
    "headers": "X-Key: {secret}",
}


def test_sms_fills_the_gateways_template(channels: Channels) -> None:
    gateway = {**GATEWAY, "address": channels.say("/sms/json", "good")}
    tricky = replace(PARCEL, subject='引号" 和 {secret}', body="")
    assert send("sms", "13800138000", tricky, secret="k3y-k3y", settings=gateway).sent
    (got,) = channels.at("/sms/json")
    assert got.json["mobile"] == "13800138000"
    assert got.json["content"].startswith('【九中】引号" 和 {secret}')
    assert got.json["key"] == got.headers["x-key"] == "k3y-k3y"


def test_sms_by_form_and_by_get_are_escaped_for_their_place(channels: Channels) -> None:
    form = {
        **GATEWAY,
        "kind": "form",
        "body": "m={phone}&c={text}",
        "address": channels.say("/sms/form", "good"),
    }
    get = {**GATEWAY, "kind": "none", "address": channels.say("/sms/get", "good") + "?m={phone}&c={text}"}
    odd = replace(PARCEL, subject="a&b=c", body="", link="", ack="")
    assert send("sms", "13800138000", odd, settings=form).sent
    assert send("sms", "13800138000", odd, settings=get).sent
    assert parse_qs(channels.at("/sms/form")[0].text) == {"m": ["13800138000"], "c": ["a&b=c"]}
    assert parse_qs(urlsplit(channels.at("/sms/get")[0].path).query) == {"m": ["13800138000"], "c": ["a&b=c"]}


def test_sms_counts_only_what_the_gateway_took(channels: Channels) -> None:
    gateway = {**GATEWAY, "address": channels.say("/sms/lie", "lie")}
    outcome = send("sms", "13800138000", settings=gateway, secret="k3y-k3y")
    assert outcome.result == Result.FAILED
    assert "no balance" in outcome.said.zh


def test_sms_without_a_gateway_says_so() -> None:
    assert send("sms", "13800138000").said.zh.startswith("还没有设置短信网关")


def test_a_long_sms_keeps_the_link_that_acknowledges(channels: Channels) -> None:
    gateway = {**GATEWAY, "address": channels.say("/sms/long", "good"), "most": 120}
    send("sms", "13800138000", replace(PARCEL, body="长" * 500), settings=gateway)
    content = channels.at("/sms/long")[0].json["content"].removeprefix("【九中】")
    assert len(content) <= 120
    assert content.endswith(PARCEL.ack)


def test_a_mail_arrives_with_a_lasting_message_id(mail_server: SmtpServer) -> None:
    assert send("mail", "zhiban@school.example").sent
    ((_sender, to, data),) = mail_server.mails
    assert [line.split(":")[1] for line in to] == ["<zhiban@school.example>"]
    assert f"Message-ID: <{PARCEL.ident}@school.example>".encode() in data


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        ({"RCPT": "550"}, Result.REFUSED),
        ({"RCPT": "450"}, Result.FAILED),
        ({"END": "552"}, Result.REFUSED),
        ({"END": "451"}, Result.FAILED),
        ({"END": "drop"}, Result.UNKNOWN),
    ],
)
def test_a_mail_servers_refusal_is_told_by_its_step(
    mail_server: SmtpServer, fault: dict[str, str], result: Result
) -> None:
    mail_server.faults = fault
    mail_server.words = "zhiban@school.example is not wanted"
    outcome = send("mail", "zhiban@school.example")
    assert outcome.result == result
    assert "zhiban@" not in outcome.said.zh + outcome.said.en


def test_no_mail_server_means_not_delivered(settings: Any) -> None:
    settings.HUIYING_MAIL_READY = False
    outcome = send("mail", "zhiban@school.example")
    assert (outcome.result, "HUIYING_MAIL_URL" in outcome.said.zh) == (Result.FAILED, True)


def test_apprise_takes_the_long_tail(channels: Channels) -> None:
    address = channels.say("/webhook/apprise", "good").replace("http://", "json://")
    assert send("apprise", address).sent
    (got,) = channels.at("/webhook/apprise")
    assert got.json["title"] == PARCEL.subject
    assert PARCEL.ack in got.json["message"]


def test_apprise_does_not_reach_private_networks(channels: Channels) -> None:
    address = channels.say("/webhook/inner", "good").replace("http://", "json://")
    where = Route(address=address)
    with pytest.raises(Trouble):
        NOTICES["apprise"].send(PARCEL, where, Client(guard=Guard(), gap=0))
    assert channels.at("/webhook/inner") == []


def test_apprise_failures_leave_it_open(channels: Channels) -> None:
    address = channels.say("/webhook/broken", "500").replace("http://", "json://")
    assert send("apprise", address).result == Result.UNKNOWN


@pytest.mark.parametrize(
    "address", ["wecombot://abcdef", "dingtalk://abcdef", "feishu://abc", "nosuch://x", "mqtt://h"]
)
def test_apprise_is_not_used_where_it_would_claim_success(address: str) -> None:
    assert send("apprise", address).result == Result.REFUSED


def test_what_the_other_side_says_is_kept_without_our_secrets() -> None:
    route = Route(address="https://hook.example/send/abcdef123456?key=topsecretkey", secret="hush-hush")
    said = scrub("bad key topsecretkey at /send/abcdef123456 with hush-hush from 13800138000", route)
    assert said == "bad key … at /send/… with … from 138****8000"


def test_mastodon_posts_as_the_institution(channels: Channels) -> None:
    channels.answer("/api/v1/statuses", {"id": "11", "url": "https://social.example/@school/11"})
    channels.answer("/api/v2/search", {"statuses": [{"id": "7"}]})
    parcel = replace(PARCEL, reply_to="https://social.example/@someone/7", body="长" * 900)
    outcome = publish("mastodon", channels.address, parcel, secret="t0ken-t0ken")
    assert (outcome.sent, outcome.address) == (True, "https://social.example/@school/11")
    got = channels.at("/api/v1/statuses")[-1]
    assert got.headers["authorization"] == "Bearer t0ken-t0ken"
    assert got.headers["idempotency-key"] == PARCEL.ident
    assert got.json["in_reply_to_id"] == "7"
    assert got.json["status"].endswith(PARCEL.link)
    assert len(got.json["status"]) - len(PARCEL.link) + 23 <= 500


def test_mastodons_refusal_is_told_in_its_words(channels: Channels) -> None:
    channels.answer("/api/v1/statuses", {"error": "The access token is invalid"}, 401)
    outcome = publish("mastodon", channels.address, secret="t0ken-t0ken")
    assert (outcome.result, outcome.said.zh) == (
        Result.REFUSED,
        "对方返回 HTTP 401：The access token is invalid",
    )


def test_discourse_answers_under_the_topic(channels: Channels) -> None:
    channels.answer("/posts.json", {"id": 5, "topic_id": 42, "topic_slug": "water", "post_number": 3})
    parcel = replace(PARCEL, reply_to=f"{channels.address}/t/water/42/1")
    outcome = publish("discourse", channels.address, parcel, secret="k3y", settings={"username": "school"})
    assert outcome.address == f"{channels.address}/t/water/42/3"
    got = channels.at("/posts.json")[-1]
    assert (got.json["topic_id"], got.headers["api-username"]) == (42, "school")


def test_discourse_finds_the_topic_that_an_uncertain_try_made(channels: Channels) -> None:
    channels.answer(f"/t/external_id/{PARCEL.ident}.json", {"id": 42, "slug": "water"})
    before = len(channels.at("/posts.json"))
    outcome = publish("discourse", channels.address, replace(PARCEL, repeat=True), secret="k3y")
    assert outcome.address == f"{channels.address}/t/water/42"
    assert len(channels.at("/posts.json")) == before


def test_a_webhook_outlet_says_where_the_publication_stands(channels: Channels) -> None:
    address = channels.answer("/webhook/outlet", {"ok": True, "url": "https://paper.example/1"})
    assert publish("webhook", address).address == "https://paper.example/1"
