"""How many mentions a second the desk hears: from stored mentions to hearings, matches, stories, levels and search.

    python -m benchmarks.hearing [--mentions N]

Data: posts made of real sentences by seed (`stream.py`), as messages to the institution, so that every one belongs to a
story; 50 watches, the shipped plan of a school. The desk hears them as its worker does, on a new SQLite database in a
process of its own. Baseline: the same rows written one by one with Django's `create` and `update_or_create`, in batches of
500. Processor time, so that other work on the machine does not count; the engine's share is told apart.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.common import Row

ROOT = Path(__file__).resolve().parents[1]


def heard(way: str, mentions: int, home: str) -> dict[str, Any]:
    """What hearing took in one way, in a process of its own with its home at `home`."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "huiying.desk.settings",
        "HUIYING_HOME": home,
        "HUIYING_SECRET": "benchmark",
        "DATABASE_URL": f"sqlite:///{Path(home) / 'hearing.sqlite3'}",
    }
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks._desk", way, str(mentions)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def rows(mentions: int = 20_000) -> list[Row]:
    """What was measured, as the table of results shows it."""
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as other:
        desk, plain = heard("desk", mentions, home), heard("plain", mentions, other)
    if desk["rows"] != plain["rows"]:
        raise AssertionError(f"not the same was written: {desk['rows']} and {plain['rows']}")
    data = f"{mentions:,} posts of real sentences, SQLite; {desk['rows']['Story']:,} stories"
    speed, before = mentions / desk["cpu"], mentions / plain["cpu"]
    writing, wrote = ((one["cpu"] - one["engine"]) / mentions * 1e6 for one in (desk, plain))
    return [
        Row(
            part="hearing",
            what=f"from stored mention to story, level and search; {mentions / desk['wall']:.0f} a second by the clock",
            data=data,
            baseline=f"{before:.0f} (row by row)",
            ours=f"{speed:.0f}",
            reach="1000",
            unit="mentions a second",
        ),
        Row(
            part="hearing",
            what="of that, reading and writing rows, without the engine",
            data=data,
            baseline=f"{wrote:.0f} (row by row)",
            ours=f"{writing:.0f}",
            reach="-",
            unit="us a mention",
        ),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mentions", type=int, default=20_000)
    for row in rows(parser.parse_args().mentions):
        print(f"{row.data}: {row.what}: {row.ours} {row.unit} (baseline: {row.baseline})", flush=True)


if __name__ == "__main__":
    main()
