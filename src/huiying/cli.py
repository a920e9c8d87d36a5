"""The `huiying` command: the engine on plain files, and the desk."""

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Sequence

#: Modules that each add their commands; those that need the desk import Django only when run.
ROOMS = (
    "huiying.cli_plan",
    "huiying.cli_listen",
    "huiying.cli_learn",
    "huiying.cli_growth",
    "huiying.cli_reply",
    "huiying.cli_desk",
    "huiying.cli_care",
    "huiying.cli_source",
)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    root = argparse.ArgumentParser(prog="huiying", description="回应 Huiying: hear, keep the plan, answer.")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for room in ROOMS:
        try:
            module = importlib.import_module(room)
        except ModuleNotFoundError as missing:
            if missing.name == room:
                continue
            raise
        module.register(commands)
    return root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (0 well, 1 findings or a failure told, 2 wrong use)."""
    args = parser().parse_args(argv)
    try:
        status = int(args.run(args))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        _let_go_of_output()
        return 0
    except OSError as wrong:
        if wrong.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(f"✗ 写不下了：磁盘已满 / Cannot write on: {wrong.strerror}", file=sys.stderr)
        _let_go_of_output()
        return 1
    except KeyboardInterrupt:
        return 130


def _let_go_of_output() -> None:
    """What still waits to be written goes nowhere, so that the end of the process does not stumble over it."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError:
        return  # no real output


if __name__ == "__main__":
    sys.exit(main())
