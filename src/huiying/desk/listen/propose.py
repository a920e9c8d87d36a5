"""A story that crosses into a graver level is put before the duty; one that nobody assessed in time, before the office."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.urls import reverse

from huiying.desk.accounts import queries as accounts
from huiying.desk.accounts.models import Person, Role
from huiying.desk.listen import quick
from huiying.desk.listen.config import active_plan
from huiying.desk.listen.judge import (
    Ground,
    asks_nothing,
    assess_due,
    evidence,
    ground,
    level_name,
    reason_rows,
)
from huiying.desk.listen.models import Story
from huiying.desk.notify.actions import tell
from huiying.desk.shell.mask import mask
from huiying.engine.assess import Proposal, assess
from huiying.engine.plan.model import Plan
from huiying.engine.text import Text

#: A matter of which nothing was heard for so long (an imported archive) is graded but put before nobody.
STALE = timedelta(days=30)
#: More proposals at once than this are told in one notice.
SEPARATELY = 3


FIELDS = [
    "level", "level_reasons", "level_lacks", "proposed_level", "proposed_at", "assess_due_at", "assess_reminded_at",
    "assessed_at", "assessed_by", "assessed_note",
]  # fmt: skip


def propose(stories: Sequence[Story], now: datetime, occasion: str) -> list[Story]:
    """Grade stories; those that cross into a graver level are put before the duty. Returns those.

    Runs in the transaction that wrote the stories; `occasion` names it, so that telling twice makes nothing twice.
    """
    on = ground(stories, now)
    if on is None:
        return []
    before = [_decided(story) for story in stories]
    crossed = [story for story in stories if _grade(story, assess(on.plan, evidence(story, on)), on, now)]
    quick.update(
        [story for story, kept in zip(stories, before, strict=True) if _decided(story) != kept], FIELDS
    )
    _tell_duty(crossed, on.plan, now, occasion)
    return crossed


def _decided(story: Story) -> list[object]:
    return [getattr(story, name) for name in FIELDS]


def _grade(story: Story, proposal: Proposal, on: Ground, now: datetime) -> bool:
    """Note the level on the row; True when it has to be put before a person."""
    story.level = proposal.level
    story.level_reasons, story.level_lacks = reason_rows(proposal.reasons), reason_rows(proposal.nearest)
    graver = proposal.level is not None and (
        story.proposed_level is None or proposal.level < story.proposed_level
    )
    if (
        not graver
        or story.status != Story.Status.OPEN
        or now - story.last_at > STALE
        or asks_nothing(story, on)
    ):
        return False
    story.proposed_level, story.proposed_at = proposal.level, now
    story.assess_due_at, story.assess_reminded_at = assess_due(on, now), None
    story.assessed_at, story.assessed_by, story.assessed_note = None, None, ""
    return True


def _duty(now: datetime) -> list[Person]:
    return accounts.stand_in(Role.DUTY, now)


def _tell_duty(stories: Sequence[Story], plan: Plan, now: datetime, occasion: str) -> None:
    if len(stories) > SEPARATELY:
        _tell_together(stories, plan, now, occasion)
        return
    for story in stories:
        name, title = level_name(plan, story.level), mask(story.title)
        why = Text(
            "；".join(f"{r[0]}（{r[2]}）" for r in story.level_reasons),
            "; ".join(f"{r[1]} ({r[3]})" for r in story.level_reasons),
        )
        tell(
            now=now,
            people=_duty(now),
            key=f"story|{story.pk}|{story.level}",
            subject=Text(
                f"请研判：{title}（建议{name.zh}）", f"Please assess: {title} (proposed: {name.en})"
            ),
            body=Text(
                f"{story.mentions_count} 条帖文，{story.voices_count} 个发声者。依据：{why.zh}。",
                f"{story.mentions_count} posts, {story.voices_count} voices. Because: {why.en}.",
            ),
            link=reverse("listen:story", args=[story.pk]),
            stage="proposed",
            urgent=_urgent(story.level),
        )


def _tell_together(stories: Sequence[Story], plan: Plan, now: datetime, occasion: str) -> None:
    gravest = sorted(stories, key=lambda story: (story.level or 9, -story.heat))
    lines = [(level_name(plan, story.level), mask(story.title)) for story in gravest[:10]]
    more = len(stories) - len(lines)
    tell(
        now=now,
        people=_duty(now),
        key=f"stories|{occasion}",
        subject=Text(f"{len(stories)} 个话题请研判", f"{len(stories)} stories to assess"),
        body=Text(
            "\n".join(f"{name.zh}：{title}" for name, title in lines)
            + (f"\n另有 {more} 个" if more > 0 else ""),
            "\n".join(f"{name.en}: {title}" for name, title in lines)
            + (f"\n{more} more" if more > 0 else ""),
        ),
        link=reverse("listen:stories") + "?awaits=1",
        stage="proposed",
        urgent=any(_urgent(story.level) for story in stories),
    )


def _urgent(level: int | None) -> bool:
    """The two gravest levels wake people."""
    return level is not None and level <= 2


def remind_due(*, now: datetime, worker: str = "", most: int = 50) -> int:
    """Tell the office and the deputy of proposals that nobody assessed in time; returns how many there were."""
    waiting = Story.objects.filter(
        status=Story.Status.OPEN,
        assess_due_at__lte=now,
        assess_reminded_at__isnull=True,
        assessed_at__isnull=True,
        proposed_at__isnull=False,
    )
    if not waiting.exists():
        return 0
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        stories = list(waiting.select_for_update(skip_locked=skip).order_by("assess_due_at")[:most])
        for story in stories:
            _tell_late(story, now)
        Story.objects.filter(pk__in=[story.pk for story in stories]).update(assess_reminded_at=now)
    return len(stories)


def _tell_late(story: Story, now: datetime) -> None:
    people = [*accounts.stand_in(Role.OFFICE, now), *accounts.stand_in(Role.DEPUTY, now)]
    name, title = level_name(active_plan(), story.proposed_level), mask(story.title)
    tell(
        now=now,
        people=people,
        key=f"story|{story.pk}|{story.proposed_level}|late",
        subject=Text(f"逾时未研判：{title}", f"Not assessed in time: {title}"),
        body=Text(
            f"建议{name.zh}，值班员没有在时限内研判。请研判或指定人办理。",
            f"Proposed: {name.en}. The duty officer did not assess it in time. Assess it or name who does.",
        ),
        link=reverse("listen:story", args=[story.pk]),
        stage="assess_late",
        urgent=True,
    )
