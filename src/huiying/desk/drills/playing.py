"""Rehearsals as the worker's long work: heard once, then run after run, each kept; a crash loses the run in hand."""

import logging
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from huiying.desk.drills import rosters, showing, streams
from huiying.desk.drills.models import Played, Rehearsal
from huiying.desk.plans import queries as plans
from huiying.engine.calendar import UnknownYear
from huiying.engine.plan.drill import Scene, read_pace, scene
from huiying.engine.plan.drill.matters import as_plain as matter_as_plain
from huiying.engine.plan.drill.matters import from_plain as matter_from_plain
from huiying.engine.plan.drill.results import as_plain, from_plain
from huiying.engine.text import Text
from huiying.rows import Unreadable

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)  # renewed at every step
State = Rehearsal.State
RUNNING = (State.WAITING, State.LISTENING, State.PLAYING)
NOTHING = Text(
    "这段时间里没有一件达到预案的等级，无可推演。换一段时间，或把“没有命中监测主题的也算”选上。",
    "Nothing in this time reaches a level of the plan. Choose another time, or let everything count.",
)
#: A step that broke so often is not begun again.
PATIENCE = 3
BROKEN = Text(
    "后台程序在这一步出错三次，停下来了；原因在日志里。",
    "The worker broke at this step three times and let it be; the log says why.",
)
#: How often hearing says how far it has come.
_TOLD_EVERY = 50


def rehearse_next(*, now: datetime, worker: str, most: int = 4) -> int:
    """The next step of the rehearsal that waits longest: hear its stream, or play at most `most` runs. 0 for nothing to do."""
    it = _take(now, worker)
    if it is None:
        return 0
    if it.attempts > PATIENCE:
        _failed(it, now, BROKEN)
        return 1
    try:
        _step(it, now, most)
    except Unreadable as wrong:
        _failed(it, now, Text(wrong.say("zh"), wrong.say("en")))
    except UnknownYear as unknown:
        _failed(it, now, unknown.text)
    mine = Rehearsal.objects.filter(pk=it.pk, leased_by=it.leased_by)
    mine.update(leased_until=None, leased_by="", attempts=0)
    return 1


def _take(now: datetime, worker: str) -> Rehearsal | None:
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    for waiting in Rehearsal.objects.filter(free, state__in=RUNNING).order_by("pk")[:5]:
        token = f"{worker[:80]}#{secrets.token_hex(6)}"
        row = Rehearsal.objects.filter(free, pk=waiting.pk, state__in=RUNNING)
        if row.update(leased_until=now + LEASE, leased_by=token, attempts=F("attempts") + 1):
            return Rehearsal.objects.select_related("version").get(pk=waiting.pk)
    return None


def _still(it: Rehearsal, **values: object) -> bool:
    """Write values down while the rehearsal is ours and nobody has dropped it."""
    mine = Rehearsal.objects.filter(pk=it.pk, leased_by=it.leased_by, state__in=RUNNING)
    return bool(mine.update(**values))


def _failed(it: Rehearsal, now: datetime, why: Text) -> None:
    log.warning("rehearsal %s could not be done: %s", it.pk, why.en)
    _still(it, state=State.FAILED, finished_at=now, trouble_zh=why.zh[:500], trouble_en=why.en[:500])


def _step(it: Rehearsal, now: datetime, most: int) -> None:
    if it.state != State.PLAYING:
        _hear(it, now)
        return
    ready = scene_of(it)
    known = set(it.played.values_list("number", flat=True))
    missing = [number for number in range(it.runs) if number not in known]
    for number in missing[:most]:
        if not _keep(it, number, ready):
            return
    if len(missing) <= most:
        _finish(it, ready, now)


def _hear(it: Rehearsal, now: datetime) -> None:
    """The whole stream at one go; how far it has come is told, and the lease renewed, on the way."""
    plan, calendar = plans.engine_plan(it.version), plans.calendar_in_force()
    _still(it, state=State.LISTENING, heard=0)
    last = 0

    def told(done: int) -> None:
        nonlocal last
        if done - last >= _TOLD_EVERY:
            last = done
            _still(it, heard=done, leased_until=now + LEASE)

    matters, stream = streams.heard(it, plan, calendar, told)
    if not matters:
        _failed(it, now, NOTHING)
        return
    _still(
        it,
        state=State.PLAYING,
        mentions=len(stream.mentions),
        heard=len(stream.mentions),
        stream_sha256=stream.sha256,
        matters=[matter_as_plain(one) for one in matters],
        payload=b"",
    )


def scene_of(it: Rehearsal) -> Scene:
    """Everything that a run of it needs. Raises UnknownYear."""
    pace, _findings = read_pace(it.pace, file="pace.toml") if it.pace else (None, [])
    return scene(
        plans.engine_plan(it.version),
        rosters.from_plain(it.roster),
        [matter_from_plain(one) for one in it.matters],
        plans.calendar_in_force(),
        seed=it.seed,
        pace=pace,
    )


@transaction.atomic
def _keep(it: Rehearsal, number: int, ready: Scene) -> bool:
    """Play one run and keep it; False when somebody dropped the rehearsal meanwhile."""
    result = as_plain(ready.play(number))
    if not _still(it, done=number + 1):
        return False
    Played.objects.bulk_create([Played(rehearsal=it, number=number, result=result)], ignore_conflicts=True)
    return True


def _finish(it: Rehearsal, ready: Scene, now: datetime) -> None:
    """Put all runs together; the report is made once and kept."""
    found = ready.put_together(from_plain(row.result) for row in it.played.all())
    _still(it, state=State.DONE, done=it.runs, finished_at=now, report=showing.made(ready, found))
