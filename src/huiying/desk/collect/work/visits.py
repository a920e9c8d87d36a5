"""One visit to a source: fetching and reading, without a database, so that many can go on at once."""

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from huiying.desk.collect.house import house_zone
from huiying.desk.collect.models import Mention, Source
from huiying.desk.collect.plain import one_line
from huiying.desk.collect.seal import unseal
from huiying.desk.collect.sources.base import Harvest, Visit
from huiying.desk.collect.sources.kinds import Kind, kind_of
from huiying.desk.collect.trouble import Trouble
from huiying.desk.net.client import Client

log = logging.getLogger(__name__)
OpenClient = Callable[[], Client]
REMEMBERED = 5000  # keys of a source that a visit knows: lists are never longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that a visit needs, read before it begins."""

    kind: Kind
    settings: dict[str, object]
    cursor: dict[str, object]
    sealed: str
    known: frozenset[str]
    now: datetime
    zone: ZoneInfo
    most_pages: int = 20  # article pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a visit ended: a harvest or a trouble."""

    seconds: float
    harvest: Harvest | None = None
    trouble: Trouble | None = None


def plan(source: Source, now: datetime) -> Plan:
    """What a visit to this source needs."""
    kind = kind_of(source.kind)
    known: Collection[str] = ()
    if kind.asks_known:
        keys = Mention.objects.filter(source=source).order_by("-id").values_list("key", flat=True)
        known = list(keys[:REMEMBERED])
    return Plan(
        kind=kind,
        settings=dict(source.settings),
        cursor=dict(source.cursor),
        sealed=source.secret,
        known=frozenset(known),
        now=now,
        zone=house_zone(),
    )


def go(planned: Plan, open_client: OpenClient) -> Outcome:
    """Makes the visit. Never raises: a fault of ours is a trouble of this source, and the others go on."""
    began = time.monotonic()
    try:
        found: Harvest | Trouble = _fetch(planned, open_client)
    except Trouble as trouble:
        found = trouble
    except Exception as fault:
        log.exception("a visit failed in a way that no trouble names")
        found = Trouble("internal", one_line(type(fault).__name__, 80))
    seconds = time.monotonic() - began
    if isinstance(found, Trouble):
        return Outcome(seconds=seconds, trouble=found)
    return Outcome(seconds=seconds, harvest=found)


def _fetch(planned: Plan, open_client: OpenClient) -> Harvest:
    if planned.kind.fetch is None:
        raise Trouble("settings.missing")
    with open_client() as client:
        try:
            return planned.kind.fetch(_visit(planned, client))
        except KeyError as missing:  # a setting that an older form did not ask for
            raise Trouble("settings.missing", one_line(str(missing), 60)) from missing


def _visit(planned: Plan, client: Client) -> Visit:
    return Visit(
        settings=planned.settings,
        client=client,
        now=planned.now,
        zone=planned.zone,
        secret=unseal(planned.sealed),
        cursor=planned.cursor,
        known=planned.known.intersection,
        most_pages=planned.most_pages,
    )
