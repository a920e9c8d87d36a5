"""Looking at a case again when something falls due: its state is counted anew and reminders go to the outbox."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from huiying.desk.accounts.models import Unit
from huiying.desk.cases import projection
from huiying.desk.cases.models import Case
from huiying.desk.cases.telling import people_for, tell_people
from huiying.desk.plans import queries as plans
from huiying.desk.shell.times import to_the_minute
from huiying.engine.journal import instant
from huiying.engine.obligations import Notice, notices
from huiying.engine.text import Text


def current(found: Iterable[Notice]) -> list[Notice]:
    """Of each obligation and each one told, the newest notice only: after an outage nobody hears of stages long past."""
    newest: dict[tuple[str, str, str], Notice] = {}
    for notice in found:
        key = (notice.obligation.key, notice.role, notice.unit)
        if key not in newest or notice.at >= newest[key].at:
            newest[key] = notice
    return sorted(newest.values(), key=lambda notice: (notice.at, notice.obligation.key, notice.role))


def wake_due(now: datetime, most: int = 50) -> int:
    """Look at the cases whose instant has come, each in its own transaction; gives how many."""
    due = Case.objects.filter(wake_at__lte=now).order_by("wake_at", "pk").values_list("pk", flat=True)
    return sum(wake(pk, now) for pk in list(due[:most]))


def wake(pk: int, now: datetime) -> bool:
    """Look at one case. False when another worker holds it, or it has been looked at meanwhile."""
    with transaction.atomic():
        case = _hold(pk, now)
        if case is None:
            return False
        _look(case, now)
        return True


def _hold(pk: int, now: datetime) -> Case | None:
    rows = Case.objects.filter(pk=pk, wake_at__lte=now)
    skip = connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(skip_locked=skip).first()


def _look(case: Case, now: datetime) -> None:
    """Count anew, write the notices that are due, and say when to look next: all or nothing."""
    owed = projection.refresh(case, now, woken=True)
    plan = plans.engine_plan(case.plan) if case.plan else None
    if plan is None or case.merged_into_id:
        return
    for notice in current(notices(plan, owed, now)):
        _tell(case, notice, now)


def _tell(case: Case, notice: Notice, now: datetime) -> None:
    owed = notice.obligation
    unit = Unit.objects.filter(code=notice.unit).first() if notice.unit else None
    zone = plans.zone()
    due_zh, due_en = to_the_minute(owed.due_at, zone, "zh-hans"), to_the_minute(owed.due_at, zone, "en")
    tell_people(
        case=case,
        now=now,
        people=people_for(notice.role.split("|"), now, unit),
        key=f"{owed.key}|{instant(owed.due_at)}|{notice.stage}",
        subject=_subject(notice),
        body=Text(
            f"{case.title}\n时限：{due_zh}\n依据：{owed.why.zh}",
            f"{case.title}\nDue: {due_en}\nRule: {owed.why.en}",
        ),
        obligation=owed.key,
        stage=notice.stage,
        urgent=notice.urgent,
    )


def _subject(notice: Notice) -> Text:
    what, (stage, _sep, _rest) = notice.obligation.what, notice.stage.partition(":")
    marks = {"before": ("将到时限", "Due soon"), "due": ("到时限", "Due now"), "late": ("已超时", "Overdue")}
    zh, en = marks.get(stage, ("提醒", "Reminder"))
    return Text(f"{zh}：{what.zh}", f"{en}: {what.en}")
