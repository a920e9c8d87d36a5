"""The list by selectors; the article by trafilatura."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import lxml.etree
import lxml.html
import trafilatura
from cssselect import SelectorError

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import one_line, plain
from huiying.desk.collect.sources.base import MOST_ITEMS
from huiying.desk.collect.sources.when import posting_time
from huiying.desk.collect.trouble import Trouble
from huiying.engine.text import Text

logging.getLogger("trafilatura").setLevel(
    logging.ERROR
)  # that a page holds no article is told on the source's page
# Where Chinese public sites and the Open Graph write the time; read as raw words.
_TIME_META = (
    "//meta[translate(@name,'PUBDATE','pubdate')='pubdate']/@content",
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//time[@datetime]/@datetime",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry of the list."""

    title: str
    address: str
    date: str = ""
    author: str = ""


def tree(body: bytes, content_type: str) -> lxml.html.HtmlElement:
    """The page as a tree. Raises Trouble when there is none."""
    text = decode(body, content_type)[0].replace("\x00", "")
    try:
        # As bytes with a stated encoding: lxml refuses text that carries an encoding declaration.
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=False)
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise Trouble("body.empty") from error


def parse_list(body: bytes, content_type: str, address: str, settings: Mapping[str, Any]) -> list[Link]:
    """The entries of the list page. Raises Trouble if the selectors find none."""
    page = tree(body, content_type)
    base = urljoin(address, next(iter(page.xpath("//base/@href")), ""))
    nodes = _select(page, str(settings["item"]))[:MOST_ITEMS]
    links = [link for node in nodes if (link := _link(node, base, settings))]
    if not links:
        found = len(nodes)
        detail = Text(
            f"选中 {found} 处，没有一处带标题和链接", f"{found} places found, none with title and link"
        )
        raise Trouble("page.selector", detail, evidence=body[:400_000])
    first: dict[str, Link] = {}
    for link in links:
        first.setdefault(link.address, link)
    return list(first.values())


def _select(node: lxml.html.HtmlElement, selector: str) -> list[lxml.html.HtmlElement]:
    try:
        return list(node.cssselect(selector))
    except (SelectorError, lxml.etree.XPathError) as error:
        raise Trouble("page.selector", one_line(selector, 100)) from error


def _link(node: lxml.html.HtmlElement, base: str, settings: Mapping[str, Any]) -> Link | None:
    anchor = _first(node, str(settings.get("link") or "")) if settings.get("link") else _anchor(node)
    href = (anchor.get("href") or "").strip() if anchor is not None else ""
    try:
        address = urljoin(base, href)
    except ValueError:
        return None
    title = _text(node, settings.get("title")) or (
        one_line(anchor.text_content()) if anchor is not None else ""
    )
    if not href or not title or not address.startswith(("http://", "https://")):
        return None
    date, author = _text(node, settings.get("date")), _text(node, settings.get("author"))
    return Link(title=title, address=address.split("#", 1)[0][:2000], date=date, author=author)


def _anchor(node: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    if node.tag == "a":
        return node
    return next(iter(node.xpath(".//a[@href]")), None)


def _first(node: lxml.html.HtmlElement, selector: str) -> lxml.html.HtmlElement | None:
    return next(iter(_select(node, selector)), None)


def _text(node: lxml.html.HtmlElement, selector: Any) -> str:
    found = _first(node, str(selector)) if selector else None
    return one_line(found.text_content()) if found is not None else ""


def article_text(body: bytes, content_type: str, selector: str = "") -> str:
    """The readable text of an article page; an empty string if there is none."""
    page = tree(body, content_type)
    if selector:
        parts = [
            lxml.html.tostring(node, encoding="unicode", with_tail=False) for node in _select(page, selector)
        ]
        return plain("\n".join(parts))
    return trafilatura.extract(page, include_comments=False, include_tables=True, favor_recall=True) or ""


def article_time(body: bytes, content_type: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the article says it was published, from its own metadata."""
    page = tree(body, content_type)
    raws = [str(raw) for path in _TIME_META for raw in page.xpath(path)]
    return next((at for raw in raws if (at := posting_time(raw, now, zone))), None)
