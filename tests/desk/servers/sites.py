"""A site on this machine that behaves as it is told: well, badly, or with malice."""

import gzip
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

from huiying.desk.net.client import Client, Limits
from huiying.desk.net.guard import Guard, Resolver, system_resolver

Act = Callable[["Handler"], None]
HERE = ip_network("127.0.0.0/8")
QUICK = Limits(packed=2**20, unpacked=2**21, connect=3, read=2, total=2.5, visit=20)


@dataclass
class Site:
    """What the site does at each path, and what it was asked."""

    port: int = 0
    acts: dict[str, Act] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def does(self, path: str, act: Act) -> str:
        self.acts[path] = act
        return self.url(path)

    def says(
        self, path: str, body: bytes | str, kind: str = "application/xml", status: int = 200, **headers: str
    ) -> str:
        """Answers with these bytes; a header `retry_after` is sent as Retry-After."""
        raw = body.encode() if isinstance(body, str) else body

        def act(handler: "Handler") -> None:
            handler.send_response(status)
            handler.send_header("Content-Type", kind)
            handler.send_header("Content-Length", str(len(raw)))
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(raw)

        return self.does(path, act)

    def sends(self, path: str, target: str, status: int = 302) -> str:
        """Redirects."""
        return self.says(path, b"", status=status, location=target)

    def times(self, path: str) -> int:
        return sum(1 for asked, _headers in self.asked if asked == path)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        self.site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        self.close_connection = True
        act = self.site.acts.get(self.path) or self.site.acts.get(self.path.split("?", 1)[0])
        if act is None:
            self.send_error(404)
            return
        with suppress(OSError):  # the visitor goes away: it is meant to
            act(self)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[Site]:
    """A site that is there while the block runs."""
    site = Site()
    handler = type("Bound", (Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.over.set()
        server.shutdown()
        server.server_close()


def visitor(resolve: Resolver = system_resolver, limits: Limits = QUICK) -> Client:
    """The collector's client, to which the operator has listed this machine, in a hurry."""
    return Client(
        guard=Guard(allow=(HERE,), resolve=resolve), limits=limits, gap=0, pause=lambda seconds: None
    )


def head(handler: Handler, kind: str = "application/xml", **headers: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def drip(handler: Handler) -> None:
    """A byte now and then, for ever: each read succeeds, the whole never ends."""
    head(handler)
    while not handler.site.over.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def silence(handler: Handler) -> None:
    """Takes the question and never answers."""
    handler.site.over.wait(30)


def cut(handler: Handler) -> None:
    """Promises more than it sends."""
    head(handler, content_length="5000")
    handler.wfile.write(b"<rss><channel><item><title>half")


@cache
def _nothing() -> bytes:
    return gzip.compress(bytes(100 * 2**20), 6)


def bomb(handler: Handler) -> None:
    """A hundred megabytes of nothing in a hundred kilobytes."""
    raw = _nothing()
    head(handler, content_encoding="gzip", content_length=str(len(raw)))
    handler.wfile.write(raw)


def flood(handler: Handler) -> None:
    """More than anybody may send, without saying how much it will be."""
    head(handler)
    piece = b"<!-- " + b"x" * 65536 + b" -->"
    while not handler.site.over.is_set():
        handler.wfile.write(piece)


def gibberish(handler: Handler) -> None:
    """No HTTP at all."""
    handler.wfile.write(b"\x00\x01 220 mail.example ESMTP ready\r\n\r\n")


def half_packed(handler: Handler) -> None:
    """A gzip stream that breaks off, with a length that agrees."""
    raw = gzip.compress(b"<rss>" + bytes(range(256)) * 200)[:300]
    head(handler, content_encoding="gzip", content_length=str(len(raw)))
    handler.wfile.write(raw)


_nothing()  # made before anybody waits for it
HOSTILE: dict[str, tuple[Act, str]] = {
    "/drip": (drip, "timeout"),
    "/silence": (silence, "timeout"),
    "/cut": (cut, "cut.short"),
    "/bomb": (bomb, "too.large"),
    "/flood": (flood, "too.large"),
    "/gibberish": (gibberish, "answer.broken"),
    "/half-packed": (half_packed, "cut.short"),
}
