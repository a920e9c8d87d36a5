"""The wall: what a room sees at a glance. Matters and units, never people."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from huiying.desk.accounts import queries as accounts
from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.queries import open_cases
from huiying.desk.collect.models import Mention
from huiying.desk.listen import queries as listen
from huiying.desk.listen.config import active_plan
from huiying.desk.listen.models import Story
from huiying.desk.notify import queries as notify
from huiying.desk.today.queries.health import Sources, sources
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text

AHEAD = timedelta(hours=24)
MONTH = timedelta(days=30)
#: A unit is listed once it had so many deadlines; one of one would always lead or trail.
ENOUGH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Punctual:
    """How often a unit was in time, of what fell due."""

    unit: str
    met: int
    due: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.met / self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """Everything on the wall at one instant."""

    plan: Plan | None
    levels: tuple[tuple[int | None, int], ...]  # level (None: not graded yet), cases being handled
    open: int
    overdue: int
    awaiting: int  # stories to assess
    stories: tuple[Story, ...]
    owed: tuple[Owed, ...]  # missed, or due within a day, soonest first
    owed_more: int
    sources: Sources
    posts_day: int
    working: bool  # the worker lives
    on_duty: int
    subjects: tuple[tuple[Text, int], ...]  # of what is talked about
    units: tuple[Punctual, ...]


def wall(person: Person, now: datetime, stories: int = 3, deadlines: int = 6) -> Wall:
    """What the wall shows of what `person`, in whose name the screen is signed in, may see."""
    plan = active_plan()
    running = open_cases(person).filter(drill=False)
    listens = can(person, Right.SEE_LISTEN)
    owed = _owed(person, now)
    return Wall(
        plan=plan,
        levels=_levels(running, plan),
        open=running.count(),
        overdue=owed.filter(due_at__lte=now).count(),
        awaiting=listen.awaiting(now).count() if listens else 0,
        stories=tuple(_hottest(now, stories)) if listens else (),
        owed=tuple(owed[:deadlines]),
        owed_more=max(0, owed.count() - deadlines),
        sources=sources(now),
        posts_day=Mention.objects.filter(captured_at__gt=now - AHEAD).count(),
        working=notify.worker_alive(now),
        on_duty=len(accounts.on_duty(now)),
        subjects=_subjects(plan, now) if listens else (),
        units=_units(person, now),
    )


def _owed(person: Person, now: datetime) -> QuerySet[Owed]:
    rows = Owed.objects.filter(
        case__in=visible(person), case__merged_into=None, case__drill=False,
        state__in=["open", "missed"], due_at__lte=now + AHEAD,
    )  # fmt: skip
    return rows.select_related("case", "unit").order_by("due_at", "pk")


def _levels(running: QuerySet[Case], plan: Plan | None) -> tuple[tuple[int | None, int], ...]:
    counted = dict(running.values("level").annotate(n=Count("pk", distinct=True)).values_list("level", "n"))
    numbers: list[int | None] = [level.number for level in plan.levels] if plan else [1, 2, 3, 4]
    return tuple((number, counted.get(number, 0)) for number in [*numbers, None])


def _hottest(now: datetime, most: int) -> list[Story]:
    shown = Story.objects.filter(status__in=[Story.Status.OPEN, Story.Status.CASED])
    return list(shown.filter(last_at__gt=now - 3 * AHEAD).order_by("-warmth")[:most])


def _subjects(plan: Plan | None, now: datetime) -> tuple[tuple[Text, int], ...]:
    """The plan's subjects by the posts of the last month's stories."""
    names = {subject.id: subject.name for subject in (plan.subjects if plan else ())}
    rows = Story.objects.filter(last_at__gt=now - MONTH, topic__in=names).exclude(
        status=Story.Status.DISMISSED
    )
    counts: Counter[str] = Counter()
    for topic, posts in rows.values_list("topic", "mentions_count"):
        counts[topic] += posts
    return tuple((names[topic], count) for topic, count in counts.most_common(5))


def _units(person: Person, now: datetime) -> tuple[Punctual, ...]:
    """Units by answers in time over the last month, best first."""
    if not can(person, Right.SEE_CASES):
        return ()
    past = Q(owed__due_at__gt=now - MONTH, owed__due_at__lte=now, owed__case__in=visible(person))
    past &= Q(owed__case__drill=False)
    rows = Unit.objects.annotate(
        due=Count("owed", filter=past & ~Q(owed__state="void")),
        met=Count("owed", filter=past & Q(owed__state="met")),
    )
    found = [Punctual(unit=unit.name, met=unit.met, due=unit.due) for unit in rows.filter(due__gte=ENOUGH)]
    return tuple(sorted(found, key=lambda one: (-one.share, -one.due))[:5])
