"""Compiles the catalogs of the desk's English (and of any other language) beside their sources."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DESK = Path(__file__).resolve().parent


def compile_all(below: Path = DESK) -> int:
    """Write each `django.mo` that is older than its `django.po`; returns how many were written."""
    written = 0
    for source in sorted(below.rglob("LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as lines, target.open("wb") as out:
            write_mo(out, read_po(lines))
        written += 1
    return written


if __name__ == "__main__":
    compile_all()
    sys.exit(0)
