"""Bytes of a feed, page or table to text: the declared encoding is a witness, not a judge."""

import codecs
import re

from charset_normalizer import from_bytes

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Servers send these by default whatever the content is, and they fit any bytes: no evidence.
WEAK = frozenset({"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "windows-1252", "cp1252", "none"})
# GB18030 contains the older two; sites that say "gb2312" routinely use characters outside of it.
GB = frozenset({"gb2312", "gbk", "gb_2312-80", "cp936", "x-gbk", "gb18030", "hz-gb-2312", "euc-cn"})
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.I)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of `body` and the encoding that was used.

    In order: byte order mark, UTF-8 where the bytes prove it, the HTTP header, the XML declaration, HTML meta, GB18030,
    a guess. Undecodable bytes become U+FFFD; nothing is raised.
    """
    for mark, name in BOMS:
        if body.startswith(mark):
            return body.decode(name, errors="replace"), name
    if _proves_utf8(body):
        return body.decode("utf-8", errors="replace"), "utf-8"
    for name in declared(body, content_type):
        text = _strict(body, name)
        if text is not None:
            return text, name
    return _guess(body)


def declared(body: bytes, content_type: str) -> list[str]:
    """The encodings that header and content name, usable ones only, most trusted first."""
    head = body[:4096]
    names = [m.group(1) for m in [_HEADER.search(content_type)] if m]
    names += [m.group(1).decode("ascii", "ignore") for m in (_XML.search(head), _META.search(head)) if m]
    return [name for name in map(_usable, names) if name]


def _usable(name: str) -> str:
    low = name.strip().lower()
    if low in WEAK:
        return ""
    if low in GB:
        return "gb18030"
    if low in {"big5", "big5-hkscs", "cp950"}:
        return "big5hkscs"
    try:
        return codecs.lookup(low).name
    except LookupError:
        return ""


def _proves_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8 beyond chance: well formed, with several characters outside ASCII.

    Every byte that a character needs beyond its first counts, so that the whole text is a witness at little cost.
    """
    text = _strict(body, "utf-8")
    return text is not None and len(body) - len(text) >= 6


def _strict(body: bytes, name: str) -> str | None:
    """The text if every byte fits, a character cut at the end aside."""
    try:
        decoder = codecs.getincrementaldecoder(name)("strict")
        return decoder.decode(body, final=False)
    except (UnicodeError, LookupError):
        return None


def _guess(body: bytes) -> tuple[str, str]:
    for name in ("utf-8", "gb18030"):
        text = _strict(body, name)
        if text is not None:
            return text, name
    best = from_bytes(body[:50_000], cp_isolation=["utf_8", "gb18030", "big5hkscs", "utf_16"]).best()
    names = ["utf-8", "gb18030", *([best.encoding] if best else [])]
    tries = [(body.decode(name, errors="replace"), name) for name in names]
    return min(tries, key=lambda pair: pair[0].count("�"))
