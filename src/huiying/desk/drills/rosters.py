"""The people with whom a plan is rehearsed: the desk's own in a time that has passed, and how a roster is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from huiying.desk.accounts.queries import shifts_between
from huiying.desk.plans import people
from huiying.engine.plan.check import Contact, Holder, Roster, RosterUnit, Turn
from huiying.engine.plan.check.roster import Hours, Span, merged, without
from huiying.engine.plan.drill.rehearsal import AFTER


def own(now: datetime, name: str, start: datetime, end: datetime, *, office: bool) -> Roster:
    """The desk's people of now on the shifts of that time; where no shift names anybody every duty officer counts, as at the desk.

    `office`: those who are not on duty are there in office hours only.
    """
    whole = people.roster(now, name)
    until = end + AFTER
    shifts = [shift for shift in shifts_between(start, until) if shift.person.is_active]
    turns = [_turn(str(one.person_id), one.starts_at, one.ends_at) for one in shifts]
    covered = merged((one.starts_at, one.ends_at) for one in shifts)
    gaps = without([(start, until)], covered)
    officers = [person.id for person in whole.holders("duty")]
    turns += [_turn(id, begins, ends) for begins, ends in gaps for id in dict.fromkeys(officers)]
    hours = [
        replace(one, hours="office") if office and "duty" not in one.roles else one for one in whole.people
    ]
    return replace(whole, people=tuple(hours), turns=tuple(turns))


def _turn(person: str, begins: datetime, ends: datetime) -> Turn:
    return Turn(
        role="duty",
        people=(person,),
        first=begins,
        lasts=max(ends - begins, timedelta(minutes=1)),
        until=ends,
    )


# As JSON


def as_plain(roster: Roster) -> dict[str, Any]:
    """The roster as JSON values; `from_plain` reads it back."""
    return {
        "name": roster.name,
        "people": [_holder(one) for one in roster.people],
        "units": [[one.code, one.name, list(one.aliases)] for one in roster.units],
        "turns": [
            [one.role, list(one.people), one.first.isoformat(), one.lasts.total_seconds(), _iso(one.until)]
            for one in roster.turns
        ],
        "draft": roster.draft.total_seconds(),
        "approve": roster.approve.total_seconds() if roster.approve else None,
        "stand_ins": {role: list(others) for role, others in roster.stand_ins.items()},
        "able": {act: sorted(roles) for act, roles in roster.able.items()},
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _holder(one: Holder) -> dict[str, Any]:
    hours = (
        one.hours if isinstance(one.hours, str) else [[a.isoformat(), b.isoformat()] for a, b in one.hours]
    )
    return {
        "id": one.id,
        "name": one.name,
        "roles": list(one.roles),
        "units": list(one.units),
        "hours": hours,
        "working": one.working,
        "away": [[begins.isoformat(), ends.isoformat()] for begins, ends in one.away],
        "reachable": one.reachable,
    }


def from_plain(data: Mapping[str, Any]) -> Roster:
    """What `as_plain` wrote down; of contacts only whether one works."""
    return Roster(
        name=data["name"],
        people=tuple(_read_holder(one) for one in data["people"]),
        units=tuple(
            RosterUnit(code=code, name=name, aliases=tuple(more)) for code, name, more in data["units"]
        ),
        turns=tuple(_read_turns(data["turns"])),
        draft=timedelta(seconds=data["draft"]),
        approve=timedelta(seconds=data["approve"]) if data["approve"] else None,
        stand_ins={role: tuple(others) for role, others in data["stand_ins"].items()},
        able={act: frozenset(roles) for act, roles in data["able"].items()},
    )


def _read_turns(rows: Iterable[list[Any]]) -> Iterable[Turn]:
    for role, who, first, lasts, until in rows:
        yield Turn(
            role=role,
            people=tuple(who),
            first=datetime.fromisoformat(first),
            lasts=timedelta(seconds=lasts),
            until=datetime.fromisoformat(until) if until else None,
        )


def _read_holder(one: Mapping[str, Any]) -> Holder:
    away: tuple[Span, ...] = tuple(
        (datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in one["away"]
    )
    return Holder(
        id=one["id"],
        name=one["name"],
        roles=tuple(one["roles"]),
        units=tuple(one["units"]),
        hours=_read_hours(one["hours"]),
        working=one["working"],
        away=away,
        contacts=(Contact(channel="any", works=one["reachable"]),),
    )


def _read_hours(said: Any) -> Hours:
    if isinstance(said, str):
        return "always" if said == "always" else "office"
    return tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in said)
