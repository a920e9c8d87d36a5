"""What needs a person now, from every room: what is owed, and what waits for a decision."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from django.db.models import Min
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import queries as cases
from huiying.desk.cases.models import Case
from huiying.desk.cases.queries.owed import Decision, Due
from huiying.desk.collect.actions.heighten import may_approve
from huiying.desk.collect.models import Heightened
from huiying.desk.joint import queries as joint
from huiying.desk.library.queries.knowledge import to_approve
from huiying.desk.listen import queries as listen
from huiying.desk.listen.config import active_plan
from huiying.desk.listen.models import Story
from huiying.desk.replies import queries as replies
from huiying.desk.reports import queries as reports
from huiying.desk.shell.mask import mask
from huiying.engine.text import Text


class OnCase(Protocol):
    """Something about a case."""

    @property
    def case(self) -> Case: ...


T = TypeVar("T", bound=OnCase)
#: Stories of the plan's lightest level that are listed one by one; the others stand in one row.
LIGHT = 3
#: So many graver ones are listed; more at once is a desk that nobody looks after.
GRAVE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One row of "what needs me now"."""

    what: str
    address: str  # of the page that it is about
    due_at: datetime | None = None
    since: datetime | None = None  # for decisions: how long it has waited
    why: str = ""  # the rule in one line
    about: str = ""  # the case or the outlet
    level: int | None = None
    graded: bool = True  # whether a level says anything here
    icon: str = "cases"
    button: str | Promise = ""
    button_address: str = ""

    @property
    def mark(self) -> str:
        """What tells this row from another, for noticing that something changed."""
        return f"{self.address}|{self.what}|{self.due_at}"


def _say(text: Text) -> str:
    return text.say(get_language() or "zh-hans")


def needs(person: Person, now: datetime) -> list[Need]:
    """What the person owes, and the stories to assess, soonest first; what has no instant comes last. Drills stand apart."""
    found = [*_owed(person, now), *_stories(person, now)]
    return sorted(found, key=lambda need: (need.due_at is None, need.due_at or now))


def rehearsed(person: Person, now: datetime) -> list[Need]:
    """What the person owes, or is to decide, in drills; soonest due first."""
    owed = list(_owed(person, now, drill=True))
    there = {need.button_address for need in owed if need.button_address}
    waiting = [one for one in decisions(person, now, drill=True) if one.button_address not in there]
    return sorted([*owed, *waiting], key=lambda need: (need.due_at is None, need.due_at or now))


def _owed(person: Person, now: datetime, *, drill: bool = False) -> Iterator[Need]:
    for row in cases.owed_for(person, now, drill=drill):
        yield _from_due(row)


def _from_due(row: Due) -> Need:
    case, button = row.case, row.button
    return Need(
        what=_say(row.what),
        why=_say(row.why),
        about=f"{case.number} {mask(case.title)}",
        address=_case(case),
        due_at=row.owed.due_at,
        level=case.level or case.proposed_level,
        button=button.label if button else "",
        button_address=button.address if button else "",
    )


def _case(case: Case) -> str:
    return reverse("cases:case", args=[case.number])


def _stories(person: Person, now: datetime) -> Iterator[Need]:
    """Proposals that the duty has to assess."""
    if not can(person, Right.PROPOSE_LEVEL):
        return
    plan = active_plan()
    lightest = max((level.number for level in plan.levels), default=0) if plan else 0
    waiting = listen.awaiting(now)
    light = waiting.filter(proposed_level=lightest)
    for story in [*waiting.exclude(proposed_level=lightest)[:GRAVE], *light[:LIGHT]]:
        yield _assess(story)
    more = light.count() - LIGHT
    if more > 0:
        address = f"{reverse('listen:stories')}?awaits=1&level={lightest}"
        yield Need(
            what=ngettext("另有 %(n)s 个轻的话题待研判", "另有 %(n)s 个轻的话题待研判", more) % {"n": more},
            address=address,
            due_at=light.aggregate(first=Min("assess_due_at"))["first"],
            level=lightest,
            icon="story",
            button=_("逐个看"),
            button_address=address,
        )


def _assess(story: Story) -> Need:
    address = reverse("listen:story", args=[story.pk])
    voices = ngettext("%(n)s 个发声者", "%(n)s 个发声者", story.voices_count) % {"n": story.voices_count}
    posts = ngettext("%(n)s 条帖文", "%(n)s 条帖文", story.mentions_count) % {"n": story.mentions_count}
    return Need(
        what=_("研判：%(title)s") % {"title": mask(story.title)},
        why=_("达到预案的等级条件，须按时研判"),
        about=f"{posts} · {voices}",
        address=address,
        due_at=story.assess_due_at,
        level=story.proposed_level,
        icon="story",
        button=_("研判"),
        button_address=address,
    )


def decisions(person: Person, now: datetime, *, drill: bool = False) -> list[Need]:
    """What waits for the person's word on real cases, or in drills, longest waiting first."""
    found = [_decision(one) for one in cases.decisions_for(person, now, drill=drill)]
    found += _texts(person, now, drill)
    found += _together(person, now, drill)
    found += _papers(person, now, drill)
    found += [] if drill else _house(person, now)
    return sorted(found, key=lambda need: need.since or now)


