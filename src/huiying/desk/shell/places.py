"""The places of the rail, in the order of the work."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the rail; `roots` are the beginnings of addresses that belong to it."""

    icon: str
    label: str | Promise
    address: str
    roots: tuple[str, ...]


PLACES = (
    Place("today", _("今日"), "/", ("/today/", "/wall/")),
    Place("listen", _("倾听"), "/listen/", ("/listen/", "/sources/")),
    Place("cases", _("办理"), "/cases/", ("/cases/", "/replies/")),
    Place("reports", _("报送"), "/reports/", ("/reports/",)),
    Place("library", _("案例"), "/library/", ("/library/",)),
    Place(
        "settings", _("设置"), "/settings/", ("/settings/", "/profile/", "/accounts/", "/notices/", "/plans/")
    ),
)


def current(path: str) -> Place | None:
    """The place to which an address of the desk belongs, if any."""
    if path == "/":
        return PLACES[0]
    return next((place for place in PLACES if path.startswith(place.roots)), None)
