"""HTML from outside to the plain text that is stored: no markup of a stranger reaches a screen."""

import re

import lxml.etree
import lxml.html

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
SILENT = frozenset(["script", "style", "template", "noscript", "iframe", "object", "svg", "head", "title"])
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_MARKUP = re.compile(r"<[a-zA-Z!/][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,300})", re.I)


def clean(text: str) -> str:
    """Text without control characters and surplus white space; line breaks stay."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def one_line(text: str, most: int = 500) -> str:
    """Cleaned text on one line, at most `most` characters."""
    return " ".join(clean(text).split())[:most]


def plain(html: str) -> str:
    """The readable text of an HTML fragment; text without markup comes back as it is, cleaned."""
    if not _MARKUP.search(html):
        return clean(html)
    try:
        root = lxml.html.fragment_fromstring(_CONTROL.sub("", html), create_parent="div")
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        return clean(_MARKUP.sub(" ", html))
    parts: list[str] = []
    _walk(root, parts)
    return clean("".join(parts))


def page_title(html: str) -> str:
    """What a web page calls itself, for telling a person which page came instead of the content."""
    found = _TITLE.search(html[:20_000])
    return one_line(plain(found.group(1)), 80) if found else ""


def _walk(root: lxml.html.HtmlElement, parts: list[str]) -> None:
    """Collects text in document order, without recursion: hostile pages nest deeper than Python may call."""
    silent = 0
    for event, node in lxml.etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            silent += tag in SILENT
            parts.append("\n" if tag in BLOCKS else "")
            parts.append("" if silent or not node.text else node.text)
            continue
        if event == "end":
            silent -= tag in SILENT
            parts.append("\n" if tag in BLOCKS and tag != "br" else "")
        if node is not root and not silent and node.tail:
            parts.append(node.tail)
