"""Watches with what they find, and how far listening has come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from huiying.desk.listen.models import Fold, Rehearing, Watch
from huiying.desk.listen.work import unheard

#: A finished re-hearing is still spoken of for so long.
RECENT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Listening:
    """Whether listening keeps up."""

    waiting: int  # mentions stored and not heard yet
    oldest_at: datetime | None  # when the first of them was captured
    heard_at: datetime | None  # when something was last heard
    trouble: str  # "", "too-new: ...", "too-old: ...", "broken: ..."
    rehearing: Rehearing | None  # running, or finished a moment ago


def listening_state(now: datetime) -> Listening:
    """How far listening has come."""
    fold = Fold.objects.defer("state").first() or Fold()
    waiting = unheard(fold).aggregate(count=Count("pk"))["count"]
    first = unheard(fold).values_list("captured_at", flat=True).first() if waiting else None
    return Listening(waiting, first, fold.heard_at, fold.trouble, rehearing(now))


def rehearing(now: datetime) -> Rehearing | None:
    """The re-hearing that runs or ended a moment ago; rebuilds by command are not spoken of."""
    last = Rehearing.objects.exclude(phase=Rehearing.Phase.REPLACED).defer("state").first()
    if last is None or (last.finished_at and now - last.finished_at > RECENT):
        return None
    return last


def watches_with_counts(now: datetime) -> list[Watch]:
    """Every watch with `found` (all its matches), `found_day` (of mentions captured in the last day) and `found_at`."""
    day = Q(matches__mention__captured_at__gt=now - timedelta(days=1))
    rows = Watch.objects.select_related("unit").annotate(
        found=Count("matches"),
        found_day=Count("matches", filter=day),
        found_at=Max("matches__mention__captured_at"),
    )
    return list(rows.order_by("-active", "-found_day", "name"))
