"""Cascades of reposts and hourly lists, from plain or gzipped files."""

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from huiying.engine.listen.learn.hotlist import Listing, Place
from huiying.engine.text import Text
from huiying.rows import Unreadable, at_hand

_GZIP = b"\x1f\x8b"
_COLUMNS = ("date", "hour", "rank", "title")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LINE_MOST = 64 * 1024 * 1024  # characters


@dataclass(frozen=True, slots=True)
class Cascade:
    """A post's reposts: how many the file holds, and when those with a time that can be read were made."""

    id: str
    count: int
    times: tuple[float, ...]  # wall-clock seconds since 1970, ascending


def read_cascades(path: Path, zone: ZoneInfo) -> list[Cascade]:
    """JSON lines `{"id": …, "reposts": [[time, …], …]}`; a repost may also be its time alone. Raises Unreadable.

    Times are ISO 8601 or Unix seconds; those without a zone are of the place's wall clock, the others are brought to
    that of `zone`. One that cannot be read is passed over. Of cascades with one id the first is kept.
    """
    found: dict[str, Cascade] = {}
    with _lines(path) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                one = _cascade(path, number, line, zone)
                found.setdefault(one.id, one)
    return list(found.values())


def _cascade(path: Path, number: int, line: str, zone: ZoneInfo) -> Cascade:
    try:
        post = json.loads(line)
    except (ValueError, RecursionError) as error:
        what = Text(f"不是正确的 JSON：{error}", f"Not correct JSON: {error}")
        raise Unreadable(path, number, what) from error
    reposts = post.get("reposts") if isinstance(post, dict) else None
    if not isinstance(reposts, list) or "id" not in post:
        raise Unreadable(
            path, number, Text("要有 id 和 reposts（数组）", "id and reposts (an array) are needed"),
            Text('写成 {"id": "1", "reposts": [["2026-11-24 08:30:00"]]}', 'Write {"id": "1", "reposts": [["2026-11-24 08:30:00"]]}'),
        )  # fmt: skip
    times = (_seconds(one[0] if isinstance(one, list) and one else one, zone) for one in reposts)
    return Cascade(str(post["id"]), len(reposts), tuple(sorted(at for at in times if at is not None)))


def _seconds(value: Any, zone: ZoneInfo) -> float | None:
    """Wall-clock seconds of an instant; None for what is none."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            at = _EPOCH + timedelta(seconds=value)
        else:
            at = datetime.fromisoformat(str(value))
        wall = at.astimezone(zone).replace(tzinfo=None) if at.tzinfo else at
    except (ValueError, OverflowError):
        return None
    return (wall.replace(tzinfo=UTC) - _EPOCH).total_seconds()


def read_listings(path: Path) -> list[Listing]:
    """The listings of a table with the columns date, hour, rank and title (also category, hot), in order of time.

    Raises Unreadable. Ranks count from 0 if any is 0, else from 1; of a title that stands twice the better place counts.
    Rows without title or rank are passed over.
    """
    rows = list(_listed(path))
    first = 1 - min((rank for _at, rank, _title, _heat, _category in rows), default=1)
    found: dict[datetime, dict[str, Place]] = {}
    for at, rank, title, heat, category in rows:
        places = found.setdefault(at, {})
        if title not in places or rank + first < places[title].number:
            places[title] = Place(rank + first, heat, category)
    return [Listing(at, found[at]) for at in sorted(found)]


_Row = tuple[datetime, int, str, float, str]


def _listed(path: Path) -> Iterator[_Row]:
    with _lines(path) as lines:
        names = next(iter(lines), "").rstrip("\r\n").split("\t")
        missing = [name for name in _COLUMNS if name not in names]
        if missing:
            told, has = "、".join(missing), "、".join(names) or "-"
            raise Unreadable(
                path, 1, Text(f"缺少列：{told}（现有：{has}）", f"Missing columns: {told} (there are: {has})"),
                Text("第一行写列名，用制表符隔开", "Write the names in the first line, parted by tabs"),
            )  # fmt: skip
        for number, line in enumerate(lines, 2):
            cells = dict(zip(names, line.rstrip("\r\n").split("\t"), strict=False))
            if cells.get("title") and cells.get("rank"):
                yield _row(path, number, cells)


def _row(path: Path, number: int, cells: dict[str, str]) -> _Row:
    try:
        at = datetime.fromisoformat(cells["date"]).replace(tzinfo=None) + timedelta(hours=int(cells["hour"]))
        rank, heat = int(float(cells["rank"])), float(cells.get("hot") or 0)
    except (ValueError, OverflowError) as error:
        what = Text(
            f"日期、小时、名次或热度读不懂：{error}", f"Date, hour, rank or hot is no number: {error}"
        )
        raise Unreadable(path, number, what) from error
    if rank < 0 or not 0 <= heat < float("inf"):
        raise Unreadable(path, number, Text("名次和热度不能小于 0", "Rank and hot cannot be below 0"))
    return at, rank, cells["title"], heat, cells.get("category") or ""


@contextmanager
def _lines(path: Path) -> Iterator[Iterable[str]]:
    """The lines of a file, unpacked if it is gzipped. What breaks while they are read is told as Unreadable."""
    at_hand(path)
    try:
        with path.open("rb") as raw:
            packed = raw.peek(2)[:2] == _GZIP
            plain = gzip.GzipFile(fileobj=raw) if packed else raw
            with io.TextIOWrapper(plain, encoding="utf-8-sig", newline="\n") as lines:
                yield lines
    except (OSError, EOFError, zlib.error) as error:
        what = Text(f"压缩文件坏了或读不出：{error}", f"The file is broken or cannot be read: {error}")
        raise Unreadable(path, None, what, Text("重新下载或重新压缩", "Fetch or pack it anew")) from error
    except UnicodeDecodeError as error:
        raise Unreadable(
            path, None, Text("不是 UTF-8", "Not UTF-8"), Text("另存为 UTF-8", "Save it as UTF-8")
        ) from error
