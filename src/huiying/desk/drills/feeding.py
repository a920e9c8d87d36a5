"""The worker's part in an exercise: what the script says comes in when its time has come, in one transaction with what follows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from huiying.desk.accounts.models import Person, Role
from huiying.desk.accounts.queries import stand_in
from huiying.desk.cases import journal
from huiying.desk.cases.models import Case
from huiying.desk.collect.models import Mention
from huiying.desk.collect.sources.base import Harvest, Item
from huiying.desk.collect.storing import store
from huiying.desk.drills import ear, house
from huiying.desk.drills.models import Exercise, Inject, Taken
from huiying.desk.listen.config import active_plan
from huiying.desk.listen.judge import level_name
from huiying.desk.notify.actions import tell
from huiying.engine.journal import Kind
from huiying.engine.text import Text

State = Exercise.State


def feed_due(*, now: datetime, worker: str = "", most: int = 100) -> int:
    """Let in what is due in the running exercise, at most `most` injects; returns how many came in."""
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        running = Exercise.objects.select_for_update(skip_locked=skip).filter(state=State.RUNNING)
        exercise = running.select_related(None).first()
        if exercise is None or exercise.started_at is None:
            return 0
        passed = (now - exercise.started_at) // timedelta(seconds=1)
        due = list(exercise.injects.filter(done_at=None, after_s__lte=passed)[:most])
        if due:
            _come_in(exercise, due, now)
        return len(due)


def _come_in(exercise: Exercise, due: Sequence[Inject], now: datetime) -> None:
    before = list(exercise.injects.exclude(done_at=None))
    heard = ear.listen(exercise, [*before, *due], now)
    _stored(exercise, due, heard, now)
    for one in due:
        one.done_at = now
    Inject.objects.bulk_update(due, ["done_at", "mention"])
    stories = list(heard.stories)
    crossed = [story for story in stories if _crosses(story, now)]
    exercise.stories, exercise.heard_at = stories, now
    exercise.save(update_fields=["stories", "heard_at"])
    _follow(exercise, heard.into)
    taken = {one.story: one.case for one in exercise.taken.exclude(story="").select_related("case")}
    mentions = dict(exercise.injects.exclude(mention=None).values_list("number", "mention"))
    for story in stories:
        if story["key"] in taken:
            posts = [mentions[number] for number in story["numbers"]]
            _feed(taken[story["key"]], story, [pk for pk in posts if pk is not None], now)
    _tell_duty(exercise, [story for story in crossed if story["key"] not in taken], now)
    for one in due:
        if one.data["kind"] == ear.NOTE:
            _tell_note(exercise, one, now)


def _follow(exercise: Exercise, into: Mapping[str, str]) -> None:
    """The case of a story that became part of another is that one's case, unless it has one already."""
    for one in exercise.taken.filter(story__in=list(into)).order_by("pk"):
        end = ear.end_of(one.story, into)
        if not exercise.taken.filter(story=end).exists():
            one.story = end
            one.save(update_fields=["story"])


def _stored(exercise: Exercise, due: Sequence[Inject], heard: ear.Heard, now: datetime) -> None:
    """The posts among the injects become mentions that only this drill knows."""
    started = exercise.started_at or now
    posts = {_key(one): one for one in due if one.data["kind"] != ear.NOTE}
    items = [_item(key, one, started, heard.tones.get(one.number, "")) for key, one in posts.items()]
    source = house.source(now)
    store(source, Harvest(items=items, payloads=[]), now)
    for key, pk in Mention.every.filter(source=source, key__in=posts).values_list("key", "pk"):
        posts[key].mention = pk


def _key(one: Inject) -> str:
    return f"exercise-{one.exercise_id}-{one.number}"


def _item(key: str, one: Inject, started: datetime, tone: str) -> Item:
    data = one.data
    return Item(
        key=key,
        title=data["title"],
        text=data["text"],
        author=data["author"] or f"#{one.number}",
        site=data["site"],
        kind=data["kind"],
        posted_at=one.due_at(started),
        reach=data["reach"],
        extra={"tier": data["tier"], "tone": tone},
    )


def _crosses(story: dict[str, Any], now: datetime) -> bool:
    """Whether it reaches a graver level than was put before anybody; then it is put before them now."""
    level, before = story["level"], story["proposed"]
    if level is None or (before is not None and level >= before):
        return False
    story["proposed"] = level
    story["proposed_at"] = story["proposed_at"] or now.isoformat()
    return True


def _feed(case: Case, story: dict[str, Any], mentions: Iterable[int], now: datetime) -> None:
    """New posts of a story that is a case join it; a graver level is proposed, for a person to confirm."""
    journal.lock(case)
    if not case.open:
        return
    known = set(case.mentions.values_list("pk", flat=True))
    fresh = [pk for pk in mentions if pk not in known]
    if fresh:
        data = {"mentions": fresh, "story": None}
        journal.write(case=case, kind=Kind.MENTIONS_ADDED, data=data, now=now, by=None)
    level, standing = story["level"], [one for one in (case.level, case.proposed_level) if one is not None]
    if level is not None and all(level < one for one in standing):
        journal.write(case=case, kind=Kind.LEVEL_PROPOSED, data=ear.proposal(story), now=now, by=None)


def _tell_duty(exercise: Exercise, stories: Sequence[dict[str, Any]], now: datetime) -> None:
    plan = active_plan()
    for story in stories:
        name = level_name(plan, story["level"])
        tell(
            now=now,
            people=stand_in(Role.DUTY, now),
            key=f"exercise{exercise.pk}|story|{story['key']}|{story['level']}",
            subject=Text(
                f"请研判：{story['title']}（建议{name.zh}）",
                f"Please assess: {story['title']} (proposed: {name.en})",
            ),
            body=Text(
                f"{story['mentions']} 条帖文，{story['voices']} 个发声者。",
                f"{story['mentions']} posts, {story['voices']} voices.",
            ),
            link=exercise.get_absolute_url(),
            stage="proposed",
            urgent=story["level"] <= 2,
            held=True,
        )


def _tell_note(exercise: Exercise, one: Inject, now: datetime) -> None:
    words = one.data["title"] or one.data["text"][:60]
    people: dict[Person, None] = {}
    for role in one.data["to"]:
        people |= dict.fromkeys(stand_in(role, now))
    tell(
        now=now,
        people=people,
        key=f"exercise{exercise.pk}|note|{one.number}",
        subject=Text(words, words),
        body=Text(one.data["text"], one.data["text"]),
        link=exercise.get_absolute_url(),
        stage="note",
        held=True,
    )


def taken_of(exercise: Exercise) -> list[Case]:
    """The cases of an exercise, in the order in which they were opened."""
    return [
        one.case for one in Taken.objects.filter(exercise=exercise).select_related("case__lead", "case__plan")
    ]
