"""Places and things that the institution knows: units, roads, estates, schools, projects, and their other names.

[[place]]
name = "滨河苑"
kind = "estate"           # estate, road, school, unit, project, village, station, other
aliases = ["滨河苑小区", "伊景园滨河苑"]
unit = "housing"          # code of the unit whose matter it is; optional
within = "A7县"           # the larger place; optional
"""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from huiying.engine.findings import Finding, Place, Severity
from huiying.engine.text import Text

KINDS = ("estate", "road", "school", "unit", "project", "village", "station", "other")
_KEYS = frozenset({"name", "kind", "aliases", "unit", "within"})
_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A place or thing and its names."""

    name: str
    kind: str = "other"
    aliases: tuple[str, ...] = ()
    unit: str = ""  # code of the unit whose matter it is
    within: str = ""  # name of the larger place


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """All places and things that the institution has written down."""

    places: tuple[Known, ...] = ()


def read_gazetteer(text: str, file: str) -> tuple[Gazetteer, list[Finding]]:
    """The gazetteer of a TOML file; what cannot be read is told and left out."""
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        told = _told(
            file, int(line[1]) if line else None, f"不是正确的 TOML：{error}", f"Not correct TOML: {error}"
        )
        return Gazetteer(), [told]
    rows = data.get("place", [])
    lines = [
        n for n, line in enumerate(text.splitlines(), 1) if line.replace(" ", "").startswith("[[place]]")
    ]
    lines += [1] * len(rows)
    read = [_known(row, file, line) for row, line in zip(rows, lines, strict=False)]
    return Gazetteer(places=tuple(k for k, _ in read if k)), [f for _, found in read for f in found]


def _known(row: Any, file: str, line: int) -> tuple[Known | None, list[Finding]]:
    if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not row["name"].strip():
        return None, [_told(file, line, "每个 [[place]] 要有 name", "Each [[place]] needs a name")]
    found = []
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        found.append(
            _told(
                file,
                line,
                f"不认识的键：{'、'.join(unknown)}",
                f"Unknown keys: {', '.join(unknown)}",
                "warning",
            )
        )
    kind = row.get("kind", "other")
    if kind not in KINDS:
        found.append(
            _told(
                file,
                line,
                f"kind 要是其中之一：{'、'.join(KINDS)}",
                f"kind must be one of {', '.join(KINDS)}",
                "warning",
            )
        )
        kind = "other"
    aliases = tuple(str(a).strip() for a in row.get("aliases", []) if str(a).strip())
    known = Known(
        name=row["name"].strip(),
        kind=kind,
        aliases=aliases,
        unit=str(row.get("unit", "")),
        within=str(row.get("within", "")),
    )
    return known, found


def _told(file: str, line: int | None, zh: str, en: str, level: Severity = "error") -> Finding:
    return Finding(code="gazetteer", level=level, message=Text(zh, en), place=Place(file=file, line=line))
