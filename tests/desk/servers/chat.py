"""A language model's service on this machine that speaks the real chat protocol, and behaves as it is told."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Answer = Callable[[dict[str, Any]], tuple[int, bytes]]
PATH = "/v1/chat/completions"


@dataclass
class Service:
    """What the service answers, and what it was asked."""

    port: int = 0
    answer: Answer = lambda asked: (500, b"")
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def says(self, text: str, finish: str = "stop") -> None:
        """Answers every question with `text`."""
        self.answer = lambda asked: (200, said(asked, text, finish))


def said(asked: dict[str, Any], text: str, finish: str = "stop") -> bytes:
    """A whole answer of the protocol."""
    message = {"role": "assistant", "content": text}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": asked["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    return json.dumps(body, ensure_ascii=False).encode()


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.service.asked.append(asked)
        self.service.keys.append(self.headers.get("Authorization", ""))
        status, body = self.service.answer(asked) if self.path == PATH else (404, b"")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[Service]:
    """A service that is there while the block runs."""
    service = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"service": service}))
    server.daemon_threads = True
    service.port = server.server_address[1]
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield service
    finally:
        service.over.set()
        server.shutdown()
        server.server_close()
