"""Heightened watch: how much more often sources are visited, and pulling waiting ones forward when it begins."""

from datetime import datetime, timedelta

from django.db import transaction

from huiying.desk.collect.models import Heightened, Source
from huiying.desk.collect.sources.kinds import SCHEDULED
from huiying.desk.collect.work import pace


def factor_at(at: datetime) -> float:
    """By how much intervals are divided at `at`: the strongest period that covers it, else 1."""
    covering = Heightened.objects.filter(starts_at__lte=at, ends_at__gt=at)
    return max(covering.values_list("factor", flat=True), default=1.0)


@transaction.atomic
def hasten(now: datetime) -> int:
    """For each period that has begun, brings the next visits forward once; returns how many. The system itself acts."""
    begun = Heightened.objects.filter(starts_at__lte=now, ends_at__gt=now, applied_at=None)
    if not begun.update(applied_at=now):
        return 0
    return sum(_bring_forward(source, factor_at(now), now) for source in _waiting(now))


def _waiting(now: datetime) -> list[Source]:
    """Healthy sources whose visit lies ahead; failing ones keep their back-off."""
    rows = Source.objects.filter(kind__in=SCHEDULED, paused=False, failures=0, next_fetch_at__gt=now)
    return list(rows)


def _bring_forward(source: Source, factor: float, now: datetime) -> bool:
    began = source.last_tried_at or source.created_at
    soonest = max(began + pace.after_success(source.interval_s, factor, f"{source.pk}"), now)
    later = Source.objects.filter(pk=source.pk, next_fetch_at__gt=soonest + timedelta(seconds=1))
    return bool(later.update(next_fetch_at=soonest))
