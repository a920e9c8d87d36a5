"""What is new in stories that have a case already: the cases room reads it and goes on from the last id it used."""

from dataclasses import dataclass

from huiying.desk.listen.mergers import absorbed, end_of
from huiying.desk.listen.models import Hearing, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """One more mention of a story with a case."""

    id: int  # of the hearing; ids ascend, go on after the last one used
    story_id: int  # the story as it is listed now
    cased_ids: tuple[int, ...]  # it and the stories merged into it: a case may be attached to any of them
    mention_id: int
    copy: bool  # it repeats an earlier one word for word


def new_for_cased(since_id: int, most: int = 200) -> list[Fed]:
    """Hearings after `since_id` of stories that have a case, in order."""
    hearings = Hearing.objects.filter(pk__gt=since_id, story__status=Story.Status.CASED).order_by("pk")
    rows = list(hearings.values_list("pk", "story_id", "mention_id", "copy_of_id")[:most])
    joined = absorbed({story for _pk, story, _mention, _copy in rows if story})
    return [
        Fed(
            id=pk,
            story_id=story,
            cased_ids=(story, *joined.get(story, [])),
            mention_id=mention,
            copy=copy is not None,
        )
        for pk, story, mention, copy in rows
    ]


def level_of(story: Story) -> int | None:
    """The level that the plan in force proposes for a story now; of a merged story that of the one it is part of."""
    return end_of(story).level
