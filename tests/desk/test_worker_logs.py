"""The log holds no key: who reads it can neither enter nor acknowledge for others."""

import logging
import logging.config
from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings
from django.test import Client

from huiying.desk.accounts.actions import first_run_token
from tests.desk.world import NOW

KEY = "fHUhdnEvIYyslW2hNQlUjqBoRjOY-_aa"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the desk's own handler writes, set up as in life."""
    logging.config.dictConfig({**settings.LOGGING, "disable_existing_loggers": False})
    (handler,) = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    written = StringIO()
    handler.setStream(written)
    try:
        yield written
    finally:
        logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    "path", [f"/start/enter/{KEY}/", f"/invited/{KEY}/", f"/a/{KEY}/", f"https://x.example/a/{KEY}/"]
)
def test_keys_in_addresses_are_covered(log: StringIO, path: str) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", path)
    assert KEY not in log.getvalue()
    assert "/…" in log.getvalue()


def test_other_lines_stay_as_they_are(log: StringIO) -> None:
    logging.getLogger("huiying").warning("%s of %d: /cases/2026-0001/", "one", 2)
    assert "one of 2: /cases/2026-0001/" in log.getvalue()


@pytest.mark.django_db
def test_entering_for_the_first_time_leaves_no_key_in_the_log(log: StringIO) -> None:
    token = first_run_token(now=NOW)
    Client().get(f"/start/enter/{token}/")
    Client().post(f"/start/enter/{token}/")
    assert token not in log.getvalue()
