"""Local servers that take notices: they answer well, lie with a 200, hang, or drop the connection, as a test tells them."""

import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GOOD: dict[str, dict[str, Any]] = {
    "wecom": {"errcode": 0, "errmsg": "ok"},
    "dingtalk": {"errcode": 0, "errmsg": "ok"},
    "feishu": {"code": 0, "msg": "success", "StatusCode": 0},
    "webhook": {"ok": True},
    "sms": {"status": "0", "message": "accepted"},
}
BAD: dict[str, dict[str, Any]] = {
    "wecom": {"errcode": 45002, "errmsg": "content exceed max length"},
    "dingtalk": {"errcode": 88, "errmsg": "something is wrong"},
    "feishu": {"code": 9501, "msg": "something is wrong"},
    "webhook": {"ok": False, "error": "not taken"},
    "sms": {"status": "107", "message": "no balance"},
}


@dataclass(frozen=True, slots=True)
class Got:
    """One request as it came; `taken` says whether the server counts it as delivered."""

    path: str
    headers: dict[str, str]
    body: bytes
    taken: bool

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Channels:
    """What the server does next at a path (the last way is kept), and what it got."""

    address: str = ""
    ways: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)
    pages: dict[str, Callable[[], bytes]] = field(default_factory=dict)  # what a path shows when it does well
    play: Callable[[str], str] | None = None  # decides the way of each request, instead of `ways`
    open: threading.Event = field(default_factory=threading.Event)

    def say(self, path: str, *ways: str) -> str:
        """From now on `path` does these one after another: "good", "lie", "hang", "drop", "html", or a status. Its address."""
        self.ways[path] = list(ways)
        return self.address + path

    def answer(self, path: str, body: Any, status: int = 200) -> str:
        """From now on `path` answers this. Its address."""
        self.answers[path] = (status, body)
        return self.address + path

    def at(self, path: str) -> list[Got]:
        return [one for one in self.got if one.path.split("?")[0] == path]

    def next_way(self, path: str) -> str:
        if self.play is not None:
            return self.play(path)
        ways = self.ways.get(path, ["good"])
        return ways.pop(0) if len(ways) > 1 else ways[0]


class _Handler(BaseHTTPRequestHandler):
    channels: Channels

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._take(b"")

    def do_POST(self) -> None:
        self._take(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _take(self, body: bytes) -> None:
        path = self.path.split("?")[0]
        if path in self.channels.answers:
            self._note(body, taken=True)
            return self._answer(*self.channels.answers[path])
        way, dialect = self.channels.next_way(path), path.split("/")[1]
        self._note(body, taken=way in {"good", "hang", "drop"})
        if way == "hang":
            self.channels.open.wait(20)
            self.close_connection = True
        elif way == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif way == "good" and path in self.channels.pages:
            self._send(200, self.channels.pages[path](), "application/rss+xml")
        elif way == "html":
            self._send(200, b"<html>welcome</html>", "text/html")
        elif way.isdigit():
            self._answer(int(way), {"detail": way})
        else:
            self._answer(200, (GOOD if way == "good" else BAD).get(dialect, {}))
        return None

    def _note(self, body: bytes, *, taken: bool) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.channels.got.append(Got(self.path, headers, body, taken))

    def _answer(self, status: int, said: Any) -> None:
        self._send(status, json.dumps(said).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is part of the play."""


@contextmanager
def serving() -> Iterator[Channels]:
    """A server on a free port of this machine until the block ends."""
    channels = Channels()
    handler = type("Handler", (_Handler,), {"channels": channels})
    server = _Server(("127.0.0.1", 0), handler)
    channels.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield channels
    finally:
        channels.open.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Smtp(socketserver.StreamRequestHandler):
    """Enough of RFC 5321 to take a mail, or to fail at a chosen step."""

    server: "SmtpServer"

    def handle(self) -> None:
        self._say(220, "ready")
        sender, to = "", list[str]()
        while line := self.rfile.readline():
            verb = line.decode().strip()
            step = verb.split(":")[0].split(" ")[0].upper()
            if step in self.server.faults:
                fault = self.server.faults[step]
                if fault == "drop":
                    return
                self._say(int(fault), self.server.words)
                continue
            if step == "DATA":
                self._say(354, "go on")
                if not self._data(sender, to):
                    return
            elif step == "QUIT":
                self._say(221, "bye")
                return
            else:
                sender = verb if step == "MAIL" else sender
                to += [verb] if step == "RCPT" else []
                self._say(250, "ok")

    def _data(self, sender: str, to: list[str]) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        self.server.mails.append((sender, to, b"".join(lines)))
        fault = self.server.faults.get("END", "")
        if fault == "drop":
            return False
        self._say(int(fault or 250), self.server.words if fault else "taken")
        return True

    def _say(self, code: int, words: str) -> None:
        self.wfile.write(f"{code} {words}\r\n".encode())


class SmtpServer(socketserver.ThreadingTCPServer):
    """A mail server; `faults` maps a step (MAIL, RCPT, DATA, END) to a code or "drop"."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.faults: dict[str, str] = {}
        self.words = "no"
        self.mails: list[tuple[str, list[str], bytes]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is part of the play."""


@contextmanager
def serving_mail() -> Iterator[SmtpServer]:
    """A mail server on a free port until the block ends."""
    server = SmtpServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
