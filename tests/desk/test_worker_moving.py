"""From SQLite to PostgreSQL: everything arrives, is searchable, and nothing has to be recomputed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.desk.servers.channels import serving
from tests.desk.test_kill import forker

SERVER = os.environ.get("HUIYING_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
pytestmark = pytest.mark.slow


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    name = f"huiying_move_{os.getpid()}"
    try:
        server = psycopg.connect(SERVER.replace("postgres://", "postgresql://"), autocommit=True)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL answers; name one in HUIYING_TEST_POSTGRES")
    with server:
        server.execute(f'create database "{name}"')
        try:
            yield SERVER.rsplit("/", 1)[0] + "/" + name
        finally:
            server.execute(f'drop database "{name}" with (force)')


def huiying(home: Path, *words: str, database: str = "") -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HUIYING", "DJANGO", "DATABASE"))}
    more = {"DATABASE_URL": database} if database else {}
    return subprocess.run(
        [sys.executable, "-m", "huiying.cli", *words],
        env={**kept, "HUIYING_HOME": str(home), "LANG": "en_US.UTF-8", **more},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_desk_moves_with_everything(tmp_path: Path, empty: str) -> None:
    with serving() as channels, forker(tmp_path, 0, channels.address, "") as fork:
        fork.report("prepare")
        fork.report("worked")
    moved = huiying(tmp_path, "move", empty)
    assert moved.returncode == 0, moved.stderr
    before, after = huiying(tmp_path, "verify"), huiying(tmp_path, "verify", database=empty)
    assert (after.returncode, after.stdout) == (0, before.stdout)
    rebuilt = huiying(tmp_path, "rebuild", database=empty)
    assert rebuilt.returncode == 0, rebuilt.stdout
    with psycopg.connect(empty.replace("postgres://", "postgresql://")) as there:
        (unfindable,) = there.execute(
            "select count(*) from listen_searchdoc where tokens is null"
        ).fetchone() or (1,)
        (free,) = there.execute(
            "select nextval('cases_case_id_seq') > max(id) from cases_case"
        ).fetchone() or (0,)
    assert (unfindable, free) == (0, True)
    again = huiying(tmp_path, "move", empty)
    assert (again.returncode, "already" in again.stderr) == (1, True)


@pytest.mark.parametrize("address", ["sqlite:///elsewhere", "nonsense", "mysql://a@b/c"])
def test_only_postgresql_is_moved_to(tmp_path: Path, address: str) -> None:
    assert huiying(tmp_path, "migrate").returncode == 0
    said = huiying(tmp_path, "move", address)
    assert (said.returncode, "PostgreSQL only" in said.stderr) == (1, True)
    assert "Traceback" not in said.stderr
