"""Reads of rehearsals and exercises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from huiying.desk.cases.models import Case
from huiying.desk.drills import playing
from huiying.desk.drills.models import Exercise, Inject, Rehearsal
from huiying.desk.plans.models import PlanVersion
from huiying.engine.plan.drill import Rehearsal as Result
from huiying.engine.plan.drill import Scene
from huiying.engine.plan.drill.against import Comparison, compare
from huiying.engine.plan.drill.results import from_plain
from huiying.engine.plan.instants import stretch
from huiying.engine.text import Text


def rehearsals(version: PlanVersion | None = None) -> QuerySet[Rehearsal]:
    """Rehearsals, of one version or of all, newest first; what is long stays in the database."""
    rows = Rehearsal.objects.select_related("version", "asked_by").defer(
        "payload", "matters", "roster", "report"
    )
    return rows.filter(version=version) if version else rows


def result(it: Rehearsal) -> tuple[Scene, Result]:
    """A finished rehearsal as the engine has it. Raises UnknownYear where the calendar was cut since."""
    ready = playing.scene_of(it)
    return ready, ready.put_together(from_plain(row.result) for row in it.played.all())


def comparable(it: Rehearsal) -> QuerySet[Rehearsal]:
    """Other finished rehearsals of the very same stream with the same luck."""
    same = rehearsals().filter(stream_sha256=it.stream_sha256, seed=it.seed, state=Rehearsal.State.DONE)
    return same.exclude(pk=it.pk)


def comparison(it: Rehearsal, other: Rehearsal) -> Comparison:
    """What is different in `other`. Raises UnknownYear."""
    return compare(result(it)[1], result(other)[1])


# Exercises


def exercises() -> QuerySet[Exercise]:
    """Exercises, the running one first, then the newest."""
    return (
        Exercise.objects.select_related("planned_by", "director")
        .defer("script")
        .order_by("-planned_at", "-pk")
    )


def filed() -> QuerySet[Exercise]:
    """Exercises of which a report is filed in the library, newest first."""
    return exercises().filter(filed_at__isnull=False).order_by("-filed_at")


def running() -> Exercise | None:
    """The exercise that is going on."""
    return Exercise.objects.filter(state=Exercise.State.RUNNING).only("pk", "title", "started_at").first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the script as those who direct see it."""

    inject: Inject
    due_at: datetime | None
    late: bool  # its time has come and the worker has not let it in

    @property
    def after(self) -> Text:
        """How long after the beginning, in words."""
        return stretch(self.inject.after)


def lines(it: Exercise, now: datetime) -> list[Line]:
    """The script with what has come in."""
    found = []
    for one in it.injects.all():
        due = one.due_at(it.started_at) if it.started_at else None
        found.append(
            Line(inject=one, due_at=due, late=bool(due and due <= now and one.done_at is None and it.open))
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A story of an exercise with the case that it became."""

    told: dict[str, Any]
    case: Case | None
    posts: Sequence[Inject]


def stories(it: Exercise) -> list[Shown]:
    """What is talked about in the exercise: what reaches a level first."""
    taken = {one.story: one.case for one in it.taken.select_related("case")}
    injects = {one.number: one for one in it.injects.exclude(done_at=None)}
    return [
        Shown(
            told=told,
            case=taken.get(told["key"]),
            posts=[injects[n] for n in told["numbers"] if n in injects][:5],
        )
        for told in it.stories
    ]


def others(it: Exercise) -> list[Case]:
    """Cases of the exercise that came from no story."""
    return [one.case for one in it.taken.filter(story="").select_related("case")]
