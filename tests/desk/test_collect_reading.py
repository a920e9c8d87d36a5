"""Reading what sources say: every format, every encoding, every way of writing a time."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import plain
from huiying.desk.collect.sources.api.fetch import fetch as fetch_api
from huiying.desk.collect.sources.api.parse import count_of, dig, words
from huiying.desk.collect.sources.base import Harvest, Visit
from huiying.desk.collect.sources.feed.fetch import fetch as fetch_feed
from huiying.desk.collect.sources.feed.parse import parse, without_doctype
from huiying.desk.collect.sources.newsnow.fetch import fetch as fetch_newsnow
from huiying.desk.collect.sources.page.fetch import fetch as fetch_page
from huiying.desk.collect.sources.rsshub.fetch import fetch as fetch_rsshub
from huiying.desk.collect.trouble import Trouble
from tests.desk.servers.sites import Site, serving, visitor
from tests.desk.world import NOW

BEIJING = ZoneInfo("Asia/Shanghai")
RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>青禾论坛</title>
<item><guid isPermaLink="false">t-1</guid><title>宿舍停水三天了</title><link>/t/1</link>
<description>&lt;p&gt;第一段&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;p&gt;第二段&lt;/p&gt;</description>
<dc:creator>某网友</dc:creator><pubDate>{date}</pubDate></item>
</channel></rss>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def rss(date: str = "Tue, 24 Nov 2026 08:00:00 +0800", encoding: str = "utf-8") -> str:
    return RSS.format(date=date, encoding=encoding)


def read(text: str | bytes, content_type: str = "application/xml") -> Harvest:
    body = text.encode() if isinstance(text, str) else text
    return parse(body, content_type, "https://bbs.example.cn/rss", NOW, BEIJING)


def going(settings: dict[str, Any], **more: Any) -> Visit:
    return Visit(settings=settings, client=visitor(), now=NOW, zone=BEIJING, **more)


# feeds


def test_an_rss_item_is_read_with_its_link_author_text_and_time() -> None:
    [item] = read(rss()).items
    assert (item.key, item.title, item.address) == ("t-1", "宿舍停水三天了", "https://bbs.example.cn/t/1")
    assert item.text == "第一段\n第二段"
    assert item.author == "某网友"
    assert item.posted_at == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Tue, 24 Nov 2026 08:00:00 +0800", "2026-11-24T00:00"),
        ("Tue, 24 Nov 2026 08:00:00 CST", "2026-11-24T00:00"),
        ("Tue, 24 Nov 2026 00:00:00 GMT", "2026-11-24T00:00"),
        ("2026-11-24T08:00:00", "2026-11-24T00:00"),
        ("2026-11-24 08:00", "2026-11-24T00:00"),
        ("2026年11月24日 08:00", "2026-11-24T00:00"),
        ("2026年11月23日 08:00", "2026-11-23T00:00"),
        ("11-23 08:00", "2026-11-23T00:00"),
        ("昨天 16:20", "2026-11-23T08:20"),
        ("3分钟前", "2026-11-24T00:57"),
        ("1795482000", "2026-11-24T01:00"),
        ("1795482000000", "2026-11-24T01:00"),
    ],
)
def test_times_are_read_as_they_are_written_there(written: str, meant: str) -> None:
    [item] = read(rss(written)).items
    assert item.posted_at == datetime.fromisoformat(meant).replace(tzinfo=UTC)


def test_a_time_that_cannot_be_read_or_true_is_said_and_the_item_is_taken_without_it() -> None:
    for written in ("某日清晨某时", "Tue, 24 Nov 2036 08:00:00 +0800", "1970-01-01"):
        harvest = read(rss(written))
        assert harvest.items[0].posted_at is None
        [remark] = harvest.rejected
        assert remark.taken and written[:8] in remark.message.zh


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("header", ["text/xml", "text/xml; charset=utf-8", "text/xml; charset=gb2312"])
@pytest.mark.parametrize("real", ["utf-8", "gb18030", "utf-16", "utf-8-sig"])
def test_whatever_encoding_is_declared_the_real_one_is_found(real: str, header: str, declared: str) -> None:
    [item] = read(rss(encoding=declared).encode(real), header).items
    assert item.title == "宿舍停水三天了"


def test_a_big5_feed_that_says_so_is_read() -> None:
    text = (
        rss(encoding="big5")
        .replace("宿舍停水三天了", "宿舍停水三天")
        .replace("某网友", "x")
        .replace("青禾论坛", "x")
    )
    assert read(text.encode("big5"), "text/xml; charset=big5").items[0].title == "宿舍停水三天"


def test_a_long_ascii_head_does_not_hide_what_comes_after() -> None:
    text = rss().replace("<channel>", "<channel><!--" + "x" * 20_000 + "-->")
    assert read(text, "text/xml; charset=gb2312").items[0].title == "宿舍停水三天了"
    assert decode(b"<p>ok</p>")[0] == "<p>ok</p>"


def test_a_malformed_feed_gives_what_can_be_read_and_says_so() -> None:
    harvest = read(rss().replace("</item>", "</item><item><title>第二条 & 没写完<"))
    assert harvest.items[0].key == "t-1"
    assert any("格式有错" in one.message.zh and one.taken for one in harvest.rejected)


def test_a_feed_that_breaks_off_gives_its_whole_entries() -> None:
    assert read(rss().split("</channel>")[0]).items[0].title == "宿舍停水三天了"


def test_entities_of_a_stranger_are_not_expanded() -> None:
    doctype = (
        '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    )
    text = rss().replace("<rss", doctype + "<rss", 1).replace("第二段", "&b;&f;")
    [item] = read(text).items
    assert "aaaa" not in item.text
    assert "root:" not in item.text


def test_a_document_type_without_end_is_read_once_through() -> None:
    assert without_doctype("<!DOCTYPE a [" * 200_000) == ""
    assert without_doctype("<!DOCTYPE rss><rss/>") == "<rss/>"
    assert without_doctype('<!DOCTYPE rss [<!ENTITY x ">">]><rss/>') == "<rss/>"
    assert plain("<a" * 300_000).startswith("<a")


def test_references_to_half_a_character_are_dropped_and_the_words_around_them_stay() -> None:
    [item] = read(rss().replace("宿舍停水三天了", "停&#55296;水&#xDFFF;了&#0;&#x1F4A7;&#x110000;")).items
    assert item.title == "停水了💧"


def test_entries_without_words_are_named() -> None:
    harvest = read(rss().replace("</channel>", "<item><guid>e</guid></item></channel>"))
    assert len(harvest.items) == 1
    [gone] = harvest.rejected
    assert (gone.where.zh, gone.taken) == ("第 2 条", False)


def test_an_atom_feed_is_read() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>tag:1</id><title type="html">停&lt;b&gt;水&lt;/b&gt;</title>
    <link href="https://x.example.cn/1"/><updated>2026-11-24T08:00:00+08:00</updated><author><name>甲</name></author>
    <content type="html">&lt;p&gt;正文&lt;/p&gt;</content></entry></feed>"""
    [item] = read(atom).items
    assert (item.key, item.title, item.text, item.author) == ("tag:1", "停水", "正文", "甲")


