"""The whole fold: mentions a second on one core, and memory, with 10,000 and with 1,000,000 mentions in the window.

Posts of about 100 characters (`benchmarks.stream`) are heard with 1,000 watches, 2,000 at a time as `huiying hear` does, and
every one is grouped whether a watch answers or not. Seconds are those of the processor, with one thread; making the posts is
not counted. Each measurement has a process of its own, whose greatest memory is told as the system saw it (numpy, the word
lists and the watches included). The window is filled by hearing: where that takes longer than PATIENCE seconds of the clock
(HUIYING_PATIENCE names others), the row says how many were in it by then and is measured there.

The baseline does less: the nearest neighbour by TF-IDF of characters (scikit-learn, compiled) only groups, without watches,
copies, tone, heat and proposals; MinHash with bands (rensa, compiled) only finds copies.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from rensa import RMinHash, RMinHashLSH

from benchmarks.common import Row, need, say
from benchmarks.nearest import CHARACTERS
from benchmarks.stream import posts, queries
from huiying.engine.listen.fold import Config, State, hear
from huiying.engine.listen.mention import Mention

WATCHES, AT_ONCE = 1_000, 2_000
SMALL, LARGE, MEASURED = 10_000, 1_000_000, 10_000
PATIENCE = 300
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)
_STAGES = {"sense": "watches and tone", "join": "grouping", "tell": "telling"}


@dataclass(slots=True)
class Measured:
    """One process's figures."""

    window: int  # mentions in it when measuring began
    rate: float  # mentions a second of processor time
    stages: dict[str, float]  # microseconds a mention
    filled: float  # seconds of the clock that filling took
    peak: float  # MiB
    matched: float = 0.0  # share that answers a watch


@dataclass(slots=True)
class Clock:
    """Processor time by stage, for `hear`."""

    spent: dict[str, float] = field(default_factory=dict)
    stage: str = ""
    since: float = 0.0

    def __call__(self, stage: str) -> None:
        now = time.process_time()
        if self.stage:
            self.spent[self.stage] = self.spent.get(self.stage, 0.0) + now - self.since
        self.stage, self.since = stage, now


def batches(count: int, size: int = AT_ONCE) -> Iterator[list[Mention]]:
    """The stream in pieces. Raises Absent."""
    stream = posts(count)
    while batch := list(islice(stream, size)):
        yield batch


