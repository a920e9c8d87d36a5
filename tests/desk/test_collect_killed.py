"""A collector killed at any instant stores every mention that was served, once, with its evidence."""

import json
import os
import subprocess
import sys
from itertools import count
from pathlib import Path

from tests.desk.servers.sites import Handler, head, serving

KILLS = 60
ITEM = "<item><guid>{0}</guid><title>第 {0} 帖</title></item>"


def growing() -> tuple[list[int], object]:
    """A feed that has five more posts every time it is asked, and what it has served."""
    asked, served = count(1), [0]

    def act(handler: Handler) -> None:
        served[0] = max(served[0], 5 * next(asked))
        items = "".join(ITEM.format(number) for number in range(served[0], 0, -1))
        head(handler)
        handler.wfile.write(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())

    return served, act


def test_killed_at_random_the_collector_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    with serving() as site:
        feeds = {}
        for number in range(3):
            feeds[number], act = growing()
            site.does(f"/{number}", act)  # type: ignore[arg-type]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "huiying.desk.settings",
            "HUIYING_HOME": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'huiying.sqlite3'}",
            "PYTHONPATH": "src:.",
        }
        ran = subprocess.run(
            [sys.executable, "-m", "tests.desk.killing", site.url(""), str(KILLS)],
            cwd=Path(__file__).parents[2],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout)
    for served, keys in zip(feeds.values(), found["keys"].values(), strict=True):
        assert served[0] > 40  # asked in earnest
        assert keys == list(range(1, served[0] + 1))
    assert found["twice"] == []
    assert found["without_evidence"] == 0
    assert found["captures_wrong"] == []
    assert found["told_new"] == found["feed_mentions"]
    assert found["uploaded"] == 6_000
    assert found["upload"] == ["done", 6_000, 0, 6_000]
