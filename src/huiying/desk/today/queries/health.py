"""What of the desk itself needs a person: sources that cannot be read, ways that fail, a worker that is not there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from huiying.desk.accounts import queries as accounts
from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.collect import queries as collect
from huiying.desk.collect.models import Mention, Source
from huiying.desk.listen.config import active_plan
from huiying.desk.listen.models import Fold, Watch
from huiying.desk.notify import queries as notify
from huiying.engine.text import Text

#: Sources that fail are listed one by one up to this many.
LISTED = 4
AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that does not work, and what to do about it."""

    mark: str  # bad, warn
    what: Text
    mend: Text | None = None
    since: datetime | None = None
    address: str = ""
    icon: str = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """How many sources there are and how many of them cannot be read."""

    all: int
    failing: int
    last_at: datetime | None  # when anything was last captured


def sources(now: datetime) -> Sources:
    """The sources in numbers; paused ones are left out."""
    troubled = collect.troubled(now)
    return Sources(
        all=Source.objects.filter(paused=False).count(),
        failing=len(troubled),
        last_at=Mention.objects.order_by("-pk").values_list("captured_at", flat=True).first(),
    )


def troubles(person: Person, now: datetime) -> list[Trouble]:
    """What does not work, of what the person may do something about or should know, gravest first."""
    found = [*_worker(now), *_listening()]
    if can(person, Right.SEE_SOURCES):
        found += _sources(now)
    if can(person, Right.SEE_OUTBOX):
        found += _outbox(now)
    found += _roster(now)
    if can(person, Right.EDIT_PEOPLE):
        found += _readiness(now)
    return sorted(found, key=lambda one: one.mark != "bad")


def _worker(now: datetime) -> Iterator[Trouble]:
    if not notify.worker_alive(now):
        yield Trouble(
            mark="bad",
            what=Text(
                "后台程序没有在运行：不收录、不提醒",
                "The worker is not running: nothing is collected or told",
            ),
            mend=Text(
                "请管理员运行 huiying up 或 huiying worker。",
                "The administrator runs huiying up or huiying worker.",
            ),
            since=notify.last_beat(),
            icon="bad",
        )
    for job in notify.job_troubles():
        yield Trouble(
            mark="bad",
            what=Text(f"后台任务“{job.name}”出错", f"The job “{job.name}” fails"),
            since=job.failing_since,
            icon="bad",
        )


def _listening() -> Iterator[Trouble]:
    trouble = Fold.objects.exclude(trouble="").values_list("trouble", flat=True).first()
    if trouble:
        yield Trouble(
            mark="bad",
            what=Text("倾听停住了，帖文照常收录", "Listening stands still; posts are still collected"),
            address=reverse("listen:stories"),
            icon="listen",
        )


def _sources(now: datetime) -> Iterator[Trouble]:
    found = collect.troubled(now)
    for one in found[:LISTED]:
        name = one.source.name
        yield Trouble(
            mark="bad",
            what=Text(f"信源“{name}”{one.what.zh}", f"Source “{name}”: {one.what.en}"),
            mend=one.mend or one.why,
            since=one.since,
            address=one.url,
            icon="source",
        )
    if len(found) > LISTED:
        more = len(found) - LISTED
        yield Trouble(
            mark="bad",
            what=Text(f"另有 {more} 个信源读不成", f"{more} more sources cannot be read"),
            address=reverse("collect:sources"),
            icon="source",
        )


def _outbox(now: datetime) -> Iterator[Trouble]:
    it, address = notify.outbox_troubles(now), "/notices/?state=trouble"
    if it.failed:
        yield Trouble(
            mark="bad",
            what=Text(f"{it.failed} 条通知没有送达", f"{it.failed} notices did not get through"),
            address=address,
            icon="send",
        )
    if it.slow:
        yield Trouble(
            mark="warn",
            what=Text(f"{it.slow} 条通知还在重试", f"{it.slow} notices are being tried again"),
            address=address,
            icon="send",
        )
    for contact in list(it.ways)[:LISTED]:
        way = contact.get_channel_display()
        yield Trouble(
            mark="warn",
            what=Text(f"{contact.person}的{way}不通", f"{way} of {contact.person} fails"),
            since=contact.failing_since,
            address="/settings/contacts/",
            icon="phone",
        )


def _roster(now: datetime) -> Iterator[Trouble]:
    """Stretches of the next two days in which nobody is on duty."""
    for start, _end in accounts.gaps(now, now + AHEAD)[:1]:
        here = start <= now
        yield Trouble(
            mark="bad" if here else "warn",
            what=Text("此刻无人值班", "Nobody is on duty now")
            if here
            else Text("两天内有一段无人值班", "Within two days there is a stretch with nobody on duty"),
            since=None if here else start,
            address="/settings/roster/",
            icon="people",
        )


def _readiness(now: datetime) -> Iterator[Trouble]:
    """What keeps the institution from working, for those who set it up; the page of readiness says the rest."""
    plan = active_plan()
    grave = [one for one in accounts.readiness(now, plan.roles if plan else ()) if one.level == "error"]
    for finding in grave[:LISTED]:
        yield Trouble(
            mark="bad",
            what=finding.message,
            mend=finding.mend,
            address=finding.place.path or "/settings/readiness/",
            icon="settings",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that a new desk still has to do."""

    what: Text
    why: Text
    address: str
    done: bool


def first_steps(person: Person) -> list[Step]:
    """What a new desk needs before it can hear; empty once all is there, or for those who cannot do it."""
    steps: list[Step] = []
    if can(person, Right.EDIT_SOURCES):
        done = Source.objects.exclude(kind="hand").exists()
        steps.append(_first_source(done))
    if can(person, Right.EDIT_WATCHES):
        done = Watch.objects.exists()
        steps.append(_first_watch(done))
    return steps if any(not step.done for step in steps) else []


def _first_source(done: bool) -> Step:
    return Step(
        what=Text("加第一个信源", "Add the first source"),
        why=Text(
            "RSS、网页、接口、表格都行，几分钟后就有帖文",
            "RSS, a page, an API or a table; posts arrive in minutes",
        ),
        address=reverse("collect:choose"),
        done=done,
    )


def _first_watch(done: bool) -> Step:
    return Step(
        what=Text("写下关注的事情", "Write down what matters"),
        why=Text(
            "帖文按它归成话题，长得快的会提请研判", "Posts are grouped by it; what grows is put before you"
        ),
        address=reverse("listen:new_watch"),
        done=done,
    )
