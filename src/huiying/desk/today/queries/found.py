"""Search over everything, grouped by kind, each kind within what the reader may see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiying.desk.accounts.access import can
from huiying.desk.accounts.models import Person
from huiying.desk.accounts.rights import Right
from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Mention
from huiying.desk.drills.models import Exercise
from huiying.desk.drills.queries import filed
from huiying.desk.library.models import Knowledge
from huiying.desk.library.queries import knowledge_for
from huiying.desk.listen.models import Story
from huiying.desk.listen.search import Found, asked_spans, search
from huiying.desk.replies.models import Draft
from huiying.desk.replies.queries import drafts_for
from huiying.desk.reports.models import Paper
from huiying.desk.reports.queries import papers_for

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One find."""

    title: str
    text: str
    spans: tuple[Span, ...]  # in title, line break, text
    address: str
    at: datetime | None
    about: str = ""
    level: int | None = None
    graded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of thing that is found: who may find it, within what, and how it looks."""

    label: str | Promise
    icon: str
    right: Right
    rows: Callable[[Sequence[int]], Mapping[int, Any]]
    hit: Callable[[Any, str], Hit]
    within: Callable[[Person], QuerySet[Any] | None] = lambda person: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The finds of one kind."""

    kind: str
    label: str | Promise
    icon: str
    count: int
    hits: tuple[Hit, ...]


def _hit(words: str, title: str, text: str, address: str, **more: Any) -> Hit:
    return Hit(
        title=title, text=text, spans=tuple(asked_spans(words, f"{title}\n{text}")), address=address, **more
    )


def _case(row: Case, words: str) -> Hit:
    address = reverse("cases:case", args=[row.number])
    about = f"{row.number} · {row.get_step_display()}"
    return _hit(
        words, row.title, row.summary, address, at=row.opened_at, about=about, level=row.level, graded=True
    )


def _story(row: Story, words: str) -> Hit:
    address = reverse("listen:story", args=[row.pk])
    text = " ".join(map(str, row.terms))
    return _hit(
        words,
        row.title,
        text,
        address,
        at=row.last_at,
        about=row.get_status_display(),
        level=row.level,
        graded=True,
    )


def _mention(row: Mention, words: str) -> Hit:
    address = reverse("collect:mention", args=[row.pk])
    at, about = row.posted_at or row.captured_at, row.site or row.source.name
    return _hit(words, row.title, row.text, address, at=at, about=about)


def _draft(row: Draft, words: str) -> Hit:
    about = f"{row.case.number} · {row.get_state_display()}"
    return _hit(
        words, row.title, row.text, row.get_absolute_url(), at=row.published_at or row.changed_at, about=about
    )


def _paper(row: Paper, words: str) -> Hit:
    about = f"{row.number} · {row.get_kind_display()}"
    text = "\n".join(map(str, row.body.values()))
    return _hit(words, row.title, text, row.get_absolute_url(), at=row.issued_at, about=about)


def _knowledge(row: Knowledge, words: str) -> Hit:
    about = str(row.unit) if row.unit else ""
    return _hit(words, row.title, row.text, row.get_absolute_url(), at=row.approved_at, about=about)


def _drill(row: Exercise, words: str) -> Hit:
    return _hit(
        words, row.title, row.lessons, row.get_absolute_url(), at=row.ended_at, about=row.get_state_display()
    )


KINDS: dict[str, Kind] = {
    "case": Kind(
        label=_("舆情件"),
        icon="cases",
        right=Right.SEE_CASES,
        rows=Case.objects.in_bulk,
        hit=_case,
        within=visible,
    ),
    "story": Kind(
        label=_("话题"),
        icon="story",
        right=Right.SEE_LISTEN,
        rows=Story.objects.in_bulk,
        hit=_story,
        within=lambda person: Story.objects.exclude(status=Story.Status.MERGED),
    ),
    "reply": Kind(
        label=_("答复"),
        icon="reply",
        right=Right.SEE_CASES,
        rows=lambda refs: Draft.objects.select_related("case").in_bulk(refs),
        hit=_draft,
        within=drafts_for,
    ),
    "report": Kind(
        label=_("报送"),
        icon="reports",
        right=Right.SEE_REPORTS,
        rows=Paper.objects.in_bulk,
        hit=_paper,
        within=papers_for,
    ),
    "knowledge": Kind(
        label=_("知识库"),
        icon="library",
        right=Right.SEE_LIBRARY,
        rows=Knowledge.objects.select_related("unit").in_bulk,
        hit=_knowledge,
        within=knowledge_for,
    ),
    "drill": Kind(
        label=_("演练"),
        icon="flag",
        right=Right.SEE_LIBRARY,
        rows=Exercise.objects.in_bulk,
        hit=_drill,
        within=lambda person: filed(),
    ),
    "mention": Kind(
        label=_("帖文"),
        icon="mention",
        right=Right.SEE_LISTEN,
        rows=lambda refs: Mention.objects.select_related("source").in_bulk(refs),
        hit=_mention,
    ),
}


def register(name: str, kind: Kind) -> None:
    """A room above or beside adds a kind that it puts into the index; called from its `AppConfig.ready()`."""
    KINDS[name] = kind


def find(person: Person, words: str, *, kind: str = "", limit: int = 6, offset: int = 0) -> list[Group]:
    """What `person` finds for `words`, of one kind or of every kind that the person may see, in their order."""
    open_to = {name: it for name, it in KINDS.items() if can(person, it.right) and kind in ("", name)}
    within = {name: it.within(person) for name, it in open_to.items()}
    found = search(words, limit, kinds=tuple(open_to), offset=offset, within=within)
    return [_group(open_to[one.kind], one, words) for one in found]


def _group(it: Kind, found: Found, words: str) -> Group:
    rows = it.rows(found.refs)
    hits = []
    for ref in found.refs:
        if ref in rows:
            hits.append(it.hit(rows[ref], words))
    return Group(kind=found.kind, label=it.label, icon=it.icon, count=found.count, hits=tuple(hits))
