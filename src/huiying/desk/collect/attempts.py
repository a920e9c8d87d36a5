"""What an attempt at a source leaves: its health, a line on its page, and a word to the people on duty."""

import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiying.desk.accounts.models import Role
from huiying.desk.accounts.queries import stand_in
from huiying.desk.collect.models import Fetch, Source
from huiying.desk.collect.plain import clean
from huiying.desk.collect.sources.base import Harvest, Rejected
from huiying.desk.collect.storing import Stored
from huiying.desk.collect.trouble import Trouble
from huiying.desk.notify.actions import tell
from huiying.desk.shell.times import length
from huiying.engine.text import Text

TELL_AFTER = 4  # failures in a row, about ten minutes
SHOWN_REJECTED = 50
KEPT = 20_000  # bytes of an answer that could not be read


def well(source: Source, now: datetime) -> None:
    """The source was read: whatever was wrong is over, and whoever was told of it is told so. Not saved."""
    source.last_ok_at = now
    if source.told_at is not None and source.failing_since is not None:
        _tell_well(source, source.failing_since, now)
    source.failing_since = source.told_at = None
    source.failures, source.error_code, source.error_zh, source.error_en = 0, "", "", ""


def ill(source: Source, trouble: Trouble, now: datetime) -> None:
    """The source could not be read: since when, why; the people on duty hear of it once. Not saved."""
    source.failing_since = source.failing_since or now
    source.error_code = trouble.code
    source.error_zh, source.error_en = _words(trouble.message, "error").values()
    if source.failures >= TELL_AFTER and source.told_at is None:
        source.told_at = now
        _tell_ill(source, source.failing_since, trouble, now)


def note(source: Source, harvest: Harvest, stored: Stored, at: datetime, seconds: float = 0) -> Fetch:
    """The attempt on the source's page: how much came, how much was new, what could not be read and where."""
    outcome = Fetch.Outcome.UNCHANGED if harvest.unchanged else Fetch.Outcome.EMPTY
    return Fetch.objects.create(
        source=source,
        at=at,
        seconds=round(seconds, 3),
        outcome=Fetch.Outcome.NEW if stored.new else outcome,
        found=stored.new + stored.known,
        new=stored.new,
        rejected=[as_json(one) for one in harvest.rejected[:SHOWN_REJECTED]],
        rejected_count=len(harvest.rejected),
    )


def note_failure(source: Source, trouble: Trouble, at: datetime, seconds: float = 0) -> Fetch:
    """A failed attempt on the source's page, with the beginning of what could not be read."""
    return Fetch.objects.create(
        source=source,
        at=at,
        seconds=round(seconds, 3),
        outcome=Fetch.Outcome.FAILED,
        code=trouble.code,
        sample=zlib.compress(trouble.evidence[:KEPT]) if trouble.evidence else b"",
        **_words(trouble.message, "message"),
    )


def as_json(one: Rejected) -> dict[str, Any]:
    """A remark as it is kept with its attempt."""
    zh, en = clean(one.message.zh)[:300], clean(one.message.en)[:300]
    place, place_en = clean(one.where.zh)[:200], clean(one.where.en)[:200]
    return {"place": place, "place_en": place_en, "zh": zh, "en": en, "taken": one.taken}


def _words(text: Text, stem: str) -> dict[str, str]:
    return {f"{stem}_zh": clean(text.zh)[:500], f"{stem}_en": clean(text.en)[:500]}


@dataclass(frozen=True, slots=True)
class _News:
    subject: Text
    body: Text


def _tell_ill(source: Source, since: datetime, trouble: Trouble, now: datetime) -> None:
    news = _News(
        Text(f"信源读不成：{source.name}", f"A source cannot be read: {source.name}"),
        Text(
            f"信源“{source.name}”已连续 {source.failures} 次读不成。{trouble.message.zh}。怎么办：{trouble.mend.zh}。"
            "这不等于没有人说话；其他信源不受影响。",
            f'"{source.name}" could not be read {source.failures} times in a row. {trouble.message.en}. '
            f"What to do: {trouble.mend.en}. This does not mean that nobody speaks; other sources go on.",
        ),
    )
    _tell(source, "broken", since, news, now)


def _tell_well(source: Source, since: datetime, now: datetime) -> None:
    zh, en = length(now - since, "zh"), length(now - since, "en")
    news = _News(
        Text(f"信源恢复：{source.name}", f"A source can be read again: {source.name}"),
        Text(
            f"信源“{source.name}”中断 {zh} 后恢复，期间的帖文正在补采。",
            f'"{source.name}" can be read again after {en}; what was posted meanwhile is being fetched.',
        ),
    )
    _tell(source, "well", since, news, now)


def _tell(source: Source, what: str, since: datetime, news: _News, now: datetime) -> None:
    tell(
        now=now,
        people=stand_in(Role.DUTY, now),
        key=f"source|{source.pk}|{what}|{since:%Y%m%dT%H%M%S.%f}",
        subject=news.subject,
        body=news.body,
        link=f"/sources/{source.pk}/",
    )
