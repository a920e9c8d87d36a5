"""Charts as SVG: classes and attributes only, so that a page's own colours and content policy hold."""

import math
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

WIDTH = 720.0
LABEL = 230.0  # width of the names at the left
VALUE = 134.0  # width of the figures at the right
SIZE = 12.0
ROW = 30.0
HEAD = 26.0  # room for the axis
PLOT = WIDTH - LABEL - VALUE


def number(value: float) -> str:
    """A length as SVG writes it."""
    return f"{value:.1f}".removesuffix(".0")


def wide(words: str) -> float:
    """About how wide the words are, in characters of Chinese."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.55 for sign in words)


def fitted(words: str, most: float, lines: int = 2) -> list[str]:
    """The words in at most so many lines of at most `most` Chinese characters; what does not fit ends in an ellipsis."""
    found, rest = list[str](), words
    while rest and len(found) < lines:
        line, rest = _broken(rest, most, last=len(found) == lines - 1)
        found.append(line)
    return found


def _broken(words: str, most: float, *, last: bool) -> tuple[str, str]:
    if wide(words) <= most:
        return words, ""
    end = 0
    while end < len(words) and wide(words[: end + 1]) <= most - (1 if last else 0):
        end += 1
    if last:
        return words[:end].rstrip() + "…", ""
    space = words.rfind(" ", 0, end + 1)
    if space > end // 2 and words.isascii():
        end = space
    while end < len(words) and words[end] in _NO_START:
        end += 1
    return words[:end].rstrip(), words[end:].lstrip()


#: Signs with which no line begins.
_NO_START = "，。、；：！？）】》”’"


class Box(NamedTuple):
    """Where a bar stands."""

    x: float
    y: float
    width: float
    height: float


class Drawing:
    """A chart being drawn."""

    def __init__(self, height: float, label: str, width: float = WIDTH) -> None:
        self.width = width
        size = {"width": number(width), "height": number(height)}
        view = {"viewBox": f"0 0 {number(width)} {number(height)}"}
        kind = {"xmlns": "http://www.w3.org/2000/svg", "class": "drill-chart", "role": "img"}
        self.root = Element("svg", kind | size | view | {"aria-label": label})

    def rect(self, box: Box, kind: str, told: str = "") -> None:
        """A bar; `told` is said when somebody points at it."""
        places = {"x": box.x, "y": box.y, "width": max(0.0, box.width), "height": box.height}
        found = {key: number(value) for key, value in places.items()}
        node = SubElement(self.root, "rect", found | {"class": kind})
        if told:
            SubElement(node, "title").text = told

    def line(self, start: tuple[float, float], end: tuple[float, float], kind: str) -> None:
        """A straight line."""
        places = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
        SubElement(self.root, "line", {key: number(value) for key, value in places.items()} | {"class": kind})

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> None:
        """Words, on one line."""
        found = {"x": number(x), "y": number(y)} | ({"class": kind} if kind else {})
        if anchor != "start":
            found["text-anchor"] = anchor
        SubElement(self.root, "text", found).text = words

    def name(self, y: float, words: str, room: float = LABEL) -> None:
        """The name of a row, in the middle of it, on one line or two."""
        lines = fitted(words, (room - 12) / SIZE)
        top = y + ROW / 2 + SIZE * 0.35 - (len(lines) - 1) * SIZE * 0.6
        for index, line in enumerate(lines):
            self.text(0, top + index * SIZE * 1.2, line, "name")

    def axis(self, ticks: Sequence[tuple[float, str]], bottom: float, left: float = LABEL) -> None:
        """Upright lines with what they stand for above them."""
        for x, words in ticks:
            self.line((left + x, HEAD - 6), (left + x, bottom), "grid")
            self.text(left + x, HEAD - 12, words, "tick", "middle")

    def done(self) -> str:
        """The SVG element."""
        return tostring(self.root, encoding="unicode")


def steps(most: float, about: int = 5) -> Iterator[float]:
    """Round values from 0 on up to `most`, about so many."""
    rough = max(most, 1e-9) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * power for unit in (1, 2, 5, 10) if unit * power >= rough * (1 - 1e-9))
    for index in range(int(most / step * (1 + 1e-9)) + 1):
        yield index * step
