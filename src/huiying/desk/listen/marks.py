"""What we did about a story, to be marked on its curve: told by the rooms above, which register themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from huiying.desk.listen.models import Story
from huiying.engine.text import Text


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that we did, and when."""

    at: datetime
    label: Text
    url: str = ""


Teller = Callable[[Story], list[Mark]]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Add a room's marks; called from its `AppConfig.ready()`."""
    if teller not in _tellers:
        _tellers.append(teller)


def marks(story: Story) -> list[Mark]:
    """Everything that was done about a story, in order of time."""
    return sorted((mark for teller in _tellers for mark in teller(story)), key=lambda mark: mark.at)
