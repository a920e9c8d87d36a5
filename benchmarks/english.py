"""The short English texts of stream-en in their order, with the cluster of each."""

import json
from datetime import UTC, datetime, timedelta

from benchmarks.common import need
from benchmarks.hot import Messages
from huiying.engine.listen.mention import Mention

_BEGIN = datetime(2013, 1, 1, tzinfo=UTC)  # they come without times: one a minute


def tweets() -> Messages:
    """All 30,322 texts and their clusters. Raises Absent."""
    with need("stream-en", "tweets-t.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    mentions = [
        Mention(id=row["Id"], at=_BEGIN + timedelta(minutes=n), text=row["textCleaned"])
        for n, row in enumerate(rows)
    ]
    return Messages(mentions, {row["Id"]: str(row["clusterNo"]) for row in rows})
