"""New messages of one folder: read-only, by UID (RFC 9051), with the same address guard as the web."""

import base64
import contextlib
import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from huiying.desk.collect.sources.base import Harvest, Payload, Rejected, Visit
from huiying.desk.collect.sources.mailbox.connection import MOST_BYTES, Mailbox
from huiying.desk.collect.sources.mailbox.parse import parse
from huiying.desk.collect.trouble import Trouble
from huiying.desk.net.client import Deadline
from huiying.engine.text import Text

MOST_MESSAGES = 100  # a visit; the rest waits for the next one
MOST_AT_ONCE = 30 * 2**20  # bytes of a visit
FIRST_DAYS = 7  # how far back the first visit reads: older mail is not news
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
TOO_LARGE = Text("邮件超过 5 MB，未收", "The message is larger than 5 MB: not taken")
UNREADABLE = Text("邮件读不懂，未收", "The message cannot be read: not taken")
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]+")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


def fetch(visit: Visit) -> Harvest:
    """Messages that came since the last visit; at the first, those of the last week. Raises Trouble."""
    with _signed_in(visit) as box:
        validity = _open(box, str(visit.settings.get("folder") or "INBOX"))
        same = visit.cursor.get("validity") == validity
        last = int(visit.cursor.get("uid", 0)) if same else 0
        harvest = Harvest(cursor={"validity": validity, "uid": last})
        taken = 0
        for uid in _uids_after(box, last, visit)[:MOST_MESSAGES]:
            taken += _take(box, uid, validity, harvest, visit)
            harvest.cursor["uid"] = uid
            if taken > MOST_AT_ONCE or visit.client.spent:
                break
    harvest.unchanged = not harvest.items and not harvest.rejected
    return harvest


@contextmanager
def _signed_in(visit: Visit) -> Iterator[Mailbox]:
    host = str(visit.settings["host"])
    with _translated(host, "connect.failed"):
        box = _connect(visit, host)
    try:
        with _translated(host, "cut.short"):
            _login(box, str(visit.settings["user"]), visit.secret)
            yield box
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error, Trouble):
            box.logout()
        with contextlib.suppress(OSError):
            box.shutdown()  # logout leaves the socket open when the server no longer answers


def _connect(visit: Visit, host: str) -> Mailbox:
    limits = visit.client.limits
    encrypted = bool(visit.settings.get("tls", True))
    return Mailbox(
        visit.client.guard,
        host,
        int(visit.settings.get("port") or (993 if encrypted else 143)),
        encrypted=encrypted,
        deadline=Deadline(time.monotonic() + limits.visit),
        limits=limits,
    )


@contextmanager
def _translated(host: str, otherwise: str) -> Iterator[None]:
    """Turns what sockets and imaplib raise into troubles; `otherwise` is what any other network error means here."""
    try:
        yield
    except ssl.SSLError as error:
        raise Trouble("tls.failed", host) from error
    except TimeoutError as error:
        raise Trouble("timeout", host) from error
    except OSError as error:
        raise Trouble(otherwise, host) from error
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
    name = folder_name(folder).replace("\\", "\\\\").replace('"', '\\"')
    status, _ = box.select(f'"{name}"', readonly=True)
    if status != "OK":
        raise Trouble("mail.folder", folder[:80])
    _, found = box.response("UIDVALIDITY")
    return int(found[0]) if found and found[0] else 0


def folder_name(folder: str) -> str:
    """The folder's name as IMAP writes it: modified UTF-7 (RFC 3501, 5.1.3)."""
    plain = folder.replace("&", "&-")
    return _BEYOND_ASCII.sub(lambda found: f"&{_base64(found.group())}-", plain)


def _base64(text: str) -> str:
    coded = base64.b64encode(text.encode("utf-16-be")).decode()
    return coded.rstrip("=").replace("/", ",")


def _uids_after(box: imaplib.IMAP4, last: int, visit: Visit) -> list[int]:
    """`n:*` always answers at least the newest message, so those already read are dropped here."""
    since = visit.now - timedelta(days=FIRST_DAYS)
    date = f"{since.day}-{MONTHS[since.month - 1]}-{since.year}"  # RFC 9051: English month, never the machine's language
    _, found = box.uid("SEARCH", f"UID {last + 1}:*" if last else f"SINCE {date}")
    return sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > last)


def _take(box: imaplib.IMAP4, uid: int, validity: int, harvest: Harvest, visit: Visit) -> int:
    """Takes one message; returns its size in bytes."""
    _, found = box.uid("FETCH", str(uid), "(RFC822.SIZE)")
    size = _SIZE.search(_head(found))
    if size and int(size.group(1)) > MOST_BYTES:
        harvest.rejected.append(Rejected(place=f"UID {uid}", message=TOO_LARGE))
        return 0
    _, found = box.uid("FETCH", str(uid), "(BODY.PEEK[])")
    body = next((part[1] for part in found if isinstance(part, tuple)), b"")
    if body:  # else deleted between the search and now
        _read(body, uid, validity, harvest, visit)
    return len(body)


def _read(body: bytes, uid: int, validity: int, harvest: Harvest, visit: Visit) -> None:
    """One message to an item; one that defeats the parser must not keep back those after it."""
    try:
        item = parse(body, f"uid:{validity}:{uid}", len(harvest.payloads), visit.now, visit.zone)
    except Exception:  # the standard parser fails in many ways on hostile headers
        harvest.rejected.append(Rejected(place=f"UID {uid}", message=UNREADABLE))
        return
    address = f"imap:{visit.settings['user']}/{uid}"
    harvest.payloads.append(Payload(address=address, content_type="message/rfc822", body=body))
    harvest.items.append(item)


def _head(found: list[Any]) -> bytes:
    first = found[0] if found else b""
    return first[0] if isinstance(first, tuple) else (first or b"")
