"""Mentions from a table: columns by their English or Chinese names, times in any form that people write."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from huiying.engine.listen.dates import read_instant
from huiying.engine.listen.mention import Mention
from huiying.engine.text import Text
from huiying.rows import Row, Unreadable, read_rows

MOST = 5_000_000  # mentions that one command takes
COLUMNS = {
    "id": ("id", "编号", "留言编号", "序号"),
    "time": ("time", "at", "date", "posted_at", "时间", "留言时间", "发布时间", "日期"),
    "title": ("title", "标题", "主题", "留言主题"),
    "text": ("text", "content", "body", "正文", "内容", "留言详情", "留言内容"),
    "voice": ("voice", "author", "user", "作者", "用户", "留言用户", "发帖人"),
    "site": ("site", "source", "来源", "网站", "平台"),
    "tier": ("tier", "层级"),
    "kind": ("kind", "类型"),
    "address": ("address", "url", "link", "链接", "网址"),
    "reach": ("reach", "likes", "转发数", "点赞数"),
    "rank": ("rank", "排名"),
}


def read_mentions(path: Path, *, now: datetime, zone: ZoneInfo, timed: bool = True) -> list[Mention]:
    """The mentions of a table, in its order. Without an id column a row's number is its id. Raises Unreadable.

    Of rows with one id the first is kept. `timed`: a time is needed; else a missing one is `now`.
    """
    found: dict[str, Mention] = {}
    for row in read_rows(path):
        if not found:
            _check_header(path, row, timed)
        if len(found) >= MOST:
            what = Text(f"超过 {MOST:,} 条", f"More than {MOST:,} mentions")
            raise Unreadable(path, row.line, what, Text("按时间分成几个文件", "Cut the file by time"))
        cells = {name.lower(): cell for name, cell in row.cells.items()}
        get = {field: next((cells[n] for n in names if cells.get(n)), "") for field, names in COLUMNS.items()}
        mention = _mention(
            row, get, now if not (timed or get["time"]) else _time(path, row, get["time"], now, zone)
        )
        found.setdefault(str(mention.id), mention)
    if not found:
        raise Unreadable(path, None, Text("只有表头，没有内容", "There is a header and nothing else"))
    return list(found.values())


def _check_header(path: Path, row: Row, timed: bool) -> None:
    names = {name.lower() for name in row.cells}
    missing = [] if not timed or names & set(COLUMNS["time"]) else ["time"]
    if not names & {*COLUMNS["title"], *COLUMNS["text"]}:
        missing.append("title / text")
    if missing:
        told = "、".join(missing)
        has = "、".join(row.cells) or "-"
        raise Unreadable(
            path, 1, Text(f"缺少列：{told}（现有：{has}）", f"Missing columns: {told} (there are: {has})"),
            Text("第一行写列名：id time title text", "Write the names in the first line: id time title text"),
        )  # fmt: skip


def _mention(row: Row, get: Mapping[str, str], at: datetime) -> Mention:
    return Mention(
        id=get["id"] or str(row.number),
        at=at,
        title=get["title"],
        text=get["text"],
        voice=get["voice"],
        site=get["site"],
        tier=get["tier"] or "unknown",
        kind=get["kind"] or "post",
        address=get["address"],
        reach=_number(get["reach"]) or 0,
        rank=_number(get["rank"]),
    )


def _time(path: Path, row: Row, text: str, now: datetime, zone: ZoneInfo) -> datetime:
    found = read_instant(text, now=now, zone=zone)
    if found is not None:
        return found
    what = (
        Text(f"时间读不懂：“{text}”", f"This is no time: “{text}”") if text else Text("没有时间", "No time")
    )
    mend = Text(
        "写成 2026-11-24 08:30、ISO 8601 或 Unix 秒", "Write 2026-11-24 08:30, ISO 8601 or Unix seconds"
    )
    raise Unreadable(path, row.line, what, mend)


def _number(text: str) -> int | None:
    digits = text.replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def in_order(mentions: list[Mention]) -> list[Mention]:
    """Mentions in order of time; those of one instant as they stand."""
    return sorted(mentions, key=lambda m: m.at)
