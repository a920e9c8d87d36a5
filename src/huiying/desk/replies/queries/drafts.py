"""Reads of drafts and published texts."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Case
from huiying.desk.replies.models import Draft, Publication
from huiying.desk.replies.queries.chain import my_part, my_seat
from huiying.engine.plan.chains import roles_of
from huiying.engine.reply.spans import grams, share

#: How many published texts are looked through for likeness.
LOOK_BACK = 400


def drafts_for(person: Person) -> QuerySet[Draft]:
    """Every draft of the cases that `person` may read."""
    drafts = Draft.objects.filter(case__in=visible(person))
    return drafts.select_related("case", "written_by", "mention", "lines", "corrects")


def get_draft(person: Person, pk: int) -> Draft:
    """The draft. Raises Http404 when there is none or its case is none of the person's business."""
    draft = drafts_for(person).filter(pk=pk).first()
    if draft is None:
        raise Http404(_("没有这份稿子，或者不归你看。"))
    return draft


def published(case: Case) -> QuerySet[Draft]:
    """What was published on the case, oldest first; withdrawn texts too."""
    return case.drafts.filter(published_at__isnull=False).order_by("published_at", "pk")


def mine(person: Person) -> QuerySet[Draft]:
    """Texts that the person writes, or that came back."""
    editing = drafts_for(person).filter(state__in=[Draft.State.WRITING, Draft.State.RETURNED])
    return editing.filter(writers=person)


def to_approve(person: Person, now: datetime) -> list[Draft]:
    """Texts whose waiting step this person may take, longest waiting first."""
    if not can(person, Right.APPROVE):
        return []
    waiting = drafts_for(person).filter(state=Draft.State.SUBMITTED).order_by("submitted_at")
    return [draft for draft in waiting if _waits_for(draft, person, now)]


def _waits_for(draft: Draft, person: Person, now: datetime) -> bool:
    return my_part(draft, person, now) is not None


def to_publish(person: Person) -> QuerySet[Draft]:
    """Approved texts, for those who publish."""
    ready = drafts_for(person).filter(state=Draft.State.APPROVED).order_by("approved_at")
    return ready if can(person, Right.PUBLISH) else ready.none()


def to_review(person: Person, now: datetime) -> list[Draft]:
    """Texts published past their approval whose review this person owes."""
    owed = drafts_for(person).filter(reviewed_at=None).exclude(bypass_reason="").order_by("published_at")
    return [draft for draft in owed if may_review(draft, person, now)]


def may_review(draft: Draft, person: Person, now: datetime) -> bool:
    """Whether `person` may review the bypass: the last step's role, neither writer nor publisher."""
    if not draft.chain or person.pk == draft.published_by_id:
        return False
    return my_seat(draft, roles_of(str(draft.chain[-1])), person, now) is not None


def to_copy(person: Person) -> QuerySet[Publication]:
    """Published texts that a person still has to put somewhere by hand, for those who publish."""
    waiting = Publication.objects.filter(state=Publication.State.TO_COPY, draft__case__in=visible(person))
    waiting = waiting.select_related("draft", "draft__case").order_by("pk")
    return waiting if can(person, Right.PUBLISH) else waiting.none()


def earlier_like(draft: Draft, most: int = 3) -> Sequence[Draft]:
    """Published answers that speak of something like this one's question, nearest first."""
    about = grams(f"{draft.asked or draft.title}{draft.mention or ''}")
    others = Draft.objects.filter(state=Draft.State.PUBLISHED, case__drill=False).exclude(pk=draft.pk)
    recent = others.select_related("case").order_by("-published_at")[:LOOK_BACK]
    scored = [(share(about, grams(f"{one.title}{one.asked}{one.text}")), one) for one in recent]
    near = sorted((pair for pair in scored if pair[0] >= 0.35), key=lambda pair: -pair[0])
    return [one for _score, one in near[:most]]
