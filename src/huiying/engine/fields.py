"""Reading the fields of a table: each has its type, and whatever does not fit becomes a finding with its line."""

import difflib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from huiying.engine.findings import Finding, Place, Severity
from huiying.engine.spans import SPAN_HELP, Counting, Within, read_span
from huiying.engine.text import Text
from huiying.engine.toml import Node

T = TypeVar("T")


@dataclass(slots=True)
class Notes:
    """The findings of one reading; `prefix` begins their codes."""

    prefix: str
    found: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        place: Place,
        message: Text,
        mend: Text | None = None,
        level: Severity = "error",
        *,
        because: Text | None = None,
    ) -> None:
        """Note one thing."""
        self.found.append(
            Finding(
                code=f"{self.prefix}.{code}",
                level=level,
                message=message,
                place=place,
                mend=mend,
                because=because,
            )
        )

    @property
    def failed(self) -> bool:
        """True if anything found forbids using what was read."""
        return any(finding.level == "error" for finding in self.found)


def one_of(values: Iterable[object]) -> str:
    """The allowed values in a row."""
    return "、".join(str(value) for value in values)


def _example(key: str, kind: type) -> Text:
    """How a value of this type is written."""
    written = {str: '"…"', int: "3", float: "3", bool: "true"}.get(kind, "…")
    return Text(f"例：{key} = {written}", f"For example: {key} = {written}")


