"""What this room shows on the page of a case, where its buttons lead, and what keeps a case from being closed."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiying.desk.accounts.access import can
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import loose
from huiying.desk.cases.loose import LooseEnd
from huiying.desk.cases.models import Case, Owed
from huiying.desk.cases.slots import Door, Panel, slots
from huiying.desk.replies.models import Draft, Publication
from huiying.desk.replies.queries.lines import disagreeing, lines_in_force, lines_waiting
from huiying.engine.journal import Entry

#: States in which a text is still on its way.
ON_THE_WAY = (Draft.State.WRITING, Draft.State.RETURNED, Draft.State.SUBMITTED, Draft.State.APPROVED)


def answers(request: HttpRequest, case: Case) -> dict[str, Any]:
    """The drafts and published texts of the case, and the buttons to begin one."""
    return {
        "case": case,
        "drafts": case.drafts.select_related("case", "written_by").exclude(state=Draft.State.DROPPED),
        "may_draft": case.open and can(request.user, Right.DRAFT),
        "may_refer": can(request.user, Right.REFER),
        "referrals": case.referrals.all(),
    }


def lines(request: HttpRequest, case: Case) -> dict[str, Any]:
    """The lines in force and what they contradict."""
    from_now = case.reckoned_at or case.opened_at
    held = lines_in_force(case)
    return {
        "case": case,
        "lines": held,
        "waiting": lines_waiting(case),
        "stale": disagreeing(case, from_now, held),
    }


def to_publish(case: Case, owed: Owed) -> str:
    """The text of the owed stage that is on its way, else a new one."""
    draft = case.drafts.filter(stage=owed.stage, state__in=ON_THE_WAY).order_by("-changed_at").first()
    if draft:
        return draft.get_absolute_url()
    return f"{reverse('replies:start', args=[case.number])}?stage={owed.stage}"


def to_approve(case: Case, owed: Owed) -> str:
    """The draft that waits."""
    if owed.ref.isdecimal() and case.drafts.filter(pk=int(owed.ref)).exists():
        return reverse("replies:draft", args=[int(owed.ref)])
    return reverse("replies:drafts")


def to_lines(case: Case, owed: Owed) -> str:
    """The page of the lines."""
    return reverse("replies:lines", args=[case.number])


def ends(case: Case, entries: Sequence[Entry]) -> list[LooseEnd]:
    """Bypasses whose review is owed, copies whose address is not recorded, texts that are still on their way."""
    found = []
    for draft in case.drafts.exclude(bypass_reason="").filter(reviewed_at=None):
        found.append(_end(case, _("“%(title)s”是紧急发布，还没有事后审查。"), draft))
    waiting = Publication.objects.filter(draft__case=case, state=Publication.State.TO_COPY)
    for row in waiting.select_related("draft"):
        found.append(_end(case, _("“%(title)s”还要人工发到一处并登记网址。"), row.draft))
    for draft in case.drafts.filter(state__in=(Draft.State.SUBMITTED, Draft.State.APPROVED)):
        found.append(_end(case, _("“%(title)s”还在审批或等发布。"), draft))
    return found


def _end(case: Case, words: str, draft: Draft) -> LooseEnd:
    return LooseEnd(what=words % {"title": draft.title}, number=case.number, url=draft.get_absolute_url())


def put_up() -> None:
    """Called once, when the desk starts."""
    slots.add(
        Panel(key="lines", order=15, place="side", template="replies/parts/lines_panel.html", context=lines)
    )
    slots.add(
        Panel(key="replies", order=20, place="main", template="replies/parts/panel.html", context=answers)
    )
    slots.add(Door(act="published", label=gettext_lazy("去答复"), url=to_publish))
    slots.add(Door(act="approved", label=gettext_lazy("去审批"), url=to_approve))
    slots.add(Door(act="lines_set", label=gettext_lazy("去拟口径"), url=to_lines))
    loose.register(ends)
