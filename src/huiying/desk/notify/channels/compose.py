"""The words of a notice within what a channel can carry: the text is cut, the links never."""

import unicodedata
from collections.abc import Callable

from huiying.desk.notify.channels.base import Limits, Parcel

CUT = "……"
ZERO_WIDTH_JOINER = "\u200d"


def head(parcel: Parcel) -> str:
    """The first line: urgent and possible repeat are said before the subject."""
    english = parcel.language.startswith("en")
    repeat, urgent = ("[possible repeat] ", "[urgent] ") if english else ("【可能重复】", "【紧急】")
    return (repeat if parcel.repeat else "") + (urgent if parcel.urgent else "") + parcel.subject


def links(parcel: Parcel) -> str:
    """The last lines: where to look, where to acknowledge."""
    english = parcel.language.startswith("en")
    look, ack = ("Open: ", "Acknowledge: ") if english else ("查看：", "签收：")
    pairs = ((look, parcel.link), (ack, parcel.ack))
    return "\n".join(label + address for label, address in pairs if address)


def addressee(parcel: Parcel) -> str:
    """Whom the notice is for: a robot's group has many readers."""
    if not parcel.to:
        return ""
    return f"To {parcel.to}" if parcel.language.startswith("en") else f"致{parcel.to}"


def compose(parcel: Parcel, limits: Limits, *, top: bool = True, name: bool = True) -> str:
    """Head (unless the channel has a place of its own for it), addressee, body, links; the body is shortened first."""
    size = _measure(limits)
    end = links(parcel)
    room = limits.size - size(end) - 2  # two line breaks
    lines = (head(parcel) if top else "", addressee(parcel) if name else "")
    first = cut("\n".join(filter(None, lines)), room, size)
    body = cut(parcel.body.strip(), room - size(first), size)
    return "\n".join(filter(None, (first, body, end)))


def cut(text: str, most: int, size: Callable[[str], int]) -> str:
    """`text` if it fits into `most`, else its longest beginning that does with "……" behind; never half a character."""
    if size(text) <= most:
        return text
    room = most - size(CUT)
    low, high = 0, len(text)
    while low < high:  # the longest prefix that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= room else (low, middle - 1)
    while low > 0 and _inside(text, low):
        low -= 1
    return text[:low].rstrip() + CUT if low else ""


def _inside(text: str, at: int) -> bool:
    """Whether cutting before `at` would tear what is seen as one character."""
    if at >= len(text):
        return False
    after = text[at]
    joined = after == ZERO_WIDTH_JOINER or text[at - 1] == ZERO_WIDTH_JOINER
    return joined or unicodedata.combining(after) != 0 or unicodedata.category(after) in {"Mn", "Me", "Sk"}


def _measure(limits: Limits) -> Callable[[str], int]:
    return (lambda text: len(text.encode())) if limits.unit == "bytes" else len
