"""The reply checks against real answers: what they find, and how often they speak up where nothing is wrong.

    python -m benchmarks.replies

Data: 2,816 messages with a public body's real answers (replies/replies.tsv). The key (replies_key.tsv) was made by
reading, by id only: 159 answers for promises (each the last day of what is promised with a date, seen from the day
of the answer; `?` was not read for it), 275 for answers that say nothing. Nothing of the texts stands in the tree.
The rules were tuned while looking at answers of the same collection: read the figures as fitted, not as unseen.
The planted-fault set is in tests/engine/reply_drafts.py.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.engine.reply_drafts import CLEAN, FAULTS, checked

from benchmarks.common import Row, need, say, table, tsv
from huiying import calendars
from huiying.engine.calendar import Calendar, read_calendar
from huiying.engine.reply.boilerplate import substance
from huiying.engine.reply.check import check
from huiying.engine.reply.days import named_days
from huiying.engine.reply.model import Context, DraftText
from huiying.engine.reply.promises import find
from huiying.engine.reply.spelling import slips
from huiying.engine.reply.wording import shipped

KEY = Path(__file__).with_name("replies_key.tsv")
ZONE = ZoneInfo("Asia/Shanghai")
Reply = dict[str, str]


def calendar() -> Calendar:
    """The shipped calendar of China."""
    found, findings = read_calendar(calendars.shipped()["CN"], "CN.toml")
    if found is None:
        raise SystemExit("\n".join(one.message.en for one in findings))
    return found


def instant(text: str) -> datetime:
    """When an answer was given, in Beijing's time: 2019/5/10 14:56:53, 2019-05-10, a missing time is ten o'clock."""
    day, clock = [*text.replace("/", "-").split(), "10:00"][:2]
    year, month, number = map(int, day.split("-"))
    hour, minute = map(int, clock.split(":")[:2])
    return datetime(year, month, number, hour, minute, tzinfo=ZONE)


def rates(hit: int, said: int, true: int) -> str:
    """Precision, recall and F1 in words."""
    precision, recall = hit / said if said else 0.0, hit / true if true else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f}"


def counted(pairs: Iterable[tuple[set[str], set[str]]]) -> str:
    """Rates over pairs of what is so and what was said."""
    hit = said = true = 0
    for right, told in pairs:
        hit, said, true = hit + len(right & told), said + len(told), true + len(right)
    return rates(hit, said, true)


def promised(reply: Reply, days: Calendar) -> set[str]:
    """The last days of the promises that are found."""
    found = find(reply["reply"], instant(reply["reply_time"]), days)
    ends = (one.due_at - timedelta(microseconds=1) for one in found if one.due_at)
    return {f"{end.astimezone(ZONE):%Y-%m-%d}" for end in ends}


def any_future_day(reply: Reply, days: Calendar) -> set[str]:
    """The baseline: every day of a sentence with 前, 内, 底 or 将 that lies ahead."""
    today = instant(reply["reply_time"]).date()
    return {f"{one.last:%Y-%m-%d}" for one in named_days(reply["reply"], today) if one.last >= today}


def promises(replies: dict[str, Reply]) -> Row:
    """Promises with a date: found, and resolved to the right last day."""
    days = calendar()
    key = [(row["id"], row["promises"]) for row in tsv(KEY) if row["promises"] != "?"]

    def against(read: Callable[[Reply, Calendar], set[str]]) -> str:
        return counted(
            ({*filter(None, right.split(","))}, read(replies[number], days)) for number, right in key
        )

    return Row(
        part="replies",
        what="promises resolved to the day",
        data=f"{len(key)} read answers",
        baseline=f"every day ahead {against(any_future_day)}",
        ours=against(promised),
        reach="-",
    )


def empty(replies: dict[str, Reply]) -> Row:
    """Answers that say nothing."""
    key = [(row["id"], row["empty"] == "1") for row in tsv(KEY)]

    def against(says_nothing: Callable[[str], bool]) -> str:
        return counted(
            ({"empty"} if right else set(), {"empty"} if says_nothing(replies[number]["reply"]) else set())
            for number, right in key
        )

    return Row(
        part="replies",
        what="answers that say nothing",
        data=f"{len(key)} read answers, {sum(right for _id, right in key)} of them empty",
        baseline=f"shorter than 60 characters {against(lambda text: len(text) < 60)}",
        ours=against(lambda text: substance(text).empty),
        reach="-",
    )


def spelling(replies: dict[str, Reply]) -> Row:
    """How many of the mostly clean answers the list of wrong characters touches."""
    touched = sum(bool(slips(reply["reply"])) for reply in replies.values())
    return Row(
        part="replies",
        what="answers in which a wrong character is claimed (most of them rightly)",
        data=f"{len(replies)} real answers",
        baseline="-",
        ours=f"{touched / len(replies):.4f}",
        reach="0.02 at most",
    )


def above_hints(replies: dict[str, Reply]) -> Row:
    """How many answers get anything above a hint, and for what."""
    days, rules, told = calendar(), shipped(), Counter[str]()
    begun, loud = time.process_time(), 0
    for reply in replies.values():
        context = Context(
            now=instant(reply["reply_time"]),
            message=f"{reply['title']}\n{reply['text']}",
            calendar=days,
            rules=rules,
        )
        codes = {one.code for one in check(DraftText(text=reply["reply"]), context) if one.level != "hint"}
        told.update(codes)
        loud += bool(codes)
    each = (time.process_time() - begun) / len(replies)
    say(", ".join(f"{code.removeprefix('reply.')} {number}" for code, number in told.most_common()))
    return Row(
        part="replies",
        what=f"answers with a finding above a hint (empty ones {told['reply.empty-words']})",
        data=f"{len(replies)} real answers",
        baseline="-",
        ours=f"{loud / len(replies):.3f}, {each * 1000:.1f} ms each",
        reach="-",
    )


def planted() -> list[Row]:
    """The planted-fault set: all found, and the clean ones left alone."""
    found = sum(fault.code in {one.code for one in checked(fault.of, fault.text)} for fault in FAULTS)
    alone = sum(
        all(one.level == "hint" for one in checked(n, text)) for n, (_m, text, _l) in enumerate(CLEAN)
    )
    return [
        Row(part="replies", what="planted faults found", data=f"{len(FAULTS)} drafts", baseline="-",
            ours=f"{found}/{len(FAULTS)}", reach="all"),
        Row(part="replies", what="clean drafts with nothing above a hint", data=f"{len(CLEAN)} drafts", baseline="-",
            ours=f"{alone}/{len(CLEAN)}", reach="all"),
    ]  # fmt: skip


def rows() -> list[Row]:
    """Everything measured here. Raises Absent without the data."""
    replies = {row["id"]: row for row in tsv(need("replies", "replies.tsv"))}
    return [promises(replies), empty(replies), spelling(replies), above_hints(replies), *planted()]


if __name__ == "__main__":
    print(table(rows()))
