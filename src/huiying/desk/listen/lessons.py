"""What officers decided about units, taught to the proposals that come after.

A lesson is a correction of its own kind: it stands in the same order as what officers put right and says up to which of
these it learns from. From the first batch after it the fold hears with what was learnt; hearing again comes to the same
lesson at the same place. Nothing that was learnt is kept: the same decisions give the same router.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from datetime import datetime

from django.db import transaction

from huiying.desk.collect.models import Mention
from huiying.desk.listen.config import listening
from huiying.desk.listen.models import Correction, Fold, Hearing, Story
from huiying.engine.listen.fold import Config
from huiying.engine.listen.learn.decided import TEXTS, Decision, is_due, learn_units
from huiying.engine.listen.learn.labels import Proposer

VERB = "learn"
_KEPT = 3  # routers at hand: that of now, the next, one of a re-hearing
_CHUNK = 500
_BEGAN = re.compile(r"s(\d+)")  # a story's name tells the mention that began it
_routers: dict[str, Proposer | None] = {}


def told_by(story: Story) -> list[int]:
    """The mentions that a decision about a story is remembered with: its first ones, copies left out."""
    heard = Hearing.objects.filter(story=story, copy_of__isnull=True).order_by("pk")
    return list(heard.values_list("mention_id", flat=True)[:TEXTS])


def learn_next(*, now: datetime, worker: str = "") -> int:
    """Learn anew when enough was decided since the last lesson; 1 when there is a new lesson, else 0.

    It takes seconds, so it has a lane of its own: the fold is taught the lesson once it was learnt.
    """
    taught = Fold.objects.order_by("pk").values_list("corrected", flat=True).first() or 0
    made = Correction.objects.filter(verb="unit", refused="", serial__lte=taught).count()
    last = _last()
    if not is_due(made, last.data["made"] if last else 0):
        return 0
    decisions = standing(taught)
    _learnt(decisions, listening()[0])
    with transaction.atomic():
        Fold.objects.select_for_update().order_by("pk").first()
        if _last() != last:
            return 0
        data = {"upto": taught, "made": made, "of": fingerprint(decisions)}
        Correction.objects.create(at=now, verb=VERB, data=data)
    return 1


def _last() -> Correction | None:
    return Correction.objects.filter(verb=VERB).order_by("-pk").first()


def in_force(corrected: int) -> Correction | None:
    """The lesson with which a fold hears that was taught everything up to this serial."""
    return Correction.objects.filter(verb=VERB, serial__lte=corrected).order_by("-serial").first()


def hearing_with(config: Config, lesson: Correction | None) -> Config:
    """The configuration with what a lesson teaches about its units."""
    if lesson is None:
        return config
    name = f"{VERB} {lesson.data['of']}"
    if name not in config.ready:
        for old in [key for key in config.ready if key.startswith(VERB)]:
            config.ready.pop(old, None)
        config.ready[name] = replace(config, router=_learnt(standing(lesson.data["upto"]), config))
    there = config.ready[name]
    assert isinstance(there, Config)
    return there


def standing(upto: int) -> list[Decision]:
    """The decisions that stand after the correction of this serial, in the order in which they were made."""
    said: dict[str, tuple[str, list[int]]] = {}
    rows = Correction.objects.filter(verb__in=("unit", "merge"), refused="", serial__lte=upto)
    for verb, data in rows.order_by("serial").values_list("verb", "data"):
        before = said.pop(data["story"], None)
        if verb == "merge":
            if before and data["into"] not in said:
                said[data["into"]] = before
        elif data["unit"]:
            said[data["story"]] = (data["unit"], data.get("mentions") or _began(data["story"]))
    texts = _texts(pk for _, mentions in said.values() for pk in mentions)
    found = (_decision(unit, mentions, texts) for unit, mentions in said.values())
    return [decision for decision in found if decision]


def _began(key: str) -> list[int]:
    began = _BEGAN.match(key)
    return [int(began[1])] if began else []


def _texts(mentions: Iterable[int]) -> dict[int, tuple[str, str]]:
    ids = list(mentions)
    return {
        pk: (title, text)
        for start in range(0, len(ids), _CHUNK)
        for pk, title, text in Mention.objects.filter(pk__in=ids[start : start + _CHUNK]).values_list(
            "pk", "title", "text"
        )
    }


def _decision(unit: str, mentions: Sequence[int], texts: Mapping[int, tuple[str, str]]) -> Decision | None:
    """A decision with what its mentions say; None when they are gone."""
    there = [texts[pk] for pk in mentions if pk in texts]
    return Decision(unit, there[0][0], tuple(text for _title, text in there)) if there else None


def fingerprint(decisions: Sequence[Decision]) -> str:
    """Equal for the same decisions in the same order."""
    told = json.dumps([astuple(decision) for decision in decisions], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _learnt(decisions: Sequence[Decision], config: Config) -> Proposer | None:
    """The router of these decisions, learnt once in a process."""
    units = {unit.code for unit in config.units}
    ours = [decision for decision in decisions if decision.unit in units]
    name = fingerprint(ours)
    if name not in _routers:
        _routers[name] = learn_units(ours, units)
        for old in list(_routers)[:-_KEPT]:
            _routers.pop(old, None)
    return _routers[name]


def forget() -> None:
    """Drop what this process has learnt (tests; after a fork)."""
    _routers.clear()
