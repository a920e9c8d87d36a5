"""What the library shows on the page of a case, and where the buttons of its duties lead."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.access import can, signed_in
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.models import Case
from huiying.desk.cases.slots import Door, Panel, slots
from huiying.desk.library.actions import review_owed
from huiying.desk.library.models import Review
from huiying.desk.library.queries import earlier_like
from huiying.desk.library.queries.knowledge import near
from huiying.desk.replies import hints
from huiying.desk.replies.hints import Hint
from huiying.desk.replies.models import Draft


def memory(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Of an open case the earlier ones like it; of a closed one its review and its packages."""
    person = signed_in(request)
    if case.open:
        found = earlier_like(case, person)
        return {"case": case, "earlier": found} if found else None
    if case.merged_into_id is not None:
        return None
    return {
        "case": case,
        "review": Review.objects.filter(case=case).select_related("written_by").first(),
        "owed": review_owed(case),
        "archives": case.archives.order_by("-made_at"),
        "may_review": can(person, Right.EDIT_LIBRARY),
        "may_archive": can(person, Right.ARCHIVE),
        "may_take": can(person, Right.ARCHIVE) or can(person, Right.SEE_AUDIT),
    }


def known(draft: Draft, now: datetime) -> list[Hint]:
    """Entries of the knowledge base that speak of what a draft answers."""
    asked = draft.mention.text if draft.mention else ""
    found = near(f"{draft.asked}\n{draft.title}\n{asked}\n{draft.case.title}", now)
    return [
        Hint(
            title=one.it.title,
            text=one.it.text,
            url=one.it.get_absolute_url(),
            stale=one.stale,
            note=one.it.basis,
        )
        for one in found
    ]


def put_up() -> None:
    """Add this room to the page of a case, and what it knows to the desk at which answers are written."""
    hints.register(known)
    slots.add(Panel(key="library", template="library/panel.html", context=memory, order=60, place="side"))
    slots.add(
        Door(
            act="reviewed",
            label=_("写复盘"),
            url=lambda case, owed: reverse("library:review", args=[case.number]),
            right=Right.EDIT_LIBRARY,
        )
    )
    slots.add(
        Door(
            act="archived",
            label=_("去归档"),
            url=lambda case, owed: reverse("cases:case", args=[case.number]) + "#library",
            right=Right.ARCHIVE,
        )
    )
