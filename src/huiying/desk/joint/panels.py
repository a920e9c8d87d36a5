"""What this room shows on the page of a case, where its buttons lead, and what keeps a case from being closed."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiying.desk.accounts.access import can, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import access, loose
from huiying.desk.cases.loose import LooseEnd
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.slots import Door, Panel, slots
from huiying.desk.joint import queries, steps
from huiying.desk.joint.access import seen_by_members
from huiying.desk.joint.actions.speaking import only_when_held
from huiying.desk.joint.models import Briefing, Meeting
from huiying.desk.replies.holding import before_publishing
from huiying.engine.journal import Entry

RUNNING = (Meeting.State.CALLED, Meeting.State.HELD, Meeting.State.SUBMITTED)
GRAVE = (1, 2)


def meetings(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The case's meetings and the handling plan in force; nothing on a light case that has none."""
    may = case.open and can(signed_in(request), Right.CONVENE)
    rows = list(case.meetings.select_related("chair"))
    if not rows and not (may and _serious(case)):
        return None
    return {"case": case, "meetings": rows, "plan": queries.plan_in_force(case), "may": may}


def _serious(case: Case) -> bool:
    """A case that is grave, or may turn out to be."""
    return case.level in GRAVE or case.proposed_level in GRAVE


def force(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The task force that stands, and those before it."""
    may = case.open and can(signed_in(request), Right.FORM_TASK_FORCE)
    standing, before = queries.standing_force(case), list(case.task_forces.exclude(dissolved_at=None))
    if standing is None and not before and not (may and _serious(case)):
        return None
    members = standing.members.filter(left_at=None).select_related("person") if standing else ()
    return {"case": case, "force": standing, "members": members, "before": before, "may": may}


def opinions(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """What advisers said."""
    may = case.open and can(signed_in(request), Right.CONVENE)
    rows = list(case.opinions.select_related("adviser"))
    if not rows and not (may and _serious(case)):
        return None
    return {"case": case, "opinions": rows, "may": may}


def assessing(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """What advisers and meetings said, beside the forms that propose and confirm a level."""
    rows = list(case.opinions.select_related("adviser"))
    assessed = case.meetings.filter(state=Meeting.State.ADOPTED).exclude(assessment="").first()
    return {"case": case, "opinions": rows, "assessed": assessed} if rows or assessed else None


def press(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Press conferences and interviews, what is still open, whom we spoke to."""
    may = case.open and can(signed_in(request), Right.BRIEF_PRESS)
    rows = list(case.briefings.select_related("spokesperson").prefetch_related("outlets"))
    talks = list(case.talks.select_related("contact", "by")[:5])
    if not rows and not talks and not (may and _serious(case)):
        return None
    return {
        "case": case,
        "briefings": rows,
        "questions": queries.open_questions(case),
        "talks": talks,
        "may": may,
    }


def to_meeting(case: Case, owed: Owed) -> str:
    """The meeting that is under way, else the call of one."""
    running = case.meetings.filter(state__in=RUNNING).first()
    return running.get_absolute_url() if running else reverse("joint:call", args=[case.number])


def to_briefing(case: Case, owed: Owed) -> str:
    """The briefing that is being got ready, else the place where one is planned."""
    planned = case.briefings.filter(state=Briefing.State.PLANNED).order_by("at").first()
    return planned.get_absolute_url() if planned else f"{reverse('cases:case', args=[case.number])}#press"


def ends(case: Case, entries: Sequence[Entry]) -> list[LooseEnd]:
    """Meetings without adopted minutes, a task force that stands, briefings not held, questions not answered."""
    return list(_ends(case))


def _ends(case: Case) -> Iterator[LooseEnd]:
    for meeting in case.meetings.filter(state__in=RUNNING):
        what = _("会议还没有结束：%(state)s") % {"state": meeting.get_state_display()}
        yield LooseEnd(what=what, number=case.number, url=meeting.get_absolute_url())
    standing = queries.standing_force(case)
    if standing is not None:
        what = _("%(name)s还没有解散") % {"name": standing.name}
        yield LooseEnd(what=what, number=case.number, url=standing.get_absolute_url())
    for briefing in case.briefings.filter(state=Briefing.State.PLANNED):
        what = _("还没有举行：%(topic)s") % {"topic": briefing.topic}
        yield LooseEnd(what=what, number=case.number, url=briefing.get_absolute_url())
    for question in queries.open_questions(case):
        what = _("%(outlet)s的提问还没有答复") % {"outlet": question.outlet}
        yield LooseEnd(what=what, number=case.number, url=question.briefing.get_absolute_url())


def _of_step(among: frozenset[str]) -> Any:
    return lambda owed: owed.step in among


def _form(name: str) -> Any:
    return lambda case, owed: reverse(name, args=[case.number])


PANELS = (
    Panel(key="meetings", order=12, template="joint/parts/meetings.html", context=meetings),
    Panel(key="press", order=25, template="joint/parts/press.html", context=press),
    Panel(key="force", order=10, place="side", template="joint/parts/force.html", context=force),
    Panel(key="opinions", order=40, place="side", template="joint/parts/opinions.html", context=opinions),
    Panel(key="assessing", place="assess", template="joint/parts/assessing.html", context=assessing),
)
DOORS = (
    Door(
        key="joint:meeting",
        act="done",
        label=gettext_lazy("去会商"),
        url=to_meeting,
        right=Right.CONVENE,
        before=_of_step(steps.MEETINGS),
    ),
    Door(
        key="joint:force",
        act="done",
        label=gettext_lazy("去成立"),
        url=_form("joint:form_force"),
        right=Right.FORM_TASK_FORCE,
        before=_of_step(steps.FORCES),
    ),
    Door(
        key="joint:expert",
        act="done",
        label=gettext_lazy("记意见"),
        url=_form("joint:write_opinion"),
        right=Right.CONVENE,
        before=_of_step(steps.EXPERT),
    ),
    Door(
        key="joint:higher",
        act="done",
        label=gettext_lazy("去报批"),
        url=to_briefing,
        right=Right.REPORT_UP,
        before=_of_step(steps.HIGHER_BODY),
    ),
    Door(
        key="joint:press",
        act="published",
        label=gettext_lazy("去发布会"),
        url=to_briefing,
        before=lambda owed: owed.form == "briefing",
    ),
)


def put_up() -> None:
    """Called once, when the desk starts."""
    for item in (*PANELS, *DOORS):
        slots.add(item)
    loose.register(ends)
    access.register(seen_by_members)
    if only_when_held not in before_publishing:
        before_publishing.append(only_when_held)
