"""Reads of briefings: what is still missing before one may be held, what is still open after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.models import Case
from huiying.desk.joint.models import Briefing, Question
from huiying.desk.replies.models import Draft, Form
from huiying.desk.replies.queries import lines_in_force

Kind, State = Briefing.Kind, Briefing.State
#: As what the words of a kind are approved and published. Only a press conference meets what the plan asks of one.
FORM_OF = {Kind.CONFERENCE.value: Form.BRIEFING, Kind.MEDIA.value: Form.RELEASE}
READY = (Draft.State.APPROVED, Draft.State.PUBLISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that has to be there before a briefing, and whether it is."""

    key: str
    label: str | Promise
    done: bool
    must: bool = True
    note: str = ""


def needs(briefing: Briefing) -> list[Need]:
    """What this briefing needs, in the order in which it is got ready."""
    found = [_outlets(briefing), _lines(briefing), _words(briefing)]
    if briefing.higher_outlets:
        found.append(_higher(briefing))
    return [*found, _kit(briefing)]


def missing(briefing: Briefing) -> list[Need]:
    """What stands in the way of holding it."""
    return [need for need in needs(briefing) if need.must and not need.done]


def _outlets(briefing: Briefing) -> Need:
    names = _("、").join(outlet.outlet for outlet in briefing.outlets.all())
    return Need(key="outlets", label=gettext_lazy("列出媒体和层级"), done=bool(names), note=names)


def _lines(briefing: Briefing) -> Need:
    lines = lines_in_force(briefing.case)
    note = _("第 %(version)s 版") % {"version": lines.version} if lines else ""
    return Need(key="lines", label=gettext_lazy("口径已审定"), done=lines is not None, note=note)


def _words(briefing: Briefing) -> Need:
    if briefing.kind == Kind.INTERVIEW:
        agreed = briefing.cleared_at is not None
        who = str(briefing.cleared_by) if briefing.cleared_by else ""
        return Need(key="cleared", label=gettext_lazy("负责人同意接受采访"), done=agreed, note=who)
    draft = briefing.draft
    good = draft is not None and draft.state in READY and draft.form == FORM_OF[briefing.kind]
    note = str(draft.get_state_display()) if draft else ""
    return Need(key="words", label=gettext_lazy("发布词按预案审批通过"), done=good, note=note)


def _higher(briefing: Briefing) -> Need:
    names = _("、").join(outlet.outlet for outlet in briefing.higher_outlets)
    note = briefing.higher_ref or _("因为有：%(outlets)s") % {"outlets": names}
    label = gettext_lazy("上级批准和指导已登记")
    return Need(key="higher", label=label, done=briefing.higher_at is not None, note=note)


def _kit(briefing: Briefing) -> Need:
    kit = briefing.kit
    note = (kit.number or str(_("草稿"))) if kit else ""
    return Need(
        key="kit",
        label=gettext_lazy("材料：事实、预计提问与答问"),
        done=kit is not None,
        must=False,
        note=note,
    )


def open_questions(case: Case) -> QuerySet[Question]:
    """What the press asked on a case and has no answer yet, longest first."""
    rows = Question.objects.filter(briefing__case=case, answered_at=None)
    return rows.select_related("briefing").order_by("asked_at", "pk")


def to_clear(person: Person) -> list[Briefing]:
    """Interviews that wait for this person's word."""
    if not can(person, Right.APPROVE_LINES):
        return []
    rows = Briefing.objects.filter(kind=Kind.INTERVIEW, state=State.PLANNED, cleared_at=None)
    return list(rows.exclude(planned_by=person).select_related("case", "planned_by").order_by("planned_at"))


def ahead(person: Person, now: datetime) -> Sequence[Briefing]:
    """Briefings that this person gives or gets ready, soonest first."""
    rows = Briefing.objects.filter(state=State.PLANNED).select_related("case", "spokesperson").order_by("at")
    if can(person, Right.BRIEF_PRESS):
        return list(rows)
    return list(rows.filter(spokesperson=person))
