"""The token of an acknowledgement link: derived from the message's key, so that every repeat carries the same link."""

import base64
import hashlib

from django.utils.crypto import salted_hmac


def ack_token(key: str) -> str:
    """24 characters that only this desk can make for the message with this key."""
    mac = salted_hmac("huiying.notify.ack", key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac[:18]).decode()


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
