"""Where other rooms put themselves on the page of a case: panels, and the buttons of what is owed.

A room adds itself in its `AppConfig.ready()`, so that imports go one way.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.functional import Promise

from huiying.desk.accounts.rights import Right
from huiying.desk.cases.models import Case, Owed

Place = Literal["main", "side", "assess"]  # the last stands beside the forms that propose and confirm a level


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of the case page; `context` gives what its template needs, or None to leave it out."""

    key: str
    template: str
    context: Callable[[HttpRequest, Case], dict[str, Any] | None]
    order: int = 50  # from the top
    place: Place = "main"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the button of an owed thing leads; `act` is the Kind that settles it. Without `right` everybody sees it.

    Where we have a form of our own for the act, a door stands in its place only for the owed things that `before` picks.
    """

    act: str
    label: str | Promise
    url: Callable[[Case, Owed], str]
    right: Right | None = None
    before: Callable[[Owed], bool] | None = None  # for which owed things it comes before the case's own form
    key: str = ""  # tells doors of one act apart; the act itself where it is the only one


@dataclass
class Slots:
    """The panels and doors that were added; adding a key again replaces the earlier one."""

    panels: dict[str, Panel] = field(default_factory=dict)
    doors: dict[str, Door] = field(default_factory=dict)

    def add(self, item: Panel | Door) -> None:
        """Put a panel or a door in its place."""
        if isinstance(item, Panel):
            self.panels[item.key] = item
        else:
            self.doors[item.key or item.act] = item

    def doors_of(self, act: str) -> list[Door]:
        """The doors of an act, those first that pick what they are for."""
        found = (door for door in self.doors.values() if door.act == act)
        return sorted(found, key=lambda door: door.before is None)

    def at(self, place: Place) -> Iterator[Panel]:
        """The panels of one column, from the top."""
        return iter(
            sorted((p for p in self.panels.values() if p.place == place), key=lambda p: (p.order, p.key))
        )


slots = Slots()
