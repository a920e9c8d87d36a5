"""What is heard, and how it is to be heard."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from huiying.engine.listen.gazetteer import Gazetteer
from huiying.engine.listen.learn.labels import Proposer
from huiying.engine.listen.query_parts import Query
from huiying.engine.text import Text

MentionId = int | str
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One public post, comment, article, message or call, as captured."""

    id: MentionId
    at: datetime  # when it was posted; with a zone
    title: str = ""
    text: str = ""
    address: str = ""
    site: str = ""
    tier: str = "unknown"  # national, portal, provincial, city, local, self-media, board, internal, unknown
    voice: str = ""  # keyed pseudonym, used only to count distinct voices
    kind: str = "post"
    reach: int = 0  # reposts, comments and likes, where the source tells
    rank: int | None = None  # place on a list, from 1


class Subject(Protocol):
    """A subject of the plan: what a matter can be about."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Text: ...
    @property
    def words(self) -> Sequence[str]: ...
    @property
    def unit(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of the institution, and the words by which its matters are known."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """How to listen. The same mentions under the same configuration give the same stories."""

    watches: tuple[tuple[str, Query], ...] = ()
    gazetteer: Gazetteer = field(default_factory=Gazetteer)
    subjects: tuple[Subject, ...] = ()
    units: tuple[Unit, ...] = ()
    router: Proposer | None = (
        None  # what officers' decisions taught: says the code of a unit, see `learn.decided`
    )
    zone: ZoneInfo = CHINA
    group_unmatched: bool = False  # whether mentions that answer to no watch form stories too
    window: int = 1_000_000  # so many mentions are remembered; older ones no longer attract new ones
    ready: dict[str, object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # made ready once
