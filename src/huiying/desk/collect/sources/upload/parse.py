"""A file to a table, a table to items; a row that fails is named and the rest goes on."""

import csv
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import python_calamine

from huiying.desk.collect.charset import decode
from huiying.desk.collect.plain import clean, one_line
from huiying.desk.collect.sources.api.parse import count_of
from huiying.desk.collect.sources.base import MOST_TEXT, Harvest, Item, Rejected, key_of
from huiying.desk.collect.sources.when import posting_time
from huiying.desk.collect.trouble import Trouble
from huiying.engine.text import Text

MOST_BYTES = 20 * 2**20
MOST_UNPACKED = 200 * 2**20
MOST_ROWS = 100_000

# What columns are usually called, in the order in which they are looked for.
HEADINGS: dict[str, tuple[str, ...]] = {
    "key": ("编号", "id", "帖子id", "留言编号", "key", "序号"),
    "title": ("标题", "留言主题", "主题", "题目", "title", "subject"),
    "text": ("正文", "内容", "留言详情", "详情", "帖文", "text", "content", "body"),
    "address": ("链接", "网址", "地址", "url", "link", "address"),
    "author": ("作者", "用户", "留言用户", "发布者", "昵称", "author", "user"),
    "posted_at": ("发布时间", "留言时间", "时间", "日期", "time", "date", "posted_at", "published"),
    "site": ("网站", "来源", "平台", "站点", "site", "source"),
    "reach": ("点赞数", "评论数", "转发数", "互动数", "点赞", "likes", "reach", "comments"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file as rows of text; the first row holds the headings."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str  # "xlsx" or the encoding of the text
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
    kept: list[tuple[str, ...]] = []
    for row in rows:
        if len(kept) > MOST_ROWS:
            break
        kept.append(tuple(row))
    if not kept or not any(cell.strip() for cell in kept[0]):
        raise Trouble("upload.kind")
    cut = len(kept) > MOST_ROWS
    body = tuple(kept[1 : MOST_ROWS + 1])
    return Table(headings=tuple(one_line(h, 80) for h in kept[0]), rows=body, encoding=encoding, cut=cut)


def _separated(text: str) -> Iterable[Sequence[str]]:
    csv.field_size_limit(MOST_TEXT * 4)
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    mark = max("\t,;|", key=first.count)
    plain_tabs = mark == "\t" and '"' not in first
    quoting = csv.QUOTE_NONE if plain_tabs and not _quoted(text) else csv.QUOTE_MINIMAL
    lines = io.StringIO(text.lstrip("\ufeff"), newline="")
    try:
        yield from csv.reader(lines, delimiter=mark, quoting=quoting)
    except csv.Error as error:
        raise Trouble("upload.kind", str(error)[:120]) from error


def _quoted(text: str) -> bool:
    """Whether a tab-separated text quotes its cells: a quote right at the beginning of one."""
    return '\t"' in text or '\n"' in text


def _sheet(body: bytes) -> Iterable[Sequence[str]]:
    _refuse_bomb(body)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MOST_ROWS + 2)
    except Exception as error:  # the library raises its own and Rust's panics
        raise Trouble("upload.kind", type(error).__name__) from error
    return [[_cell(value) for value in row] for row in rows]


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

    Row numbers are those of the file: the headings are row 1. Rows that are equal in everything are told apart by
    their count, so that reading the same file twice stores nothing twice and loses nothing.
    """
    if "title" not in columns and "text" not in columns:
        raise Trouble("upload.columns")
    harvest, seen = Harvest(), Counter[str]()
    for number, row in enumerate(table.rows, start=2):
        said = {field: row[column].strip() for field, column in columns.items() if column < len(row)}
        problem = _problem(said, row, now, zone)
        if problem is not None:
            harvest.rejected.append(Rejected(place=f"row {number}", message=problem))
        if said.get("title") or said.get("text"):
            harvest.items.append(_item(said, seen, now, zone))
    return harvest


def _problem(said: Mapping[str, str], row: Sequence[str], now: datetime, zone: ZoneInfo) -> Text | None:
    """What is wrong with a row; None for a good one and for an empty line."""
    if not any(cell.strip() for cell in row):
        return None
    if not said.get("title") and not said.get("text"):
        return Text("没有标题也没有正文，未收", "Neither title nor text: not taken")
    raw = said.get("posted_at", "")
    if raw and posting_time(raw, now, zone) is None:
        return Text(
            f"时间“{raw[:30]}”读不懂，已按无时间收下", f'The time "{raw[:30]}" is unclear; taken without it'
        )
    return None


def _item(said: Mapping[str, str], seen: Counter[str], now: datetime, zone: ZoneInfo) -> Item:
    whole = "\x1f".join(f"{field}={value}" for field, value in sorted(said.items()))
    given = said.get("key") or hashlib.sha256(whole.encode()).hexdigest()
    seen[given] += 1
    link = said.get("address", "")
    return Item(
        key=key_of(given if seen[given] == 1 else f"{given}#{seen[given]}", whole),
        title=one_line(said.get("title", "")),
        text=clean(said.get("text", ""))[:MOST_TEXT],
        address=link[:2000] if link.startswith(("http://", "https://")) else "",
        author=one_line(said.get("author", ""), 120),
        site=one_line(said.get("site", ""), 120),
        posted_at=posting_time(said.get("posted_at"), now, zone),
        reach=count_of(said.get("reach", "")),
    )
