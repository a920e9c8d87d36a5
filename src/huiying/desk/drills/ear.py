"""What is heard in an exercise: its own small ear over its own posts, kept apart from what people really say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from huiying.desk.collect.periods import in_force
from huiying.desk.collect.seal import voice
from huiying.desk.drills.models import Exercise, Inject
from huiying.desk.listen.config import active_plan, listening
from huiying.desk.listen.judge import reason_rows
from huiying.desk.plans import queries as plans
from huiying.engine.assess import assess
from huiying.engine.listen.fold import State, hear
from huiying.engine.listen.mention import Mention
from huiying.engine.listen.results import StoryShot
from huiying.engine.plan.drill.listening import ADDRESSED, evidence_of, only_praise
from huiying.engine.plan.model import Plan

#: Injects that nobody says.
NOTE = "note"


@dataclass(frozen=True, slots=True)
class Heard:
    """What the ear made of everything that has come in."""

    tones: Mapping[int, str]  # number of the inject -> tone
    into: Mapping[str, str]  # key of a story that became part of another -> key of that one
    stories: tuple[dict[str, Any], ...]  # as an exercise keeps them, hottest first


def listen(exercise: Exercise, injects: Sequence[Inject], now: datetime) -> Heard:
    """All posts that have come in, in their order, heard with what the desk listens for."""
    started = exercise.started_at
    said = [_mention(one, started) for one in injects if started and one.data["kind"] != NOTE]
    config, _fingerprint = listening()
    _state, results = hear(State(), said, replace(config, group_unmatched=True))
    into = {shot.key: shot.merged_into for shot in results.stories if shot.merged_into}
    tones, mine = _tones(said, results.heard, into)
    plan, before = active_plan(), {story["key"]: story for story in exercise.stories}
    reach = {int(one.id): one.reach for one in said}
    key_period = bool(in_force(now, plan, plans.calendar_in_force()))
    stories = []
    for shot in results.stories:
        if shot.key in into:
            continue
        numbers = mine.get(shot.key, [])
        counted: dict[str, int] = {}
        for number in numbers:
            counted[tones[number]] = counted.get(tones[number], 0) + 1
        told = _story(shot, numbers)
        if plan is not None:
            told |= _graded(plan, shot, counted, sum(reach[one] for one in numbers), key_period)
        kept = [story for key, story in before.items() if end_of(key, into) == shot.key]
        stories.append(told | _put_before(kept))
    stories.sort(key=lambda one: (one["level"] or 99, -one["mentions"], one["key"]))
    return Heard(tones, into, tuple(stories))


def end_of(key: str, into: Mapping[str, str]) -> str:
    """The story that a story is part of now, through all mergers."""
    seen = {key}
    while into.get(key, key) not in seen:
        key = into[key]
        seen.add(key)
    return key


def _put_before(stories: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The gravest level that was put before the duty about any of these, and when."""
    put = [story for story in stories if story.get("proposed") is not None]
    first = min(put, key=lambda story: story["proposed"], default={})
    return {"proposed": first.get("proposed"), "proposed_at": first.get("proposed_at")}


def _mention(one: Inject, started: datetime) -> Mention:
    data = one.data
    return Mention(
        id=one.number,
        at=one.due_at(started),
        title=data["title"],
        text=data["text"],
        site=data["site"],
        tier=data["tier"],
        voice=voice(data["author"] or f"#{one.number}", data["site"]),
        kind=data["kind"],
        reach=data["reach"],
    )


def _tones(
    said: Sequence[Mention], heard: Sequence[Any], into: Mapping[str, str]
) -> tuple[dict[int, str], dict[str, list[int]]]:
    """Number -> tone, and story -> numbers; what is addressed to us asks for something by itself."""
    kinds = {int(one.id): one.kind for one in said}
    tones: dict[int, str] = {}
    stories: dict[str, list[int]] = {}
    for one in heard:
        number = int(one.mention_id)
        asked = kinds[number] in ADDRESSED and one.tone in ("", "neutral")
        tones[number] = "request" if asked else one.tone
        if one.story is not None:
            stories.setdefault(end_of(one.story, into), []).append(number)
    return tones, stories


def _story(shot: StoryShot, numbers: list[int]) -> dict[str, Any]:
    return {
        "key": shot.key,
        "title": shot.title,
        "mentions": shot.mentions,
        "copies": shot.copies,
        "voices": shot.voices,
        "sites": sum(1 for site in shot.sites if site),
        "negative": round(shot.negative_share, 3),
        "subject": shot.topic,
        "unit": shot.unit,
        "numbers": numbers,
        "level": None,
        "reasons": [],
    }


def _graded(
    plan: Plan, shot: StoryShot, tones: dict[str, int], reach: int, key_period: bool
) -> dict[str, Any]:
    if only_praise(tones):
        return {}
    proposal = assess(plan, evidence_of(plan, shot, tones, reach, key_period))
    return {"level": proposal.level, "reasons": reason_rows(proposal.reasons)}


def proposal(story: Mapping[str, Any]) -> dict[str, Any]:
    """The level that a story's evidence gives, as a journal keeps it."""
    names = ("zh", "en", "measured_zh", "measured_en", "holds")
    return {
        "level": story["level"],
        "reasons": [dict(zip(names, row, strict=True)) for row in story["reasons"]],
        "measures": {name: story[name] for name in ("mentions", "voices", "sites", "negative")},
    }
