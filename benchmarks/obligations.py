"""What is owed on 100,000 open cases of 30 entries each: all recomputed, and after one new entry each.

    python -m benchmarks.obligations [--cases N] [--entries N] [--plan NAME]

Data: made here, by seed. The kinds of entry follow what a case of the shipped plan goes through (graded, reported,
assigned, answered, promised, raised, urged, extended); no two cases are alike. One process; processor time, so that other work on
the machine does not count.
"""

import argparse
import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.common import Row
from huiying import calendars, plans
from huiying.engine.calendar import Calendar, read_calendar
from huiying.engine.journal import Entry, Kind, instant
from huiying.engine.obligations import Ledger, obligations
from huiying.engine.plan import Plan, read_plan

BEGINNING = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
CHUNK = 1000
UNITS = ("u1", "u2", "u3", "u4", "u5")


def the_plan(name: str) -> Plan:
    plan, findings = read_plan(plans.shipped()[name], file=f"{name}.toml", library=plans.shipped())
    if plan is None:
        raise SystemExit("\n".join(finding.message.en for finding in findings))
    return plan


def the_calendar(name: str) -> Calendar:
    calendar, findings = read_calendar(calendars.shipped()[name], f"{name}.toml")
    if calendar is None:
        raise SystemExit("\n".join(finding.message.en for finding in findings))
    return calendar


def _middle(chance: random.Random, at: datetime, number: int, plan: Plan) -> tuple[Kind, dict[str, Any]]:
    """One of the things that happen while a case is handled."""
    later = instant(at + timedelta(hours=chance.randint(2, 200)))
    recipients = [item.id for item in plan.recipients] or ["higher"]
    happens: list[Callable[[], tuple[Kind, dict[str, Any]]]] = [
        lambda: (Kind.PROGRESS, {"text": "进展"}),
        lambda: (Kind.NOTE, {"text": "记录"}),
        lambda: (Kind.TOLD, {"stage": "due", "recipient": "1", "channel": "mail", "message": number}),
        lambda: (Kind.ACKNOWLEDGED, {"stage": "due", "recipient": "1", "channel": "mail", "message": number}),
        lambda: (Kind.MENTIONS_ADDED, {"mentions": [number]}),
        lambda: (
            Kind.REPORTED,
            {"to": chance.choice(recipients), "means": chance.choice(("phone", "paper"))},
        ),
        lambda: (Kind.PUBLISHED, {"stage": chance.choice(("first", "progress", "formal")), "form": "reply"}),
        lambda: (Kind.PROMISED, {"ref": f"p{number}", "due_at": later, "text": "修好"}),
        lambda: (Kind.PROMISE_KEPT, {"ref": f"p{number - 1}"}),
        lambda: (
            Kind.ASSIGNED,
            {"unit": chance.choice(UNITS), "part": chance.choice(("lead", "cooperating"))},
        ),
        lambda: (Kind.ACCEPTED, {"unit": chance.choice(UNITS)}),
        lambda: (Kind.UNIT_REPORTED, {"unit": chance.choice(UNITS), "text": "已办"}),
        lambda: (Kind.INSTRUCTED, {"ref": f"i{number}", "text": "速办"}),
        lambda: (Kind.INSTRUCTION_DONE, {"ref": f"i{number - 1}"}),
        lambda: (Kind.URGED, {"number": f"u{number}", "unit": chance.choice(UNITS), "text": "速报"}),
        lambda: (Kind.LINES_SET, {"version": number}),
        lambda: (Kind.LEVEL_CONFIRMED, {"level": chance.randint(1, len(plan.levels))}),
        lambda: (Kind.EXTENSION_GRANTED, {"obligation": "formal", "new_due_at": later}),
    ]
    return chance.choice(happens)()


