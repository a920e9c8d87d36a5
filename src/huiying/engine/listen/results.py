"""What hearing a batch of mentions gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from huiying.engine.listen.match import Hit
from huiying.engine.listen.mention import MentionId
from huiying.engine.text import Text

TONES = ("complaint", "question", "request", "praise", "rumour", "neutral")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One hour of a story."""

    hour: datetime  # its beginning, in UTC
    mentions: int
    heat: float  # added in this hour, before any cooling


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard in one mention."""

    mention_id: MentionId
    hits: tuple[Hit, ...] = ()
    copy_of: MentionId | None = None  # the first mention of the same text
    story: str | None = None  # key; None where it belongs to none (no watch, or not ours)
    tone: str = "neutral"  # one of TONES
    tone_score: float = 0.0  # -1 very negative to 1 very positive
    tone_words: tuple[str, ...] = ()  # the words that led to it
    why: tuple[Text, ...] = ()  # why this story, why a copy


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryShot:
    """A story as it stands after a batch."""

    key: str
    title: str
    first_at: datetime
    last_at: datetime
    mentions: int
    copies: int  # of the mentions, how many repeat an earlier one
    voices: int
    sites: Mapping[str, int]
    tiers: Mapping[str, int]
    heat: float  # at `last_at`; see `heat_at`
    growth: float  # heat of the last 6 hours over that of the 6 before; 1 is level
    forecast: float | None  # probability that its mentions at least double
    negative_share: float
    tones: Mapping[str, int]  # of TONES
    forecast_why: tuple[Text, ...] = ()
    topic: str = ""  # id of a subject
    topic_why: tuple[Text, ...] = ()
    unit: str = ""  # code
    unit_why: tuple[Text, ...] = ()
    terms: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    watches: tuple[str, ...] = ()  # that its mentions answered to, most first
    points: tuple[Point, ...] = ()
    not_ours: bool = False  # an officer said so; what resembles it joins it quietly
    merged_into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a batch, or a correction, changed."""

    heard: tuple[Heard, ...] = ()  # of the batch; or of the mentions that a correction moved
    moved: tuple[Heard, ...] = ()  # heard earlier, and in another story now; nothing but id and story is told
    stories: tuple[StoryShot, ...] = field(default=())  # every story that changed, in order of key