class Fields:
    """One table being read. Every getter returns its default where the value is absent or bad (a finding then says so)."""

    def __init__(self, node: Node, notes: Notes, counting: Counting | None = None) -> None:
        self.node, self.notes = node, notes
        self.counting = counting or Counting()
        self._known: set[str] = set()
        if not isinstance(node.value, dict):
            shape = Text("写成 [名称] 或 { 键 = 值 }", "Write [name] or { key = value }")
            self.wrong(node, Text("应为一个表", "This must be a table"), shape)

    def __contains__(self, key: str) -> bool:
        return key in self.node.table

    def place(self, key: str = "") -> Place:
        """Where `key` stands, or the table where the key is absent."""
        node = self.node.table.get(key, self.node)
        return node.place

    def wrong(self, node: Node, message: Text, mend: Text | None = None, code: str = "bad-value") -> None:
        """Note a bad value at its place."""
        self.notes.add(code, node.place, message, mend)

    def get(self, key: str, *, required: bool = False) -> Node | None:
        """The value as it stands; marks the key as known."""
        self._known.add(key)
        node = self.node.table.get(key)
        if node is None and required:
            self.notes.add(
                "missing-key",
                self.node.place,
                Text(f"缺少“{key}”", f'"{key}" is missing'),
                Text(f"补上 {key} = …", f"Add {key} = …"),
            )
        return node

    def _typed(self, key: str, kind: type[T], zh: str, en: str, *, required: bool = False) -> T | None:
        node = self.get(key, required=required)
        if node is None:
            return None
        if isinstance(node.value, kind) and not (kind is int and isinstance(node.value, bool)):
            return node.value
        self.wrong(node, Text(f"“{key}”应为{zh}", f'"{key}" must be {en}'), _example(key, kind))
        return None

    def string(
        self, key: str, default: str = "", *, choices: Collection[str] = (), required: bool = False
    ) -> str:
        """A word; one of `choices` where they are given."""
        value = self._typed(key, str, "文字", "text", required=required)
        if value is None:
            return default
        return value if self._allowed(self.node.table[key], key, value, choices) else default

    def _allowed(self, node: Node, key: str, value: str, choices: Collection[str]) -> bool:
        if not choices or value in choices:
            return True
        near = difflib.get_close_matches(value, list(choices), 1)
        mend = Text(f"可用：{one_of(choices)}", f"Use one of: {', '.join(choices)}")
        if near:
            mend = Text(f"是否想写“{near[0]}”？{mend.zh}", f'Did you mean "{near[0]}"? {mend.en}')
        self.wrong(
            node, Text(f"“{key}”不能是“{value}”", f'"{key}" cannot be "{value}"'), mend, code="unknown-value"
        )
        return False

    def strings(self, key: str, *, choices: Collection[str] = ()) -> tuple[str, ...]:
        """Words: an array of them, or a single one."""
        node = self.get(key)
        if node is None:
            return ()
        nodes = node.items if isinstance(node.value, list) else [node]
        if any(not isinstance(item.value, str) for item in nodes):
            mend = Text(f'例：{key} = ["…", "…"]', f'For example: {key} = ["…", "…"]')
            self.wrong(node, Text(f"“{key}”应为一组文字", f'"{key}" must be a list of texts'), mend)
            return ()
        return tuple(item.value for item in nodes if self._allowed(item, key, item.value, choices))

    def integer(
        self, key: str, default: int | None = None, *, least: int = 0, most: int = 10**9
    ) -> int | None:
        """A whole number from `least` to `most`."""
        value = self._typed(key, int, "整数", "a whole number")
        if value is None:
            return default
        if not least <= value <= most:
            self.wrong(
                self.node.table[key],
                Text(f"“{key}”应在 {least} 到 {most} 之间", f'"{key}" must be from {least} to {most}'),
                Text(f"改为 {key} = {least}", f"Write {key} = {least}")
                if least == most
                else Text(f"例：{key} = {least}", f"For example: {key} = {least}"),
            )
            return default
        return value

    def number(
        self, key: str, default: float | None = None, *, least: float = 0.0, most: float = 1e9
    ) -> float | None:
        """A number from `least` to `most`."""
        node = self.get(key)
        if node is None:
            return default
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            mend = _example(key, float)
            self.wrong(node, Text(f"“{key}”应为数", f'"{key}" must be a number'), mend)
            return default
        if not least <= node.value <= most:
            self.wrong(
                node,
                Text(
                    f"“{key}”应在 {least:g} 到 {most:g} 之间", f'"{key}" must be from {least:g} to {most:g}'
                ),
                Text(f"例：{key} = {min(most, 0.5):g}", f"For example: {key} = {min(most, 0.5):g}"),
            )
            return default
        return float(node.value)

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        value = self._typed(key, bool, " true 或 false", "true or false")
        return default if value is None else value

    def text(self, key: str, *, required: bool = False) -> Text | None:
        """A sentence: one text for both languages, or a table with zh and en."""
        node = self.get(key, required=required)
        return None if node is None else self._text(key, node)

    def _text(self, key: str, node: Node) -> Text | None:
        if isinstance(node.value, str):
            return Text(node.value, node.value)
        zh, en = node.table.get("zh"), node.table.get("en")
        words = [item.value for item in (zh, en) if item is not None]
        strange = set(node.table) - {"zh", "en"}
        if not words or strange or any(not isinstance(word, str) for word in words):
            self.wrong(
                node,
                Text(
                    f"“{key}”应为文字，或写成 {{ zh = …, en = … }}",
                    f'"{key}" must be text or {{ zh = …, en = … }}',
                ),
                Text(
                    f'例：{key} = {{ zh = "校门口", en = "the gate" }}',
                    f'For example: {key} = {{ zh = "校门口", en = "the gate" }}',
                ),
            )
            return None
        return Text(str((zh or en or node).value), str((en or zh or node).value))

    def texts(self, key: str) -> tuple[Text, ...]:
        """Sentences."""
        node = self.get(key)
        read = (self._text(key, item) for item in (node.items if node else ()))
        return tuple(text for text in read if text is not None)

    def span(self, key: str, *, required: bool = False) -> Within | None:
        """A span of time in words."""
        value = self._typed(key, str, "时限", "a span of time", required=required)
        if value is None:
            return None
        within = read_span(value, self.counting)
        if within is None:
            self.wrong(
                self.node.table[key],
                Text(f"看不懂的时限“{value}”", f'Cannot read the span of time "{value}"'),
                SPAN_HELP,
                code="bad-span",
            )
        return within

    def sub(self, key: str) -> "Fields | None":
        """A table inside this one."""
        node = self.get(key)
        return None if node is None else Fields(node, self.notes, self.counting)

    def each(self, key: str) -> "list[Fields]":
        """The tables of an array of tables."""
        node = self.get(key)
        if node is None:
            return []
        if not isinstance(node.value, list):
            message = Text(f"“{key}”应写成 [[{key}]]", f'"{key}" must be written as [[{key}]]')
            mend = Text(f"改为 [[{key}]]，每项一段", f"Write [[{key}]], once for each of them")
            self.wrong(node, message, mend)
            return []
        return [Fields(item, self.notes, self.counting) for item in node.items]

    def read(self, key: str, reader: Callable[["Fields"], T]) -> tuple[T, ...]:
        """Each table of an array, read by `reader`; unknown keys are noted."""
        result = []
        for fields in self.each(key):
            result.append(reader(fields))
            fields.done()
        return tuple(result)

    def done(self) -> None:
        """Note every key that nobody asked for."""
        for key, node in self.node.table.items():
            if key in self._known:
                continue
            near = difflib.get_close_matches(key, sorted(self._known), 1)
            mend = (
                Text(f"是否想写“{near[0]}”？", f'Did you mean "{near[0]}"?')
                if near
                else Text(
                    f"这里可用：{one_of(sorted(self._known))}",
                    f"Known here: {', '.join(sorted(self._known))}",
                )
            )
            self.notes.add(
                "unknown-key", node.place, Text(f"不认识的键“{key}”", f'Unknown key "{key}"'), mend
            )
