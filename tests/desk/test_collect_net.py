"""Going out to read: nothing leads inside, and nothing that a site does takes more than it may."""

import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from huiying.desk.net.client import Client, check_url, retry_after
from huiying.desk.net.guard import Guard, closed, ip_address
from huiying.desk.net.packing import STEP, unpack
from huiying.desk.net.trouble import Trouble
from tests.desk.servers.sites import HOSTILE, Site, serving, visitor


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def trouble_at(url: str, client: Client | None = None) -> str:
    with pytest.raises(Trouble) as caught, client or visitor() as going:
        going.get(url)
    assert caught.value.message.zh
    assert caught.value.mend.en
    return caught.value.code


@pytest.mark.parametrize("path", HOSTILE)
def test_what_a_hostile_site_does_ends_in_its_own_words(site: Site, path: str) -> None:
    act, code = HOSTILE[path]
    assert trouble_at(site.does(path, act)) == code


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/feed",
        "http://localhost/feed",
        "http://[::1]/feed",
        "http://[::ffff:127.0.0.1]/feed",
        "http://0.0.0.0/feed",
        "http://10.0.0.8/feed",
        "http://169.254.169.254/latest/meta-data/",
        "http://192.168.1.1/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://100.64.0.1/",
    ],
)
def test_private_and_local_addresses_are_refused_unless_the_operator_lists_them(address: str) -> None:
    assert trouble_at(address, Client(gap=0)) == "address.refused"


@pytest.mark.parametrize("address", ["http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1./x"])
def test_numbers_that_could_be_read_as_local_addresses_are_no_addresses(address: str) -> None:
    assert trouble_at(address, Client(gap=0)) in {"address.invalid", "address.refused"}


@pytest.mark.parametrize(
    "address",
    ["ftp://example.cn/x", "file:///etc/passwd", "gopher://example.cn", "http://", "javascript:1", ""],
)
def test_other_schemes_and_impossible_hosts_are_no_addresses(address: str) -> None:
    with pytest.raises(Trouble, match=r"address\.invalid"):
        check_url(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://bbs.example.cn",
        "https://a_b.example.cn./x?y=1",
        "http://8.8.8.8:8080/",
        "http://[2001:4860::8888]/",
    ],
)
def test_usual_addresses_are_taken(address: str) -> None:
    assert check_url(address).startswith(address.split("?")[0].rstrip("/"))


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(Trouble) as caught:
        check_url("http://reader:topsecret@example.cn/feed")
    assert "topsecret" not in caught.value.message.zh + caught.value.message.en


def test_a_redirect_into_a_private_network_is_refused(site: Site) -> None:
    assert trouble_at(site.sends("/out", "http://10.1.2.3/secret")) == "address.refused"


def test_a_redirect_to_another_scheme_is_refused(site: Site) -> None:
    assert trouble_at(site.sends("/out", "file:///etc/passwd")) == "address.invalid"


def test_redirects_in_a_circle_end(site: Site) -> None:
    site.sends("/a", "/b")
    site.sends("/b", "/a")
    assert trouble_at(site.url("/a")) == "redirect.loop"
    for number in range(9):
        site.sends(f"/long{number}", f"/long{number + 1}")
    assert trouble_at(site.url("/long0")) == "redirect.loop"


def test_a_name_that_changes_its_answer_leads_nowhere(site: Site) -> None:
    """DNS rebinding: the first answer is listed, the second is inside; the second connection is refused."""
    answers = iter([["127.0.0.1"], ["10.0.0.7"]])
    site.sends("/a", site.url("/b", host="news.example.cn"))
    site.says("/b", "inside")
    client = visitor(resolve=lambda host, port: next(answers))
    assert trouble_at(site.url("/a", host="news.example.cn"), client) == "address.refused"
    assert site.times("/b") == 0


def test_a_name_is_looked_up_once_and_the_judged_address_is_connected_to(site: Site) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    site.says("/feed", "hello")
    with visitor(resolve=resolve) as client:
        assert client.get(site.url("/feed", host="news.example.cn")).body == b"hello"
    assert asked == ["news.example.cn"]


