"""What other rooms add to a mention's page: its story, its cases. They register; this room knows none of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from huiying.desk.collect.models import Mention

Context = Callable[[HttpRequest, Mention], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of the page: `context` gives what `template` shows, or None to show nothing."""

    key: str
    order: int
    template: str
    context: Context


_PANELS: dict[str, Panel] = {}


def add(panel: Panel) -> None:
    """Registers a panel, from an app's `ready()`; the same key again replaces it."""
    _PANELS[panel.key] = panel


def for_mention(request: HttpRequest, mention: Mention) -> list[tuple[str, Mapping[str, Any]]]:
    """Template and context of each panel that has something to show, in order."""
    found = [
        (panel, panel.context(request, mention)) for panel in sorted(_PANELS.values(), key=lambda p: p.order)
    ]
    return [(panel.template, context) for panel, context in found if context is not None]
