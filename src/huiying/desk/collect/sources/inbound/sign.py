"""Who may push: HMAC-SHA256 (RFC 2104) over the timestamp and the body, good for five minutes."""

import hashlib
import hmac
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=5)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the header X-Huiying-Signature: `sha256=` and 64 hex digits."""
    mac = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return "sha256=" + mac.hexdigest()


def flaw(secret: str, timestamp: str, given: str, body: bytes, now: datetime) -> str:
    """Why a call is refused: "timestamp", "expired", "signature"; an empty string for a good one."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return "timestamp"
    if not hmac.compare_digest(signature(secret, timestamp, body).encode(), given.strip().encode()):
        return "signature"
    return "expired" if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds() else ""
