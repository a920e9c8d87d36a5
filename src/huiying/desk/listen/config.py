"""How this institution listens: its watches, units, places and the subjects of its plan, as the engine wants them."""

import hashlib
import json
import logging
import re
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from huiying.desk.accounts.models import Unit
from huiying.desk.listen.models import PlaceName, Watch
from huiying.desk.plans import queries as plans
from huiying.engine.listen import mention as heard
from huiying.engine.listen.fold import Config
from huiying.engine.listen.gazetteer import Gazetteer, Known
from huiying.engine.listen.keeping import OLDEST
from huiying.engine.listen.query import Query, parse
from huiying.engine.plan.model import Named, Plan

log = logging.getLogger(__name__)
Rows = dict[str, Any]
_BREAKS = re.compile(r"[\s、，,；;。]+")


def active_plan() -> Plan | None:
    """The plan in force as the engine's plan; None before the first run."""
    version = plans.active()
    return plans.engine_plan(version) if version else None


def listening() -> tuple[Config, str]:
    """The configuration of now and its fingerprint. Equal fingerprints give the very same object.

    A version of Huiying that hears otherwise has another fingerprint: what was heard before it is heard again.
    """
    plan = active_plan()
    rows = _rows(plan)
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True)
    fingerprint = hashlib.sha256(f"{OLDEST} {text}".encode()).hexdigest()
    return _config(text, plan.subjects if plan else ()), fingerprint


def _rows(plan: Plan | None) -> Rows:
    """All that counts, as plain values in a fixed order."""
    return {
        "watches": list(Watch.objects.filter(active=True).order_by("pk").values_list("pk", "query")),
        "units": [
            [unit.code, unit.name, unit.aliases, unit.duties]
            for unit in Unit.objects.filter(active=True).order_by("code")
        ],
        "places": [
            [place.name, place.kind, place.aliases, place.unit.code if place.unit else "", place.within]
            for place in PlaceName.objects.select_related("unit").order_by("name")
        ],
        "subjects": [
            [subject.id, subject.name.zh, subject.name.en, list(subject.words), subject.unit]
            for subject in (plan.subjects if plan else ())
        ],
        "zone": plan.zone if plan else plans.zone().key,
    }


@lru_cache(maxsize=4)
def _config(text: str, subjects: tuple[Named, ...]) -> Config:
    rows = json.loads(text)
    return Config(
        watches=tuple((str(pk), query) for pk, query in map(_watch, rows["watches"]) if query),
        gazetteer=Gazetteer(places=tuple(map(_known, rows["places"]))),
        subjects=subjects,
        units=tuple(
            heard.Unit(
                code=code,
                name=name,
                aliases=tuple(aliases),
                duties=tuple(filter(None, _BREAKS.split(duties))),
            )
            for code, name, aliases, duties in rows["units"]
        ),
        zone=ZoneInfo(rows["zone"]),
    )


def _watch(row: tuple[int, str]) -> tuple[int, Query | None]:
    query, findings = parse(row[1])
    if query is None:  # checked when it was saved; a newer grammar may read it otherwise
        log.error("watch %s cannot be read any more: %s", row[0], "; ".join(str(f.message) for f in findings))
    return row[0], query


def _known(row: list[Any]) -> Known:
    name, kind, aliases, unit, within = row
    return Known(name=name, kind=kind, aliases=tuple(aliases), unit=unit, within=within)
