"""What rooms above know of the matter of a draft: shown beside it while it is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from huiying.desk.replies.models import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Something that may be used again; `stale` when it must be checked first."""

    title: str
    text: str
    url: str
    stale: bool = False
    note: str = ""


Teller = Callable[[Draft, datetime], list[Hint]]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """A room above adds what it knows; called from its `AppConfig.ready()`."""
    if teller not in _tellers:
        _tellers.append(teller)


def hints(draft: Draft, now: datetime) -> list[Hint]:
    """What all rooms know, in the order in which they registered."""
    return [hint for teller in _tellers for hint in teller(draft, now)]
