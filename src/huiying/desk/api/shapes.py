"""What goes in and out of the interface. Instants are ISO 8601 in UTC; personal data in texts is masked."""

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict


class Strict(Schema):
    """A body in which an unknown field is an error, so that a slip of the pen is not silently lost."""

    model_config = ConfigDict(extra="forbid")


class NewMention(Strict):
    """Something that somebody said, handed over by a program."""

    key: str = Field(min_length=1, max_length=100, description="Your own id: the same key is stored once")
    title: str = Field("", max_length=500)
    text: str = Field("", max_length=100_000)
    address: str = Field("", max_length=2000, description="Public address, http or https")
    author: str = Field("", max_length=120, description="Kept only as a keyed pseudonym")
    site: str = Field("", max_length=120)
    posted_at: str = Field(
        "", max_length=100, description="ISO 8601, Unix seconds, or as Chinese sites write it"
    )
    reach: int = Field(0, ge=0)
    kind: Literal["post", "comment", "article", "message", "call", "tip"] = "post"


class Kept(Schema):
    """What became of a mention that was handed over."""

    id: int
    new: bool = Field(description="False when this key was stored before")


class MentionOut(Schema):
    """A mention as stored."""

    id: int
    kind: str
    title: str
    text: str
    address: str
    site: str
    tier: str
    posted_at: datetime | None
    captured_at: datetime
    story: str | None
    sha256: str
    purged_at: datetime | None  # its words went when their retention ended


class StoryOut(Schema):
    """A story: what is said about one concrete matter."""

    key: str
    title: str
    status: str
    first_at: datetime
    last_at: datetime
    mentions: int
    copies: int
    voices: int
    sites: dict[str, int]
    tiers: dict[str, int]
    heat: float
    growth: float
    forecast: float | None = Field(description="Probability that it at least doubles")
    negative_share: float
    topic: str
    unit: str
    level: int | None = Field(description="Proposed by the active plan; 1 is the gravest")


class CaseOut(Schema):
    """A case as lists show it."""

    number: str
    title: str
    step: str
    level: int | None
    opened_at: datetime
    closed_at: datetime | None
    lead: str
    overdue: int
    next_due_at: datetime | None


class OwedOut(Schema):
    """One thing that is owed on a case."""

    case: str
    key: str
    what_zh: str
    what_en: str
    why_zh: str
    why_en: str
    act: str
    role: str
    unit: str
    due_at: datetime
    state: str
    met_at: datetime | None


class EntryOut(Schema):
    """One entry of a case's journal, with its place in the hash chain."""

    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    actor: str
    role: str
    data: dict[str, Any]
    prev: str
    hash: str


class Page(Schema):
    """Where the next page begins."""

    next: str | None = Field(description="Give it as `after` to read on; null at the end")


class Mentions(Page):
    """Mentions, oldest first."""

    items: list[MentionOut]


class Stories(Page):
    """Stories, hottest first."""

    items: list[StoryOut]


class Cases(Page):
    """Cases, newest first."""

    items: list[CaseOut]


class Problem(Schema):
    """Why a call was refused."""

    detail: str | list[dict[str, Any]]
