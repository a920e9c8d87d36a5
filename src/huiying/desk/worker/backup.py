"""One archive of everything that the desk owns, taken while it runs, and the way back."""

import json
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import connection

#: What of the desk's home is made anew and need not be kept.
LEFT_OUT = frozenset(
    {"static", "huiying.sqlite3", "huiying.sqlite3-wal", "huiying.sqlite3-shm", "huiying.sqlite3-journal"}
)
DATABASE = "huiying.sqlite3"
NOTE = "backup.json"


class NotSqlite(Exception):
    """The database is not ours to copy; PostgreSQL has its own tool."""


class BadArchive(Exception):
    """The file is no backup, or not a whole one. The message says why."""


def back_up(home: Path, target: Path, now: datetime) -> int:
    """Write the archive `target` (.tar.gz); returns its size in bytes. Raises NotSqlite, OSError.

    The database is copied by SQLite's online backup: a consistent state, while others go on reading and writing. The
    archive appears whole or not at all.
    """
    if connection.vendor != "sqlite":
        raise NotSqlite
    draft = target.with_name(f".{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent) as room:
        copy = Path(room) / DATABASE
        _copy_database(copy)
        note = Path(room) / NOTE
        note.write_text(json.dumps({"made_at": now.isoformat(), "program": "huiying", "form": 1}))
        with tarfile.open(draft, "w:gz") as archive:
            archive.add(note, NOTE)
            archive.add(copy, DATABASE)
            for path in _files(home, target):
                archive.add(path, str(path.relative_to(home)), recursive=False)
    draft.chmod(0o600)
    draft.replace(target)
    return target.stat().st_size


def _copy_database(copy: Path) -> None:
    with sqlite3.connect(copy) as taken:
        connection.ensure_connection()
        connection.connection.backup(taken)
        flaw = taken.execute("PRAGMA integrity_check").fetchone()[0]
    taken.close()
    if flaw != "ok":
        raise BadArchive(f"integrity_check: {flaw}")


def _files(home: Path, target: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        first = path.relative_to(home).parts[0]
        ours = first not in LEFT_OUT and not first.startswith(".") and path != target
        if ours and path.is_file() and not path.is_symlink():
            yield path


def restore(archive: Path, home: Path) -> str:
    """Put a backup back into an empty `home`; returns when it was made. Raises BadArchive, FileExistsError, OSError.

    Nothing of an existing desk is overwritten: move it away first.
    """
    taken = home / DATABASE
    if taken.exists():
        raise FileExistsError(str(taken))
    home.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(archive, "r:gz") as stored:
            note = _note(stored)
            stored.extractall(home, filter="data")
    except (tarfile.TarError, EOFError, KeyError, ValueError) as error:
        raise BadArchive(f"{archive}: {error}") from error
    (home / NOTE).unlink()
    for private in ("secret", "huiying.env", DATABASE):
        if (home / private).exists():
            (home / private).chmod(0o600)
    return note


def _note(stored: tarfile.TarFile) -> str:
    member = stored.extractfile(NOTE)
    said = json.loads(member.read()) if member else {}
    if said.get("program") != "huiying":
        raise ValueError("not a backup of Huiying")
    return str(said["made_at"])
