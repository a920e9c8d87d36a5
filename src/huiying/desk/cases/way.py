"""The way of a case through its plan's flow chart, as a panel of its page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from huiying.desk.cases.models import Case
from huiying.desk.cases.projection import engine_plan, entries_of, project
from huiying.desk.cases.reckoning import reckon
from huiying.desk.plans import pictures
from huiying.desk.plans import queries as plans
from huiying.engine.plan.flow import way


def panel(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The chart with the case's way marked; nothing where its plan cannot be read any more."""
    entries = entries_of(case)
    plan = engine_plan(project(entries))
    if plan is None:
        return None
    language = get_language() or ""
    owed = reckon(plan, entries, plans.calendar_of, timezone.now())
    taken = way(pictures.drawn_flow(plan, language).flow, entries, owed)
    return {"plan": plan, "picture": pictures.picture(plan, language, taken)}
