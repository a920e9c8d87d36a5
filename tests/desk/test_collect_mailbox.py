"""A mailbox is read and never written to, and no message keeps back those after it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from huiying.desk.collect.sources.base import Harvest, Visit
from huiying.desk.collect.sources.mailbox.fetch import fetch, folder_name
from huiying.desk.collect.sources.mailbox.parse import parse
from huiying.desk.collect.trouble import Trouble
from tests.desk.servers.mail import Post, post_office
from tests.desk.servers.sites import QUICK, visitor
from tests.desk.world import NOW

BEIJING = ZoneInfo("Asia/Shanghai")
LETTER = (
    "From: =?utf-8?b?5p+Q5a625LmF?= <parent@example.cn>\r\nSubject: =?gb2312?b?ubnR0w==?= {}\r\n"
    "Message-ID: <{}@example.cn>\r\nDate: Tue, 24 Nov 2026 08:00:00 +0800\r\n"
    "Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
)


def letter(number: int, text: str = "宿舍停水三天了") -> bytes:
    return LETTER.format(number, number).encode() + text.encode("gb18030")


@pytest.fixture
def post() -> Iterator[Post]:
    with post_office() as running:
        yield running


def read(post: Post, cursor: dict[str, Any] | None = None, **settings: Any) -> Harvest:
    own = {
        "host": "127.0.0.1",
        "port": post.port,
        "tls": False,
        "user": "desk",
        "folder": "INBOX",
        **settings,
    }
    visit = Visit(
        settings=own, client=visitor(), now=NOW, zone=BEIJING, secret="letmein", cursor=cursor or {}
    )
    return fetch(visit)


def trouble_of(post: Post, **settings: Any) -> Trouble:
    with pytest.raises(Trouble) as caught:
        read(post, **settings)
    return caught.value


def test_new_messages_are_read_once_and_the_box_is_left_as_it_was(post: Post) -> None:
    post.messages = {3: letter(3), 5: letter(5)}
    harvest = read(post)
    assert [item.key for item in harvest.items] == ["<3@example.cn>", "<5@example.cn>"]
    assert harvest.items[0].text == "宿舍停水三天了"
    assert harvest.items[0].posted_at == datetime(2026, 11, 24, tzinfo=UTC)
    assert harvest.payloads[1].body == letter(5)
    post.messages[9] = letter(9)
    later = read(post, harvest.cursor)
    assert [item.key for item in later.items] == ["<9@example.cn>"]
    assert read(post, later.cursor).unchanged
    said = " ".join(post.said)
    assert "EXAMINE" in said and "SELECT" not in said and "STORE" not in said and "BODY.PEEK" in said


def test_the_first_visit_reads_the_last_week_and_not_the_years_before(post: Post) -> None:
    read(post)
    assert any("SINCE 17-Nov-2026" in said for said in post.said)


def test_a_box_that_was_made_anew_is_read_from_its_beginning(post: Post) -> None:
    post.messages = {3: letter(3)}
    cursor = read(post).cursor
    post.validity, post.messages = 2, {1: letter(11)}
    assert [item.key for item in read(post, cursor).items] == ["<11@example.cn>"]


def test_a_message_that_is_too_large_is_named_and_passed_over(post: Post) -> None:
    post.messages, post.mood = {3: letter(3)}, "huge"
    harvest = read(post)
    assert harvest.items == []
    assert (harvest.rejected[0].place, harvest.cursor["uid"]) == ("UID 3", 3)


def test_a_message_that_nobody_can_read_keeps_back_no_other(post: Post) -> None:
    broken = b"Subject: =?x?q?\xff?=\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n\x00\xff"
    post.messages = {3: broken, 4: b"\xff\xfe", 5: letter(5)}
    harvest = read(post)
    assert harvest.items[-1].key == "<5@example.cn>"
    assert harvest.cursor["uid"] == 5


def test_a_wrong_password_says_so_and_is_not_repeated(post: Post) -> None:
    post.password = "other"
    trouble = trouble_of(post)
    assert trouble.code == "mail.login"
    assert "letmein" not in trouble.message.zh + trouble.message.en


def test_what_goes_wrong_is_told_apart(post: Post) -> None:
    assert trouble_of(post, folder="举报").code == "mail.folder"
    assert trouble_of(post, port=1).code == "connect.failed"
    assert trouble_of(post, tls=True).code == "tls.failed"
    assert trouble_of(post, host="192.168.0.3").code == "address.refused"
    post.mood = "garbage"
    assert trouble_of(post).code == "mail.broken"


def test_a_server_that_drips_is_left_in_time(post: Post) -> None:
    post.messages, post.mood = {3: letter(3)}, "drip"
    own = {"host": "127.0.0.1", "port": post.port, "tls": False, "user": "desk"}
    hurried = visitor(limits=type(QUICK)(connect=1, read=1, visit=0.6))
    with pytest.raises(Trouble, match="timeout"):
        fetch(Visit(settings=own, client=hurried, now=NOW, zone=BEIJING, secret="letmein"))


def test_a_letter_in_parts_gives_its_words() -> None:
    parts = (
        b"Subject: x\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"<p>\xe5\x81\x9c\xe6\xb0\xb4</p><script>x</script>\r\n--b--\r\n"
    )
    item = parse(parts, "uid:1:2", 0, NOW, BEIJING)
    assert (item.key, item.title, item.text) == ("uid:1:2", "x", "停水")
    assert parse(b"", "uid:1:3", 0, NOW, BEIJING).title == "uid:1:3"


def test_folders_are_named_as_imap_names_them() -> None:
    assert folder_name("INBOX") == "INBOX"
    assert folder_name("台北") == "&U,BTFw-"
    assert folder_name("R&D/举报") == "R&-D/&Tj5ipQ-"