def test_a_name_with_one_public_and_one_private_address_is_refused_whole() -> None:
    guard = Guard(resolve=lambda host, port: ["93.184.216.34", "192.168.0.10"])
    with pytest.raises(Trouble, match=r"address\.refused"):
        guard.addresses("news.example.cn", 80)


def test_a_listed_network_may_be_reached_on_every_port_and_a_public_host_only_on_usual_ones() -> None:
    guard = Guard(allow=(ip_network("10.8.0.0/16"),), resolve=lambda host, port: ["93.184.216.34"])
    assert guard.addresses("10.8.1.1", 22) == ["10.8.1.1"]
    assert guard.addresses("news.example.cn", 8443) == ["93.184.216.34"]
    with pytest.raises(Trouble, match=r"port\.refused"):
        guard.addresses("news.example.cn", 22)
    with pytest.raises(Trouble, match=r"port\.refused"):
        guard.addresses("news.example.cn", 993)
    assert guard.for_mail().addresses("news.example.cn", 993) == ["93.184.216.34"]


def test_an_unknown_name_says_so() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    assert trouble_at("http://nowhere.example.cn/", visitor(resolve=resolve)) == "dns.failed"


def test_public_addresses_are_open() -> None:
    assert not closed(ip_address("93.184.216.34"))
    assert not closed(ip_address("2606:2800:220:1:248:1893:25c8:1946"))


def test_a_token_stays_with_the_site_it_is_for(site: Site) -> None:
    site.sends("/api", site.url("/elsewhere", host="localhost"))
    site.says("/elsewhere", "{}")
    with visitor() as client:
        client.get(site.url("/api"), private={"Authorization": "Bearer abc"})
    assert [headers.get("authorization") for _path, headers in site.asked] == ["Bearer abc", None]


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "http.denied"), (403, "http.denied"), (404, "http.gone"), (410, "http.gone"), (429, "http.busy"),
     (500, "http.server"), (503, "http.server"), (418, "http.other")],
)  # fmt: skip
def test_a_status_is_said_in_words(site: Site, status: int, code: str) -> None:
    assert trouble_at(site.says("/x", b"no", status=status)) == code


def test_how_long_a_site_asks_to_stay_away(site: Site) -> None:
    now = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert retry_after("120", now) == timedelta(minutes=2)
    assert retry_after("Tue, 24 Nov 2026 01:10:00 GMT", now) == timedelta(minutes=10)
    assert retry_after("99999999999", now) == timedelta(days=1)
    assert retry_after("Tue, 24 Nov 2026 00:10:00 GMT", now) == timedelta(0)
    assert retry_after("soon", now) is None
    with pytest.raises(Trouble) as caught, visitor() as client:
        client.get(site.says("/busy", b"", status=429, retry_after="90"))
    assert caught.value.retry_after == timedelta(seconds=90)


@pytest.mark.parametrize(
    "pack", [gzip.compress, zlib.compress, lambda body: zlib.compress(body)[2:-4], lambda body: body]
)
@pytest.mark.parametrize("piece", [1, 7, 65536])
@pytest.mark.parametrize("body", [b"<rss>" + bytes(3 * STEP), b"<rss/>", b"<" + bytes(range(256)) * 5000])
def test_packed_content_arrives_whole_however_it_is_cut_up(pack: object, piece: int, body: bytes) -> None:
    packed = pack(body)  # type: ignore[operator]
    if piece == 1 and len(packed) > 100_000:
        packed, body = packed[:0], b""
    pieces = [packed[n : n + piece] for n in range(0, len(packed), piece)]
    assert b"".join(unpack(pieces, "gzip")) == body


def test_packing_nobody_asked_for_is_named() -> None:
    with pytest.raises(Trouble, match=r"packing\.broken"):
        list(unpack([b"x"], "br"))
    with pytest.raises(Trouble, match=r"packing\.broken"):
        list(unpack([b"\x1f\x8b" + bytes(40)], "gzip"))


def test_the_second_request_to_a_host_waits(site: Site) -> None:
    waited: list[float] = []
    site.says("/a", "x")
    client = Client(guard=visitor().guard, gap=1.5, pause=waited.append)
    for _ in range(3):
        client.get(site.url("/a"))
    assert waited == [1.5, 1.5]
