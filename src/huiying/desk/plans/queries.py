"""Reads of plans and calendars; what is read once is kept, for a version never changes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from huiying import calendars, plans
from huiying.desk.accounts.models import Institution
from huiying.desk.plans.hashes import digest
from huiying.desk.plans.models import CalendarTable, PlanVersion
from huiying.engine.calendar import Calendar, read_calendar
from huiying.engine.findings import Finding
from huiying.engine.plan.model import Plan
from huiying.engine.plan.reading import read_plan

T = TypeVar("T")
Ref = Mapping[str, Any]  # how a journal names a version: id or name, version, sha256


def active() -> PlanVersion | None:
    """The version that counts for cases opened now; None before the first run."""
    return PlanVersion.objects.filter(active=True).first()


def library(without: str = "") -> dict[str, str]:
    """Plan id -> text of what a plan may extend: the shipped ones, over them the newest stored version of each."""
    known = dict(plans.shipped())
    for version in PlanVersion.objects.order_by("name", "version"):
        known[version.name] = version.text
    known.pop(without, None)
    return known


@lru_cache(maxsize=64)
def _read(
    text: str, file: str, library: tuple[tuple[str, str], ...]
) -> tuple[Plan | None, tuple[Finding, ...]]:
    plan, findings = read_plan(text, file=file, library=dict(library))
    return plan, tuple(findings)


def read(text: str, file: str, library: Mapping[str, str]) -> tuple[Plan | None, tuple[Finding, ...]]:
    """A plan's text and what is wrong with it; None when it cannot be used."""
    return _read(text, file, tuple(sorted(library.items())))


#: What was read once, by the hash of its text; a version's text never changes, so this never grows stale.
_plans: dict[str, Plan] = {}
_calendars: dict[str, Calendar] = {}
MOST_KEPT = 128


def _keep(kept: dict[str, T], sha256: str, value: T) -> T:
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[sha256] = value
    return value


def engine_plan(version: PlanVersion) -> Plan:
    """The version as the engine's plan. Raises ValueError for a text that cannot be used: none is ever activated."""
    known = _plans.get(version.sha256)
    if known is not None:
        return known
    plan, findings = read(version.text, f"{version.name}.toml", {})
    if plan is None:
        raise ValueError(f"{version}: {'; '.join(str(finding.message) for finding in findings)}")
    return _keep(_plans, version.sha256, plan)


def findings(version: PlanVersion) -> tuple[Finding, ...]:
    """What the check of the text found."""
    return read(version.text, f"{version.name}.toml", {})[1]


def plan_of(ref: Ref) -> PlanVersion:
    """The version that a journal names, its long text left in the database until asked. Raises PlanVersion.DoesNotExist."""
    return PlanVersion.objects.defer("text").get(name=ref["id"], version=ref["version"])


def newest_table(name: str) -> CalendarTable | None:
    """The calendar table by which cases opened now count; None while only the shipped one is there."""
    return CalendarTable.objects.filter(name=name).order_by("-version").first()


def calendar_text(name: str) -> str:
    """The table in force: the newest stored, else the shipped one. Raises KeyError for a name nobody knows."""
    table = newest_table(name)
    return table.text if table else calendars.shipped()[name]


@lru_cache(maxsize=32)
def _calendar(text: str, file: str) -> Calendar:
    calendar, findings = read_calendar(text, file)
    if calendar is None:
        raise ValueError(f"{file}: {'; '.join(str(finding.message) for finding in findings)}")
    return calendar


def calendar_for(institution: Institution) -> Calendar:
    """The calendar by which the institution counts now. Raises KeyError or ValueError for one that cannot be read."""
    name = institution.calendar
    return _calendar(calendar_text(name), f"{name}.toml")


def calendar_of(ref: Ref) -> Calendar:
    """The calendar that a journal names, of the version it names; version 0 is the shipped table."""
    known = _calendars.get(str(ref.get("sha256")))
    if known is not None:
        return known
    name, version = str(ref["name"]), ref["version"]
    table = CalendarTable.objects.get(name=name, version=version) if version else None
    text = table.text if table else calendars.shipped()[name]
    return _keep(_calendars, digest(text), _calendar(text, f"{name}.toml"))


def calendar_ref(name: str) -> dict[str, Any]:
    """How a journal names the table in force."""
    table = newest_table(name)
    if table is None:
        return {"name": name, "version": 0, "sha256": digest(calendars.shipped()[name])}
    return {"name": name, "version": table.version, "sha256": table.sha256}


def plan_ref(version: PlanVersion) -> dict[str, Any]:
    """How a journal names a plan's version."""
    return {"id": version.name, "version": version.version, "sha256": version.sha256}


def zone() -> ZoneInfo:
    """The zone in which the institution lives; Beijing time before the first run."""
    body = Institution.objects.filter(pk=1).only("zone").first()
    return ZoneInfo(body.zone if body else "Asia/Shanghai")


def calendar_in_force() -> Calendar:
    """The calendar by which the institution counts now; China's before the first run."""
    body = Institution.objects.filter(pk=1).first()
    return calendar_for(body) if body else _calendar(calendar_text("CN"), "CN.toml")
