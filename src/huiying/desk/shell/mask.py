"""Personal data in text, masked for lists, exports and reports."""

import re
from collections.abc import Callable

Cover = Callable[[re.Match[str]], str]


def _keep(head: int, tail: int) -> Cover:
    """Leave `head` first and `tail` last characters, cover the rest."""

    def cover(found: re.Match[str]) -> str:
        text = found.group()
        return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]

    return cover


#: Longest numbers first, so that a phone number is not seen inside an identity number.
PATTERNS: tuple[tuple[re.Pattern[str], Cover], ...] = (
    (
        re.compile(r"(?<![\w.])[A-Za-z0-9][\w.+-]*@[\w-]+(?:\.[\w-]+)+", re.ASCII),
        lambda m: m[0][0] + "***@" + m[0].split("@")[1],
    ),
    (re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])"), _keep(3, 2)),
    (re.compile(r"(?<![0-9])[0-9]{4}(?:[ -]?[0-9]{4}){3}(?:[ -]?[0-9]{1,3})?(?![0-9])"), _keep(4, 4)),
    (re.compile(r"(?<![0-9])1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])"), _keep(3, 4)),
    (re.compile(r"(?<![0-9])0[0-9]{2,3}-[0-9]{7,8}(?![0-9])"), _keep(4, 2)),
    (
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·. ]?[A-Z0-9]{5,6}(?![A-Z0-9])"
        ),
        _keep(2, 1),
    ),
)


def mask(text: str) -> str:
    """`text` with mail addresses, identity and card numbers, phone numbers and number plates covered in the middle."""
    for pattern, cover in PATTERNS:
        text = pattern.sub(cover, text)
    return text
