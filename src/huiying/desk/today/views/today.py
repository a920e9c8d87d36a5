"""The first screen: what needs me now."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from huiying.desk.accounts import queries as accounts
from huiying.desk.accounts.access import can, requires, signed_in
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.queries import open_cases
from huiying.desk.joint import queries as joint
from huiying.desk.listen import queries as listen
from huiying.desk.listen.config import active_plan
from huiying.desk.shell.ruler import Mark
from huiying.desk.today.queries import day, health, now, pursued

SHOWN = 12


@requires(Right.SEE_TODAY)
def today(request: HttpRequest) -> HttpResponse:
    """What the person owes, what waits for a word, what rises, what does not work, and the day so far."""
    person, at = signed_in(request), timezone.now()
    return render(request, "today/today.html", context(person, at, everything="all" in request.GET))


def context(person: Person, at: Any, *, everything: bool = False) -> dict[str, Any]:
    """Everything on the page."""
    needs = now.needs(person, at)
    decisions = undecided(person, at, needs)
    listens = can(person, Right.SEE_LISTEN)
    return {
        "needs": needs if everything else needs[:SHOWN],
        "more": 0 if everything else max(0, len(needs) - SHOWN),
        "late": sum(need.due_at is not None and need.due_at <= at for need in needs),
        "needs_all": len(needs),
        "decisions": decisions,
        "rehearsed": now.rehearsed(person, at),
        "drafts": now.drafts(person),
        "marks": marks(needs),
        "rising": listen.rising(at) if listens else [],
        "climbing": listen.climbing(at) if listens else [],
        "troubles": health.troubles(person, at),
        "sources": health.sources(at) if can(person, Right.SEE_SOURCES) else None,
        "steps": health.first_steps(person),
        "events": day.events(person, at, day.midnight(timezone.localtime(at))),
        "duty": accounts.on_duty(at),
        "open": open_cases(person).filter(drill=False).count() if can(person, Right.SEE_CASES) else None,
        "plan": active_plan(),
        "seen": seen(needs, decisions),
        "listens": listens,
        "together": together(person, at),
        "pursued": pursued.pursued(person, at),
    }


def together(person: Person, at: Any) -> dict[str, Any]:
    """The person's task forces, the meetings ahead and the press to be met; empty where there is none of it."""
    found = {
        "forces": joint.mine(person),
        "meetings": joint.coming(person, at),
        "press": joint.ahead(person, at),
    }
    return found if any(found.values()) else {}


def undecided(person: Person, at: Any, needs: list[now.Need]) -> list[now.Need]:
    """What waits for the person's word, without what stands among the owed already."""
    owed = {need.button_address for need in needs if need.button_address}
    return [one for one in now.decisions(person, at) if one.button_address not in owed]


def marks(needs: list[now.Need]) -> list[Mark]:
    """The deadlines on the ruler."""
    return [
        Mark(at=need.due_at, words=need.what, level=need.level, address=need.button_address or need.address)
        for need in needs
        if need.due_at is not None
    ]


def seen(needs: list[now.Need], decisions: list[now.Need]) -> str:
    """A short name for what stands on the page: another one means that something changed."""
    text = "\n".join(need.mark for need in [*needs, *decisions])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@requires(Right.SEE_TODAY)
def pulse(request: HttpRequest) -> HttpResponse:
    """Asked for by the open page: whether something changed since it was made."""
    person, at = signed_in(request), timezone.now()
    needs = now.needs(person, at)
    changed = seen(needs, undecided(person, at, needs)) != request.GET.get("seen", "")
    return render(
        request, "today/parts/pulse.html", {"changed": changed, "seen": request.GET.get("seen", "")}
    )
