"""Help for people who have never written a selector or a mapping: feeds, lists and fields are found and proposed."""

import json
from typing import Any

import pytest

from huiying.desk.collect.sources.api.suggest import suggest_mapping
from huiying.desk.collect.sources.feed.discover import feed_addresses
from huiying.desk.collect.sources.page.parse import article_text, article_time, parse_list, tree
from huiying.desk.collect.sources.page.suggest import Suggestion, suggest_lists
from huiying.desk.collect.trouble import Trouble
from tests.desk.test_collect_reading import BEIJING
from tests.desk.world import NOW

HEAD = '<html><head><meta charset="utf-8"><title>x</title>{}</head><body>{}</body></html>'


def page(body: str, head: str = "") -> bytes:
    return HEAD.format(head, body).encode()


def entries(tag: str, count: int = 5, attribute: str = "", title: str = "关于第{0}件事的答复") -> str:
    one = "<{tag}{attribute}><a href='/a/{n}'>{title}</a><span class='date'>2026-11-0{n}</span></{tag}>"
    return "".join(
        one.format(tag=tag, attribute=attribute, n=n, title=title.format(n)) for n in range(1, count + 1)
    )


def best(body: str) -> Suggestion:
    return suggest_lists(page(body))[0]


@pytest.mark.parametrize(
    ("body", "item"),
    [
        (f"<ul class='news'>{entries('li')}</ul>", "ul.news li"),
        (f"<ul id='list'>{entries('li')}</ul>", "#list li"),
        (f"<div class='box'><ul>{entries('li')}</ul></div>", "div.box li"),
        (f"<ul>{entries('li')}</ul>", "li"),
        (f"<div class='main'>{entries('div', attribute=' class=item')}</div>", "div.main div.item"),
        (f"<table id='t'><tbody>{entries('tr').replace('<a', '<td><a').replace('</a>', '</a></td>')}</tbody></table>", None),
        (f"<dl class='qa'>{entries('dd')}</dl>", "dl.qa dd"),
    ],
)  # fmt: skip
def test_a_list_of_articles_is_found_whatever_it_is_made_of(body: str, item: str | None) -> None:
    found = best(body)
    assert found.count == 5
    assert item is None or found.item == item
    links = parse_list(page(body), "", "https://x.cn/", {"item": found.item, "date": found.date})
    assert links[0].title == "关于第1件事的答复"
    assert found.samples[0] == "关于第1件事的答复"


def test_the_time_of_an_entry_is_found_too() -> None:
    assert best(f"<ul class='news'>{entries('li')}</ul>").date == "span.date"
    bare = best(
        "<ul class='news'>"
        + "".join(f"<li><a href='/{n}'>关于第{n}件事的答复</a></li>" for n in range(5))
        + "</ul>"
    )
    assert bare.date == ""


def test_a_list_of_articles_goes_before_the_menu() -> None:
    menu = (
        "<ul class='menu'>" + "".join(f"<li><a href='/m{n}'>栏目导航{n}</a></li>" for n in range(9)) + "</ul>"
    )
    found = suggest_lists(page(menu + f"<div class='list'><ul>{entries('li')}</ul></div>"))
    assert [one.item for one in found] == ["div.list li", "ul.menu li"]


def test_two_links_make_no_list_and_short_words_are_no_titles() -> None:
    assert suggest_lists(page(f"<ul>{entries('li', 2)}</ul>")) == []
    assert suggest_lists(page(f"<ul>{entries('li', 9, title='更多')}</ul>")) == []
    assert suggest_lists(b"") == []
    assert suggest_lists(b"\x00\xff") == []


def test_class_names_that_no_selector_can_hold_are_left_out() -> None:
    inside = entries("div", attribute=" class='1x @y item'")
    found = best(f"<div class='col-md-8 p:2 中'>{inside}</div>")
    assert found.item == "div.col-md-8 div.item"


def test_at_most_three_are_proposed() -> None:
    body = "".join(f"<ul class='l{n}'>{entries('li')}</ul>" for n in range(6))
    assert len(suggest_lists(page(body))) == 3


# feeds


def test_the_feeds_of_a_page_are_found_in_their_order() -> None:
    head = (
        "<link rel='alternate' type='application/rss+xml' href='/rss'>"
        "<link rel='alternate' type='application/atom+xml; charset=utf-8' href='https://y.cn/atom'>"
        "<link rel='alternate' type='application/feed+json' href='feed.json'>"
        "<link rel='alternate' type='text/html' hreflang='en' href='/en'>"
        "<link rel='stylesheet' href='/x.css'>"
        "<link rel='alternate' type='application/rss+xml' href='javascript:1'>"
        "<link rel='alternate' type='application/rss+xml' href='/rss'>"
    )
    found = feed_addresses(page("", head), "https://x.cn/news/")
    assert found == ["https://x.cn/rss", "https://y.cn/atom", "https://x.cn/news/feed.json"]


def test_a_page_without_feeds_names_none() -> None:
    assert feed_addresses(page("<p>x</p>"), "https://x.cn/") == []
    assert feed_addresses(b"", "https://x.cn/") == []


