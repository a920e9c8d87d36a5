"""Whatever bytes a stranger sends, reading ends in items or in a trouble that says what to do: never in a fault of ours."""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import clean, one_line, page_title, plain
from huiying.desk.collect.sources.api.parse import count_of, dig, words
from huiying.desk.collect.sources.api.parse import parse as parse_api
from huiying.desk.collect.sources.api.suggest import suggest_mapping
from huiying.desk.collect.sources.base import Harvest, Item, key_of, trimmed, web_address
from huiying.desk.collect.sources.feed.discover import feed_addresses
from huiying.desk.collect.sources.feed.parse import parse as parse_feed
from huiying.desk.collect.sources.feed.parse import without_doctype
from huiying.desk.collect.sources.inbound.parse import parse as parse_inbound
from huiying.desk.collect.sources.mailbox.fetch import folder_name
from huiying.desk.collect.sources.mailbox.parse import parse as parse_mail
from huiying.desk.collect.sources.newsnow.parse import parse as parse_newsnow
from huiying.desk.collect.sources.page.parse import article_text, article_time, parse_list
from huiying.desk.collect.sources.page.suggest import suggest_lists
from huiying.desk.collect.sources.upload.parse import excel_serial, guess_columns, read_rows, read_table
from huiying.desk.collect.sources.when import posting_time
from huiying.desk.collect.trouble import WHAT, Trouble
from huiying.desk.net.packing import unpack
from tests.desk.world import NOW

BEIJING = ZoneInfo("Asia/Shanghai")
often = settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
seldom = settings(
    max_examples=50, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

PIECES = st.sampled_from(
    [
        b"<rss version='2.0'>", b"<channel>", b"<item>", b"</item>", b"<title>", b"</title>", b"<![CDATA[", b"]]>", b"<guid>",
        b"<!DOCTYPE rss [", b"<!ENTITY x 'y'>", b"&x;", b"&amp;", b"&#x0;", b"&#55296;", b"<feed xmlns='http://www.w3.org/2005/Atom'>",
        b"<entry>", b"<link href='/a'/>", b"<link>javascript:1</link>", b"<pubDate>2026-11-24 08:00</pubDate>", "停水".encode(),
        "停水".encode("gb18030"), b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<?xml version='1.0' encoding='gb2312'?>", b"<!--", b"-->", b">",
        b"<a href='http://[x'>", b"<div class='list'>", b"<li class='item'>", b"{\"items\": [", b"{", b"}", b"]", b"\"title\": ", b"null", b",",
    ]
)  # fmt: skip
SOUP = st.lists(PIECES, max_size=30).map(b"".join)
BYTES = st.one_of(st.binary(max_size=400), SOUP)
TYPES = st.sampled_from(
    [
        "",
        "text/xml",
        "text/html; charset=gbk",
        "application/json; charset=utf-16",
        "x; charset=%%",
        "text/xml; charset=",
    ]
)


def sane(items: list[Item]) -> None:
    """What every item keeps, whoever wrote it."""
    for item in items:
        assert item.title or item.text
        assert 0 < len(item.key) <= 128 and item.key.isascii() and item.key.isprintable()
        assert not item.address or item.address.startswith(("http://", "https://"))
        assert "\x00" not in item.title + item.text + item.address + item.author
        assert "\n" not in item.title and len(item.title) <= 500
        assert 0 <= item.reach < 2**31
        assert item.posted_at is None or item.posted_at.tzinfo is not None


def read(reader: Callable[[], Harvest]) -> None:
    try:
        harvest = reader()
    except Trouble as trouble:
        assert trouble.code in WHAT
        assert trouble.message.zh and trouble.mend.en
        return
    sane(harvest.items)
    for remark in harvest.rejected:
        assert remark.where.zh and remark.message.en


@often
@given(BYTES, TYPES)
@example(b"<rss><channel><item><title>x</title><link>http://[bad</link></item></channel></rss>", "")
@example(b'{"version": "https://jsonfeed.org/version/1", "items": [1, null, {"id": {}}]}', "")
@example(b'{"version": 1, "items": {}}', "")
@example(b"[1, 2]", "application/json")
@example(b"<rss><channel><item><title>&#55296;</title></item></channel></rss>", "")
def test_any_bytes_as_a_feed(body: bytes, kind: str) -> None:
    read(lambda: parse_feed(body, kind, "https://x.example.cn/rss", NOW, BEIJING))


@often
@given(BYTES, TYPES)
@example(b'{"items": [null, [], {"title": {"a": 1}, "extra": 3, "url": 7, "pubDate": []}]}', "")
@example(b'{"items": [], "updatedTime": 1e400}', "")
def test_any_bytes_as_a_hot_list(body: bytes, kind: str) -> None:
    read(lambda: parse_newsnow(body, kind, NOW, BEIJING))


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["data", "list", "title", "id", "url", "mentions"]), inner, max_size=4),
    max_leaves=16,
)  # fmt: skip
PATHS = st.text(alphabet="ab.[]{}0-9/title data", max_size=16)


