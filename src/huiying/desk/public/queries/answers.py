"""Published texts as the public reads them. Drills are never among them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from huiying.desk.cases.models import JournalEntry
from huiying.desk.collect.models import Mention
from huiying.desk.public.actions import SOURCE
from huiying.desk.replies.models import Draft
from huiying.engine.journal import Kind

Kept = Literal["open", "kept", "late", "missed"]


def answers(words: str = "") -> QuerySet[Draft]:
    """Everything published, newest first; `words` must all stand in the title, the question or the text."""
    found = Draft.objects.filter(published_at__isnull=False, case__drill=False)
    for word in words.split()[:6]:
        found = found.filter(Q(title__icontains=word) | Q(asked__icontains=word) | Q(text__icontains=word))
    corrected = Draft.objects.filter(corrects=OuterRef("pk"), published_at__isnull=False)
    shown = found.select_related("case", "corrects").annotate(corrections_shown=Exists(corrected))
    return shown.order_by("-published_at", "-pk")


def answer(slug: str) -> Draft | None:
    """The text at a permanent address."""
    return answers().filter(slug=slug).first()


def same_matter(draft: Draft) -> QuerySet[Draft]:
    """What else was published on the same matter, oldest first."""
    return answers().filter(case=draft.case_id).exclude(pk=draft.pk).order_by("published_at")


def corrections(draft: Draft) -> QuerySet[Draft]:
    """Published corrections of the text, newest first."""
    return answers().filter(corrects=draft)


def kept_state(draft: Draft, now: datetime) -> tuple[Kept, datetime | None]:
    """How it stands with the promise of a text, and when it was kept: from the case's journal."""
    entry = (
        JournalEntry.objects.filter(case=draft.case_id, kind=Kind.PROMISE_KEPT, data__ref=draft.promise_ref)
        .order_by("seq")
        .first()
    )
    due_at = draft.promise_due_at
    if entry:
        return ("kept" if due_at is None or entry.at <= due_at else "late"), entry.at
    return ("missed" if due_at and now >= due_at else "open"), None


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a question that somebody asked here."""

    mention: Mention
    taken_up: bool  # it is being handled
    texts: tuple[Draft, ...]  # what was published in answer


def asked(receipt: str) -> Answered | None:
    """A question by its receipt."""
    mention = Mention.objects.filter(source__name=SOURCE, key=receipt).first()
    if mention is None:
        return None
    texts = answers().filter(Q(mention=mention) | Q(case__mentions=mention)).distinct()
    return Answered(mention, mention.cases.exists(), tuple(texts.order_by("published_at")))
