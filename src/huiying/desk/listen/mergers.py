"""Stories that became part of others, by an officer's word or because the fold drew them together.

A merger may lead on: A went into B, and B into C. What is said of A is said of C then.
"""

from collections.abc import Iterable

from huiying.desk.listen.models import Story

#: What was put before the duty about a story, and what a person decided on it.
DECIDED = (
    "proposed_level", "proposed_at", "assess_due_at", "assess_reminded_at", "assessed_at", "assessed_by",
    "assessed_note",
)  # fmt: skip

#: What retention took from a story, which it still counts.
PURGED = ("purged_count", "forgotten_count")


def end_of(story: Story) -> Story:
    """The story that a story is part of now, through all mergers; itself where it is part of none."""
    seen = {story.pk}
    while story.status == Story.Status.MERGED and story.merged_into and story.merged_into.pk not in seen:
        story = story.merged_into
        seen.add(story.pk)
    return story


def absorbed(stories: Iterable[int]) -> dict[int, list[int]]:
    """For each of `stories` those that became part of it, through all mergers; ids, nearest first."""
    ends = {pk: pk for pk in stories}
    found: dict[int, list[int]] = {}
    level = list(ends)
    while level:
        rows = Story.objects.filter(merged_into__in=level, status=Story.Status.MERGED).order_by("pk")
        level = []
        for pk, into in rows.values_list("pk", "merged_into"):
            if into is not None and pk not in ends:
                ends[pk] = ends[into]
                found.setdefault(ends[into], []).append(pk)
                level.append(pk)
    return found


def family(story: Story) -> list[int]:
    """A story and all that became part of it; ids."""
    return [story.pk, *absorbed([story.pk]).get(story.pk, [])]


def carry(story: Story, heir: Story) -> bool:
    """Let what was purged of `story`, what was put before the duty about it and what was decided on it count for its heir.

    Says whether the heir is another now. The graver proposal counts. Of two alike that both wait, the earlier deadline
    does. Nothing is saved.
    """
    purged = bool(story.purged_count)
    heir.purged_count += story.purged_count
    if story.forgotten_count:
        heir.mentions_count += story.forgotten_count
        heir.forgotten_count += story.forgotten_count
    story.purged_count = story.forgotten_count = 0
    return _carry_decision(story, heir) or purged


def _carry_decision(story: Story, heir: Story) -> bool:
    if story.proposed_level is None or heir.status != Story.Status.OPEN:
        return False
    if heir.proposed_level is None or story.proposed_level < heir.proposed_level:
        for name in DECIDED:
            setattr(heir, name, getattr(story, name))
        return True
    alike = story.proposed_level == heir.proposed_level and not story.assessed_at and not heir.assessed_at
    if not alike or not story.assess_due_at:
        return False
    if heir.assess_due_at and heir.assess_due_at <= story.assess_due_at:
        return False
    heir.assess_due_at, heir.assess_reminded_at = story.assess_due_at, story.assess_reminded_at
    return True


def untold(most: int = 200) -> list[Story]:
    """Stories that became part of others since the cases room last looked, oldest first."""
    rows = Story.objects.filter(status=Story.Status.MERGED, merger_told=False)
    return list(rows.select_related("merged_into").order_by("pk")[:most])


def note_told(stories: Iterable[Story]) -> None:
    """Their mergers stand in their cases' journals now, or concern no case."""
    Story.objects.filter(pk__in=[story.pk for story in stories]).update(merger_told=True)