@often
@given(JSONS, PATHS, PATHS)
@example({"data": {"list": [{"title": 10**400}]}}, "data.list", "title")
def test_any_answer_through_any_mapping(answer: object, items: str, title: str) -> None:
    body = json.dumps(answer, default=str).encode()
    mapping = {"items": items, "title": title, "text": "title", "link": "{url}", "key": "id", "reach": "id"}
    read(lambda: parse_api(body, "application/json", mapping, NOW, BEIJING))
    suggest_mapping(body)


@often
@given(JSONS, PATHS)
def test_a_path_leads_somewhere_or_nowhere_and_never_fails(answer: object, path: str) -> None:
    dig(answer, path)
    assert isinstance(words(answer, path), str)


@often
@given(st.one_of(BYTES, JSONS.map(lambda value: json.dumps(value).encode())))
def test_any_body_of_a_call(body: bytes) -> None:
    read(lambda: parse_inbound(body, NOW, BEIJING))


@seldom
@given(BYTES, TYPES, st.sampled_from(["li", "div.list li.item", "*", "li:nth-child(2n)", "a", "body"]))
def test_any_bytes_as_a_page(body: bytes, kind: str, item: str) -> None:
    try:
        links = parse_list(body, kind, "https://x.example.cn/list", {"item": item, "date": "span"})
    except Trouble as trouble:
        assert trouble.code in WHAT
    else:
        assert all(link.title and link.address.startswith("http") for link in links)


@seldom
@given(BYTES, TYPES)
def test_any_bytes_as_an_article(body: bytes, kind: str) -> None:
    try:
        assert isinstance(article_text(body, kind), str)
        article_time(body, kind, NOW, BEIJING)
    except Trouble as trouble:
        assert trouble.code in WHAT


@seldom
@given(BYTES)
def test_any_bytes_suggest_what_can_be_used_or_nothing(body: bytes) -> None:
    for found in suggest_lists(body):
        assert found.count >= 3 and found.item
    assert all(address.startswith("http") for address in feed_addresses(body, "https://x.example.cn/"))


@often
@given(
    st.one_of(st.binary(max_size=600), SOUP, st.binary(max_size=60).map(lambda b: b"PK\x03\x04" + b)),
    st.text(max_size=20),
)
def test_any_bytes_as_a_table(body: bytes, name: str) -> None:
    try:
        table = read_table(body, name)
    except Trouble as trouble:
        assert trouble.code in {"upload.kind", "too.large"}
        return
    columns = {**guess_columns(table.headings), "title": 0}
    read(lambda: read_rows(table, columns, NOW, BEIJING))


CELLS = st.text(
    alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\r\n"), max_size=12
)