def test_a_json_feed_is_read() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": 7, "url": "https://x.example.cn/7", "title": "停水", "content_html": "<p>正文</p>",
             "date_published": "2026-11-24T08:00:00+08:00", "authors": [{"name": "甲"}]},
            {"id": 8}, "no entry",
        ],
    }  # fmt: skip
    harvest = read(json.dumps(feed), "application/feed+json")
    [item] = harvest.items
    assert (item.key, item.title, item.text, item.author) == ("7", "停水", "正文", "甲")
    assert [one.place for one in harvest.rejected] == ["items[1]", "items[2]"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<!doctype html><title>请输入验证码</title><p>robot?</p>", "feed.html"),
        ("just words", "feed.unreadable"),
        ('{"items": [', "json.unreadable"),
        ('{"items": []}', "feed.unreadable"),
        ("{" * 200_000, "json.unreadable"),
    ],
)
def test_what_is_no_feed_is_told_apart(body: str, code: str) -> None:
    with pytest.raises(Trouble) as caught:
        read(body)
    assert caught.value.code == code
    assert caught.value.evidence


def test_a_page_that_came_instead_of_the_feed_is_named(site: Site) -> None:
    address = site.says("/rss", "<!doctype html><html><title>安全验证</title>", "application/rss+xml")
    with pytest.raises(Trouble) as caught:
        fetch_feed(going({"address": address}))
    assert "安全验证" in caught.value.message.zh


