"""Says before a test run what this machine lacks for a part of it, and the command that mends it."""

import shutil
import subprocess
import sys

LACKS = {
    "a browser, for the journeys": ("chromium", "apt-get install chromium"),
    "a PDF reader, for the tests of papers": ("pdftotext", "apt-get install poppler-utils"),
    "a word processor, for the test that opens every paper": (
        "soffice",
        "apt-get install libreoffice-writer",
    ),
}


def chinese_fonts() -> bool:
    """Whether fontconfig knows a font with Chinese characters."""
    if not shutil.which("fc-list"):
        return False
    found = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())


def missing() -> list[str]:
    """What is missing, a line each."""
    lines = [f"{what}: {mend}" for what, (command, mend) in LACKS.items() if not shutil.which(command)]
    if not chinese_fonts():
        lines.append("Chinese fonts, for the tests of papers: apt-get install fonts-noto-cjk fontconfig")
    return lines


if __name__ == "__main__":
    for line in missing():
        print(f"skipped on this machine for want of {line}")
    sys.exit(0)