@often
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8), st.sampled_from(["utf-8-sig", "gb18030"]))
def test_every_row_of_a_table_is_read_or_named(rows: list[tuple[str, str]], encoding: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["标题", "正文"], *rows])
    table = read_table(out.getvalue().encode(encoding, "replace"))
    harvest = read_rows(table, {"title": 0, "text": 1}, NOW, BEIJING)
    filled = sum(1 for row in table.rows if any(cell.strip() for cell in row))
    assert len(harvest.items) + sum(1 for one in harvest.rejected if not one.taken) == filled
    assert len({item.key for item in harvest.items}) == len(harvest.items)


@often
@given(
    st.one_of(
        BYTES,
        st.binary(max_size=200).map(
            lambda b: b"Subject: " + b + b"\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        ),
    )
)
@example(b'Content-Type: text/plain; charset="nonsense"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!')
@example(b"From: \xff\xfe\r\nDate: never\r\nMessage-ID: <\x00>\r\n\r\n")
def test_any_bytes_as_a_letter(body: bytes) -> None:
    try:
        item = parse_mail(body, "uid:1:1", 0, NOW, BEIJING)
    except (ValueError, IndexError, AttributeError, TypeError, LookupError, AssertionError):
        return  # the standard parser's own faults: the mailbox names such a message and goes on
    sane([item])


@often
@given(st.binary(max_size=300), TYPES)
def test_any_bytes_are_text_in_some_encoding(body: bytes, kind: str) -> None:
    text, name = decode(body, kind)
    assert isinstance(text, str) and name


HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=8, max_size=60)


@often
@given(
    HAN,
    st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-8-sig"]),
    TYPES.filter(lambda kind: "utf-16" not in kind),
)
def test_chinese_is_read_back_whatever_is_declared(text: str, encoding: str, kind: str) -> None:
    said = f"<p>{text}</p>"
    assert decode(said.encode(encoding), kind)[0].lstrip("\ufeff") == said


@often
@given(st.text(max_size=300))
@example("<scr<script>ipt>alert(1)</scr</script>ipt>")
@example("&lt;script&gt;alert(1)&lt;/script&gt;")
def test_plain_text_has_no_control_characters_and_is_stable(text: str) -> None:
    found = plain(text)
    assert not any(ord(c) < 32 and c != "\n" for c in found)
    assert clean(found) == found
    assert "\n" not in one_line(text)
    assert len(page_title(text)) <= 80


@often
@given(st.text(max_size=80))
def test_what_may_be_sent_or_stored_is_so_whatever_it_was_made_of(text: str) -> None:
    assert count_of(text) >= 0
    assert web_address(text, "https://x.example.cn/") == "" or web_address(
        text, "https://x.example.cn/"
    ).startswith("http")
    assert key_of(text, "x").isascii() and len(key_of(text, "x")) <= 128
    assert folder_name(text).isascii()
    assert isinstance(excel_serial(text), str)
    posting_time(text, NOW, BEIJING)
    title, body = trimmed(text, text)
    assert body == "" and "\n" not in title
    without_doctype(text)


@seldom
@given(st.binary(max_size=5000), st.integers(1, 999), st.sampled_from([gzip.compress, zlib.compress]))
def test_what_was_packed_comes_out_as_it_was(body: bytes, piece: int, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(body)
    pieces = [packed[n : n + piece] for n in range(0, len(packed), piece)]
    assert b"".join(unpack(pieces, "gzip")) == body


@seldom
@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "x-gzip"]))
def test_any_bytes_that_say_they_are_packed(body: bytes, packing: str) -> None:
    try:
        b"".join(unpack([body], packing))
    except Trouble as trouble:
        assert trouble.code in {"packing.broken", "cut.short"}


@pytest.mark.parametrize("code", sorted(WHAT))
def test_every_trouble_says_what_happened_and_what_to_do_in_both_languages(code: str) -> None:
    trouble = Trouble(code, "detail")
    assert trouble.message.zh.endswith("：detail")
    assert trouble.message.en.endswith(": detail")
    assert len(trouble.mend.zh) > 4 and len(trouble.mend.en) > 10
    assert trouble.message.en.isascii()
