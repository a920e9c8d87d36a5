"""Who is on duty, and when nobody is."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from huiying.desk.accounts.models import Shift


def on_duty(at: datetime) -> Sequence[Shift]:
    """The shifts that cover `at` (from its start, up to but without its end), those in the lead first."""
    covering = Shift.objects.filter(starts_at__lte=at, ends_at__gt=at, person__is_active=True)
    return list(covering.select_related("person").order_by("-lead", "starts_at", "pk"))


def gaps(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches between `start` and `end` in which nobody is on duty, in order."""
    shifts = Shift.objects.filter(starts_at__lt=end, ends_at__gt=start, person__is_active=True)
    spans = shifts.order_by("starts_at").values_list("starts_at", "ends_at")
    return uncovered(spans, start, end)


def uncovered(
    spans: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """What `spans` (in order of their start) leave open between `start` and `end`."""
    holes: list[tuple[datetime, datetime]] = []
    reached = start
    for begins, ends in spans:
        if begins >= end:
            break
        if begins > reached:
            holes.append((reached, begins))
        reached = max(reached, ends)
    if reached < end:
        holes.append((reached, end))
    return holes


def shifts_between(start: datetime, end: datetime) -> list[Shift]:
    """The shifts that touch the stretch, in order of their start, with their people."""
    touching = Shift.objects.filter(starts_at__lt=end, ends_at__gt=start)
    return list(touching.select_related("person").order_by("starts_at", "-lead", "pk"))
