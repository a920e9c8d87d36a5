"""Draws the first page of each kind of paper into this folder: `make papers`. Everything on them is invented."""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiying.desk.settings")
django.setup()

from huiying.desk.reports.examples import examples  # noqa: E402
from huiying.desk.reports.layout.pdf import pages  # noqa: E402

#: Pixels to the inch: small enough for a repository, large enough to read.
PPI = 62


def main() -> None:
    """Write one PNG for each kind."""
    for kind, sheet in examples().items():
        Path(__file__).with_name(f"{kind}.png").write_bytes(pages(sheet, PPI)[0])


if __name__ == "__main__":
    main()
