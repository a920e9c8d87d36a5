"""Listening workers killed at any instant hear everything once, and the stories are those of an undisturbed hearing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk.test_kill import own_database

POSTS, KILLS = 400, 30


@pytest.mark.slow
@pytest.mark.django_db
def test_killed_at_random_two_workers_hear_everything_once(tmp_path: Path) -> None:
    with own_database(f"ears_{os.getpid()}") as url:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "huiying.desk.settings",
            "HUIYING_HOME": str(tmp_path),
            "DATABASE_URL": url or f"sqlite:///{tmp_path / 'huiying.sqlite3'}",
            "PYTHONPATH": "src:.",
        }
        ran = subprocess.run(
            [sys.executable, "-m", "tests.desk.killing_ears", str(POSTS), str(KILLS)],
            cwd=Path(__file__).parents[2],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["heard"] == found["mentions"] == found["indexed"] == POSTS
    assert found["while_killed"] > POSTS // 4, "the killed ones worked in earnest"
    assert found["in_order"]
    assert found["watermark"]
    assert found["twice"] == []
    assert found["matches"] >= POSTS  # every post answers to a watch, soups to two
    assert found["counts_true"]
    assert found["rebuilt"] == [0, 0], "a rebuild changes nothing"
    assert found["found"] == [found["hot_water"]]
    assert found["taught"] == 1
    assert found["reheard"] >= 1
    assert found["told"] > 0
    assert found["told_twice"] == []
