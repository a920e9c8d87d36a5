"""Titles of ranked lists that are expected among the first ten soon: what the last visit to their list said."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from huiying.desk.collect.models import Mention, Placing
from huiying.desk.listen.models import Story
from huiying.engine.listen.learn.climb import AHEAD, TELL
from huiying.engine.text import Text

#: What a visit said is told for so long.
FRESH = timedelta(hours=2)


def climbing(now: datetime, most: int = 5) -> list[Placing]:
    """Of the titles that answer to a watch those that are likely enough to arrive, likeliest first."""
    told = _latest(now).filter(climb__gte=TELL, mention__hearing__story__status__in=_CARED_FOR)
    return list(told.order_by("-climb", "place")[:most])


def climbs_of(story: Story, now: datetime) -> list[Placing]:
    """The same of one story."""
    told = _latest(now).filter(climb__gte=TELL, mention__hearing__story=story)
    return list(told.order_by("-climb", "place"))


def climb_of(mention: Mention, now: datetime) -> Placing | None:
    """What the last visit said of one title; None where it stands among the first ten, or nothing can be said."""
    return _latest(now).filter(mention=mention, climb__isnull=False).first()


def _latest(now: datetime) -> QuerySet[Placing]:
    """The places of the newest visit to each list, where that is fresh."""
    fresh = Placing.objects.filter(at__gt=now - FRESH, at__lte=now).order_by()
    visits = fresh.values("mention__source").annotate(last=Max("at")).values_list("mention__source", "last")
    newest = Q(pk__in=())
    for source, last in visits:
        newest |= Q(mention__source=source, at=last)
    return Placing.objects.filter(newest).select_related("mention__source", "mention__hearing__story")


def climb_words(chance: float) -> Text:
    """The probability, for people."""
    if chance < TELL:
        return Text(
            f"{AHEAD} 小时内不大会进前十（{chance:.0%}）",
            f"not likely among the first ten within {AHEAD} h ({chance:.0%})",
        )
    return Text(
        f"{AHEAD} 小时内可能进前十（{chance:.0%}）",
        f"may be among the first ten within {AHEAD} h ({chance:.0%})",
    )


def steps(placings: Sequence[Placing]) -> str:
    """Places hour by hour, as they changed: 41 → 23 → 14."""
    places = [row.place for row in placings]
    kept = [place for at, place in enumerate(places) if at == 0 or place != places[at - 1]]
    return " → ".join(map(str, kept[-6:]))


_CARED_FOR = (Story.Status.OPEN, Story.Status.CASED)
