"""What the commands of the desk stand on: its home, its settings, its database, and refusals in words."""

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huiying.engine.text import Text


class Refused(Exception):
    """The command cannot be carried out; the message says why and what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")


def command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
) -> argparse.ArgumentParser:
    """Add a command; its refusals go to the error stream instead of a trace."""

    def told(args: argparse.Namespace) -> int:
        try:
            return run(args)
        except Refused as refused:
            print(refused, file=sys.stderr)
            return 1

    parser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(run=told)
    return parser


def say(text: "Text") -> str:
    """In the language of the terminal: Chinese unless its locale is English."""
    return text.say("en" if os.environ.get("LANG", "").lower().startswith("en") else "zh")


def set_up() -> Path:
    """Django ready, and the desk's home. Raises Refused for a home or settings that cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiying.desk.settings")
    home = make_home()
    try:
        import django
        from django.conf import settings

        django.setup()
    except OSError as error:
        raise Refused(
            f"{home} 用不了：{error.strerror}。", f"{home} cannot be used: {error.strerror}."
        ) from error
    except Exception as error:
        where = home / "huiying.env"
        raise Refused(
            f"设置读不懂（环境变量或 {where}）：{error}",
            f"The settings cannot be read (environment or {where}): {error}",
        ) from error
    return Path(settings.HOME)


def make_home() -> Path:
    """The desk's home, made if it is missing. Raises Refused when it cannot be written."""
    home = Path(os.environ.get("HUIYING_HOME", "") or Path.cwd() / "var").resolve()
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refused(
            f"{home} 写不进去（{error.strerror}）。用 HUIYING_HOME 指定一个可写的目录。",
            f"{home} cannot be written ({error.strerror}). Name a writable directory in HUIYING_HOME.",
        ) from error
    return home


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Turns a database that is away into a sentence."""
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise Refused(
            f"数据库用不了：{said}\n核对 DATABASE_URL；先运行 huiying migrate 更新数据表。",
            f"The database cannot be used: {said}\nCheck DATABASE_URL; huiying migrate brings it up to date.",
        ) from error
