"""What every page of the desk knows."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from huiying.desk.accounts import queries
from huiying.desk.shell.middleware import body_of
from huiying.desk.shell.places import PLACES, current
from huiying.desk.shell.zone import here

THEMES = ("auto", "light", "dark")


def theme_of(request: HttpRequest) -> str:
    """The reader's choice of light: "auto" until one was made."""
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Rail, institution, who is on duty, and the reader's light; rows are read only where a page shows them."""
    return {
        "theme": theme_of(request),
        "zone_name": here().key,
        "places": PLACES,
        "place_now": current(request.path),
        "institution": lambda: body_of(request),
        "duty_now": lambda: queries.on_duty(timezone.now()),
    }
