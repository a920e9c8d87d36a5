"""The HTTP client of the desk: guarded, bounded in size, time and hops, honest about who asks."""

import re
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from types import TracebackType
from typing import Self

import httpcore2
import httpx2

from huiying.desk.net.guard import Guard
from huiying.desk.net.packing import bounded, unpack
from huiying.desk.net.trouble import Trouble
from huiying.engine.text import Text

REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: A name, an IPv4 address or a bare IPv6 address, in ASCII; the underscore is not allowed and seen all the same.
_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?|[0-9A-Fa-f:.]+(?:%[\w.-]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one request may cost. Sizes in bytes, times in seconds."""

    packed: int = 10 * 2**20  # what comes over the wire
    unpacked: int = 20 * 2**20  # after decompression
    connect: float = 10
    read: float = 20  # silence between two pieces
    total: float = 60  # the whole request with its redirects
    visit: float = 120  # after this a visit begins no further request
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a site answered, unpacked."""

    url: str  # after redirects
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def unchanged(self) -> bool:
        """Whether the site says that nothing changed since the validators that were sent."""
        return self.status == 304

    @property
    def content_type(self) -> str:
        """The Content-Type header as sent."""
        return self.headers.get("content-type", "")


@dataclass(slots=True)
class Deadline:
    """One instant of the monotonic clock that every step of a request keeps."""

    at: float
    wrote: bool = False  # whether any part of the request has left

    def left(self, most: float) -> float:
        """Seconds that a step may take. Raises Trouble when none are left."""
        rest = self.at - time.monotonic()
        if rest <= 0:
            raise Trouble("timeout", Text("总时间已到", "the total time is over"))
        return min(rest, most)


class _Stream(httpcore2.NetworkStream):
    """A connection whose every read and write keeps the deadline, so that a slow drip ends too."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: Deadline, limits: Limits) -> None:
        self._inner, self._deadline, self._limits = inner, deadline, limits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(self._limits.read))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        left = self._deadline.left(self._limits.read)
        self._deadline.wrote = True
        self._inner.write(buffer, left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = self._deadline.left(self._limits.connect)
        inner = self._inner.start_tls(ssl_context, server_hostname, left)
        return _Stream(inner, self._deadline, self._limits)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Connects to judged addresses only."""

    def __init__(self, guard: Guard, deadline: Deadline, limits: Limits) -> None:
        self._guard, self._deadline, self._limits = guard, deadline, limits
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        error: Exception = httpcore2.ConnectError(host)
        for address in self._guard.addresses(host, port):
            left = self._deadline.left(self._limits.connect)
            try:
                inner = self._plain.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failed:
                error = failed
            else:
                return _Stream(inner, self._deadline, self._limits)
        raise error


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass(slots=True)
class Client:
    """Fetches addresses for one visit to a source; close it afterwards.

    `pause` is called with the seconds of the host's minimum gap before every further request to the same host.
    """

    guard: Guard = field(default_factory=Guard)
    agent: str = "Huiying"
    limits: Limits = field(default_factory=Limits)
    gap: float = 1.0
    pause: Callable[[float], None] = time.sleep
    _hosts: set[str] = field(default_factory=set)
    _opened: float = field(default_factory=time.monotonic)

    @property
    def spent(self) -> bool:
        """Whether the visit has taken its time: what is left to fetch waits for the next one."""
        return time.monotonic() - self._opened > self.limits.visit

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hosts.clear()

    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, private: Mapping[str, str] | None = None
    ) -> Answer:
        """Fetches `url` through its redirects. Raises Trouble.

        `private` headers (tokens) go to the first origin only; a redirect elsewhere does not take them along.
        """
        deadline = Deadline(time.monotonic() + self.limits.total)
        place, first, seen = check_url(url), origin(url), set[str]()
        while True:
            if place in seen or len(seen) > self.limits.redirects:
                raise Trouble("redirect.loop", _short(place))
            seen.add(place)
            secret = private if private and origin(place) == first else {}
            answer = self._once(place, {**(headers or {}), **(secret or {})}, deadline)
            target = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not target:
                return _judged(answer)
            place = check_url(_joined(place, target))

    def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Answer:
        """Sends `body` once, follows nothing, and returns the answer whatever its status.

        Raises Trouble; it is `uncertain` when the request had begun to leave, so that the other side may have acted on it.
        """
        return self._send("POST", url, body, headers)

    def ask(self, url: str, *, headers: Mapping[str, str]) -> Answer:
        """As `post`, for interfaces that act on a GET."""
        return self._send("GET", url, None, headers)

    def _send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        deadline = Deadline(time.monotonic() + self.limits.total)
        try:
            return self._once(check_url(url), headers, deadline, method=method, content=body)
        except Trouble as trouble:
            trouble.uncertain = deadline.wrote
            raise

    def _once(
        self,
        url: str,
        headers: Mapping[str, str],
        deadline: Deadline,
        *,
        method: str = "GET",
        content: bytes | None = None,
    ) -> Answer:
        self._take_turn(url)
        asked = {"User-Agent": self.agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate", **headers}
        backend = _Backend(self.guard, deadline, self.limits)
        with (
            _translated(url),
            httpcore2.ConnectionPool(ssl_context=_tls(), network_backend=backend) as pool,
            pool.stream(method, url, headers=[*asked.items()], content=content) as response,
        ):
            named = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
            body = b"" if response.status in REDIRECTS else self._read(response.iter_stream(), named)
            return Answer(url=url, status=response.status, headers=named, body=body)

    def _read(self, pieces: Iterator[bytes], headers: Mapping[str, str]) -> bytes:
        counted = bounded(pieces, self.limits.packed)
        packing = headers.get("content-encoding", "").strip().lower()
        return b"".join(bounded(unpack(counted, packing), self.limits.unpacked))

    def _take_turn(self, url: str) -> None:
        host = host_of(url)
        if host in self._hosts and self.gap > 0:
            self.pause(self.gap)
        self._hosts.add(host)


def check_url(url: str) -> str:
    """The address in plain ASCII form. Raises Trouble for other schemes, no host, or a password in the address."""
    try:
        parsed = httpx2.URL(url.strip())
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise Trouble("address.invalid", _short(url)) from error
    if parsed.scheme not in {"http", "https"} or not _HOST.fullmatch(
        parsed.raw_host.decode("ascii", "replace")
    ):
        raise Trouble("address.invalid", _short(url))
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise Trouble("address.invalid", _short(url))
    if parsed.userinfo:
        hidden = Text("地址里不能写账号口令", "an address must not carry an account or password")
        raise Trouble("address.invalid", hidden)
    return str(parsed.copy_with(fragment=None))


def host_of(url: str) -> str:
    """The host of an address, or an empty string."""
    try:
        return httpx2.URL(url).host
    except (httpx2.InvalidURL, UnicodeError, ValueError):
        return ""


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what may share a secret."""
    parsed = httpx2.URL(url.strip())
    return parsed.scheme, parsed.host, parsed.port


def _joined(base: str, target: str) -> str:
    try:
        return str(httpx2.URL(base).join(target))
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise Trouble("address.invalid", _short(target)) from error


def _short(url: str) -> str:
    """An address for a message: without its query, which may carry a key."""
    return url.split("?", 1)[0][:200]


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """Turns the library's errors into troubles."""
    where = _short(url)
    try:
        yield
    except (httpcore2.ConnectTimeout, httpcore2.ReadTimeout, httpcore2.WriteTimeout) as error:
        raise Trouble("timeout", where) from error
    except httpcore2.ConnectError as error:
        cause = error.__cause__ or error.__context__
        raise Trouble("tls.failed" if isinstance(cause, ssl.SSLError) else "connect.failed", where) from error
    except httpcore2.RemoteProtocolError as error:
        short = "complete message body" in str(error) or "closed connection" in str(error)
        raise Trouble("cut.short" if short else "answer.broken", where) from error
    except (httpcore2.ReadError, httpcore2.WriteError) as error:
        raise Trouble("cut.short", where) from error
    except (httpcore2.ProtocolError, httpcore2.UnsupportedProtocol) as error:
        raise Trouble("answer.broken", where) from error


def _judged(answer: Answer) -> Answer:
    """The answer if it is one; Trouble for every status that is not."""
    if answer.status == 304 or 200 <= answer.status < 300:
        return answer
    code = {401: "http.denied", 403: "http.denied", 404: "http.gone", 410: "http.gone", 429: "http.busy"}
    kind = code.get(answer.status, "http.server" if answer.status >= 500 else "http.other")
    wait = retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC))
    raise Trouble(kind, f"HTTP {answer.status}", retry_after=wait, evidence=answer.body[:20_000])


def retry_after(text: str, now: datetime, most: timedelta = timedelta(days=1)) -> timedelta | None:
    """How long a Retry-After header (RFC 9110, 10.2.3) asks us to stay away, at most a day; None if it says nothing."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), most)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta(0)), most)
