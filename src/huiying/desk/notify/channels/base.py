"""What every way out has in common: what it carries, where to, and how it can end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from django import forms

from huiying.desk.net.client import Client
from huiying.engine.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one address can take."""

    size: int
    unit: Literal["bytes", "characters"] = "bytes"  # bytes of UTF-8
    per_minute: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message as it goes out."""

    ident: str  # the same for every repeat, so that the other side can drop doubles
    sent_at: datetime
    subject: str
    body: str
    link: str = ""  # whole address of what it is about
    ack: str = ""  # whole address that acknowledges it
    to: str = ""  # the person's name
    urgent: bool = False
    repeat: bool = False  # an earlier try may have arrived
    language: str = "zh-hans"
    case_number: str = ""
    stage: str = ""
    reply_to: str = ""  # publications: address of the post that this answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a parcel goes. Address and secret never stand in an outcome or a log."""

    address: str
    secret: str = field(default="", repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict)


class Result(StrEnum):
    """How a try ended."""

    SENT = "sent"  # the other side says that it has it
    FAILED = "failed"  # certainly not delivered; trying again may help
    REFUSED = "refused"  # certainly not delivered; only a person can mend it
    BUSY = "busy"  # certainly not delivered: asked to slow down
    UNKNOWN = "unknown"  # may have been delivered: the next try is a possible repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a try ended, in words that hold no secret."""

    result: Result
    said: Text
    retry_after: timedelta | None = None
    address: str = ""  # of a publication, as the outlet says
    final: bool = False  # no further try follows by itself

    @property
    def sent(self) -> bool:
        """Whether the other side has it."""
        return self.result == Result.SENT


DELIVERED = Text("对方收下了", "The other side has it")


def sent(said: Text = DELIVERED, address: str = "") -> Outcome:
    """It arrived."""
    return Outcome(result=Result.SENT, said=said, address=address)


Send = Callable[[Parcel, Route, Client], Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A way out."""

    name: str
    send: Send
    limits: Limits
    help: Text  # how a person finds the address and secret
    example: str = ""
    form: type[forms.Form] | None = None  # what is set besides: once for all addresses, or for each outlet
