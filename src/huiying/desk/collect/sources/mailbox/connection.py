"""An IMAP connection to a judged address, whose every read keeps one deadline and one size."""

import imaplib
import io
import socket
import ssl
from typing import Any

from huiying.desk.collect.trouble import Trouble
from huiying.desk.net.client import Deadline, Limits
from huiying.desk.net.guard import Guard

MOST_BYTES = 5 * 2**20  # a message; larger ones are named and left out


class _Reader(io.RawIOBase):
    """Reads of a socket, each no longer than the deadline leaves: a slow drip ends too."""

    def __init__(self, plug: socket.socket, deadline: Deadline, most: float) -> None:
        self._plug, self._deadline, self._most = plug, deadline, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._plug.settimeout(self._deadline.left(self._most))
        return self._plug.recv_into(buffer)


class _Plug:
    """A socket as imaplib uses it, with reads that keep the deadline."""

    def __init__(self, plug: socket.socket, deadline: Deadline, most: float) -> None:
        self._plug, self._deadline, self._most = plug, deadline, most

    def makefile(self, mode: str = "rb") -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._plug, self._deadline, self._most))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plug, name)


class Mailbox(imaplib.IMAP4):
    """A signed-out connection. Raises what sockets and imaplib raise, and Trouble for a refused address."""

    def __init__(
        self, guard: Guard, host: str, port: int, *, encrypted: bool, deadline: Deadline, limits: Limits
    ) -> None:
        self._guard, self._encrypted = guard.for_mail(), encrypted
        self._deadline, self._limits = deadline, limits
        super().__init__(host, port, limits.connect)

    def _create_socket(self, timeout: float | None) -> Any:
        pinned = self._guard.addresses(self.host, self.port)[0]
        plug = socket.create_connection((pinned, self.port), self._deadline.left(self._limits.connect))
        if self._encrypted:
            plug = ssl.create_default_context().wrap_socket(plug, server_hostname=self.host)
        return _Plug(plug, self._deadline, self._limits.read)

    def read(self, size: int) -> bytes:
        """As imaplib, but never more than a message may have: the server names the size."""
        if size > MOST_BYTES + 65536:
            raise Trouble("too.large", f"{size // 2**20} MB")
        return super().read(size)
