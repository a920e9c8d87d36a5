"""What the listening room learns from cases: marks on a story's curve, and whether it came back after bad handling."""

from typing import Any

from django.http import HttpRequest

from huiying.desk.accounts.models import Person
from huiying.desk.cases.access import visible
from huiying.desk.cases.models import Case, JournalEntry
from huiying.desk.collect.models import Mention
from huiying.desk.listen.marks import Mark
from huiying.desk.listen.mergers import end_of, family
from huiying.desk.listen.models import Hearing, Story
from huiying.engine.journal import Kind
from huiying.engine.text import Text

#: What stands on the curve.
MARKED = {
    Kind.OPENED: Text("立件", "Case opened"),
    Kind.LEVEL_CONFIRMED: Text("定级", "Level confirmed"),
    Kind.CLOSED: Text("办结", "Closed"),
    Kind.REOPENED: Text("重新办理", "Reopened"),
}
PUBLISHED = {
    "first": Text("首次回应", "First answer"),
    "progress": Text("进展通报", "Progress"),
    "formal": Text("正式答复", "Formal answer"),
    "final": Text("最终结果", "Final result"),
    "correction": Text("更正", "Correction"),
}


def posts_of(story: Story) -> list[Mention]:
    """The posts of a story, copies with them, in the order in which they came."""
    heard = Hearing.objects.filter(story=story).values("mention_id")
    return list(Mention.objects.filter(pk__in=heard).order_by("pk"))


def story_of(case: Case) -> Story | None:
    """The story that a case is about: the one it was opened from, else the one to which all its posts belong."""
    if case.story:
        return end_of(case.story)
    ids = set(Hearing.objects.filter(mention__cases=case).values_list("story", flat=True))
    return Story.objects.filter(pk__in=ids).first() if len(ids) == 1 else None


def of_mention(request: HttpRequest, mention: Mention) -> dict[str, Any] | None:
    """The cases of a post, on its page, as far as the reader may see them."""
    if not isinstance(request.user, Person):
        return None
    cases = list(visible(request.user).filter(mentions=mention))
    return {"cases": cases} if cases else None


def marks(story: Story) -> list[Mark]:
    """What was done about the story, on all its cases."""
    rows = JournalEntry.objects.filter(case__story__in=family(story), kind__in=[*MARKED, Kind.PUBLISHED])
    return [
        Mark(row.at, _label(row), f"/cases/{row.case.number}/#e{row.seq}")
        for row in rows.select_related("case").order_by("at", "pk")
    ]


def _label(row: JournalEntry) -> Text:
    if row.kind == Kind.PUBLISHED:
        return PUBLISHED.get(str(row.data.get("stage")), Text("发布", "Published"))
    return MARKED[Kind(row.kind)]


def mishandled(story: Story) -> bool:
    """Whether a case of this story came back, or kept its asker waiting beyond a deadline that is missed to this day."""
    cases = Case.objects.filter(story__in=family(story))
    return cases.filter(relapses__gt=0).exists() or cases.filter(overdue__gt=0, closed_at=None).exists()
