"""The operator's page is true: every setting and every command stands there, and what stands there exists."""

import re
from pathlib import Path

from huiying.cli import parser

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "src" / "huiying" / "desk" / "settings.py").read_text(encoding="utf-8")
READ = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')


def table(heading: str) -> set[str]:
    """The names in the first column of the table below a heading."""
    section = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `(?:huiying )?([\w-]+)` \|", section, re.MULTILINE))


def commands() -> set[str]:
    """Every command of the program."""
    (choices,) = (action.choices for action in parser()._actions if action.dest == "command")
    return set(choices or ())


def test_every_setting_that_is_read_stands_on_the_page_and_no_other() -> None:
    assert table("Settings") == set(READ.findall(SETTINGS))


def test_every_command_named_on_the_page_exists() -> None:
    assert table("Commands") <= commands()
    assert set(re.findall(r"`(?:HUIYING_HOME=\S+ )?huiying (\w+)", PAGE)) <= commands()


def test_every_command_that_runs_or_keeps_the_desk_stands_on_the_page() -> None:
    from huiying import cli_care, cli_desk

    ours = {name for name in commands() if hasattr(cli_care, name) or hasattr(cli_desk, name)} | {"worker"}
    assert ours <= table("Commands")


def test_defaults_on_the_page_are_those_of_the_program() -> None:
    for name, unit in (
        ("HUIYING_KEEP_CAPTURES_DAYS", "days"),
        ("HUIYING_KEEP_FETCHES_DAYS", "days"),
        ("HUIYING_KEEP_TEXTS_DAYS", "days"),
    ):
        (default,) = re.findall(rf'"{name}", default=(\d+)', SETTINGS)
        assert re.search(rf"\| `{name}` \|[^|]*\| {default} {unit} \|", PAGE)
