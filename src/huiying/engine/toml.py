"""TOML whose every value knows the line it stands on, so that a finding can point at it.

`tomllib` reads the values; a second pass over text that is known to be valid finds where each of them begins.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huiying.engine.findings import Finding, Place
from huiying.engine.text import Text

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]+")
_WHERE = re.compile(r" \(at line (\d+), column (\d+)\)$|\(at end of document\)$")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a TOML file and where it stands. Tables hold nodes by key, arrays hold nodes."""

    value: Any
    place: Place

    @property
    def table(self) -> "Mapping[str, Node]":
        """The entries of a table; none if this is no table."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> "list[Node]":
        """The elements of an array; none if this is no array."""
        return self.value if isinstance(self.value, list) else []

    @property
    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain for node in self.value]
        return self.value


def path_text(path: Path) -> str:
    """A path as people write it; elements of arrays are counted from 1: `duty[2].within`."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


class _Scanner:
    """Finds the line of every key and element in valid TOML."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.line = text, 0, 1
        self.lines: dict[Path, int] = {(): 1}
        self.counts: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        """The line, counted from 1, of each path."""
        table: Path = ()
        while self.skip():
            if self.text.startswith("[[", self.at):
                table = self.header(2)
            elif self.text[self.at] == "[":
                table = self.header(1)
            else:
                self.pair(table)
        return self.lines

    def move(self, count: int) -> str:
        passed = self.text[self.at : self.at + count]
        self.at += count
        self.line += passed.count("\n")
        return passed

    def skip(self) -> bool:
        """Pass spaces, line ends and comments; False at the end of the text."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif self.text[self.at] in " \t\r\n":
                self.move(1)
            else:
                return True
        return False

    def header(self, brackets: int) -> Path:
        line = self.line
        self.move(brackets)
        keys = self.key()
        self.skip()
        self.move(brackets)
        path: Path = ()
        for key in keys[:-1]:
            path = self.latest((*path, key))
            self.lines.setdefault(path, line)
        path = (*path, keys[-1])
        if brackets == 2:
            self.lines.setdefault(path, line)
            self.counts[path] = self.counts.get(path, -1) + 1
        path = self.latest(path)
        self.lines[path] = line
        return path

    def latest(self, path: Path) -> Path:
        """The path itself, or its last element where it is an array of tables."""
        return (*path, self.counts[path]) if path in self.counts else path

    def key(self) -> list[str]:
        """A dotted key; leaves the scanner behind it."""
        keys = []
        while True:
            self.skip()
            if self.text[self.at] in "\"'":
                keys.append(self.quoted())
            else:
                found = _BARE.match(self.text, self.at)
                keys.append(self.move(len(found.group())) if found else self.move(1))
            self.skip()
            if self.text[self.at] != ".":
                return keys
            self.move(1)

    def quoted(self) -> str:
        start = self.at
        self.string()
        return str(tomllib.loads(f"k = {self.text[start : self.at]}")["k"])

    def string(self) -> None:
        mark = self.text[self.at]
        closing = mark * 3 if self.text.startswith(mark * 3, self.at) else mark
        self.move(len(closing))
        while not self.text.startswith(closing, self.at):
            self.move(2 if mark == '"' and self.text[self.at] == "\\" else 1)
        self.move(len(closing))
        while len(closing) == 3 and self.text.startswith(mark, self.at):
            self.move(1)

    def pair(self, table: Path) -> None:
        line = self.line
        path = table
        for key in self.key():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self.move(1)
        self.skip()
        self.value(path)

    def value(self, path: Path) -> None:
        self.lines.setdefault(path, self.line)
        head = self.text[self.at]
        if head in "\"'":
            self.string()
        elif head == "[":
            self.group(path, "]")
        elif head == "{":
            self.group(path, "}")
        else:
            found = _SCALAR.match(self.text, self.at)
            self.move(len(found.group()) if found else 1)

    def group(self, path: Path, closing: str) -> None:
        self.move(1)
        index = 0
        while self.skip() and self.text[self.at] != closing:
            if self.text[self.at] == ",":
                self.move(1)
            elif closing == "]":
                self.value((*path, index))
                index += 1
            else:
                self.pair(path)
        self.move(1)


def _nodes(value: Any, path: Path, lines: Mapping[Path, int], file: str, line: int) -> Node:
    here = lines.get(path, line)
    place = Place(file=file, line=here, path=path_text(path))
    if isinstance(value, dict):
        return Node({k: _nodes(v, (*path, k), lines, file, here) for k, v in value.items()}, place)
    if isinstance(value, list):
        return Node([_nodes(v, (*path, i), lines, file, here) for i, v in enumerate(value)], place)
    return Node(value, place)


def _broken(error: tomllib.TOMLDecodeError, text: str, file: str) -> Finding:
    said = str(error)
    where = _WHERE.search(said)
    line = int(where.group(1)) if where and where.group(1) else max(1, text.count("\n") + 1)
    reason = _WHERE.sub("", said).strip()
    return Finding(
        code="toml.syntax",
        level="error",
        message=Text(f"第 {line} 行不是合法的 TOML：{reason}", f"Line {line} is not valid TOML: {reason}"),
        place=Place(file=file, line=line),
        mend=Text(
            "检查引号、方括号和等号是否成对，文字要放在引号里，同一个键只写一次",
            "Check that quotes, brackets and equals signs match, that text stands in quotes, and that no key is written twice",
        ),
    )


def parse(text: str, *, file: str) -> tuple[Node | None, list[Finding]]:
    """The text as nodes, or None and what is wrong with it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_broken(error, text, file)]
    except RecursionError:
        deep = Text("嵌套过深", "Nested too deeply")
        return None, [
            Finding(code="toml.syntax", level="error", message=deep, place=Place(file=file, line=1))
        ]
    return _nodes(data, (), _Scanner(text).run(), file, 1), []
