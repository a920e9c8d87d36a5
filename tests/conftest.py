"""What every test may ask for."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from tests.desk.world import NOW, World, found_school


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
