"""A story as it stands now, ready for a page."""

from collections import Counter
from datetime import timedelta
from functools import lru_cache
from heapq import nlargest

import numpy as np
import rjieba

from huiying.engine.listen import forecast, heat
from huiying.engine.listen.ear import Ear
from huiying.engine.listen.mention import Config
from huiying.engine.listen.normalise import normalise
from huiying.engine.listen.proposals import Proposal, learnt_of, topic_of, unit_of
from huiying.engine.listen.results import StoryShot
from huiying.engine.listen.shelf import Said
from huiying.engine.listen.stories import Story
from huiying.engine.listen.times import instant
from huiying.engine.text import Text

_TERMS, _PLACES = 8, 8
_BY_OFFICER = Text("由经办人确定", "Set by an officer")


def shot(ear: Ear, number: int, config: Config) -> StoryShot:
    """The story of this number."""
    story = ear.shelf.seen(number, ear.memory)
    said = ear.shelf.said_of(story.key)
    points = story.points
    last = instant(story.last_at)
    topic = _topic(ear, story, said, config)
    unit = _unit(ear, story, said, topic.of, config)
    mentions = len(story.rows)
    chance, why = forecast.said(_times(ear, story, config))
    return StoryShot(
        key=story.key,
        title=story.title,
        first_at=instant(story.first_at),
        last_at=last,
        mentions=mentions,
        copies=story.copies,
        voices=len(story.voices) + story.unknown_voices,
        sites=dict(story.sites),
        tiers=dict(story.tiers),
        heat=heat.heat_at(points, last),
        growth=heat.growth_at(points, last),
        forecast=chance,
        forecast_why=why,
        negative_share=story.negative / mentions if mentions else 0.0,
        tones=dict(story.tones),
        topic=topic.of,
        topic_why=topic.why,
        unit=unit.of,
        unit_why=unit.why,
        terms=_first(story.terms, _TERMS) or _words(story.title),
        places=_first(story.places, _PLACES),
        watches=_first(story.watches, len(story.watches)),
        points=points,
        not_ours=said.not_ours,
    )


def emptied(story: Story, into: str) -> StoryShot:
    """A story that went into another: nothing is left but the way there."""
    return StoryShot(
        key=story.key,
        title=story.title,
        first_at=instant(story.first_at),
        last_at=instant(story.last_at),
        mentions=0,
        copies=0,
        voices=0,
        sites={},
        tiers={},
        heat=0.0,
        growth=1.0,
        forecast=None,
        negative_share=0.0,
        tones={},
        merged_into=into,
    )


def _topic(ear: Ear, story: Story, said: Said, config: Config) -> Proposal:
    if said.topic:
        return Proposal(said.topic, (_BY_OFFICER,))
    _, topic, title = ear.shelf.hints.get(story.key, ("", "", ""))
    return Proposal(topic, (_like(title),)) if topic else topic_of(story.labels, config)


def _unit(ear: Ear, story: Story, said: Said, topic: str, config: Config) -> Proposal:
    if said.unit:
        return Proposal(said.unit, (_BY_OFFICER,))
    learnt = learnt_of(story.labels, config)
    if learnt.of:
        return learnt
    unit, _, title = ear.shelf.hints.get(story.key, ("", "", ""))
    return Proposal(unit, (_like(title),)) if unit else unit_of(story.labels, topic, config)


def _like(title: str) -> Text:
    return Text(f"与经办人定过的“{title}”相近", f"Like “{title}”, which an officer decided")


def _times(ear: Ear, story: Story, config: Config) -> list[float]:
    """When its mentions were posted, by the clock on the wall, ascending; none where the forecast says nothing anyway."""
    if len(story.rows) < forecast.LEAST:
        return []
    held = [row for row in story.rows[-forecast.MOST - 1 :] if row >= ear.memory.first]
    if not forecast.LEAST <= len(held) <= forecast.MOST:
        return []
    times = np.sort(ear.memory.column("at")[np.array(held)]) / 1e6
    ahead = instant(story.last_at).astimezone(config.zone).utcoffset() or timedelta()
    return list((times + ahead.total_seconds()).tolist())


def _first(counter: Counter[str], most: int) -> tuple[str, ...]:
    """The names that count most, of equals the first by the alphabet; a large story has thousands of words."""
    least = min(nlargest(most, counter.values()), default=0)
    able = [name for name, count in counter.items() if count >= least]
    return tuple(sorted(able, key=lambda name: (-counter[name], name))[:most])


@lru_cache(maxsize=4096)
def _words(title: str) -> tuple[str, ...]:
    """Words of a title, where no second mention has shown which ones matter."""
    words = (w for w in rjieba.cut(normalise(title), False) if len(w) > 1 and w.isalnum())
    return tuple(dict.fromkeys(words))[:_TERMS]
