"""Asking for a rehearsal, taking it back, and letting its result go."""

import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.queries import institution
from huiying.desk.accounts.rights import Right
from huiying.desk.drills import rosters, streams
from huiying.desk.drills.models import Rehearsal
from huiying.desk.plans import queries as plans
from huiying.desk.plans.models import PlanVersion
from huiying.engine.findings import Finding
from huiying.engine.plan.check import Roster, read_roster
from huiying.engine.plan.drill import read_pace
from huiying.rows import Unreadable

MOST_RUNS = 1000
LONGEST = timedelta(days=366)
Stream, Staff, State = Rehearsal.Stream, Rehearsal.Staff, Rehearsal.State


@transaction.atomic
def ask(
    *,
    by: Person,
    now: datetime,
    version: PlanVersion,
    title: str = "",
    stream: str = Stream.OWN,
    since: datetime | None = None,
    until: datetime | None = None,
    starts_at: datetime | None = None,
    file_name: str = "",
    body: bytes = b"",
    everything: bool = False,
    staff: str = Staff.ALWAYS,
    roster: str = "",
    pace: str = "",
    seed: int = 1,
    runs: int = 100,
) -> Rehearsal:
    """Ask the worker to rehearse `version`; people, shifts and reaction model are kept as they are now.

    `starts_at` plays the stream as if it had begun then, with the shifts of that time.
    `roster` and `pace` are texts (TOML). Raises ValidationError by field for what cannot be rehearsed.
    """
    require(by, Right.DRILL)
    if not 1 <= runs <= MOST_RUNS:
        raise ValidationError({"runs": _("推演次数在 1 到 %(most)s 之间。") % {"most": MOST_RUNS}})
    given = _file(file_name, body, now) if stream == Stream.FILE else _own(since, until, now)
    _pace(pace)
    begins, ends = given.pop("span")
    if starts_at is not None:
        begins, ends = starts_at, starts_at + (ends - begins)
    row = Rehearsal.objects.create(
        version=version,
        title=title.strip()[:120] or _named(version),
        stream=stream,
        starts_at=starts_at,
        everything=everything,
        staff=staff,
        roster=rosters.as_plain(_roster(staff, roster, now, begins, ends)),
        pace=pace.strip(),
        seed=seed,
        runs=runs,
        asked_by=by,
        asked_at=now,
        **given,
    )
    data = {"version": str(version), "runs": runs, "seed": seed, "stream": row.stream}
    record(by=by, now=now, verb="rehearsal.ask", target=str(row.pk), data=data)
    return row


def _named(version: PlanVersion) -> str:
    name = plans.engine_plan(version).name.say(_spoken())
    return (_("%(plan)s第 %(n)s 版推演") % {"plan": name, "n": version.version})[:120]


def _own(since: datetime | None, until: datetime | None, now: datetime) -> dict[str, Any]:
    """The fields of the stream, and the span of time in which it lies. Raises ValidationError."""
    if since is None or until is None:
        raise ValidationError({"since": _("请选从何时到何时。")})
    until = min(until, now)
    if since >= until:
        raise ValidationError({"until": _("结束要晚于开始，且不晚于现在。")})
    if until - since > LONGEST:
        raise ValidationError({"since": _("一次最多推演一年。")})
    number = streams.recorded(since, until).count()
    if not number:
        raise ValidationError({"since": _("这段时间没有收录帖文。")})
    if number > streams.MOST:
        words = _("这段时间有 %(n)s 条帖文，一次最多 %(most)s 条，请选短一点的时间。")
        raise ValidationError({"since": words % {"n": number, "most": streams.MOST}})
    return {"since": since, "until": until, "mentions": number, "span": (since, until)}


def _file(name: str, body: bytes, now: datetime) -> dict[str, Any]:
    if not body:
        raise ValidationError({"file": _("请选一个文件。")})
    if Path(name).suffix.lower() not in streams.ENDINGS:
        words = _("只收这些文件：%(endings)s。")
        raise ValidationError({"file": words % {"endings": "、".join(streams.ENDINGS)}})
    if len(body) > streams.MOST_BYTES:
        raise ValidationError({"file": _("文件超过 %(most)s MB。") % {"most": streams.MOST_BYTES // 2**20}})
    try:
        found = streams.from_file(name, body, now, plans.calendar_in_force())
    except Unreadable as wrong:
        mend = f" {wrong.mend.say(_spoken())}" if wrong.mend else ""
        where = _("第 %(n)s 行：") % {"n": wrong.line} if wrong.line else ""
        raise ValidationError({"file": f"{where}{wrong.what.say(_spoken())}{mend}"}) from wrong
    if len(found) > streams.MOST:
        words = _("文件里有 %(n)s 条，一次最多 %(most)s 条。")
        raise ValidationError({"file": words % {"n": len(found), "most": streams.MOST}})
    return {
        "file_name": Path(name).name[-200:],
        "payload": zlib.compress(body, 6),
        "mentions": len(found),
        "span": (found[0].at, found[-1].at),
    }


def _spoken() -> str:
    return get_language() or "zh-hans"


def _roster(staff: str, text: str, now: datetime, begins: datetime, ends: datetime) -> Roster:
    if staff != Staff.FILE:
        body = institution()
        name = body.name if body else ""
        return rosters.own(now, name, begins, ends, office=staff == Staff.OFFICE)
    found, findings = read_roster(text, file="roster.toml", zone=plans.calendar_in_force().zone)
    if found is None:
        raise ValidationError({"roster": [_sentence(one) for one in findings if one.level == "error"]})
    return found


def _pace(text: str) -> None:
    if not text.strip():
        return
    found, findings = read_pace(text, file="pace.toml")
    if found is None:
        raise ValidationError({"pace": [_sentence(one) for one in findings if one.level == "error"]})


def _sentence(one: Finding) -> str:
    where = f"{one.place.line}: " if one.place.line else ""
    mend = f" {one.mend.say(_spoken())}" if one.mend else ""
    return f"{where}{one.message.say(_spoken())}{mend}"


@transaction.atomic
def drop(*, by: Person, now: datetime, rehearsal: Rehearsal) -> None:
    """Take it back while it waits or runs. Raises ValidationError once it ended."""
    require(by, Right.DRILL)
    running = Rehearsal.objects.filter(
        pk=rehearsal.pk, state__in=[State.WAITING, State.LISTENING, State.PLAYING]
    )
    if not running.update(state=State.DROPPED, finished_at=now, payload=b"", leased_until=None, leased_by=""):
        raise ValidationError(_("推演已经结束。"))
    record(by=by, now=now, verb="rehearsal.drop", target=str(rehearsal.pk))


@transaction.atomic
def forget(*, by: Person, now: datetime, rehearsal: Rehearsal) -> None:
    """Delete one that ended, with its result. Raises ValidationError while it runs."""
    require(by, Right.DRILL)
    row = Rehearsal.objects.select_for_update().get(pk=rehearsal.pk)
    if row.running:
        raise ValidationError(_("推演还在进行，先取消。"))
    record(by=by, now=now, verb="rehearsal.forget", target=str(row.pk), data={"title": row.title})
    row.delete()
