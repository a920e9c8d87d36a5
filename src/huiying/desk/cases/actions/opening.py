"""Opening a case, and feeding it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require, role_for
from huiying.desk.accounts.models import Institution, Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting
from huiying.desk.cases.actions.common import Held, filled, happened
from huiying.desk.cases.models import Case, How
from huiying.desk.cases.stories import posts_of
from huiying.desk.collect.models import Mention
from huiying.desk.collect.periods import ids_at
from huiying.desk.listen.actions import take_up
from huiying.desk.listen.models import Story
from huiying.desk.plans import queries as plans
from huiying.desk.plans.actions import keep_calendar
from huiying.desk.plans.models import PlanVersion
from huiying.engine.journal import Kind


def _number(institution: Institution, now: datetime, drill: bool) -> str:
    """The next number of the year; the institution's row is held, so that two openers never get one."""
    year = now.astimezone(ZoneInfo(institution.zone)).year
    start = f"{'D' if drill else ''}{year}-"
    taken = Case.objects.filter(number__startswith=start).values_list("number", flat=True)
    highest = max((int(number.removeprefix(start)) for number in taken), default=0)
    return f"{start}{highest + 1:04d}"


def _plan() -> PlanVersion:
    plan = plans.active()
    if plan is None:
        raise ValidationError(_("还没有启用预案，不能立件。请先在“预案”里启用一个版本。"))
    return plan


def _known(plan: PlanVersion, group: str, field: str, value: str) -> str:
    """The value, if the plan lists it or it is empty. Raises ValidationError on `field`."""
    known = {item.id for item in getattr(plans.engine_plan(plan), group)}
    if value and value not in known:
        raise ValidationError({field: _("预案里没有这一类：%(value)s。") % {"value": value}})
    return value


@transaction.atomic
def open_case(
    *,
    by: Person,
    now: datetime,
    title: str,
    summary: str = "",
    story: Story | None = None,
    mentions: Sequence[Mention] = (),
    how: str = How.HAND,
    discovered_at: datetime | None = None,
    posted_at: datetime | None = None,
    due_at: datetime | None = None,
    addressee: str = "",
    subject: str = "",
    matter: str = "",
    drill: bool = False,
    director: Person | None = None,
) -> Case:
    """Open a case: from now on its plan's clocks run from `discovered_at` (now, when nothing else is known).

    Of a `story` all posts are taken over, unless `mentions` names some. `due_at` is the deadline that a transfer
    carries; it may have passed already: then it is owed and late. Raises ValidationError for an empty title, for an
    instant in the future, while no plan is active, and for a drill on what people really said. A drill is opened by whoever
    may rehearse, or in an exercise that a `director` who may has begun.
    """
    require(by, Right.OPEN_CASE)
    if drill:
        require(director or by, Right.DRILL)
    _of_one_world(drill, story, mentions)
    if how not in How.values:
        raise ValidationError({"how": _("请选来源。")})
    plan = _plan()
    institution = Institution.objects.select_for_update().get(pk=1)
    keep_calendar(name=institution.calendar, now=now)
    data = {
        "how": How(how).value,
        "title": filled(title, "title", _("请用一句话写明是什么事。"), 300),
        "summary": summary.strip()[:4000],
        "discovered_at": happened(discovered_at, now, "discovered_at") or now,
        "posted_at": happened(posted_at, now, "posted_at"),
        "due_at": due_at,
        "addressee": addressee.strip()[:120],
        "subject": _known(plan, "subjects", "subject", subject),
        "matter": _known(plan, "matters", "matter", matter),
        "periods": ids_at(now, plans.engine_plan(plan), plans.calendar_for(institution)),
        "plan": plans.plan_ref(plan),
        "calendar": plans.calendar_ref(institution.calendar),
        "drill": drill,
    }
    case = Case.objects.create(
        number=_number(institution, now, drill), title=title.strip()[:300], opened_at=now, discovered_at=now
    )
    role = role_for(by, Right.OPEN_CASE)
    journal.write(case=case, kind=Kind.OPENED, data=data, now=now, by=by, role=role)
    if story is not None or mentions:
        _feed(case, now, by, role=role, mentions=mentions, story=story)
    return case


def _of_one_world(drill: bool, story: Story | None, mentions: Sequence[Mention]) -> None:
    """Drills live on what was made up for them, real cases on what people said. Raises ValidationError."""
    if drill and (story is not None or any(not mention.drill for mention in mentions)):
        raise ValidationError({"drill": _("演练不能用真的话题和帖文立件：那会让人以为已经有人在办。")})
    if not drill and any(mention.drill for mention in mentions):
        raise ValidationError({"mentions": _("演练的帖文不能进真的舆情件。")})


def _feed(
    case: Case, now: datetime, by: Person, *, role: str, mentions: Iterable[Mention], story: Story | None
) -> None:
    if story is not None:
        take_up(by=by, now=now, story=story)
    ids = [mention.pk for mention in mentions or (posts_of(story) if story else ())]
    data = {"mentions": ids, "story": story.pk if story else None}
    journal.write(case=case, kind=Kind.MENTIONS_ADDED, data=data, now=now, by=by, role=role)


@transaction.atomic
def add_mentions(
    *, by: Person, now: datetime, case: Case, mentions: Sequence[Mention] = (), story: Story | None = None
) -> None:
    """Add posts, or a story, to an open case. Raises ValidationError for none, and when they are all there already."""
    require(by, Right.OPEN_CASE)
    held = Held(case)
    held.must_be_open()
    _of_one_world(case.drill, story, mentions)
    fresh = [mention for mention in mentions if mention.pk not in held.facts.mentions]
    if not fresh and (story is None or story.pk == held.facts.story):
        raise ValidationError({"mentions": _("没有选帖文，或者都已在这一件里。")})
    role = acting(by, Right.OPEN_CASE, case)
    _feed(case, now, by, role=role, mentions=fresh, story=story)
