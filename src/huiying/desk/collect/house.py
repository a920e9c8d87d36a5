"""How this desk goes out to read: guarded as the operator says, under its own name, in its own time zone."""

from importlib.metadata import version
from zoneinfo import ZoneInfo

from django.conf import settings

from huiying.desk.accounts.queries import institution
from huiying.desk.net.client import Client, Limits
from huiying.desk.net.guard import Guard
from huiying.desk.net.listed import listed

LIMITS = Limits(packed=4 * 2**20, unpacked=8 * 2**20)
#: For a person who waits for the page: enough to see what comes, no more.
PREVIEW = Limits(packed=4 * 2**20, unpacked=8 * 2**20, connect=5, read=10, total=20, visit=20)


def open_client(limits: Limits = LIMITS) -> Client:
    """A client for one visit."""
    return Client(guard=Guard(allow=listed()), agent=agent(), limits=limits)


def agent() -> str:
    """Who asks: the desk, its version, and where its people are found if the desk has a public address."""
    name = f"Huiying/{version('huiying')}"
    return f"{name} (+{settings.BASE_URL}/public/)" if settings.SECURE else name


def house_zone() -> ZoneInfo:
    """The zone in which times without one are meant."""
    body = institution()
    return ZoneInfo(body.zone if body else settings.TIME_ZONE)
