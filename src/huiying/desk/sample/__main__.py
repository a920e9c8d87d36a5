"""`python -m huiying.desk.sample --port N`: serves the sample's sites until it is stopped."""

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from huiying.desk.sample.play import MINUTES, Play, read
from huiying.desk.sample.server import serve
from huiying.desk.worker.supervisor import follow_parent


def main() -> int:
    """Serve; returns 1 with a sentence when the port is taken."""
    words = argparse.ArgumentParser(prog="python -m huiying.desk.sample", description=__doc__)
    words.add_argument("--port", type=int, default=8610)
    words.add_argument(
        "--home", type=Path, default=Path("var"), help="where sample.json tells when the play began"
    )
    given = words.parse_args()
    play = read(given.home) or Play(started=datetime.now(UTC), minutes=MINUTES)
    try:
        server = serve(given.port, play.minutes, play.started)
    except OSError as error:
        print(f"Port {given.port} is taken ({error.strerror}); give another with --port.", file=sys.stderr)
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    follow_parent(stop.set)
    threading.Thread(target=server.serve_forever, name="sites", daemon=True).start()
    stop.wait()
    server.shutdown()
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
