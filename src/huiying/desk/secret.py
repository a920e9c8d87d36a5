"""The desk's signing secret, made once and kept beside the database."""

import os
import secrets
from pathlib import Path


def secret_in(home: Path) -> str:
    """The secret kept in `home`; made on first use, readable by its owner only.

    Two processes that start together agree: the file appears whole or not at all, and the first one wins.
    """
    path = home / "secret"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f".secret-{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
