"""A browser, a desk that is up, and sites to listen to; skipped where there is no browser."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.people import CHROMIUM, open_browser
from tests.journeys.running import Running, sites, started

# The browser's driver runs an event loop in this thread; the database is used from the same one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, or a skip that says how to get it."""
    if not CHROMIUM:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        it = open_browser(playwright)
        yield it
        it.close()


@pytest.fixture
def around() -> Iterator[str]:
    """The address of the sample's sites and robot."""
    with sites() as address:
        yield address


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test's own; "" on SQLite."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield ""
        return
    name = f"huiying_journey_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[arg-type]


@pytest.fixture
def running(tmp_path: Path, empty_database: str) -> Iterator[Running]:
    """`huiying up` in an empty home."""
    with started(tmp_path, empty_database) as desk:
        yield desk
