"""What exactly was published, as a hash that anybody can compute again."""

import hashlib


def fingerprint(title: str, text: str) -> str:
    """SHA-256 (hex) of the title, an empty line, and the text, in UTF-8 with plain line ends."""
    whole = f"{title.strip()}\n\n{text.strip()}".replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(whole.encode()).hexdigest()
