"""New messages of one folder: read-only, by UID (RFC 9051), with the same address guard as the web."""

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from huiying.desk.collect.sources.base import Harvest, Payload, Rejected, Visit
from huiying.desk.collect.sources.mailbox.parse import parse
from huiying.desk.collect.trouble import Trouble
from huiying.desk.net.guard import Guard
from huiying.engine.text import Text

MOST_MESSAGES = 100  # a visit; the rest waits for the next one
MOST_BYTES = 5 * 2**20  # a message; larger ones are named and left out
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class _Guarded(imaplib.IMAP4):
    """An IMAP connection to a judged address, that refuses to read more than a message may have."""

    def __init__(self, guard: Guard, host: str, port: int, encrypted: bool, timeout: float) -> None:
        self._guard, self._encrypted = guard, encrypted
        super().__init__(host, port, timeout)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        pinned = self._guard.addresses(self.host, self.port)[0]
        plain = socket.create_connection((pinned, self.port), timeout)
        if not self._encrypted:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)

    def read(self, size: int) -> bytes:
        if size > MOST_BYTES + 65536:
            raise Trouble("too.large", f"{size // 2**20} MB")
        return super().read(size)


def fetch(visit: Visit) -> Harvest:
    """Messages that came since the last visit. Raises Trouble."""
    with _signed_in(visit) as box:
        validity = _open(box, str(visit.settings.get("folder") or "INBOX"))
        same = visit.cursor.get("validity") == validity
        last = int(visit.cursor.get("uid", 0)) if same else 0
        harvest = Harvest(cursor={"validity": validity, "uid": last})
        for uid in _uids_after(box, last)[:MOST_MESSAGES]:
            _take(box, uid, validity, harvest, visit)
            harvest.cursor["uid"] = uid
    harvest.unchanged = not harvest.items and not harvest.rejected
    return harvest


@contextmanager
def _signed_in(visit: Visit) -> Iterator[imaplib.IMAP4]:
    host, user = str(visit.settings["host"]), str(visit.settings["user"])
    encrypted = bool(visit.settings.get("tls", True))
    port = int(visit.settings.get("port") or (993 if encrypted else 143))
    try:
        box = _Guarded(visit.client.mail_guard, host, port, encrypted, visit.client.limits.read)
    except ssl.SSLError as error:
        raise Trouble("tls.failed", host) from error
    except TimeoutError as error:
        raise Trouble("timeout", host) from error
    except OSError as error:
        raise Trouble("connect.failed", host) from error
    except imaplib.IMAP4.error as error:
        raise Trouble("mail.broken", host) from error
    try:
        with _translated(host):
            _login(box, user, visit.secret)
            yield box
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            box.logout()


@contextmanager
def _translated(host: str) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise Trouble("timeout", host) from error
    except OSError as error:
        raise Trouble("cut.short", host) from error
    except (imaplib.IMAP4.error, ValueError, IndexError, TypeError) as error:
        raise Trouble("mail.broken", host) from error


def _login(box: imaplib.IMAP4, user: str, password: str) -> None:
    try:
        box.login(user, password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:  # its words may repeat the password: they are not kept
        raise Trouble("mail.login") from error


def _open(box: imaplib.IMAP4, folder: str) -> int:
    """Opens the folder read-only and returns its UIDVALIDITY: when that changes, UIDs begin anew."""
    quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
    status, _ = box.select(quoted, readonly=True)
    if status != "OK":
        raise Trouble("mail.folder", folder[:80])
    _, found = box.response("UIDVALIDITY")
    return int(found[0]) if found and found[0] else 0


def _uids_after(box: imaplib.IMAP4, last: int) -> list[int]:
    """`n:*` always answers at least the newest message, so those already read are dropped here."""
    _, found = box.uid("SEARCH", f"UID {last + 1}:*")
    return sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > last)


def _take(box: imaplib.IMAP4, uid: int, validity: int, harvest: Harvest, visit: Visit) -> None:
    _, found = box.uid("FETCH", str(uid), "(RFC822.SIZE)")
    size = _SIZE.search(_head(found))
    if size and int(size.group(1)) > MOST_BYTES:
        said = Text("邮件超过 5 MB，未收", "The message is larger than 5 MB: not taken")
        harvest.rejected.append(Rejected(place=f"UID {uid}", message=said))
        return
    _, found = box.uid("FETCH", str(uid), "(BODY.PEEK[])")
    body = next((part[1] for part in found if isinstance(part, tuple)), b"")
    if not body:
        return  # deleted between the search and now
    name = str(visit.settings["user"])
    harvest.payloads.append(Payload(address=f"imap:{name}/{uid}", content_type="message/rfc822", body=body))
    fallback = f"uid:{validity}:{uid}"
    harvest.items.append(parse(body, fallback, len(harvest.payloads) - 1, visit.now, visit.zone))


def _head(found: list[Any]) -> bytes:
    first = found[0] if found else b""
    return first[0] if isinstance(first, tuple) else (first or b"")