def test_an_empty_feed_is_no_trouble_and_an_empty_answer_is(site: Site) -> None:
    nothing = '<rss version="2.0"><channel><title>x</title></channel></rss>'
    assert fetch_feed(going({"address": site.says("/rss", nothing)})).items == []
    with pytest.raises(Trouble, match=r"body\.empty"):
        fetch_feed(going({"address": site.says("/none", " \n")}))


def test_the_evidence_is_what_came_and_where_from_after_redirects(site: Site) -> None:
    site.says("/new", rss())
    harvest = fetch_feed(going({"address": site.sends("/old", "/new", status=301)}))
    [payload] = harvest.payloads
    assert payload.body == rss().encode()
    assert payload.address == site.url("/new")


# rsshub


def test_rsshub_is_asked_for_json_with_a_code_instead_of_the_key(site: Site) -> None:
    site.says("/people/liuyan/539", json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": []}))
    harvest = fetch_rsshub(going({"address": site.url(""), "route": "/people/liuyan/539"}, secret="k"))
    asked = site.asked[0][0]
    code = hashlib.md5(b"/people/liuyan/539k", usedforsecurity=False).hexdigest()
    assert asked == f"/people/liuyan/539?format=json&code={code}"
    assert code not in harvest.payloads[0].address


def test_an_empty_route_is_rsshub_s_error_and_told_as_one(site: Site) -> None:
    said = "<!doctype html><title>RSSHub</title><p>Looks like something went wrong</p><p>Error Message: this route is empty</p>"
    site.says("/x", said, "text/html", status=503)
    with pytest.raises(Trouble, match=r"rsshub\.error") as caught:
        fetch_rsshub(going({"address": site.url(""), "route": "/x"}))
    assert "this route is empty" in caught.value.message.zh


# newsnow


def test_a_hot_list_is_read_with_its_ranks(site: Site) -> None:
    answer = {
        "status": "cache",
        "updatedTime": (NOW.timestamp() - 600) * 1000,
        "items": [
            {"id": "a", "title": "第一", "url": "https://x.example.cn/a", "extra": {"hover": "<b>说明</b>"}},
            {"id": "b", "url": "https://x.example.cn/b"},
            {"id": "c", "title": "第三", "mobileUrl": "https://m.example.cn/c", "pubDate": 1795482000000},
        ],
    }
    site.says("/api/s", json.dumps(answer), "application/json")
    harvest = fetch_newsnow(going({"address": site.url("/"), "id": "weibo"}))
    assert [(item.key, item.rank, item.kind) for item in harvest.items] == [
        ("a", 1, "list"),
        ("c", 3, "list"),
    ]
    assert harvest.items[0].text == "说明"
    assert harvest.items[0].posted_at is None  # updatedTime dates nothing
    assert [one.place for one in harvest.rejected] == ["items[1]"]
    assert site.asked[0][0] == "/api/s?id=weibo&latest"


def test_an_old_copy_of_a_list_is_said_and_an_error_is_an_error(site: Site) -> None:
    old = {
        "status": "cache",
        "updatedTime": (NOW.timestamp() - 5 * 3600) * 1000,
        "items": [{"id": "a", "title": "x"}],
    }
    site.says("/api/s", json.dumps(old), "application/json")
    assert (
        "5 小时前" in fetch_newsnow(going({"address": site.url("/"), "id": "weibo"})).rejected[0].message.zh
    )
    site.says("/api/s", json.dumps({"status": "error", "message": "Invalid source id"}), "application/json")
    with pytest.raises(Trouble, match=r"newsnow\.error") as caught:
        fetch_newsnow(going({"address": site.url("/"), "id": "none"}))
    assert "Invalid source id" in caught.value.message.en


# pages


LIST = """<html><head><meta charset="gb2312"></head><body><ul class="news">
<li><a href="/a/1.html">关于停水的说明</a><span class="date">2026年11月23日</span></li>
<li><a href="/a/2.html">食堂价格公示</a><span class="date">11-22 09:30</span></li>
<li><a href="javascript:void(0)">更多</a></li></ul></body></html>"""
ARTICLE = """<html><head><title>x</title><meta name="PubDate" content="2026-11-23 10:00"></head><body><nav>首页 栏目 导航</nav>
<article><h1>关于停水的说明</h1><p>{}</p></article><footer>版权所有</footer></body></html>"""
PAGE = {"item": "ul.news > li", "date": "span.date", "article": True, "body": ""}


def board(site: Site) -> dict[str, Any]:
    site.says("/list", LIST.encode("gb18030"), "text/html")
    for number in (1, 2):
        said = f"第 {number} 篇正文，说的是学校的供水安排。" * 12
        site.says(f"/a/{number}.html", ARTICLE.format(said), "text/html; charset=utf-8")
    return {**PAGE, "address": site.url("/list")}


def test_a_list_is_read_and_each_article_opened(site: Site) -> None:
    harvest = fetch_page(going(board(site)))
    first, second = harvest.items
    assert (first.title, first.kind) == ("关于停水的说明", "article")
    assert "第 1 篇正文" in first.text and "导航" not in first.text
    assert first.posted_at == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    assert second.posted_at == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
    assert harvest.payloads[first.payload].address == site.url("/a/1.html")
    assert len(harvest.payloads) == 3


def test_articles_that_are_stored_are_not_opened_again(site: Site) -> None:
    settings = board(site)
    keys = frozenset(item.key for item in fetch_page(going(settings)).items[:1])
    site.asked.clear()
    harvest = fetch_page(going(settings, known=keys.intersection))
    assert [item.title for item in harvest.items] == ["食堂价格公示"]
    assert site.times("/a/1.html") == 0


def test_what_is_too_much_for_one_visit_waits_for_the_next(site: Site) -> None:
    harvest = fetch_page(going(board(site), most_pages=1))
    assert len(harvest.items) == 1
    assert "etag" not in harvest.cursor and "failed" in harvest.cursor


def test_an_article_that_fails_is_tried_again_and_at_last_taken_by_its_title(site: Site) -> None:
    settings = board(site)
    site.says("/a/1.html", "", status=500)
    cursor: dict[str, Any] = {}
    for _ in range(2):
        harvest = fetch_page(going(settings, cursor=cursor))
        assert [item.title for item in harvest.items] == ["食堂价格公示"]
        assert "HTTP 500" in harvest.rejected[0].message.zh
        cursor = harvest.cursor
    harvest = fetch_page(going(settings, cursor=cursor))
    assert next((item.title, item.text) for item in harvest.items) == ("关于停水的说明", "")


def test_a_link_that_leads_inside_is_refused_and_the_others_are_read(site: Site) -> None:
    settings = board(site)
    site.says("/list", LIST.replace("/a/1.html", "http://10.0.0.1/admin").encode("gb18030"), "text/html")
    harvest = fetch_page(going(settings))
    assert [item.title for item in harvest.items] == ["食堂价格公示"]
    assert "内部网络" in harvest.rejected[0].message.zh


def test_selectors_that_find_nothing_say_so(site: Site) -> None:
    settings = board(site)
    with pytest.raises(Trouble, match=r"page\.selector"):
        fetch_page(going({**settings, "item": "div.gone"}))
    with pytest.raises(Trouble, match=r"page\.selector"):
        fetch_page(going({**settings, "item": "li["}))


def test_an_error_page_with_status_200_is_not_taken_for_an_empty_list(site: Site) -> None:
    settings = board(site)
    site.says("/list", "<html><title>502</title><h1>Bad Gateway</h1></html>", "text/html")
    with pytest.raises(Trouble, match=r"page\.selector"):
        fetch_page(going(settings))


def test_a_page_that_nests_without_end_is_survived(site: Site) -> None:
    settings = board(site)
    site.says("/a/1.html", "<div>" * 20_000 + "深处" + "</div>" * 20_000, "text/html; charset=utf-8")
    assert len(fetch_page(going(settings)).items) == 2


def test_only_titles_are_taken_where_articles_are_not_to_be_opened(site: Site) -> None:
    harvest = fetch_page(going({**board(site), "article": False}))
    assert len(harvest.items) == 2
    assert len(site.asked) == 1


# interfaces


def test_an_interface_is_read_by_its_mapping_with_its_token(site: Site) -> None:
    answer = {"code": 0, "data": {"list": [
        {"no": 17, "t": "停水", "c": "<p>三天了</p>", "user": {"name": "甲"}, "at": "2026-11-24 08:00:00", "n": "1.2万"},
        {"no": 18},
    ]}}  # fmt: skip
    address = site.says("/orders", json.dumps(answer), "text/plain")
    settings = {
        "address": address, "items": "data.list", "key": "no", "title": "t", "text": "c", "author": "user.name",
        "posted_at": "at", "reach": "n", "link": "https://x.example.cn/t/{no}",
    }  # fmt: skip
    harvest = fetch_api(going(settings, secret="Bearer abc"))
    [item] = harvest.items
    assert (item.key, item.title, item.text, item.author) == ("17", "停水", "三天了", "甲")
    assert (item.reach, item.address) == (12_000, "https://x.example.cn/t/17")
    assert [one.place for one in harvest.rejected] == ["[1]"]
    assert site.asked[0][1]["authorization"] == "Bearer abc"


def test_an_answer_without_the_list_says_where_it_was_looked_for(site: Site) -> None:
    address = site.says("/orders", '{"code": 401, "msg": "bad token"}')
    with pytest.raises(Trouble, match=r"api\.path") as caught:
        fetch_api(going({"address": address, "items": "data.list", "title": "t"}))
    assert "data.list" in caught.value.message.zh
    with pytest.raises(Trouble, match=r"json\.unreadable"):
        fetch_api(going({"address": site.says("/html", "<html>"), "title": "t"}))


def test_paths_lead_through_objects_and_lists_or_nowhere() -> None:
    value = {"a": {"b": [{"c": 1}, {"c": 2}]}, "x": None}
    assert dig(value, "a.b[1].c") == 2
    assert dig(value, "a.b[-1].c") == 2
    assert dig(value, "") == value
    assert dig(value, "a.b[9].c") is dig(value, "a.z") is dig([], "a") is None
    assert words(value, "x") == words(value, "a") == words(value, "") == ""
    assert words({"id": 3, "k": "t"}, "/{k}/{id}/{none}") == "/t/3/"


@pytest.mark.parametrize(
    ("text", "number"),
    [("1200", 1200), ("1,200", 1200), ("1.2万", 12000), ("3亿", 300_000_000), ("10万+", 100_000), ("many", 0), ("", 0),
     ("9" * 400, 0), ("999亿", 2_000_000_000), (",", 0), ("-5", 0)],
)  # fmt: skip
def test_counts_are_read_as_people_write_them(text: str, number: int) -> None:
    assert count_of(text) == number
