"""What a version is known by."""

import hashlib


def digest(text: str) -> str:
    """SHA-256 (hex) of a plan's or a calendar's text, as the engine gives it too."""
    return hashlib.sha256(text.encode()).hexdigest()
