"""A live drill from its script to its report: planned, begun, fed by the worker, ended or aborted, filed."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require, role_for
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.actions import open_case
from huiying.desk.cases.models import Case, How
from huiying.desk.collect.models import Mention
from huiying.desk.drills import ear, feeding, house, outcome
from huiying.desk.drills.models import Exercise, Inject, Taken
from huiying.desk.listen.search import put
from huiying.desk.notify.actions import tell
from huiying.desk.plans import queries as plans
from huiying.engine.journal import Kind
from huiying.engine.plan.drill.script import Script, read_script
from huiying.engine.text import Text

State = Exercise.State
MOST_BYTES = 512 * 1024


def _script(text: str, name: str) -> Script:
    """The script. Raises ValidationError with every fault."""
    if not text.strip():
        raise ValidationError({"script": _("请选一个脚本文件，或把脚本粘贴进来。")})
    script, findings = read_script(text, file=name or "script.toml")
    if script is None:
        spoken = get_language() or "zh-hans"
        told = []
        for one in findings:
            where = f"{one.place.line}: " if one.place.line else ""
            mend = f" {one.mend.say(spoken)}" if one.mend else ""
            told.append(f"{where}{one.message.say(spoken)}{mend}")
        raise ValidationError({"script": told})
    return script


def _write_injects(exercise: Exercise, script: Script) -> None:
    exercise.injects.all().delete()
    Inject.objects.bulk_create(
        Inject(
            exercise=exercise,
            number=number,
            after_s=int(one.after.total_seconds()),
            data={
                "kind": one.kind,
                "site": one.site,
                "tier": one.tier,
                "author": one.author,
                "title": one.title,
                "text": one.text,
                "reach": one.reach,
                "to": list(one.to),
            },
        )
        for number, one in enumerate(script.injects, 1)
    )


@transaction.atomic
def plan_exercise(
    *, by: Person, now: datetime, script: str, title: str = "", script_name: str = ""
) -> Exercise:
    """Write an exercise down with its script; it begins when somebody begins it. Raises ValidationError by field."""
    require(by, Right.DRILL)
    read = _script(script, script_name)
    row = Exercise.objects.create(
        title=title.strip()[:120] or read.title[:120],
        script=script,
        script_name=script_name[-200:],
        planned_by=by,
        planned_at=now,
    )
    _write_injects(row, read)
    record(by=by, now=now, verb="exercise.plan", target=str(row.pk), data={"title": row.title})
    return row


@transaction.atomic
def change_script(
    *, by: Person, now: datetime, exercise: Exercise, script: str, title: str = "", script_name: str = ""
) -> Exercise:
    """Another script for one that has not begun. Raises ValidationError."""
    require(by, Right.DRILL)
    row = _held(exercise, State.PLANNED, _("演练已经开始，脚本不能再改。"))
    read = _script(script, script_name)
    row.title, row.script = title.strip()[:120] or read.title[:120], script
    row.script_name = script_name[-200:] or row.script_name
    row.save()
    _write_injects(row, read)
    record(by=by, now=now, verb="exercise.change", target=str(row.pk))
    return row


def _held(exercise: Exercise, state: str, refusal: str) -> Exercise:
    row = Exercise.objects.select_for_update().get(pk=exercise.pk)
    if row.state != state:
        raise ValidationError(refusal)
    return row


@transaction.atomic
def begin(*, by: Person, now: datetime, exercise: Exercise, announce: bool = True) -> Exercise:
    """From now on the script runs, by the worker. `announce`: everybody who takes part is told at the desk.

    Raises ValidationError while another one runs, and without an active plan.
    """
    require(by, Right.DRILL)
    row = _held(exercise, State.PLANNED, _("只有未开始的演练可以开始。"))
    if Exercise.objects.filter(state=State.RUNNING).exists():
        raise ValidationError(_("已有一场演练在进行，先结束那一场。"))
    if plans.active() is None:
        raise ValidationError(_("还没有启用预案，不能演练。"))
    row.state, row.director, row.started_at = State.RUNNING, by, now
    row.save()
    record(by=by, now=now, verb="exercise.begin", target=str(row.pk), data={"announce": announce})
    if announce:
        _announce(row, now, "began", Text(f"演练开始：{row.title}", f"A drill begins: {row.title}"))
    return row


def _announce(exercise: Exercise, now: datetime, what: str, words: Text) -> None:
    tell(
        now=now,
        people=house.participants(),
        key=f"exercise{exercise.pk}|{what}",
        subject=words,
        body=Text(
            "带【演练】的帖文、通知和舆情件都是演练，时限照走，不出单位。",
            "Posts, notices and cases that say drill are one; clocks run, and nothing leaves the house.",
        ),
        link=exercise.get_absolute_url(),
        stage=what,
        held=True,
    )


@transaction.atomic
def take_up(*, by: Person, now: datetime, exercise: Exercise, story: str, title: str = "") -> Case:
    """A story of the running exercise becomes a case. Raises ValidationError when it is unknown or is one already."""
    require(by, Right.OPEN_CASE)
    row = _held(exercise, State.RUNNING, _("演练没有在进行。"))
    told = next((one for one in row.stories if one["key"] == story), None)
    if told is None:
        raise ValidationError(_("没有这个话题。"))
    if row.taken.filter(story=story).exists():
        raise ValidationError(_("这个话题已经立件。"))
    numbers = Inject.objects.filter(exercise=row, number__in=told["numbers"])
    mentions = list(Mention.every.filter(pk__in=numbers.values("mention")).order_by("pk"))
    plan = plans.active()
    known = {one.id for one in plans.engine_plan(plan).subjects} if plan else set()
    case = open_case(
        by=by,
        now=now,
        title=title.strip() or told["title"],
        summary=mentions[0].text[:1000] if mentions else "",
        mentions=mentions,
        how=How.STORY,
        subject=told["subject"] if told["subject"] in known else "",
        discovered_at=min((one.captured_at for one in mentions), default=now),
        posted_at=min((one.posted_at for one in mentions if one.posted_at), default=None),
        drill=True,
        director=row.director,
    )
    Taken.objects.create(exercise=row, story=story, case=case)
    if told["level"] is not None:
        journal.write(case=case, kind=Kind.LEVEL_PROPOSED, data=ear.proposal(told), now=now, by=None)
    return case


@transaction.atomic
def stop(*, by: Person, now: datetime, exercise: Exercise) -> Exercise:
    """It is over: what was kept and missed is read from the journals, then its cases are closed and owe nothing more."""
    require(by, Right.DRILL)
    row = _held(exercise, State.RUNNING, _("演练没有在进行。"))
    return _over(row, by, now, State.ENDED, Text(f"演练结束：{row.title}", f"The drill is over: {row.title}"))


@transaction.atomic
def abort(*, by: Person, now: datetime, exercise: Exercise, why: str) -> Exercise:
    """Break it off: something real needs the people. Raises ValidationError without a reason, or when it is over."""
    require(by, Right.DRILL)
    row = Exercise.objects.select_for_update().get(pk=exercise.pk)
    if not row.open:
        raise ValidationError(_("演练已经结束。"))
    if not why.strip():
        raise ValidationError({"why": _("请写为什么中止。")})
    row.why = why.strip()[:300]
    if row.state == State.PLANNED:
        row.state, row.ended_at = State.ABORTED, now
        row.save()
        record(by=by, now=now, verb="exercise.abort", target=str(row.pk), data={"why": row.why})
        return row
    words = Text(
        f"演练中止，回到真的工作：{row.why}", f"The drill is broken off, back to real work: {row.why}"
    )
    return _over(row, by, now, State.ABORTED, words)


def _over(row: Exercise, by: Person, now: datetime, state: str, words: Text) -> Exercise:
    _gather(row, now)
    cases = feeding.taken_of(row)
    row.report = outcome.outcome(row, cases, now)
    row.state, row.ended_at = state, now
    row.save()
    role = role_for(by, Right.DRILL)
    for case in cases:
        _end(case, by, role, now)
    verb = "exercise.stop" if state == State.ENDED else "exercise.abort"
    record(by=by, now=now, verb=verb, target=str(row.pk), data={"cases": [case.number for case in cases]})
    _announce(row, now, "over", words)
    return row


def _gather(row: Exercise, now: datetime) -> None:
    """Drills that somebody opened by hand while it ran belong to it."""
    by_hand = Case.objects.filter(
        drill=True, opened_at__gte=row.started_at, opened_at__lte=now, exercise=None
    )
    Taken.objects.bulk_create(Taken(exercise=row, case=case) for case in by_hand.order_by("pk"))


def _end(case: Case, by: Person, role: str, now: datetime) -> None:
    """Everything that is still owed is declared not owed, with the reason, and the case is closed; its journal tells both."""
    journal.lock(case)
    if not case.open:
        _waive(case, by, role, now)
        return
    _waive(case, by, role, now)
    data: dict[str, Any] = {"summary": "演练结束", "watch_until": None}
    journal.write(case=case, kind=Kind.CLOSED, data=data, now=now, by=by, role=role)
    _waive(case, by, role, now)


def _waive(case: Case, by: Person, role: str, now: datetime) -> None:
    for owed in outcome.still_owed(case):
        data = {"obligation": owed.key, "reason": "演练结束"}
        journal.write(case=case, kind=Kind.WAIVED, data=data, now=now, by=by, role=role)


@transaction.atomic
def file_report(*, by: Person, now: datetime, exercise: Exercise, lessons: str) -> Exercise:
    """File what was learnt, in the case library, as a drill. Raises ValidationError without words, or while it goes on."""
    require(by, Right.DRILL)
    row = Exercise.objects.select_for_update().get(pk=exercise.pk)
    if row.open:
        raise ValidationError(_("演练结束以后才能归档。"))
    if not lessons.strip():
        raise ValidationError({"lessons": _("请至少写一条问题或改进。")})
    row.lessons, row.filed_by, row.filed_at = lessons.strip()[:8000], by, now
    row.save(update_fields=["lessons", "filed_by", "filed_at"])
    put(kind="drill", ref=row.pk, title=f"【演练】{row.title}", text=row.lessons, at=now)
    record(by=by, now=now, verb="exercise.file", target=str(row.pk))
    return row
