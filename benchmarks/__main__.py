"""`python -m benchmarks`: runs every module here that measures, and writes RESULTS.md: figures first."""

import importlib
import os
import pkgutil
import platform
import sys
import time
from pathlib import Path

import benchmarks
from benchmarks.common import Absent, Row, say, table

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"


def measured() -> list[Row]:
    """The rows of every module with `measure()` or `rows()`; one that lacks its data is skipped, saying why."""
    found: list[Row] = []
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name.startswith("_"):
            continue
        loaded = importlib.import_module(f"benchmarks.{module.name}")
        measure = getattr(loaded, "measure", None) or getattr(loaded, "rows", None)
        if measure is None:
            continue
        began = time.perf_counter()
        try:
            found += measure()
        except Absent as absent:
            say(f"{module.name}: skipped, {absent}")
        say(f"{module.name}: {time.perf_counter() - began:.0f} s")
    return found


def main() -> int:
    """Measure and write."""
    rows = measured()
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}, {platform.system()}"
    words = f"# What was measured\n\n{machine}. `make bench` writes this page anew.\n\n{table(rows)}\n"
    RESULTS.write_text(words, encoding="utf-8")
    print(words)
    return 0


if __name__ == "__main__":
    sys.exit(main())
