"""Lines to take from a file, or from the fields of the desk's form."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from huiying.engine.findings import Finding, Place
from huiying.engine.reply.model import Figure, Lines, NotYet, Wording
from huiying.engine.text import Text

_LISTS = ("facts", "causes", "wording")
_KEYS = frozenset({*_LISTS, "version", "figures", "not_yet", "outlet"})


def read_fields(
    *,
    version: int = 1,
    facts: str = "",
    figures: str = "",
    causes: str = "",
    wording: str = "",
    not_yet: str = "",
) -> Lines:
    """Lines from text fields, one entry a line: `name = value`, `avoid => use`, `what: why`."""
    return Lines(
        version=version,
        facts=tuple(_entries(facts)),
        figures=tuple(Figure(*_split(one, ("=", "＝", "：", ":"))) for one in _entries(figures)),
        causes=tuple(_entries(causes)),
        wording=tuple(_wording(one) for one in _entries(wording)),
        not_yet=tuple(NotYet(*_split(one, ("：", ":", "——", "，"))) for one in _entries(not_yet)),
    )


def _entries(field: str) -> Iterator[str]:
    return (line.strip().lstrip("-·•").strip() for line in field.splitlines() if line.strip())


def _split(entry: str, marks: tuple[str, ...]) -> tuple[str, str]:
    for mark in marks:
        if mark in entry:
            left, right = entry.split(mark, 1)
            return left.strip(), right.strip()
    return entry, ""


def _wording(entry: str) -> Wording:
    for mark in ("=>", "→", "⇒"):
        if mark in entry:
            avoid, use = (part.strip().strip('“”"') for part in entry.split(mark, 1))
            return Wording(use=use, avoid=avoid)
    return Wording(use=entry)


def read_lines(text: str, file: str) -> tuple[Lines | None, list[Finding]]:
    """Lines from TOML: lists `facts`, `causes`, `wording`; tables `figures` and `not_yet`; `version`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        words = Text(f"不是有效的 TOML：{broken}", f"Not valid TOML: {broken}")
        return None, [Finding(code="lines.toml", level="error", message=words, place=Place(file=file))]
    findings = [*_unknown(data, file), *_misshapen(data, file)]
    if any(one.level == "error" for one in findings):
        return None, findings
    return _lines(data), findings


def _lines(data: Mapping[str, Any]) -> Lines:
    return Lines(
        version=int(data.get("version", 1)),
        facts=tuple(data.get("facts", ())),
        causes=tuple(data.get("causes", ())),
        figures=tuple(Figure(name, str(value)) for name, value in data.get("figures", {}).items()),
        wording=tuple(map(_wording, data.get("wording", ()))),
        not_yet=tuple(NotYet(what, str(why)) for what, why in data.get("not_yet", {}).items()),
    )


def _unknown(data: Mapping[str, Any], file: str) -> Iterator[Finding]:
    for key in sorted(data.keys() - _KEYS):
        yield Finding(
            code="lines.unknown",
            level="warning",
            message=Text(f"不认识“{key}”，没有用到", f"“{key}” is unknown and was not used"),
            place=Place(file=file, path=key),
            mend=Text(f"可用的有：{'、'.join(sorted(_KEYS))}。", f"Known: {', '.join(sorted(_KEYS))}."),
        )


def _misshapen(data: Mapping[str, Any], file: str) -> Iterator[Finding]:
    lists = [key for key in _LISTS if key in data and not _is_texts(data[key])]
    tables = [key for key in ("figures", "not_yet") if key in data and not isinstance(data[key], dict)]
    numbers = ["version"] if not isinstance(data.get("version", 1), int) else []
    for key in (*lists, *tables, *numbers):
        shape = ("一组文字", "a list of texts") if key in lists else ("一张表", "a table")
        if key == "version":
            shape = ("整数", "a whole number")
        yield Finding(
            code="lines.shape",
            level="error",
            message=Text(f"“{key}”要写成{shape[0]}", f"“{key}” must be {shape[1]}"),
            place=Place(file=file, path=key),
        )


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
