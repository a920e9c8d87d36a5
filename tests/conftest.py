"""What every test may ask for."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from hypothesis import settings

from huiying.desk.cases import append_only
from tests.desk.world import NOW, World, found_school

#: What a test costs depends on the machine and on what else it does: no property fails for being slow.
settings.register_profile("huiying", deadline=None)
settings.load_profile("huiying")


@pytest.fixture
def now() -> datetime:
    """The instant at which a test's story begins."""
    return NOW


@pytest.fixture
def world(db: None) -> World:
    """A founded school with somebody in every role."""
    return found_school()


@pytest.fixture
def as_role(world: World) -> Callable[[str], Client]:
    """A browser signed in as the holder of a role; "" is a stranger."""

    def sign_in(role: str) -> Client:
        client = Client()
        if role:
            client.force_login(world[role], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _journals_end_with_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that commits is cleaned up by DELETE on SQLite, which journals refuse: let go of them at its very end."""
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction")) or not {
        "transactional_db",
        "live_server",
    }.isdisjoint(request.fixturenames)
    if not commits:
        yield
        return
    request.getfixturevalue("transactional_db")
    append_only.guard(connection)
    yield
    if connection.vendor == "sqlite":
        append_only.unguard(connection)