def folded(window: int, patience: float, *, everything: bool) -> Measured:
    """Fill the window, then measure the next MEASURED mentions. `everything`: group what no watch answers to as well."""
    config = Config(watches=tuple(queries(WATCHES)), group_unmatched=everything)
    stream = batches(window + MEASURED)
    state, heard, began = State(), 0, time.perf_counter()
    while heard < window and (heard < SMALL or time.perf_counter() - began < patience):
        batch = next(stream)
        state, _results = hear(state, batch, config)
        heard += len(batch)
        if heard % 50_000 == 0:
            say(f"fold: {heard:,} in the window after {time.perf_counter() - began:.0f} s")
    filled = time.perf_counter() - began
    clock, spent, hits, count = Clock(), 0.0, 0, 0
    for batch in islice(stream, MEASURED // AT_ONCE):
        since = time.process_time()
        state, results = hear(state, batch, config, clock)
        spent += time.process_time() - since
        hits += sum(bool(one.hits) for one in results.heard)
        count += len(batch)
    stages = {name: seconds / count * 1e6 for name, seconds in clock.spent.items()}
    return Measured(heard, count / spent, stages, filled, peak(), hits / count)


def neighbours() -> Measured:
    """The nearest neighbour by TF-IDF among the last 10,000, every mention joined to it: grouping alone."""
    stream = batches(SMALL + MEASURED)
    window = [m.text for batch in islice(stream, SMALL // AT_ONCE) for m in batch]
    table = CHARACTERS.fit_transform(window).tocsr()
    spent, count = 0.0, 0
    for batch in stream:
        since = time.process_time()
        vectors = CHARACTERS.transform([m.text for m in batch])
        for start in range(0, len(batch), 500):
            like = vectors[start : start + 500] @ table.T
            like.max(axis=1).toarray()
        spent += time.process_time() - since
        count += len(batch)
    return Measured(SMALL, count / spent, {}, 0.0, peak())


def copies() -> Measured:
    """MinHash of 128 values over character triples with bands: copies alone."""
    index = RMinHashLSH(0.5, 128, 32)
    hashes: list[RMinHash] = []
    spent, count = 0.0, 0
    for place, batch in enumerate(batches(SMALL + MEASURED)):
        since = time.process_time()
        for mention in batch:
            one = RMinHash(128, 42)
            one.update([mention.text[at : at + 3] for at in range(max(1, len(mention.text) - 2))])
            max(((one.jaccard(hashes[other]), -other) for other in index.query(one)), default=None)
            index.insert(len(hashes), one)
            hashes.append(one)
        if place * AT_ONCE >= SMALL:
            spent += time.process_time() - since
            count += len(batch)
    return Measured(SMALL, count / spent, {}, 0.0, peak())


def peak() -> float:
    """The greatest memory of this process so far, in MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1 << 20) if sys.platform == "darwin" else most / 1024


def apart(*wanted: str) -> Measured:
    """One measurement in a process of its own."""
    root = Path(__file__).resolve().parents[1]
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.fold", "--alone", *wanted],
        cwd=root,
        env={**os.environ, **_ONE_THREAD},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Measured(**json.loads(ran.stdout.splitlines()[-1]))


def rows() -> list[Row]:
    """What is printed. Raises Absent."""
    need("hot-issues", "messages.tsv")
    patience = os.environ.get("HUIYING_PATIENCE", str(PATIENCE))
    small, live = apart("fold", str(SMALL), patience), apart("live", str(SMALL), patience)
    near, copied = apart("neighbours"), apart("copies")
    large = apart("fold", str(LARGE), patience)
    base = (
        f"grouping alone, nearest neighbour by TF-IDF of characters (scikit-learn): {near.rate:,.0f}/s; "
        f"copies alone, MinHash with bands (rensa): {copied.rate:,.0f}/s"
    )
    return [
        _row(f"mentions a second, {small.window:,} in the window", base, small, "10,000"),
        _row(f"the same as the desk runs it: only what answers a watch is grouped, {live.matched:.0%} do", "", live, "10,000"),
        _row(f"mentions a second, {large.window:,} in the window, filled in {large.filled:,.0f} s", f"ours with {small.window:,}: {small.rate:,.0f}/s",
             large, f"half of that with {SMALL:,}; under 2 GiB"),
    ]  # fmt: skip


def _row(what: str, baseline: str, it: Measured, reach: str) -> Row:
    stages = ", ".join(f"{_STAGES.get(name, name)} {spent:.0f} µs" for name, spent in it.stages.items())
    return Row(
        part="whole fold",
        what=f"{what} (one core, {WATCHES:,} watches)",
        data="posts of 100 characters, benchmarks/stream.py",
        baseline=baseline,
        ours=f"{it.rate:,.0f}/s, {it.peak:,.0f} MiB at most",
        unit=f"({stages})",
        reach=reach,
    )


_ALONE: dict[str, Callable[[Sequence[str]], Measured]] = {
    "fold": lambda said: folded(int(said[0]), float(said[1]), everything=True),
    "live": lambda said: folded(int(said[0]), float(said[1]), everything=False),
    "neighbours": lambda said: neighbours(),
    "copies": lambda said: copies(),
}


def main() -> None:
    """All measurements, or in a process of its own one of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--alone", nargs="+", metavar="WHAT")
    alone = parser.parse_args().alone
    if alone:
        print(json.dumps(asdict(_ALONE[alone[0]](alone[1:]))))
        return
    for row in rows():
        print(f"{row.what}\n    ours {row.ours} {row.unit}\n    baseline {row.baseline}")


if __name__ == "__main__":
    main()
