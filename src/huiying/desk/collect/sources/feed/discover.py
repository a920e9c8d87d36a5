"""The feeds that a web page names."""

from lxml.html import HtmlElement

from huiying.desk.collect.sources.base import web_address
from huiying.desk.collect.sources.page.parse import tree
from huiying.desk.collect.trouble import Trouble

KINDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})


def feed_addresses(body: bytes, address: str, most: int = 5) -> list[str]:
    """Addresses of the feeds that the page at `address` links to in its head, in their order."""
    try:
        page = tree(body, "")
    except Trouble:
        return []
    links = [_address(link, address) for link in page.xpath("//link[@rel='alternate' and @href]")]
    return list(dict.fromkeys(link for link in links if link))[:most]


def _address(link: HtmlElement, base: str) -> str:
    kind = (link.get("type") or "").split(";", 1)[0].strip().lower()
    return web_address(link.get("href") or "", base) if kind in KINDS else ""
