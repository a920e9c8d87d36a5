"""Each mention once, with its evidence: the only place where mentions are made."""

import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from huiying.desk.collect.models import DRILL, Capture, Mention, Source, Tier
from huiying.desk.collect.plain import clean, one_line
from huiying.desk.collect.seal import voice
from huiying.desk.collect.sources.base import Harvest, Item, Payload
from huiying.desk.net.client import host_of

STEP = 500  # keys in one query, rows in one statement
ORDER = 7_204_881  # the advisory lock under which mentions get their numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What became of a harvest's items."""

    new: int
    known: int
    rejected: int


@transaction.atomic
def store(source: Source, harvest: Harvest, now: datetime) -> Stored:
    """Stores what is not stored yet, with the payloads behind it; the system itself acts.

    One transaction, in the caller's if there is one: a crash stores all of it or nothing, and the same harvest again
    stores nothing. Mentions get their numbers in the order of their posting times, and numbers become visible in
    order, so that a reader who remembers the last number misses none.
    """
    items = _each_once(harvest.items)
    fresh = _fresh(source, items)
    if fresh:
        _take_numbers_in_order()
        fresh = _fresh(source, fresh)  # somebody may have stored them while we waited
        captures = _captures(source, harvest.payloads, fresh, now)
        tiers = known_tiers()
        rows = [_mention(source, item, captures.get(item.payload), tiers, now) for item in fresh]
        Mention.objects.bulk_create(rows, batch_size=STEP)
    _rank_again(source, items, now)
    rejected = sum(1 for one in harvest.rejected if not one.taken)
    return Stored(new=len(fresh), known=len(items) - len(fresh), rejected=rejected)


def _rank_again(source: Source, items: Iterable[Item], now: datetime) -> None:
    """Notes where entries of a list stand now; the place on which an entry was first seen stays, as heard."""
    places = {item.key: item.rank for item in items if item.rank}
    keys = list(places)
    for start in range(0, len(keys), STEP):
        rows = list(Mention.every.filter(source=source, key__in=keys[start : start + STEP]).defer("text"))
        for row in rows:
            row.last_rank, row.ranked_at = places[row.key], now
            row.best_rank = min(rank for rank in (row.rank, row.best_rank, row.last_rank) if rank)
        Mention.every.bulk_update(rows, ["best_rank", "last_rank", "ranked_at"], batch_size=STEP)


def known_keys(source: Source, keys: Collection[str]) -> set[str]:
    """Which of these keys are stored already."""
    listed, found = list(keys), set[str]()
    for start in range(0, len(listed), STEP):
        part = Mention.every.filter(source=source, key__in=listed[start : start + STEP])
        found.update(part.values_list("key", flat=True))
    return found


def _each_once(items: Iterable[Item]) -> list[Item]:
    """Of items with one key the first, in the order in which they came."""
    first: dict[str, Item] = {}
    for item in items:
        first.setdefault(item.key, item)
    return list(first.values())


def _fresh(source: Source, items: Iterable[Item]) -> list[Item]:
    """Items not stored yet, oldest first; those without a time last, in the order in which they came."""
    listed = list(items)
    known = known_keys(source, [item.key for item in listed])
    fresh = [item for item in listed if item.key not in known]
    return sorted(fresh, key=lambda item: (item.posted_at is None, item.posted_at or 0))


def _take_numbers_in_order() -> None:
    """On PostgreSQL, waits until no other transaction holds numbers that are not visible yet.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ORDER])


def _captures(
    source: Source, payloads: Sequence[Payload], items: Iterable[Item], now: datetime
) -> Mapping[int, Capture]:
    """The payloads behind `items`, by their place in the harvest; a payload without new items is not kept."""
    used = sorted({item.payload for item in items if item.payload < len(payloads)})
    return {place: keep(source, payloads[place], now) for place in used}


def keep(source: Source, payload: Payload, now: datetime) -> Capture:
    """The payload as evidence; the same bytes from the same place are kept once."""
    digest = hashlib.sha256(payload.body).hexdigest()
    address = clean(payload.address)[:2000]
    same = Capture.objects.filter(source=source, sha256=digest, address=address, purged_at=None).first()
    return same or Capture.objects.create(
        source=source,
        captured_at=now,
        address=address,
        content_type=one_line(payload.content_type, 120),
        sha256=digest,
        size=len(payload.body),
        payload=zlib.compress(payload.body, 6),
    )


def known_tiers() -> Mapping[str, str]:
    """The tier of each site that some source was classed for."""
    classed = Source.objects.exclude(site="").exclude(tier=Tier.UNKNOWN)
    return dict(classed.order_by("-pk").values_list("site", "tier"))


def _tier(source: Source, site: str, tiers: Mapping[str, str]) -> str:
    """That of the source; for what it reports of another site, that site's own where it is known."""
    return source.tier if site == source.site else tiers.get(site, source.tier)


def _scripted(item: Item) -> str:
    """As the script of a drill says."""
    tier = item.extra.get("tier", "")
    return Tier(tier) if tier in Tier.values else Tier.UNKNOWN


def _mention(
    source: Source, item: Item, capture: Capture | None, tiers: Mapping[str, str], now: datetime
) -> Mention:
    title, text = one_line(item.title), clean(item.text)
    site = site_of(source, item)
    return Mention(
        source=source,
        key=item.key,
        kind=item.kind,
        title=title,
        text=text,
        address=clean(item.address)[:2000],
        site=site,
        tier=_scripted(item) if source.kind == DRILL else _tier(source, site, tiers),
        voice=voice(item.author, site),
        posted_at=item.posted_at,
        captured_at=now,
        reach=min(max(item.reach, 0), 2**31 - 1),
        rank=item.rank,
        due_at=item.due_at,
        text_sha256=text_hash(title, text),
        capture=capture,
        extra=dict(item.extra),
        drill=source.kind == DRILL,
    )


def site_of(source: Source, item: Item) -> str:
    """Where it was said: as the item says, as the source says, else the host of its address, else the source itself."""
    return one_line(item.site or source.site or host_of(item.address) or source.host or source.name, 120)


def text_hash(title: str, text: str) -> str:
    """What tells that two mentions say the very same."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
