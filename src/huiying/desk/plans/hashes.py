"""What a version is known by."""

import hashlib
from collections.abc import Mapping


def digest(text: str, library: Mapping[str, str] | None = None) -> str:
    """SHA-256 (hex) of a plan or calendar with the texts it extends; the same words always give the same."""
    sha = hashlib.sha256(text.encode())
    for name in sorted(library or {}):
        sha.update(f"\0{name}\0{(library or {})[name]}".encode())
    return sha.hexdigest()
