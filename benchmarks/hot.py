"""The messages of hot-issues, and which of them report the same matter."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from benchmarks.common import need, tsv
from huiying.engine.listen.mention import Mention

_CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages in order of time, and the group of those that were read."""

    mentions: list[Mention]
    groups: dict[str, str]  # id -> group


def messages() -> Messages:
    """All 4,326 messages, and groups-dev. Raises Absent."""
    rows = [
        Mention(
            id=row["id"],
            at=datetime.fromisoformat(row["time"]).replace(tzinfo=_CHINA),
            title=row["title"],
            text=row["text"],
            voice=row["author"],
            kind="message",
        )
        for row in tsv(need("hot-issues", "messages.tsv"))
    ]
    groups = {row["id"]: row["group"] for row in tsv(need("hot-issues", "groups-dev.tsv"))}
    return Messages(sorted(rows, key=lambda m: m.at), groups)