def _decision(one: Decision) -> Need:
    case = one.case
    return Need(
        what=_say(one.what),
        about=f"{case.number} {mask(case.title)}",
        address=_case(case),
        since=one.since,
        level=case.level or case.proposed_level,
        icon={"extension": "calendar", "return": "unit", "relapse": "refresh"}.get(one.kind, "flag"),
        button=one.button.label,
        button_address=one.button.address,
    )


def _of(rows: Iterable[T], drill: bool) -> Iterator[T]:
    """Those about real cases, or about drills."""
    return (row for row in rows if row.case.drill == drill)


def _texts(person: Person, now: datetime, drill: bool) -> Iterator[Need]:
    """Texts and lines to take on their way through the house."""
    waiting = (
        (_("审批：%(title)s"), _("审批"), "check", replies.to_approve(person, now), "submitted_at"),
        (_("发布：%(title)s"), _("发布"), "send", replies.to_publish(person), "approved_at"),
        (_("补审：%(title)s"), _("补审"), "check", replies.to_review(person, now), "published_at"),
    )
    for words, button, icon, drafts, at in waiting:
        for draft in _of(drafts, drill):
            yield _text(
                words % {"title": mask(draft.title)}, draft, draft.case, getattr(draft, at), (button, icon)
            )
    for publication in replies.to_copy(person):
        draft = publication.draft
        if draft.case.drill != drill:
            continue
        words = _("登记发布地址：%(title)s") % {"title": mask(draft.title)}
        yield _text(words, draft, draft.case, draft.published_at, (_("登记"), "link"))
    for lines in _of(replies.lines_to_approve(person), drill):
        words = _("审定口径（第 %(version)s 版）") % {"version": lines.version}
        yield _text(words, lines, lines.case, lines.written_at, (_("审定"), "check"))


def _together(person: Person, now: datetime, drill: bool) -> Iterator[Need]:
    """Calls to answer, minutes to adopt, interviews to agree to."""
    for call in joint.to_answer(person, now):
        meeting = call.meeting
        if meeting.case.drill != drill:
            continue
        words = _("回复是否参加：%(meeting)s") % {"meeting": meeting.get_kind_display()}
        yield _text(words, meeting, meeting.case, meeting.called_at, (_("回复"), "people"))
    for meeting in _of(joint.to_adopt(person, now), drill):
        words = _("审定纪要：%(meeting)s") % {"meeting": meeting.get_kind_display()}
        yield _text(words, meeting, meeting.case, meeting.held_at, (_("审定"), "check"))
    for briefing in _of(joint.to_clear(person), drill):
        words = _("是否接受采访：%(topic)s") % {"topic": mask(briefing.topic)}
        yield _text(words, briefing, briefing.case, briefing.planned_at, (_("看看"), "globe"))


def _papers(person: Person, now: datetime, drill: bool) -> Iterator[Need]:
    """Papers that go out only with the person's signature."""
    for paper in reports.waiting_for(person, now).select_related("case"):
        case = paper.case
        if (case is not None and case.drill) != drill:
            continue
        about = f"{case.number} {mask(case.title)}" if case else str(paper.get_kind_display())
        yield Need(
            what=_("签发：%(paper)s") % {"paper": mask(paper.title)},
            about=about,
            address=paper.get_absolute_url(),
            since=paper.made_at,
            level=case.level if case else None,
            icon="edit",
            button=_("签发"),
            button_address=paper.get_absolute_url(),
        )


def _house(person: Person, now: datetime) -> Iterator[Need]:
    """What is about no case: answers to be used again, and the house's own key periods."""
    for entry in to_approve(person):
        yield Need(
            what=_("审定知识：%(title)s") % {"title": mask(entry.title)},
            about=str(entry.unit or ""),
            address=entry.get_absolute_url(),
            since=entry.written_at,
            icon="check",
            button=_("审定"),
            button_address=entry.get_absolute_url(),
        )
    waiting = Heightened.objects.filter(waits=True, ends_at__gt=now)
    plan = active_plan() if waiting else None
    for period in waiting:
        if can(person, Right.APPROVE_PERIODS) and may_approve(person, period, plan, now):
            address = reverse("collect:heightened")
            yield Need(
                what=_("批准重点时段：%(name)s") % {"name": period.name},
                about=period.why,
                address=address,
                since=period.created_at,
                icon="calendar",
                button=_("批准"),
                button_address=address,
            )


def _text(words: str, of: object, case: Case, since: datetime | None, look: tuple[str, str]) -> Need:
    address = of.get_absolute_url()  # type: ignore[attr-defined]  # a Draft or Lines
    return Need(
        what=words,
        about=f"{case.number} {mask(case.title)}",
        address=address,
        since=since,
        level=case.level,
        icon=look[1],
        button=look[0],
        button_address=address,
    )


def drafts(person: Person) -> list[Need]:
    """Texts that the person writes, or that came back."""
    if not can(person, Right.DRAFT):
        return []
    return [
        Need(
            what=mask(draft.title) or _("未命名的草稿"),
            about=" · ".join(
                (*([_("演练")] if draft.case.drill else ()), draft.get_state_display(), draft.case.number)
            ),
            address=draft.get_absolute_url(),
            since=draft.changed_at,
            icon="edit",
        )
        for draft in replies.mine(person)[:8]
    ]
