"""Putting stories right, and deciding on what the desk proposes about them.

A correction is written down and shown at once; the worker teaches it to the fold within a second, which measures the stories
anew and remembers it for the next proposals.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huiying.desk.accounts.access import require
from huiying.desk.accounts.audit import record
from huiying.desk.accounts.models import Person, Unit
from huiying.desk.accounts.rights import Right
from huiying.desk.collect.models import Mention
from huiying.desk.listen.config import active_plan
from huiying.desk.listen.lessons import told_by
from huiying.desk.listen.mergers import DECIDED, PURGED, carry, end_of
from huiying.desk.listen.models import Correction, Hearing, Story

Status = Story.Status


def _correct(by: Person, now: datetime, verb: str, target: str, data: dict[str, Any]) -> Correction:
    """Write a correction down for the fold, and for the audit."""
    record(by=by, now=now, verb=f"story.{verb}", target=target, data=data)
    return Correction.objects.create(at=now, by=by, verb=verb, data=data)


def _fresh(story: Story) -> Story:
    """The story as it stands now, ours until the transaction ends."""
    return Story.objects.select_for_update(of=("self",)).get(pk=story.pk)


def _not_merged(story: Story) -> None:
    if story.status == Status.MERGED:
        raise ValidationError(_("这个话题已并入别的话题，请到那里去改。"))


@transaction.atomic
def merge(*, by: Person, now: datetime, into: Story, others: Sequence[Story]) -> Story:
    """Make `others` part of `into`. Raises ValidationError when nothing is left to merge."""
    require(by, Right.CORRECT_STORIES)
    target = _fresh(into)
    _not_merged(target)
    parts = [_fresh(story) for story in others if story.pk != target.pk]
    parts = [story for story in parts if story.status != Status.MERGED]
    if not parts:
        raise ValidationError(_("请选两个以上的话题再合并。"))
    for story in parts:
        _correct(by, now, "merge", story.key, {"story": story.key, "into": target.key})
        if story.status == Status.CASED:
            target.status = Status.CASED
        carry(story, target)
        story.status, story.merged_into, story.merger_told = Status.MERGED, target, False
        story.save(update_fields=["status", "merged_into", "merger_told", *PURGED])
        Hearing.objects.filter(story=story).update(story=target)
    target.save(update_fields=["status", *DECIDED, *PURGED, "mentions_count"])
    return target


@transaction.atomic
def split(*, by: Person, now: datetime, story: Story, mentions: Sequence[Mention]) -> Correction:
    """Make some mentions of a story a matter of their own; the new story appears once the worker has taught it."""
    require(by, Right.CORRECT_STORIES)
    story = _fresh(story)
    _not_merged(story)
    chosen = sorted(
        Hearing.objects.filter(story=story, mention__in=list(mentions)).values_list("mention_id", flat=True)
    )
    if not chosen:
        raise ValidationError(_("请先选出要拆出去的帖文。"))
    if len(chosen) == Hearing.objects.filter(story=story).count():
        raise ValidationError(_("不能把全部帖文都拆出去；留下至少一条。"))
    return _correct(by, now, "split", story.key, {"story": story.key, "mentions": chosen})


@transaction.atomic
def move(*, by: Person, now: datetime, mention: Mention, to: Story | None) -> Correction:
    """Put a mention into another story; `to` None gives it one of its own."""
    require(by, Right.CORRECT_STORIES)
    hearing = Hearing.objects.filter(mention=mention).first()
    if hearing is None:
        raise ValidationError(_("这条帖文还没有听过，过几秒再试。"))
    if to is not None:
        _not_merged(to)
        if hearing.story_id == to.pk:
            raise ValidationError(_("它已经在这个话题里。"))
    done = _correct(by, now, "move", str(mention.pk), {"mention": mention.pk, "to": to.key if to else ""})
    if to is not None:
        hearing.story = to
        hearing.save(update_fields=["story"])
    return done


@transaction.atomic
def not_ours(*, by: Person, now: datetime, story: Story) -> Story:
    """Say that a story does not concern the institution; what resembles it joins it quietly."""
    require(by, Right.CORRECT_STORIES)
    story = _fresh(story)
    _not_merged(story)
    if story.status == Status.CASED:
        raise ValidationError(_("这个话题已经立件，不能再标为与我无关；请在舆情件里办结。"))
    _correct(by, now, "not_ours", story.key, {"story": story.key})
    return _set(story, Status.DISMISSED)


@transaction.atomic
def ours_again(*, by: Person, now: datetime, story: Story) -> Story:
    """Take "not ours" back."""
    require(by, Right.CORRECT_STORIES)
    story = _fresh(story)
    if story.status != Status.DISMISSED:
        raise ValidationError(_("这个话题没有标为与我无关。"))
    _correct(by, now, "not_ours", story.key, {"story": story.key, "undo": True})
    return _set(story, Status.OPEN)


def _set(story: Story, status: str) -> Story:
    story.status = status
    story.save(update_fields=["status"])
    return story


@transaction.atomic
def route(*, by: Person, now: datetime, story: Story, unit: Unit | None) -> Story:
    """Say whose matter a story is; None leaves it to the desk again."""
    require(by, Right.CORRECT_STORIES)
    story = _fresh(story)
    _not_merged(story)
    why = [[f"{by.name}指定", f"named by {by.name}"]] if unit else []
    return _decide(by, now, story, unit, why)


@transaction.atomic
def hand_on(*, by: Person, now: datetime, story: Story, unit: Unit) -> Story:
    """Note to whom the case of a story was handed: the next proposals learn from it. The cases room calls this in the
    transaction that assigns the case. What was said before is not said twice."""
    require(by, Right.ASSIGN)
    story = _living(story)
    said = Correction.objects.filter(verb="unit", data__story=story.key).order_by("-pk").first()
    if said and said.data["unit"] == unit.code:
        return story
    return _decide(by, now, story, unit, [[f"{by.name}交办", f"handed on by {by.name}"]])


def _decide(by: Person, now: datetime, story: Story, unit: Unit | None, why: list[list[str]]) -> Story:
    data = {"story": story.key, "unit": unit.code if unit else "", "mentions": told_by(story)}
    _correct(by, now, "unit", story.key, data)
    story.unit, story.unit_evidence = unit, why
    story.save(update_fields=["unit", "unit_evidence"])
    return story


def _living(story: Story) -> Story:
    """The story that it is part of now, ours until the transaction ends."""
    story = _fresh(story)
    if story.status == Status.MERGED:
        story = _fresh(end_of(story))
    return story


@transaction.atomic
def tell_topic(*, by: Person, now: datetime, story: Story, topic: str) -> Story:
    """Say what subject of the plan a story is about; "" leaves it to the desk again."""
    require(by, Right.CORRECT_STORIES)
    story = _fresh(story)
    _not_merged(story)
    plan = active_plan()
    if topic and topic not in {subject.id for subject in (plan.subjects if plan else ())}:
        raise ValidationError(_("预案里没有这个主题。"))
    _correct(by, now, "topic", story.key, {"story": story.key, "topic": topic})
    story.topic = topic
    story.topic_evidence = [[f"{by.name}指定", f"named by {by.name}"]] if topic else []
    story.save(update_fields=["topic", "topic_evidence"])
    return story


@transaction.atomic
def watch_on(*, by: Person, now: datetime, story: Story, note: str) -> Story:
    """Assess a proposal without opening a case: keep listening. It comes back when a graver level is reached."""
    require(by, Right.PROPOSE_LEVEL)
    story = _fresh(story)
    if not story.awaits:
        raise ValidationError(_("这个话题没有等待研判的建议。"))
    if not note.strip():
        raise ValidationError({"note": _("请写一句为什么先不立件。")})
    story.assessed_at, story.assessed_by, story.assessed_note = now, by, note.strip()[:300]
    story.save(update_fields=["assessed_at", "assessed_by", "assessed_note"])
    data = {"level": story.proposed_level, "note": story.assessed_note}
    record(by=by, now=now, verb="story.watch_on", target=story.key, data=data)
    return story


@transaction.atomic
def take_up(*, by: Person, now: datetime, story: Story) -> Story:
    """Note that a story has a case. The cases room calls this in the transaction that opens or feeds the case."""
    require(by, Right.OPEN_CASE)
    story = _living(story)
    if story.assessed_at is None and story.proposed_at is not None:
        story.assessed_at, story.assessed_by = now, by
    story.status = Status.CASED
    story.save(update_fields=["status", "assessed_at", "assessed_by"])
    return story
