"""What a person owes, and what waits for a person's decision."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts import access
from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.queries import on_duty, stand_in
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import holds, visible
from huiying.desk.cases.actions.clocks import pending_extensions
from huiying.desk.cases.facts import proposer
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.projection import entries_of, project
from huiying.desk.cases.queries.doors import Button, address, button, rights_of
from huiying.desk.plans import queries as plans
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text

#: Roles whose work others do while nobody of them is there.
STOOD_IN = (Role.HEAD, Role.DEPUTY, Role.OFFICE, Role.DUTY, Role.REVIEWER, Role.SPOKESPERSON)

WORDS = {"level": _("看依据，定级"), "extension": _("批复"), "return": _("改派"), "relapse": _("看是否复发")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something owed, with the case and the button that does it."""

    owed: Owed
    case: Case
    what: Text
    why: Text
    button: Button | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that waits for a person's word."""

    kind: str  # level, extension, return, relapse
    case: Case
    what: Text
    since: datetime
    button: Button


def roles_now(person: Person, now: datetime) -> tuple[set[str], set[str]]:
    """The roles that a person holds in the whole institution, and those in units, at `now`.

    A duty officer owes what duty owes while on duty (or while the roster names nobody); who stands in owes it too.
    """
    whole, inside = set[str](), set[str]()
    for role, unit in person.appointments.values_list("role", "unit_id"):
        (inside if unit else whole).add(role)
    shifts = on_duty(now)
    if shifts and person not in [shift.person for shift in shifts]:
        whole.discard(Role.DUTY)
    for role in STOOD_IN:
        if role not in whole and person in stand_in(role, now):
            whole.add(role)
    return whole, inside


def _named(roles: set[str]) -> Q:
    """Rows that one of these roles owes; an approval may name several, of which any will do."""
    among = Q(role__in=roles)
    for role in sorted(roles):
        among |= Q(role__contains="|", role__regex=rf"(^|\|){role}(\||$)")
    return among


def mine(person: Person, now: datetime) -> QuerySet[Owed]:
    """Owed rows that this person is to settle."""
    whole, inside = roles_now(person, now)
    units = access.units_for(person, Right.SEE_CASES)
    here = _named(whole) | Q(unit__isnull=False, role="", unit__in=units or [])
    if inside and units:
        here |= _named(inside) & Q(unit__in=units)
        here |= _named(inside) & Q(unit=None, case__lead__in=units)
    return Owed.objects.filter(here)


def due_of(case: Case, owed: Owed, allowed: Callable[[Right], bool]) -> Due:
    """The row with its sentences and its button."""
    return Due(
        owed=owed,
        case=case,
        what=Text(owed.what_zh, owed.what_en),
        why=Text(owed.why_zh, owed.why_en),
        button=button(case, owed, allowed),
    )


def owed_for(person: Person, now: datetime, most: int = 200, *, drill: bool = False) -> list[Due]:
    """What the person owes on all cases, or in drills, soonest first; what is missed stands first by nature."""
    rows = (
        mine(person, now)
        .filter(
            state__in=["open", "missed"],
            case__in=visible(person),
            case__merged_into=None,
            case__drill=drill,
        )
        .select_related("case", "case__plan", "case__lead", "unit")
        .order_by("due_at", "pk")
        .distinct()
    )
    allowed = rights_of(person)
    return [due_of(row.case, row, allowed) for row in rows[:most]]


def decisions_for(person: Person, now: datetime, *, drill: bool = False) -> list[Decision]:
    """Levels to confirm, extensions to decide, returned assignments to give on, relapses to judge; oldest first.

    On real cases, or in drills.
    """
    allowed = rights_of(person)
    found: list[Decision] = []
    rows = visible(person).filter(drill=drill).select_related("plan")
    running = rows.filter(closed_at=None, merged_into=None)
    if allowed(Right.CONFIRM_LEVEL):
        found += _levels(running.exclude(proposed_level=None), person, now)
    if allowed(Right.GRANT_EXTENSION):
        found += _extensions(running.filter(asks__gt=0), person)
    if allowed(Right.ASSIGN):
        found += _returns(running.filter(returned=True))
    if allowed(Right.REOPEN):
        found += _relapses(rows.filter(back__gt=0, closed_at__isnull=False))
    return sorted(found, key=lambda decision: (decision.since, decision.case.pk))


def _plan(case: Case) -> Plan | None:
    version = case.plan if case.level else plans.active() or case.plan
    return plans.engine_plan(version) if version else None


def _levels(rows: Iterable[Case], person: Person, now: datetime) -> Iterable[Decision]:
    for case in rows:
        plan = _plan(case)
        level = plan.level(case.proposed_level) if plan else None
        if plan is None or level is None or not holds(person, plan.confirmers(level.number), now):
            continue
        if level.second_person and proposer(entries_of(case)) == person.actor:
            continue
        yield Decision(
            kind="level",
            case=case,
            what=Text(f"确认等级：建议{level.name.zh}", f"Confirm the level: {level.name.en} proposed"),
            since=case.asked_at or case.opened_at,
            button=Button(WORDS["level"], address(case, "confirm")),
        )


def _extensions(rows: Iterable[Case], person: Person) -> Iterable[Decision]:
    for case in rows:
        for key, entry in pending_extensions(entries_of(case)).items():
            if entry.actor == person.actor:
                continue
            owed = case.owed.filter(key=key).first()
            what = Text(owed.what_zh, owed.what_en) if owed else Text(key, key)
            yield Decision(
                kind="extension",
                case=case,
                what=Text(f"批延期：{what.zh}", f"Decide an extension: {what.en}"),
                since=entry.at,
                button=Button(WORDS["extension"], address(case, "decide", obligation=key)),
            )


def _returns(rows: Iterable[Case]) -> Iterable[Decision]:
    for case in rows:
        facts = project(entries_of(case))
        last = next((part for part in reversed(facts.parts) if part.state == "declined"), None)
        if last is None:
            continue
        yield Decision(
            kind="return",
            case=case,
            what=Text(
                f"退办待改派（第 {case.returns} 次）：{last.reason}",
                f"Returned, to be given on (no. {case.returns}): {last.reason}",
            ),
            since=last.at or case.opened_at,
            button=Button(WORDS["return"], address(case, "assign")),
        )


def _relapses(rows: Iterable[Case]) -> Iterable[Decision]:
    for case in rows:
        yield Decision(
            kind="relapse",
            case=case,
            what=Text(f"办结后又有 {case.back} 条新帖", f"{case.back} new posts since closing"),
            since=case.asked_at or case.closed_at or case.opened_at,
            button=Button(WORDS["relapse"], address(case, "reopen")),
        )
