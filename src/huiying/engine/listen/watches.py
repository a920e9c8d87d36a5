"""Watch files: a TOML of our own, and TrendRadar's keyword form (see `trendradar`).

Our own:

    [[watch]]
    name = "停水停电"
    query = "(停水 OR 停电) NOT 通知"
    cap = 20        # at most so many are listed; optional
"""

import tomllib
from collections.abc import Iterator
from typing import Any

from huiying.engine.findings import Finding, Place
from huiying.engine.listen.named import NamedQuery, collect, told, toml_line
from huiying.engine.listen.query import parse
from huiying.engine.listen.trendradar import read_trendradar
from huiying.engine.text import Text

__all__ = ["NamedQuery", "read_toml", "read_trendradar"]

_KEYS = frozenset({"name", "query", "cap"})


def read_toml(text: str, file: str) -> tuple[list[NamedQuery], list[Finding]]:
    """The watches of a TOML file; what cannot be read is told and left out."""
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        said = Text(f"不是正确的 TOML：{error}", f"Not correct TOML: {error}")
        return [], [told("watches.toml", Place(file=file, line=toml_line(error)), said)]
    rows = data.get("watch")
    if not isinstance(rows, list) or not rows:
        return [], [told("watches.empty", Place(file=file), Text("没有 [[watch]]", "There is no [[watch]]"))]
    return collect(_read(rows, text, file))


def _read(rows: list[Any], text: str, file: str) -> Iterator[tuple[NamedQuery | None, list[Finding]]]:
    lines = [
        n for n, line in enumerate(text.splitlines(), 1) if line.replace(" ", "").startswith("[[watch]]")
    ]
    lines += [1] * (len(rows) - len(lines))
    for row, line in zip(rows, lines, strict=False):
        yield _watch(row, Place(file=file, line=line))


def _watch(row: Any, place: Place) -> tuple[NamedQuery | None, list[Finding]]:
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("name", "query")):
        said = Text(
            "每个 [[watch]] 要有文字的 name 和 query", "Each [[watch]] needs name and query as strings"
        )
        return None, [told("watches.fields", place, said)]
    found = _unknown_keys(row, place)
    cap = row.get("cap")
    if cap is not None and (type(cap) is not int or cap < 1):
        said = Text("cap 要是正整数", "cap must be a positive whole number")
        return None, [*found, told("watches.cap", place, said)]
    query, noted = parse(row["query"])
    found += [_moved(finding, place, row["name"]) for finding in noted]
    return (NamedQuery(name=row["name"], query=query, cap=cap) if query else None), found


def _unknown_keys(row: dict[str, Any], place: Place) -> list[Finding]:
    unknown = sorted(set(row) - _KEYS)
    if not unknown:
        return []
    said = Text(f"不认识的键：{'、'.join(unknown)}", f"Unknown keys: {', '.join(unknown)}")
    return [told("watches.unknown-key", place, said, level="warning")]


def _moved(finding: Finding, place: Place, name: str) -> Finding:
    """A finding on a query, told at its place in the file."""
    return Finding(
        code=finding.code,
        level=finding.level,
        message=Text(f"“{name}”：{finding.message.zh}", f"“{name}”: {finding.message.en}"),
        place=Place(
            file=place.file, line=place.line, start=finding.place.start, end=finding.place.end, path="query"
        ),
        mend=finding.mend,
    )
