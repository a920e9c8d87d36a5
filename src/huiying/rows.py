"""Tables that people bring: TSV, CSV, JSON lines and arrays, XLSX; UTF-8 (with a mark or without), UTF-16, GB18030.

Rows are read one by one, so a file larger than the memory is no trouble until something wants all of it at once. What
cannot be read is refused with the file, the line and what to do. A half of a character pair alone (JSON allows it) is read
as U+FFFD; other control characters stand as they are.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from huiying.engine.text import Text
from huiying.rows_files import Unreadable, Unwritable, at_hand, encoding_of, write_tsv

__all__ = ["Row", "Unreadable", "Unwritable", "at_hand", "encoding_of", "read_rows", "write_tsv"]

_LONE = re.compile("[\ud800-\udfff]")
CELL_MOST = 1_000_000  # characters
SHEET_MOST = 256 * 1024 * 1024  # bytes; a sheet is read as a whole


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    line: int  # of the file, from 1; of a sheet its row
    number: int  # of the rows, from 1
    cells: Mapping[str, str]  # by the name of the column, as written and trimmed


def read_rows(path: Path, *, columns: Sequence[str] | None = None) -> Iterator[Row]:
    """The rows of a table, by the ending of its name. Raises Unreadable.

    `columns`: names for a TSV file that has no header, used where its first row holds none of the names.
    """
    at_hand(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = "、".join(sorted(_READERS))
        raise Unreadable(
            path,
            None,
            Text("不认识的文件种类", "An unknown kind of file"),
            Text(f"用 {known}", f"Use {known}"),
        )
    if path.stat().st_size == 0:
        raise _empty(path)
    return reader(path, columns)


def _tsv(path: Path, columns: Sequence[str] | None) -> Iterator[Row]:
    """Tab-separated, one row a line, no quoting."""
    with path.open(encoding=encoding_of(path), newline="\n") as lines:
        table = ((n, line.rstrip("\r\n").split("\t")) for n, line in enumerate(lines, 1) if line.strip())
        yield from _named(path, table, columns)


def _csv(path: Path, columns: Sequence[str] | None) -> Iterator[Row]:
    csv.field_size_limit(CELL_MOST)
    with path.open(encoding=encoding_of(path), newline="") as lines:
        reader, begun = csv.reader(lines, strict=True), 1

        def table() -> Iterator[tuple[int, list[str]]]:
            nonlocal begun
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield begun, cells
                begun = reader.line_num + 1

        try:
            yield from _named(path, table(), columns)
        except csv.Error as error:
            what = Text(f"从这一行起 CSV 读不下去：{error}", f"From this line on CSV cannot be read: {error}")
            mend = Text(
                "引号要成对；引号里的引号写两个", "Quotes come in pairs; a quote inside is written twice"
            )
            raise Unreadable(path, begun, what, mend) from error


def _named(
    path: Path, table: Iterator[tuple[int, list[str]]], columns: Sequence[str] | None
) -> Iterator[Row]:
    """Rows by the names of the header, or of `columns` where the first row is no header."""
    line, first = next(table, (0, []))
    if not first:
        raise _empty(path)
    names = [name.strip() for name in first]
    number = 0
    if columns is not None and not set(names) & set(columns):
        names, number = list(columns), 1
        yield _row(path, line, number, names, first)
    for line, cells in table:
        number += 1
        yield _row(path, line, number, names, cells)


def _row(path: Path, line: int, number: int, names: list[str], cells: list[str]) -> Row:
    if len(cells) > len(names) and any(c.strip() for c in cells[len(names) :]):
        what = Text(
            f"这一行有 {len(cells)} 格，表头只有 {len(names)} 列",
            f"This row has {len(cells)} cells, the header {len(names)} columns",
        )
        raise Unreadable(
            path,
            line,
            what,
            Text(
                "把正文里的制表符或逗号换成空格，或加引号（CSV）",
                "Replace the tabs or commas inside the text by spaces, or quote it (CSV)",
            ),
        )
    long = next((name for name, cell in zip(names, cells, strict=False) if len(cell) > CELL_MOST), None)
    if long is not None:
        raise Unreadable(
            path,
            line,
            Text(f"“{long}”超过 {CELL_MOST:,} 字", f"“{long}” has more than {CELL_MOST:,} characters"),
            Text(
                "截短，或分成几行；看看是不是少了换行",
                "Cut it, or make it several rows; is a line end missing?",
            ),
        )
    return Row(line, number, {name: cell.strip() for name, cell in zip(names, cells, strict=False)})


def _jsonl(path: Path, columns: Sequence[str] | None) -> Iterator[Row]:
    number = 0
    with path.open(encoding=encoding_of(path)) as lines:
        for line, text in enumerate(lines, 1):
            if text.strip():
                number += 1
                yield Row(line, number, _object(path, line, _parsed(path, line, text)))
    if not number:
        raise _empty(path)


def _json(path: Path, columns: Sequence[str] | None) -> Iterator[Row]:
    values = _parsed(path, None, path.read_text(encoding=encoding_of(path)))
    if not isinstance(values, list):
        raise Unreadable(path, 1, Text("要是一个数组", "It must be an array"))
    if not values:
        raise _empty(path)
    for number, value in enumerate(values, 1):
        yield Row(number, number, _object(path, number, value))


def _parsed(path: Path, line: int | None, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        place = line or getattr(error, "lineno", None)
        raise Unreadable(
            path, place, Text(f"不是正确的 JSON：{error}", f"Not correct JSON: {error}")
        ) from error


def _object(path: Path, line: int | None, value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise Unreadable(path, line, Text("要是一个对象 {…}", "It must be an object {…}"))
    return {str(name): _cell(cell) for name, cell in value.items()}


def _sheet(path: Path, columns: Sequence[str] | None) -> Iterator[Row]:
    if path.stat().st_size > SHEET_MOST:
        raise Unreadable(
            path, None, Text("表格太大", "The sheet is too large"), Text("另存为 CSV", "Save it as CSV")
        )
    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise Unreadable(
            path, None, Text(f"表格打不开：{error}", f"The sheet cannot be opened: {error}")
        ) from error
    table = (
        (n, [_cell(c) for c in cells]) for n, cells in enumerate(rows, 1) if any(_cell(c) for c in cells)
    )
    yield from _named(path, table, columns)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _LONE.sub("\ufffd", text).strip()


def _text(path: Path, columns: Sequence[str] | None) -> Iterator[Row]:
    """A .txt file: a JSON array if it begins with a bracket, else tab-separated."""
    with path.open("rb") as raw:
        head = raw.read(64).decode("utf-8", "ignore").lstrip("\ufeff").lstrip()
    return _json(path, columns) if head.startswith("[") else _tsv(path, columns)


def _empty(path: Path) -> Unreadable:
    return Unreadable(path, None, Text("文件是空的", "The file is empty"))


_READERS: dict[str, Callable[[Path, Sequence[str] | None], Iterator[Row]]] = {
    ".tsv": _tsv,
    ".csv": _csv,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".json": _json,
    ".xlsx": _sheet,
    ".xls": _sheet,
    ".ods": _sheet,
    ".txt": _text,
}
