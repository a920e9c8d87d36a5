"""Watches as files name them, and how what is wrong with a file is told."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from huiying.engine.findings import Finding, Place, Severity
from huiying.engine.listen.query_parts import Query
from huiying.engine.text import Text

_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedQuery:
    """A watch as a file names it."""

    name: str
    query: Query
    cap: int | None = None  # at most so many mentions are listed


def collect(
    read: Iterable[tuple[NamedQuery | None, list[Finding]]],
) -> tuple[list[NamedQuery], list[Finding]]:
    """Watches with a name each, a number behind those that stand twice; and all findings."""
    watches: dict[str, NamedQuery] = {}
    found: list[Finding] = []
    for watch, noted in read:
        found += noted
        if watch:
            name = _free(watch.name, watches)
            watches[name] = replace(watch, name=name)
    return list(watches.values()), found


def told(
    code: str, place: Place, said: Text, *, level: Severity = "error", mend: Text | None = None
) -> Finding:
    """A finding on a file."""
    return Finding(code=code, level=level, message=said, place=place, mend=mend)


def toml_line(error: tomllib.TOMLDecodeError) -> int | None:
    """The line that a TOML error names."""
    match = _LINE.search(str(error))
    return int(match[1]) if match else None


def _free(name: str, taken: Iterable[str]) -> str:
    free, serial = name, 2
    while free in taken:
        free, serial = f"{name} {serial}", serial + 1
    return free
