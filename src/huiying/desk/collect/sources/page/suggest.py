"""What on a web page looks like a list of articles, for a person who has never written a CSS selector."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import lxml.html

from huiying.desk.collect.plain import one_line
from huiying.desk.collect.sources.page.parse import tree
from huiying.desk.collect.trouble import Trouble

MOST = 3
FEWEST = 3  # entries that make a list
SHORTEST = 5  # characters of a title
_DATE = re.compile(r"\d{1,4}\s*[-/.年]\s*\d{1,2}|\d{1,2}:\d{2}|[前昨今]天|\d\s*(?:分钟|小时)前")
_NAME = re.compile(r"[A-Za-z][\w-]{0,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A list that was found, as selectors."""

    item: str
    date: str  # empty where no entry shows a time
    count: int
    samples: Sequence[str]  # its first titles


def suggest_lists(body: bytes, content_type: str = "") -> list[Suggestion]:
    """The likeliest lists of a page, best first: many entries of one form, each with a link and a longish title."""
    try:
        page = tree(body, content_type)
    except Trouble:
        return []
    groups: dict[str, list[lxml.html.HtmlElement]] = {}
    for anchor in page.xpath("//a[@href]")[:3000]:
        if len(one_line(anchor.text_content())) >= SHORTEST:
            entry = _entry(anchor)
            if entry is not None:
                groups.setdefault(_selector(entry), []).append(entry)
    found = [_suggestion(selector, entries) for selector, entries in groups.items() if len(entries) >= FEWEST]
    return sorted(found, key=_worth, reverse=True)[:MOST]


def _entry(anchor: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    """The element that repeats: the nearest one with enough siblings of its own form."""
    node = anchor
    while node is not None and node.getparent() is not None and node.tag != "body":
        form = _form(node)
        if sum(1 for sibling in node.getparent() if _form(sibling) == form) >= FEWEST:
            return node
        node = node.getparent()
    return None


def _form(node: lxml.html.HtmlElement) -> str:
    """The element as a selector writes it: its tag, and its first class where that is a plain name."""
    if not isinstance(node.tag, str):
        return ""
    name = next((part for part in (node.get("class") or "").split() if _NAME.fullmatch(part)), "")
    return f"{node.tag}.{name}" if name else node.tag


def _selector(entry: lxml.html.HtmlElement) -> str:
    """The entry within its nearest ancestor that has a name."""
    step = entry.getparent()
    while step is not None and step.tag != "body":
        mark = step.get("id") or ""
        if _NAME.fullmatch(mark):
            return f"#{mark} {_form(entry)}"
        if "." in _form(step):
            return f"{_form(step)} {_form(entry)}"
        step = step.getparent()
    return _form(entry)


def _suggestion(selector: str, entries: Sequence[lxml.html.HtmlElement]) -> Suggestion:
    entries = list(dict.fromkeys(entries))
    titles = [_title(entry) for entry in entries]
    return Suggestion(item=selector, date=_date(entries[0]), count=len(entries), samples=titles[:3])


def _title(entry: lxml.html.HtmlElement) -> str:
    anchors = [entry] if entry.tag == "a" else entry.xpath(".//a[@href]")
    return max((one_line(anchor.text_content(), 60) for anchor in anchors), key=len, default="")


def _date(entry: lxml.html.HtmlElement) -> str:
    for node in entry.iterdescendants():
        text = one_line(node.text or "", 40) if isinstance(node.tag, str) else ""
        if node.tag != "a" and len(text) < 30 and _DATE.search(text):
            return _form(node)
    return ""


def _worth(found: Suggestion) -> float:
    """A list of articles has long titles and times; navigation has neither."""
    average = sum(len(title) for title in found.samples) / max(len(found.samples), 1)
    return min(found.count, 40) * min(average, 30) * (2 if found.date else 1)
