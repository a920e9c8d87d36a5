"""The places of a ranked list from visit to visit, and which of its titles will climb into the first ten.

A mention is stored once; where it stands at later visits is kept here, for as long as the early warning looks back. What
is expected is worked out as the list is read, by `engine.listen.learn`, from places and titles alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from huiying.desk.collect.house import house_zone
from huiying.desk.collect.models import Mention, Placing, Source
from huiying.desk.collect.sources.base import Item
from huiying.engine.listen.learn import climb
from huiying.engine.listen.learn.climb_words import why
from huiying.engine.listen.learn.hotlist import TOP, History, Listing, Place
from huiying.engine.listen.learn.hotlist_measures import measured

KEPT = timedelta(hours=80)
_BACK = 72  # hours that are looked back
_KNOWN_FOR = timedelta(hours=3)  # before that every title looks new, and nothing is said
_LONG = 2 * TOP  # a shorter list has no places to climb from
HOUR = timedelta(hours=1)


def note(source: Source, items: Sequence[Item], at: datetime) -> None:
    """Writes where the entries of a list stand at this visit, and what is expected of them."""
    ranked = {item.key: item.rank for item in items if item.rank}
    if not ranked:
        return
    known = Mention.objects.filter(source=source, key__in=list(ranked)).only("pk", "key", "title")
    rows = {one.pk: Placing(mention=one, at=at, place=ranked[one.key]) for one in known}
    _expect(source, rows, at)
    Placing.objects.bulk_create(rows.values(), batch_size=200, ignore_conflicts=True)


def forget(now: datetime) -> int:
    """Drops places that nothing looks back to; returns how many. The system itself acts."""
    return Placing.objects.filter(at__lt=now - KEPT).delete()[0]


def standing(mention: Mention) -> list[Placing]:
    """Its places, hour by hour, the newest last; none for what stands on no list."""
    last_of_hour: dict[datetime, Placing] = {}
    for row in mention.placings.order_by("at"):
        last_of_hour[row.at.replace(minute=0, second=0, microsecond=0)] = row
    return list(last_of_hour.values())


def _expect(source: Source, rows: Mapping[int, Placing], at: datetime) -> None:
    """Gives each place below the tenth its probability, where enough is known of the list."""
    visits = _hourly(source, at)
    if len(rows) < _LONG or not visits or at - visits[0] < _KNOWN_FOR:
        return
    history = _history(source, visits)
    history.add(_listing(at, {str(pk): (row.mention.title, row.place) for pk, row in rows.items()}))
    seen, model = measured(history), climb.shipped()
    measures = model.rows(seen)
    found = dict(
        zip(seen.titles, zip(model.chances_of(measures).tolist(), measures, strict=True), strict=True)
    )
    for row in rows.values():
        if row.mention.title in found:
            chance, of = found[row.mention.title]
            row.climb = round(chance, 4)
            if chance >= climb.TELL:
                row.climb_why = [[one.zh, one.en] for one in why(model, history, row.mention.title, of)]


def _hourly(source: Source, at: datetime) -> list[datetime]:
    """Of the visits of the last days the newest that is one hour old, two hours ...; oldest first: lists are known by the hour."""
    since = Placing.objects.filter(mention__source=source, at__gte=at - _BACK * HOUR, at__lt=at)
    visits = sorted(since.order_by().values_list("at", flat=True).distinct())
    return sorted({(at - one) // HOUR: one for one in visits if at - one >= HOUR}.values())


def _history(source: Source, visits: Sequence[datetime]) -> History:
    rows = Placing.objects.filter(mention__source=source, at__in=visits)
    by_visit: dict[datetime, dict[str, tuple[str, int]]] = {}
    for pk, title, when, place in rows.values_list("mention", "mention__title", "at", "place"):
        by_visit.setdefault(when, {})[str(pk)] = (title, place)
    history = History()
    for when in sorted(by_visit):
        history.add(_listing(when, by_visit[when]))
    return history


def _listing(at: datetime, entries: Mapping[str, tuple[str, int]]) -> Listing:
    """A visit as the engine sees it; of two entries with one title the higher counts."""
    places: dict[str, Place] = {}
    for title, place in sorted(entries.values(), key=lambda entry: entry[1]):
        places.setdefault(title, Place(place))
    return Listing(at.astimezone(house_zone()), places)
