"""The desk's own people, units and shifts as the roster that a plan is proved with."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from huiying.desk.accounts.models import Person, Role, Unit
from huiying.desk.accounts.queries import everybody, reachable, shifts_between
from huiying.desk.accounts.queries.people import STAND_INS
from huiying.desk.accounts.rights import TABLE, Right
from huiying.desk.plans import queries
from huiying.desk.plans.models import PlanVersion
from huiying.engine.fields import Notes
from huiying.engine.findings import Finding
from huiying.engine.plan.check import Contact, Holder, Roster, RosterUnit, Turn, prove
from huiying.engine.plan.check.proofs import Proof
from huiying.engine.plan.extending import resolved
from huiying.engine.plan.vocabulary import ROLES
from huiying.engine.toml import parse

#: What a plan asks for, and the right that it takes at the desk; writing a text is "drafted".
RIGHTS: dict[str, Right] = {
    "verified": Right.VERIFY,
    "level_proposed": Right.PROPOSE_LEVEL,
    "level_confirmed": Right.CONFIRM_LEVEL,
    "reported": Right.REPORT_UP,
    "instruction_done": Right.CARRY_OUT,
    "assigned": Right.ASSIGN,
    "accepted": Right.ACCEPT_ASSIGNMENT,
    "unit_reported": Right.ACCEPT_ASSIGNMENT,
    "lines_set": Right.APPROVE_LINES,
    "drafted": Right.DRAFT,
    "approved": Right.APPROVE,
    "published": Right.PUBLISH,
    "promised": Right.PROMISE,
    "extension_granted": Right.GRANT_EXTENSION,
    "urged": Right.URGE,
    "called_back": Right.CALL_BACK,
    "closed": Right.CLOSE_CASE,
    "reopened": Right.REOPEN,
    "archived": Right.ARCHIVE,
}
#: For how long ahead a plan is proved with the roster.
AHEAD = timedelta(days=30)


def posts_of_the_plan() -> frozenset[str]:
    """The roles that the plan in force wants in every unit; with a spokesperson goes a first responsible person."""
    version = queries.active()
    units = frozenset(queries.engine_plan(version).roster.units) if version else frozenset[str]()
    return units | {Role.HEAD.value} if Role.SPOKESPERSON.value in units else units


def roster(now: datetime, name: str) -> Roster:
    """Who holds which role, who is away, how they are reached, and the shifts ahead.

    The desk knows no working hours of people: its notices reach everybody at any hour who is not away. Duty goes by
    shifts alone, so that a day without one is seen. Who stands in while all holders are away does so as at the desk, and only for
    acts to which their own role gives the right.
    """
    units = list(Unit.objects.filter(active=True).order_by("pk"))
    people = [one for person in everybody().filter(is_active=True) for one in _holders(person, units, now)]
    turns = [
        Turn(
            role="duty",
            people=(str(shift.person_id),),
            first=shift.starts_at,
            lasts=shift.ends_at - shift.starts_at,
            until=shift.ends_at,
        )
        for shift in shifts_between(now, now + AHEAD)
        if shift.person.is_active
    ]
    nobody = Turn(role="duty", people=("",), first=now, lasts=AHEAD, until=now)
    return Roster(
        name=name,
        people=tuple(people),
        units=tuple(RosterUnit(code=u.code, name=u.name, aliases=tuple(u.aliases)) for u in units),
        turns=tuple(turns) or (nobody,),
        stand_ins={str(role): tuple(map(str, others)) for role, others in STAND_INS.items()},
        able={act: frozenset(map(str, TABLE[right])) for act, right in RIGHTS.items()},
    )


def _holders(person: Person, units: Sequence[Unit], now: datetime) -> Iterable[Holder]:
    """The person once for each place in which they hold roles: the whole house, or a unit and those below it."""
    places: dict[int | None, list[str]] = {}
    for appointment in person.appointments.all():
        if appointment.role in ROLES:
            places.setdefault(appointment.unit_id, []).append(appointment.role)
    away = ((now, person.away_until),) if person.away_until and person.away_until > now else ()
    contacts = tuple(Contact(channel=one.channel) for one in reachable(person))
    for place, roles in places.items():
        yield Holder(
            id=str(person.pk),
            name=person.name or person.username,
            roles=tuple(roles),
            units=tuple(unit.code for unit in units if place is None or place in _line(unit, units)),
            hours="always",
            away=away,
            contacts=contacts,
        )


def _line(unit: Unit, units: Sequence[Unit]) -> set[int]:
    """The unit and those above it."""
    by_id = {one.pk: one for one in units}
    found: set[int] = set()
    step: Unit | None = unit
    while step is not None and step.pk not in found:
        found.add(step.pk)
        step = by_id.get(step.parent_id) if step.parent_id else None
    return found


def proved(version: PlanVersion, now: datetime, name: str) -> tuple[list[Finding], list[Proof]]:
    """What is wrong with the version and the people of the desk together, each thing once; and what holds."""
    plan, file = queries.engine_plan(version), f"{version.name}.toml"
    root, _broken = parse(version.text, file=file)
    if root is None:
        return [], []
    whole = resolved(root, {}, Notes("plan"), (plan.id,))
    proofs = prove(
        plan,
        whole,
        file=file,
        calendar=queries.calendar_in_force(),
        start=now,
        days=AHEAD.days,
        roster=roster(now, name),
    )
    once = {(one.code, one.message, one.place.line): one for one in proofs.findings}
    return list(once.values()), proofs.proofs
