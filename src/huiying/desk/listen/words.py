"""Text of a mention as lists show it: personal data covered, found words marked, cut around the first of them."""

from collections.abc import Sequence

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from huiying.desk.shell.mask import PATTERNS

Span = Sequence[int]


def covered(text: str) -> tuple[str, list[int]]:
    """`text` with personal data covered, and for each character of it the index that it had before."""
    origins = list(range(len(text)))
    for pattern, cover in PATTERNS:
        made, places, end = [], list[int](), 0
        for found in pattern.finditer(text):
            made.append(text[end : found.start()])
            places += origins[end : found.start()]
            word = cover(found)
            made.append(word)
            places += [
                origins[found.start() + _stretch(i, len(word), len(found[0]))] for i in range(len(word))
            ]
            end = found.end()
        if made:
            text, origins = "".join(made) + text[end:], places + origins[end:]
    return text, origins


def _stretch(index: int, length: int, before: int) -> int:
    """Which character of the covered word stands at `index` of its cover."""
    return min(before - 1, round(index * (before - 1) / max(length - 1, 1)))


def _flags(origins: Sequence[int], spans: Sequence[Span], shift: int) -> list[bool]:
    """For each character shown whether it is part of a found word; spans count from `shift` characters before."""
    marked = {place for start, end in spans for place in range(start - shift, end - shift)}
    return [place in marked for place in origins]


def marked(text: str, spans: Sequence[Span], *, shift: int = 0, most: int = 0) -> SafeString:
    """HTML of `text`, covered, with found words marked; `most` characters around the first of them, 0 for all.

    `spans` may count from an earlier text: `shift` characters come before this one.
    """
    shown, origins = covered(text)
    flags = _flags(origins, spans, shift)
    start, end = _window(flags, len(shown), most)
    html = _html(shown[start:end], flags[start:end])
    return format_html("{}{}{}", "…" if start else "", html, "…" if end < len(shown) else "")


def _window(flags: Sequence[bool], length: int, most: int) -> tuple[int, int]:
    if not most or length <= most:
        return 0, length
    first = flags.index(True) if True in flags else 0
    start = max(0, min(first - most // 4, length - most))
    return start, start + most


def _html(text: str, flags: Sequence[bool]) -> SafeString:
    parts: list[str] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or flags[index] != flags[start]:
            piece = escape(text[start:index])
            parts.append(f"<mark>{piece}</mark>" if flags[start] else piece)
            start = index
    return mark_safe("".join(parts))  # noqa: S308  # every piece was escaped
