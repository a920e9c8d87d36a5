"""How a source is, in words: a source that cannot be read is never shown as one on which nothing was said."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from huiying.desk.collect.models import Host, Source
from huiying.desk.collect.sources.kinds import SCHEDULED
from huiying.desk.collect.trouble import WHAT
from huiying.desk.collect.work.pace import SLOWED_AFTER
from huiying.desk.shell.times import length
from huiying.engine.text import Text

BEHIND = timedelta(minutes=5)  # a visit that is this late says that no worker runs
QUIET = timedelta(days=1)


class State(StrEnum):
    """Gravest first: lists are in this order."""

    FAILING = "failing"  # cannot be read
    BEHIND = "behind"  # should have been read, and nobody did
    WAITING = "waiting"  # its site asked us to stay away for a while
    NEVER = "never"  # not read yet
    WELL = "well"  # read, and something new lately
    QUIET = "quiet"  # read, and nothing new for a day
    BROUGHT = "brought"  # waits for what others bring
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """One source's health."""

    source: Source
    state: State
    what: Text
    why: Text | None = None
    mend: Text | None = None
    since: datetime | None = None
    next_at: datetime | None = None
    slowed: bool = False  # tried only now and then, until it is well or a person asks
    visiting: bool = False  # somebody is reading it at this moment

    @property
    def mark(self) -> str:
        """The colour that goes with it; the words say the same."""
        return MARKS[self.state]

    @property
    def retried_soon(self) -> bool:
        """Whether a source that fails is due for its next try already."""
        return self.state == State.FAILING and self.next_at is None

    @property
    def going(self) -> bool:
        """Whether a visit is under way or about to begin, so that a page does well to look again."""
        return self.visiting or self.state == State.NEVER

    @property
    def url(self) -> str:
        """Its page."""
        return f"/sources/{self.source.pk}/"


MARKS = {
    State.FAILING: "bad",
    State.BEHIND: "bad",
    State.WAITING: "warn",
    State.NEVER: "info",
    State.WELL: "ok",
    State.QUIET: "",
    State.BROUGHT: "",
    State.PAUSED: "warn",
}
ORDER = {state: place for place, state in enumerate(State)}


def health(source: Source, now: datetime) -> Health:
    """How the source is at `now`."""
    visiting = source.leased_until is not None and source.leased_until > now
    return replace(_judged(source, now, visiting), visiting=visiting)


def _judged(source: Source, now: datetime, visiting: bool) -> Health:
    if source.paused:
        return _paused(source, now)
    if source.failing_since is not None:
        return _failing(source, source.failing_since, now)
    if source.kind not in SCHEDULED:
        return _brought(source, now)
    if source.next_fetch_at is not None and now - source.next_fetch_at > BEHIND and not visiting:
        return _waiting(source, now) or _behind(source, source.next_fetch_at, now)
    if source.last_ok_at is None:
        what = Text("刚添加，马上去读", "Just added; it is read in a moment")
        return Health(source=source, state=State.NEVER, what=what)
    return _well(source, source.last_ok_at, now)


def troubled(now: datetime) -> list[Health]:
    """Sources that need a person, gravest and longest first."""
    rows = Source.objects.filter(paused=False)
    found = [one for one in (health(source, now) for source in rows) if one.mark == "bad"]
    return sorted(found, key=lambda one: (ORDER[one.state], one.since or now))


def _span(start: datetime, now: datetime) -> Text:
    if now - start < timedelta(minutes=1):
        return Text("不到 1 分钟", "less than a minute")
    return Text(length(now - start, "zh"), length(now - start, "en"))


def _ahead(source: Source, now: datetime) -> datetime | None:
    """When it is visited next, if that still lies ahead."""
    at = source.next_fetch_at if source.kind in SCHEDULED else None
    return at if at is not None and at > now else None


def _failing(source: Source, since: datetime, now: datetime) -> Health:
    span = _span(since, now)
    said = WHAT.get(source.error_code)
    slowed = source.failures >= SLOWED_AFTER
    return Health(
        source=source,
        state=State.FAILING,
        what=Text(f"读不成 {span.zh}", f"Cannot be read for {span.en}"),
        why=Text(source.error_zh, source.error_en),
        mend=said.mend if said else None,
        since=since,
        next_at=_ahead(source, now),
        slowed=slowed,
    )


def _waiting(source: Source, now: datetime) -> Health | None:
    """For a source whose site told another visit to come back later."""
    site = Host.objects.filter(name=source.host, free_at__gt=now).first()
    if site is None:
        return None
    what = Text("等对方网站允许", "Waits until its site allows")
    why = Text("同一网站刚才要求慢一些", "The site asked us a moment ago to slow down")
    return Health(source=source, state=State.WAITING, what=what, why=why, next_at=site.free_at)


def _behind(source: Source, due: datetime, now: datetime) -> Health:
    span = _span(due, now)
    return Health(
        source=source,
        state=State.BEHIND,
        what=Text(f"该读未读 {span.zh}", f"Due for {span.en} and not read"),
        why=Text("采集程序没有在运行，或忙不过来", "The worker is not running, or cannot keep up"),
        mend=Text(
            "请管理员查看采集程序（huiying doctor）", "The administrator looks at the worker (huiying doctor)"
        ),
        since=due,
    )


def _paused(source: Source, now: datetime) -> Health:
    what = Text("已停采，不会去读", "Paused: it is not read")
    return Health(source=source, state=State.PAUSED, what=what, since=source.last_tried_at)


def _brought(source: Source, now: datetime) -> Health:
    last = source.last_new_at
    if last is None:
        return Health(
            source=source, state=State.BROUGHT, what=Text("还没有收到过", "Nothing was brought yet")
        )
    span = _span(last, now)
    what = Text(f"最近一次 {span.zh}前", f"Last brought {span.en} ago")
    return Health(source=source, state=State.BROUGHT, what=what, since=last)


def _well(source: Source, read: datetime, now: datetime) -> Health:
    last = source.last_new_at
    state = State.WELL if last is not None and now - last < QUIET else State.QUIET
    if last is None:
        what = Text("能读，还没有帖文", "Can be read; nothing posted yet")
    elif state == State.QUIET:
        span = _span(last, now)
        what = Text(f"能读，{span.zh}没有新帖", f"Can be read; nothing new for {span.en}")
    else:
        span = _span(last, now)
        what = Text(f"正常，{span.zh}前有新帖", f"Well; something new {span.en} ago")
    return Health(source=source, state=state, what=what, since=read, next_at=_ahead(source, now))
