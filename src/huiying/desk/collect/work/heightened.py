"""Heightened watch: how much more often sources are visited, and pulling waiting ones forward when it begins."""

from datetime import datetime, timedelta

from django.db import transaction

from huiying.desk.collect.models import Source
from huiying.desk.collect.periods import counting, quickened
from huiying.desk.collect.sources.kinds import SCHEDULED
from huiying.desk.collect.work import pace


@transaction.atomic
def hasten(now: datetime) -> int:
    """For each period that has begun, brings the next visits forward once; returns how many. The system itself acts."""
    begun = counting().filter(starts_at__lte=now, ends_at__gt=now, applied_at=None)
    if not begun.update(applied_at=now):
        return 0
    return sum(_bring_forward(source, now) for source in _waiting(now))


def _waiting(now: datetime) -> list[Source]:
    """Healthy sources whose visit lies ahead; failing ones keep their back-off."""
    rows = Source.objects.filter(kind__in=SCHEDULED, paused=False, failures=0, next_fetch_at__gt=now)
    return list(rows)


def _bring_forward(source: Source, now: datetime) -> bool:
    began, factor = source.last_tried_at or source.created_at, quickened(source.interval_s, now)
    soonest = max(began + pace.after_success(source.interval_s, factor, f"{source.pk}"), now)
    later = Source.objects.filter(pk=source.pk, next_fetch_at__gt=soonest + timedelta(seconds=1))
    return bool(later.update(next_fetch_at=soonest))
