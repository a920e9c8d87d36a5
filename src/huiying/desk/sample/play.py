"""When the sample began, kept in a file beside the database: the desk's commands and pages look at the same one."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE = "sample.json"
MINUTES = 6.0
ADDRESS = "HUIYING_SAMPLE"  # environment: where the sample's sites are served, told by `huiying up`


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A sample under way, or over."""

    started: datetime
    minutes: float

    def share(self, now: datetime) -> float:
        """How much of it has been played, 0 to 1."""
        return min(max((now - self.started) / timedelta(minutes=self.minutes), 0.0), 1.0)


def read(home: Path) -> Play | None:
    """The sample of this desk; None where there is none. Raises ValueError for a file that was tampered with."""
    path = home / FILE
    if not path.exists():
        return None
    said = json.loads(path.read_text(encoding="utf-8"))
    return Play(
        started=datetime.fromisoformat(said["started"]).astimezone(UTC), minutes=float(said["minutes"])
    )


def write(home: Path, play: Play) -> None:
    """Say that a sample is under way; the file appears whole or not at all."""
    draft = home / f".{FILE}-{os.getpid()}"
    draft.write_text(json.dumps({**asdict(play), "started": play.started.isoformat()}), encoding="utf-8")
    draft.replace(home / FILE)


def address(environment: Mapping[str, str], desk: str) -> str:
    """Where the sample's sites are served: as `huiying up` says, else ten ports above the desk's own address."""
    given = environment.get(ADDRESS, "")
    if given:
        return given.rstrip("/")
    port = desk.rsplit(":", 1)[-1]
    return f"http://127.0.0.1:{int(port) + 10 if port.isdigit() else 8610}"
