"""A file to a table, a table to items; a row that fails is named and the rest goes on."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import python_calamine

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import one_line
from huiying.desk.collect.sources.api.parse import count_of
from huiying.desk.collect.sources.base import MOST_TEXT, Harvest, Item, key_of, trimmed, web_address
from huiying.desk.collect.sources.when import posting_time, unclear
from huiying.desk.collect.trouble import Trouble
from huiying.engine.text import Text

MOST_BYTES = 20 * 2**20
MOST_UNPACKED = 200 * 2**20
MOST_ROWS = 100_000
LOOK = 6  # rows in which the headings are looked for

# What columns are usually called, in the order in which they are looked for.
HEADINGS: dict[str, tuple[str, ...]] = {
    "key": ("编号", "id", "帖子id", "留言编号", "工单编号", "key"),
    "title": ("标题", "留言主题", "主题", "题目", "title", "subject"),
    "text": ("正文", "内容", "留言详情", "详情", "帖文", "text", "content", "body"),
    "address": ("链接", "网址", "地址", "url", "link", "address"),
    "author": ("作者", "用户", "留言用户", "发布者", "昵称", "author", "user"),
    "posted_at": ("发布时间", "留言时间", "时间", "日期", "time", "date", "posted_at", "published"),
    "site": ("网站", "来源", "平台", "站点", "site", "source"),
    "addressee": ("留言对象", "收件人", "写给", "受文领导", "addressee", "to"),
    "reach": ("点赞数", "评论数", "转发数", "互动数", "点赞", "likes", "reach", "comments"),
}

IDENTITY = ("key", "title", "text", "address", "posted_at", "site")
_SERIAL = re.compile(r"[3-5]\d{4}(?:\.\d{1,12})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file as rows of text under their headings."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str  # "xlsx" or the encoding of the text
    first_row: int = 2  # where the first of `rows` stands in the file, counted from 1
    cut: bool = False  # whether rows beyond the limit were left out


def read_table(body: bytes, name: str = "") -> Table:
    """The table in a file's bytes. Raises Trouble if it is none."""
    if len(body) > MOST_BYTES:
        raise Trouble("too.large", f"{MOST_BYTES // 2**20} MB")
    if body.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _table(_sheet(body), "xlsx")
    text, encoding = decode(body)
    if "\x00" in text or not text.strip():
        raise Trouble("upload.kind", one_line(name, 80))
    return _table(_separated(text), encoding)


def _table(rows: Iterable[Sequence[str]], encoding: str) -> Table:
    kept = [tuple(row) for row in islice(rows, MOST_ROWS + LOOK + 1)]
    head = _heading_row(kept[:LOOK])
    if head is None:
        raise Trouble("upload.kind")
    body = tuple(kept[head + 1 : head + 1 + MOST_ROWS])
    return Table(
        headings=tuple(one_line(cell, 80) for cell in kept[head]),
        rows=body,
        encoding=encoding,
        first_row=head + 2,
        cut=len(kept) > head + 1 + len(body),
    )


def _heading_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Where the headings stand: the first row with two cells filled, since a title often stands above the table."""
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    wide = next((place for place, count in enumerate(filled) if count > 1), None)
    return wide if wide is not None else next((place for place, count in enumerate(filled) if count), None)


def _separated(text: str) -> Iterable[Sequence[str]]:
    csv.field_size_limit(MOST_TEXT * 4)
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    mark = max("\t,;|", key=first.count)
    plain_tabs = mark == "\t" and '"' not in first
    bare = plain_tabs and not _quoted(text)
    lines = io.StringIO(text.lstrip("\ufeff"), newline="")
    try:
        yield from csv.reader(lines, delimiter=mark, quoting=csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL)
    except csv.Error as error:
        raise Trouble("upload.kind", str(error)[:120]) from error


def _quoted(text: str) -> bool:
    """Whether a tab-separated text quotes its cells: a quote right at the beginning of one."""
    return '\t"' in text or '\n"' in text


def _sheet(body: bytes) -> Iterable[Sequence[str]]:
    _refuse_bomb(body)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheets = (book.get_sheet_by_index(n) for n in range(len(book.sheet_names)))
        rows = next((found for sheet in sheets if (found := _rows(sheet))), [])
    except Exception as error:  # the library raises its own and Rust's panics
        raise Trouble("upload.kind", type(error).__name__) from error
    return [[_cell(value) for value in row] for row in rows]


def _rows(sheet: python_calamine.CalamineSheet) -> list[list[Any]]:
    return list(sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + LOOK + 1))


def _refuse_bomb(body: bytes) -> None:
    if not body.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Trouble("upload.kind") from error
    if size > MOST_UNPACKED:
        raise Trouble("too.large", f"{MOST_UNPACKED // 2**20} MB")


def _cell(value: object) -> str:
    """A cell as text: whole numbers without a point, dates as ISO."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    return str(value)


def guess_columns(headings: Sequence[str]) -> dict[str, int]:
    """Which column probably holds what: field to column number, counted from 0."""
    plain = [heading.strip().lower() for heading in headings]
    found: dict[str, int] = {}
    for field, names in HEADINGS.items():
        exact = [plain.index(name) for name in names if name in plain]
        free = [column for column in exact if column not in found.values()]
        if free:
            found[field] = free[0]
    return found


def read_rows(table: Table, columns: Mapping[str, int], now: datetime, zone: ZoneInfo) -> Harvest:
    """Items of the rows by the chosen columns. Raises Trouble if neither title nor text is chosen.

    Row numbers are those of the file. What makes a row itself is everything but its counts and its author: a number
    of its own is not enough, because every export begins at 1 again. Rows that are equal are told apart by their count,
    so that reading the same file twice stores nothing twice and loses nothing.
    """
    if "title" not in columns and "text" not in columns:
        raise Trouble("upload.columns")
    harvest, seen = Harvest(), Counter[str]()
    for number, row in enumerate(table.rows, start=table.first_row):
        if any(cell.strip() for cell in row):
            said = {field: row[column].strip() for field, column in columns.items() if column < len(row)}
            item = _item(said, seen, now, zone)
            place = Text(f"第 {number} 行", f"row {number}")
            harvest.take(item, place, unclear(said.get("posted_at"), item.posted_at))
    return harvest


def _item(said: Mapping[str, str], seen: Counter[str], now: datetime, zone: ZoneInfo) -> Item:
    identity = "\x1f".join(f"{field}={said.get(field, '')}" for field in IDENTITY)
    seen[identity] += 1
    raw = excel_serial(said.get("posted_at", ""))
    title, text = trimmed(said.get("title", ""), said.get("text", ""))
    addressee = one_line(said.get("addressee", ""), 80)
    return Item(
        key=key_of("", identity, str(seen[identity])),
        title=title,
        text=text,
        address=web_address(said.get("address", "")),
        author=one_line(said.get("author", ""), 120),
        site=one_line(said.get("site", ""), 120),
        kind="message" if addressee else "post",
        posted_at=posting_time(raw, now, zone),
        reach=count_of(said.get("reach", "")),
        extra={"addressee": addressee} if addressee else {},
    )


def excel_serial(text: str) -> str:
    """A date as spreadsheets count it (45985.5: days since 1899-12-30, 1982 to 2064), as ISO; other words as they are."""
    if not _SERIAL.fullmatch(text):
        return text
    at = datetime(1899, 12, 30) + timedelta(days=float(text))  # noqa: DTZ001 - a wall clock without a zone is meant
    return at.isoformat(sep=" ", timespec="seconds")
