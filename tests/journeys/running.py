"""The desk as a new user starts it: `huiying up` in an empty home, with sites to listen to and a robot that takes notices."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from huiying.desk.sample.server import serve

PATIENCE = 60.0


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def sites() -> Iterator[str]:
    """The sample's sites with all of their posts, and its robot; gives their address."""
    server = serve(free_port(), 0.01, datetime.now(UTC) - timedelta(minutes=5))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True, slots=True)
class Running:
    """A desk that is up."""

    base: str
    door: str  # the first-run link that was printed
    home: Path
    environment: dict[str, str]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs `huiying …` against the same home."""
        return subprocess.run(
            [sys.executable, "-m", "huiying.cli", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@contextmanager
def started(home: Path, database: str, *extra: str) -> Iterator[Running]:
    """`huiying up` (with `extra` words) until it answers; stopped afterwards."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HUIYING_", "DJANGO_"))},
        "HUIYING_HOME": str(home),
        "HUIYING_FETCH_ALLOW": "127.0.0.1/32",
        "PYTHONUNBUFFERED": "1",
        **({"DATABASE_URL": database} if database else {}),
    }
    log = home / "up.log"
    with log.open("wb") as out:
        argv = [sys.executable, "-m", "huiying.cli", "up", "--port", str(port), *extra]
        process = subprocess.Popen(argv, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            base = f"http://127.0.0.1:{port}"
            yield Running(base, _door(log, process, base), home, environment)
        finally:
            process.terminate()
            process.wait(40)


def _door(log: Path, process: "subprocess.Popen[bytes]", base: str) -> str:
    """The printed first-run link, once the desk answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"http://\S+/start/enter/\S+/", log.read_text(errors="replace"))
        if found and _answers(base):
            return found.group()
        threading.Event().wait(0.2)
    raise AssertionError(f"the desk did not come up:\n{log.read_text(errors='replace')[-3000:]}")


def _answers(base: str) -> bool:
    try:
        with urlopen(f"{base}/start/", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
