"""Whether answering times are lognormal, and how fast a plan is rehearsed.

    python -m benchmarks.drill

Data: `replies/replies.tsv`, 2,816 messages to a city government with the times of message and reply. Each distribution is
fitted by maximum likelihood on a random half and compared with the other half by Kolmogorov's distance, so that a family with
more freedom is not favoured. The rehearsal: 100 matters, one every three hours, the shipped school plan and its roster.
"""

import random
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scipy import stats

from benchmarks.common import Row, need, table, tsv
from benchmarks.obligations import the_calendar, the_plan
from huiying import plans
from huiying.engine.listen.dates import read_instant
from huiying.engine.plan.check import read_roster
from huiying.engine.plan.drill import Matter, scene

ZONE = ZoneInfo("Asia/Shanghai")
FAMILIES: dict[str, Any] = {
    "lognormal": stats.lognorm,
    "Weibull": stats.weibull_min,
    "gamma": stats.gamma,
    "exponential": stats.expon,
}
SPLITS, RUNS, MATTERS = 20, 10, 100


def delays() -> list[float]:
    """Hours from message to reply."""
    found, now = [], datetime(2030, 1, 1, tzinfo=UTC)
    for row in tsv(need("replies", "replies.tsv")):
        asked, said = (read_instant(row[key], now=now, zone=ZONE) for key in ("time", "reply_time"))
        if asked and said and said > asked:
            found.append((said - asked).total_seconds() / 3600)
    return found


def distances(hours: list[float]) -> dict[str, float]:
    """Family -> Kolmogorov's distance from the half that it was not fitted on, mean over splits."""
    found: dict[str, list[float]] = {name: [] for name in FAMILIES}
    for seed in range(SPLITS):
        shuffled = random.Random(seed).sample(hours, len(hours))
        fit, rest = shuffled[: len(hours) // 2], shuffled[len(hours) // 2 :]
        for name, family in FAMILIES.items():
            found[name].append(stats.kstest(rest, family.name, family.fit(fit, floc=0)).statistic)
    return {name: statistics.fmean(values) for name, values in found.items()}


def speed() -> float:
    """Runs a second, by processor time."""
    calendar = the_calendar("CN")
    roster, _findings = read_roster(plans.rosters()["school"], file="school", zone=ZONE)
    assert roster is not None
    start = datetime(2026, 9, 8, 1, 0, tzinfo=UTC)
    matters = [Matter(at=start + n * timedelta(hours=3), level=1 + n % 3) for n in range(MATTERS)]
    ready = scene(the_plan("school"), roster, matters, calendar)
    ready.play(0)
    began = time.process_time()
    for number in range(RUNS):
        ready.play(number)
    return RUNS / (time.process_time() - began)


def rows() -> list[Row]:
    """What is printed."""
    hours = delays()
    found = distances(hours)
    others = "; ".join(f"{name} {value:.3f}" for name, value in found.items() if name != "lognormal")
    return [
        Row(
            part="rehearsal",
            what="fit of answering times (Kolmogorov's distance, less is better)",
            data=f"{len(hours):,} replies, {SPLITS} random halves",
            baseline=others,
            ours=f"lognormal {found['lognormal']:.3f}",
            reach="least of the four",
        ),
        Row(
            part="rehearsal",
            what="runs of a plan with its people, one processor",
            data=f"school plan, {MATTERS} matters",
            baseline="-",
            ours=f"{speed():.1f}",
            reach="-",
            unit="runs/s",
        ),
    ]


if __name__ == "__main__":
    print(table(rows()))
