"""Apprise behind the desk's guard: its requests connect to judged addresses only."""

import logging
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import apprise
import urllib3.util.connection

from huiying.desk.net.client import Client
from huiying.desk.net.guard import Guard
from huiying.desk.notify.channels.answers import failed, scrub
from huiying.desk.notify.channels.apprise.form import LIMITS, OURS
from huiying.desk.notify.channels.base import Outcome, Parcel, Result, Route, sent
from huiying.desk.notify.channels.compose import compose, head
from huiying.engine.text import Text

_log = logging.getLogger("apprise")
_guard: ContextVar[Guard | None] = ContextVar("guard", default=None)
_connect = urllib3.util.connection.create_connection


def _judged(address: tuple[str, int], *args: Any, **named: Any) -> socket.socket:
    """urllib3's connect, to judged addresses while a guard is set: redirects and names that change lead nowhere."""
    guard = _guard.get()
    if guard is None:
        return _connect(address, *args, **named)
    return _connect((guard.addresses(*address[:2])[0], address[1]), *args, **named)


urllib3.util.connection.create_connection = _judged
_log.propagate = False  # its lines are kept with the message, not in the log


@contextmanager
def guarded(guard: Guard) -> Iterator[None]:
    """Within it every request of this thread through urllib3 is judged by `guard`."""
    token = _guard.set(guard)
    try:
        yield
    finally:
        _guard.reset(token)


class _Heard(logging.Handler):
    """What Apprise logs in this thread while one message is sent."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.lines.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    heard = _Heard()
    _log.addHandler(heard)
    try:
        yield heard.lines
    finally:
        _log.removeHandler(heard)


def send(parcel: Parcel, route: Route, client: Client) -> Outcome:
    """Sends the notice. Raises Trouble."""
    scheme = route.address.partition("://")[0].lower()
    service = None if scheme in OURS else apprise.Apprise.instantiate(route.address)
    if service is None or not _over_http(service):
        return failed(_no_way(scheme), Result.REFUSED)
    with guarded(client.guard), _listening() as lines:
        told = service.notify(title=head(parcel), body=compose(parcel, LIMITS, top=False))
    if told:
        return sent()
    why = scrub("; ".join(lines), route) or "Apprise: False"
    return failed(Text(f"没有发成：{why}", f"It was not sent: {why}"), Result.UNKNOWN)


def _over_http(service: Any) -> bool:
    """Whether the service speaks through urllib3, where the guard stands; sockets of other kinds are not judged."""
    return hasattr(sys.modules[type(service).__module__], "requests")


def _no_way(scheme: str) -> Text:
    if scheme in OURS:
        return Text(
            f"{scheme}:// 请改用它自己的渠道，Apprise 会把错误当成功",
            f"For {scheme}:// use its own channel: Apprise takes its errors for success",
        )
    return Text(
        f"Apprise 不认识 {scheme}:// 这样的地址，或它不走 HTTP",
        f"Apprise does not know {scheme}://, or it does not speak HTTP",
    )
