"""What the verbs share: holding a draft, telling people, the words of the journal."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases import journal
from huiying.desk.cases.access import acting
from huiying.desk.cases.models import Case
from huiying.desk.listen import search
from huiying.desk.notify.actions import tell
from huiying.desk.replies.models import Draft
from huiying.engine.journal import Kind
from huiying.engine.text import Text

#: What rooms above ask of a text before it goes out, added in their `AppConfig.ready()`; they raise ValidationError.
before_publishing: list[Callable[[Draft], None]] = []
#: What they ask before a text is put at a place outside by hand: the text, the place.
before_placing: list[Callable[[Draft, str], None]] = []


def hold(draft: Draft, states: Iterable[str], refusal: str) -> Draft:
    """The draft with its case, held until the transaction ends. Raises ValidationError unless it is in one of `states`."""
    journal.lock(draft.case)
    held = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("case", "mention", "lines")
        .get(pk=draft.pk)
    )
    if held.state not in set(states):
        raise ValidationError(refusal)
    return held


def must_be_open(case: Case) -> None:
    """Raises ValidationError for a case that joined another or is closed."""
    if case.merged_into_id:
        raise ValidationError(_("这一件已并入另一件，请在那一件上答复。"))
    if case.closed_at:
        raise ValidationError(_("这一件已办结。要再答复，先重新办理；已发布的可以更正。"))


def write(
    *,
    by: Person | None,
    now: datetime,
    case: Case,
    kind: Kind,
    data: Mapping[str, Any],
    right: Right,
    role: str = "",
) -> None:
    """One entry of the journal, in the role in which `by` acts."""
    acted = role or (acting(by, right, case) if by else "")
    journal.write(case=case, kind=kind, data=data, now=now, by=by, role=acted)


def announce(
    *,
    now: datetime,
    people: Iterable[Person],
    case: Case,
    key: str,
    subject: Text,
    body: Text,
    link: str,
    urgent: bool = False,
) -> None:
    """A notice through the outbox, in the caller's transaction."""
    tell(
        now=now,
        people=people,
        key=f"{case.number}|{key}",
        subject=subject,
        body=body,
        link=link,
        case_number=case.number,
        urgent=urgent,
        held=case.drill,
    )


def findable(draft: Draft) -> None:
    """Put the text into the desk's search as it now stands."""
    search.put(
        "reply", draft.pk, draft.title, f"{draft.asked}\n{draft.text}", draft.published_at or draft.changed_at
    )


def needed(value: str, field: str, message: str, most: int = 500) -> str:
    """The text without blanks at its ends. Raises ValidationError on `field` when it is empty or too long."""
    text = value.strip()
    if not text:
        raise ValidationError({field: message})
    if len(text) > most:
        raise ValidationError(
            {field: _("最多 %(most)s 字，现在 %(now)s 字。") % {"most": most, "now": len(text)}}
        )
    return text
