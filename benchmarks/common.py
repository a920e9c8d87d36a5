"""What every benchmark shares: the data, one row of the table of results, the clock."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class Absent(Exception):
    """What a benchmark needs is not here; its message says what and where to put it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured figure."""

    part: str  # stories, copies, watches ...
    what: str  # what was measured
    data: str  # on what
    baseline: str  # the figure of the named baseline, measured in the same run unless it says otherwise
    ours: str
    reach: str  # the figure to reach
    unit: str = ""


def data_dir() -> Path:
    """Where the public data lies: HUIYING_DATA, else shared/data beside the checkout. Raises Absent."""
    place = Path(os.environ.get("HUIYING_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
    if not place.is_dir():
        raise Absent(f"the public data is not at {place}; name its place in HUIYING_DATA")
    return place


def need(*parts: str) -> Path:
    """A file of the public data. Raises Absent."""
    path = data_dir().joinpath(*parts)
    if not path.exists():
        raise Absent(f"{path} is missing")
    return path


def tsv(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a tab-separated file with a header, as they stand (no quoting)."""
    with path.open(encoding="utf-8") as lines:
        names = next(lines).rstrip("\n").split("\t")
        for line in lines:
            yield dict(zip(names, line.rstrip("\n").split("\t"), strict=False))


def table(rows: list[Row]) -> str:
    """Rows as a Markdown table."""
    head = "| part | what | data | baseline | ours | reach |\n|---|---|---|---|---|---|"
    return "\n".join(
        [
            head,
            *(
                f"| {r.part} | {r.what} | {r.data} | {r.baseline} | **{r.ours}** {r.unit} | {r.reach} |"
                for r in rows
            ),
        ]
    )


def say(text: str) -> None:
    """Progress, to standard error."""
    print(text, file=sys.stderr, flush=True)
