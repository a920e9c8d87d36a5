"""A process with the desk loaded, that bears workers and web servers in a few milliseconds and lives on when they die.

It reads a word a line from its input ("worker", "web", or a request for a report) and answers with the child's process
id. Everybody lives by one quick clock: `FORKER_RATE` seconds of the desk pass in each real second.
"""

import json
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "huiying.desk.settings"
RATE = float(os.environ.get("FORKER_RATE", "1"))
BEGUN = float(os.environ.get("FORKER_BEGUN", "0"))


def clock() -> datetime:
    """The desk's clock: right at the beginning, quick from then on."""
    return datetime.fromtimestamp(BEGUN, UTC) + timedelta(seconds=(time.time() - BEGUN) * RATE)


def work() -> None:
    """A worker with short roads: half a second in all for each message."""
    from huiying.desk.collect.house import open_client
    from huiying.desk.net.client import Client, Limits
    from huiying.desk.net.guard import Guard
    from huiying.desk.net.listed import listed
    from huiying.desk.worker.jobs import Roads
    from huiying.desk.worker.loop import run

    short = Limits(connect=1, read=0.25, total=0.5)
    roads = Roads(
        send=lambda: Client(guard=Guard(allow=listed()), limits=short, gap=0),
        visit=lambda: open_client(Limits(connect=1, read=1, total=3, visit=5)),
        poll=0.03,
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run(roads.lanes(), clock=clock, stop=stop)


def serve() -> None:
    """A web server; a killed one's port is taken as soon as it is free."""
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

    from huiying.desk.wsgi import application

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True
        request_queue_size = 64

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    while True:
        try:
            server = Server(("127.0.0.1", int(os.environ["FORKER_PORT"])), Quiet)
            break
        except OSError:  # the one that was killed is not quite gone
            time.sleep(0.01)
    server.set_app(application)
    server.serve_forever(0.05)


def report(name: str) -> None:
    """Run one function of `tests.desk.servers.killing_ground` and write what it returns into a file."""
    from tests.desk.servers import killing_ground

    told: Any = getattr(killing_ground, name)(clock)
    draft = Path(os.environ["HUIYING_HOME"]) / f"{name}.part"
    draft.write_text(json.dumps(told))
    draft.rename(draft.with_suffix(".json"))


CALLS: dict[str, Callable[[], None]] = {"worker": work, "web": serve}


def bear(word: str) -> int:
    """A child that does what the word says, in a session of its own."""
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 1
    try:
        CALLS.get(word, lambda: report(word))()
        status = 0
    except BaseException as error:
        print(f"{word}: {error!r}", file=sys.stderr, flush=True)
        raise
    finally:
        os._exit(status)


def main() -> None:
    import django
    from django.urls import reverse
    from django.utils import timezone

    timezone.now = clock
    warnings.simplefilter("ignore")
    django.setup()
    import huiying.desk.worker.jobs
    import huiying.desk.wsgi  # noqa: F401 - loaded once, here
    import tests.desk.servers.killing_ground  # noqa: F401

    reverse("cases:open")  # knows every address
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are buried at once
    print("ready", flush=True)
    for line in sys.stdin:
        print(bear(line.strip()), flush=True)


if __name__ == "__main__":
    main()
