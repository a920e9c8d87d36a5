"""The time zone in which the desk speaks."""

from zoneinfo import ZoneInfo

from django.utils import timezone


def here() -> ZoneInfo:
    """The active zone of the page; the zone of the settings when nothing else was activated."""
    zone = timezone.get_current_timezone()
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")