def journal(seed: int, entries: int, plan: Plan) -> list[Entry]:
    """A case of its own."""
    chance = random.Random(seed)
    at = BEGINNING + timedelta(minutes=chance.randint(0, 60 * 24 * 90))
    rows: list[tuple[Kind, dict[str, Any]]] = [
        (Kind.OPENED, {"title": "x", "how": "story", "discovered_at": instant(at), "posted_at": instant(at)}),
        (Kind.VERIFIED, {"outcome": "true"}),
        (Kind.LEVEL_CONFIRMED, {"level": chance.randint(1, len(plan.levels))}),
        (Kind.ASSIGNED, {"unit": "u1", "part": "lead"}),
    ]
    made: list[Entry] = []
    for number in range(1, entries + 1):
        kind, data = rows[number - 1] if number <= len(rows) else _middle(chance, at, number, plan)
        made.append(Entry(seq=number, at=at, recorded_at=at, kind=kind, actor="person:1", data=data))
        at += timedelta(seconds=chance.randint(60, 60 * 60 * 8))
    return made


def chunks(cases: int, entries: int, plan: Plan) -> Iterator[list[list[Entry]]]:
    """The cases, a thousand at a time, so that memory holds them and only the work is timed."""
    for first in range(0, cases, CHUNK):
        gc.unfreeze()
        yield [journal(seed, entries, plan) for seed in range(first, min(first + CHUNK, cases))]


def settled_memory() -> None:
    """Tell the garbage collector that what lives now lives on: a process that holds its cases would do the same."""
    gc.collect()
    gc.freeze()


def full(cases: int, entries: int, plan: Plan, calendar: Calendar) -> tuple[float, float]:
    """Processor seconds to work out every case from its whole journal, and obligations a case."""
    spent, owed = 0.0, 0
    for journals in chunks(cases, entries, plan):
        now = journals[0][-1].at
        settled_memory()
        begin = time.process_time()
        for one in journals:
            owed += len(obligations(plan, one, calendar, now))
        spent += time.process_time() - begin
    return spent, owed / cases


def one_more(cases: int, entries: int, plan: Plan, calendar: Calendar) -> tuple[float, list[float]]:
    """Processor seconds to take one new entry on every case and say again what is owed; and each chunk's microseconds a case."""
    spent, each = 0.0, []
    for journals in chunks(cases, entries, plan):
        now = journals[0][-1].at
        ledgers = [(Ledger(plan, calendar, one[:-1]), one[-1]) for one in journals]
        for ledger, _entry in ledgers:
            ledger.obligations(now)
        settled_memory()
        begin = time.process_time()
        for ledger, entry in ledgers:
            ledger.add(entry)
            ledger.obligations(now)
        took = time.process_time() - begin
        spent += took
        each.append(took / len(journals) * 1e6)
    return spent, each


def rows(cases: int = 100_000, entries: int = 30, plan_name: str = "school") -> Iterator[Row]:
    """What was measured, as the table of results shows it."""
    plan, calendar = the_plan(plan_name), the_calendar("CN")
    data = f"{cases:,} cases of {entries} entries, plan {plan.id}, made by seed"
    spent, owed = full(cases, entries, plan, calendar)
    yield Row(
        part="obligations",
        what=f"all recomputed, {owed:.1f} obligations a case; {spent / cases * 1e6:.0f} us a case",
        data=data,
        baseline="-",
        ours=f"{spent:.1f}",
        reach="20",
        unit="s",
    )
    spent, each = one_more(cases, entries, plan, calendar)
    yield Row(
        part="obligations",
        what=f"one new entry on each; median of {len(each)} chunks {statistics.median(each):.1f}",
        data=data,
        baseline="-",
        ours=f"{spent / cases * 1e6:.1f}",
        reach="20",
        unit="us a case",
    )
    for length in (10, 30, 100, 300):
        whole, owed = full(1000, length, plan, calendar)
        added, _each = one_more(1000, length, plan, calendar)
        yield Row(
            part="obligations",
            what=f"growth: in full {whole * 1000:.0f} us a case ({whole * 1000 / length:.1f} an entry), {owed:.0f} obligations; one more",
            data=f"1,000 cases of {length} entries",
            baseline="-",
            ours=f"{added * 1000:.1f}",
            reach="-",
            unit="us a case",
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--plan", default="school", choices=sorted(plans.shipped()))
    args = parser.parse_args()
    for row in rows(args.cases, args.entries, args.plan):
        print(f"{row.data}: {row.what}: {row.ours} {row.unit} (to reach: {row.reach})", flush=True)


if __name__ == "__main__":
    main()