# mappings


@pytest.mark.parametrize(
    ("answer", "items", "fields"),
    [
        ([{"id": 1, "title": "x", "content": "y"}], "", {"key": "id", "title": "title", "text": "content"}),
        ({"data": {"list": [{"subject": "x"}]}}, "data.list", {"title": "subject"}),
        ({"rows": [{"标题": "x", "时间": "y"}]}, "rows", {"title": "标题", "posted_at": "时间"}),
        (
            {"ok": 1, "items": [{"Title": "x", "user": {"name": "甲"}, "url": "/1", "comments": 3}]},
            "items",
            {"title": "Title", "author": "user.name", "link": "url", "reach": "comments"},
        ),
    ],
)
def test_the_list_and_its_fields_are_recognised(answer: Any, items: str, fields: dict[str, str]) -> None:
    found = suggest_mapping(json.dumps(answer).encode())
    assert found is not None
    assert (found.items, dict(found.fields)) == (items, fields)


def test_the_longest_list_that_says_something_is_taken() -> None:
    answer = {"tags": [{"name_id": 1}] * 9, "short": [{"title": "x"}], "posts": [{"title": "y"}] * 3}
    found = suggest_mapping(json.dumps(answer).encode())
    assert found is not None and (found.items, found.count) == ("posts", 3)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"a": [1, 2]}', b'{"a": [{"x": 1}]}', b"[" * 100_000]
)
def test_where_nothing_can_be_recognised_nothing_is_proposed(body: bytes) -> None:
    assert suggest_mapping(body) is None


# pages, closely


def listed(body: str, **settings: str) -> list[tuple[str, str, str, str]]:
    found = parse_list(page(body), "", "https://x.cn/news/", {"item": "li", **settings})
    return [(link.title, link.address, link.date, link.author) for link in found]


def test_each_part_of_an_entry_has_its_selector() -> None:
    body = "<li><h3>标题</h3><a class='go' href='b'>阅读</a><i>甲</i><em>昨天 16:20</em></li>"
    assert listed(body, title="h3", link="a.go", date="em", author="i") == [
        ("标题", "https://x.cn/news/b", "昨天 16:20", "甲")
    ]


def test_an_entry_may_be_the_link_itself() -> None:
    assert listed("<a href='/1'>第一篇</a><a href='/2'>第二篇</a>", item="a") == [
        ("第一篇", "https://x.cn/1", "", ""),
        ("第二篇", "https://x.cn/2", "", ""),
    ]


def test_the_base_of_a_page_counts() -> None:
    head, body = "<base href='https://cdn.cn/x/'>", "<li><a href='1'>第一篇</a></li>"
    [link] = parse_list(page(body, head), "", "https://x.cn/", {"item": "li"})
    assert link.address == "https://cdn.cn/x/1"


def test_the_same_address_twice_is_one_entry_and_the_first_counts() -> None:
    body = "<li><a href='/1'>第一次</a></li><li><a href='/2'>二</a></li><li><a href='/1#c'>又一次</a></li>"
    assert [title for title, *_rest in listed(body)] == ["第一次", "二"]


@pytest.mark.parametrize("href", ["javascript:void(0)", "mailto:x@y.cn", "tel:110", "", "#", "http://[1/"])
def test_links_that_lead_to_no_page_are_passed_over(href: str) -> None:
    body = f"<li><a href='{href}'>不是文章</a></li><li><a href='/1'>是文章</a></li>"
    titles = [title for title, *_rest in listed(body)]
    assert titles in (["是文章"], ["不是文章", "是文章"] if href == "#" else ["是文章"])


def test_a_page_without_content_is_a_trouble() -> None:
    with pytest.raises(Trouble, match=r"body\.empty"):
        tree(b"", "text/html")


def test_the_text_of_an_article_is_found_or_chosen() -> None:
    body = page("<div class='nav'>导航</div><div class='text'><p>第一段。</p><p>第二段。</p></div>尾巴")
    assert article_text(body, "", "div.text") == "第一段。\n第二段。"
    assert article_text(body, "", "div.none") == ""


@pytest.mark.parametrize(
    "head",
    [
        "<meta name='PubDate' content='2026-11-23 16:00'>",
        "<meta name='pubdate' content='2026-11-23 16:00'>",
        "<meta property='article:published_time' content='2026-11-23T16:00:00+08:00'>",
        "<meta itemprop='datePublished' content='2026年11月23日 16:00'>",
        "<meta name='PubDate' content='不详'><meta itemprop='datePublished' content='2026-11-23T08:00:00Z'>",
    ],
)
def test_an_article_says_itself_when_it_was_published(head: str) -> None:
    at = article_time(page("<p>x</p>", head), "", NOW, BEIJING)
    assert at is not None and at.isoformat() == "2026-11-23T08:00:00+00:00"


def test_an_article_that_does_not_say_has_no_time() -> None:
    assert article_time(page("<p>2026-11-23</p>"), "", NOW, BEIJING) is None
