"""docs/requirements.tsv is true: every requirement once, and everything it names is there."""

import argparse
import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from huiying.cli import parser

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "requirements.tsv"
WRITTEN = ROOT.parent / "shared" / "design" / "requirements.md"
COLUMNS = ("id", "requirement", "plan", "screens", "commands", "tests")
#: How many requirements there are of each letter; L are the four limits.
COUNTS = {"A": 13, "B": 8, "C": 17, "D": 4, "E": 24, "N": 1, "P": 10, "L": 4}
IDS = [f"{letter}{number}" for letter, count in COUNTS.items() for number in range(1, count + 1)]
#: A place in a shipped plan: `plans/road.toml#duty[flash-phone].within`.
PLACE = re.compile(r"plans/(\w+)\.toml#(.+)")
#: One step of a place: a key, and in an array the entry meant: by id, stage or level, by its place from 1, or `key=value`.
STEP = re.compile(r"(\w+)(?:\[([^\]]+)\])?")

Row = dict[str, str]


def rows() -> list[Row]:
    lines = TABLE.read_text("utf-8").splitlines()
    assert tuple(lines[0].split("\t")) == COLUMNS
    found = [line.split("\t") for line in lines[1:]]
    assert [cells[0] for cells in found if len(cells) != len(COLUMNS)] == []
    return [dict(zip(COLUMNS, cells, strict=True)) for cells in found]


ROWS = rows()


def named(column: str) -> list[tuple[str, str]]:
    """Everything that a column names, each with the requirement."""
    cells = [(row["id"], part.strip()) for row in ROWS for part in row[column].split(";")]
    return [(id, name) for id, name in cells if name]


# The rows


def missing(ids: list[str], wanted: list[str]) -> list[str]:
    """Requirements that have no row, have more than one, or are not known."""
    return sorted({id for id in (*ids, *wanted) if ids.count(id) != 1 or id not in wanted})


def test_every_requirement_has_one_row_and_no_row_is_of_anything_else() -> None:
    ids = [row["id"] for row in ROWS]
    assert missing(ids, IDS) == []
    assert ids == [id for letter in "ABCDENPL" for id in IDS if id.startswith(letter)]


def test_a_missing_a_double_and_a_strange_row_would_be_seen() -> None:
    assert missing([id for id in IDS if id != "E14"], IDS) == ["E14"]
    assert missing([*IDS, "C6"], IDS) == ["C6"]
    assert missing([*IDS, "Z1"], IDS) == ["Z1"]


def test_every_row_says_what_does_it_and_shows_it() -> None:
    for row in ROWS:
        assert row["requirement"], row["id"]
        assert row["plan"] or row["screens"] or row["commands"], row["id"]
        assert row["tests"], row["id"]


@pytest.mark.skipif(not WRITTEN.is_file(), reason="the design papers are not beside this checkout")
def test_the_rows_are_those_of_the_requirements_as_written() -> None:
    written = re.findall(r"^\| ([A-Z]\d+) \|", WRITTEN.read_text("utf-8"), re.MULTILINE)
    assert sorted(written) == sorted(id for id in IDS if not id.startswith("L"))
    limits = WRITTEN.read_text("utf-8").split("| limit |")[1]
    assert len(re.findall(r"^\| No ", limits, re.MULTILINE)) == COUNTS["L"]


# Places in plans


@cache
def the_plan(name: str) -> Any:
    return tomllib.loads((ROOT / "src" / "huiying" / "plans" / f"{name}.toml").read_text("utf-8"))


def is_meant(entry: Any, which: str) -> bool:
    key, equals, value = which.partition("=")
    if not equals:
        return which in (str(entry.get("id")), str(entry.get("stage")), str(entry.get("number")))
    held = entry.get(key)
    return value in [str(one).lower() for one in (held if isinstance(held, list) else [held])]


def resolved(place: str) -> Any:
    """What stands there. Raises LookupError."""
    found = PLACE.fullmatch(place)
    if not found:
        raise LookupError(place)
    value = the_plan(found.group(1))
    for key, which in STEP.findall(found.group(2)):
        value = value[key]
        if which:
            entries = [entry for entry in value if is_meant(entry, which)]
            value = entries[0] if entries else value[int(which) - 1] if which.isdigit() else None
            if value is None:
                raise LookupError(place)
    return value


@pytest.mark.parametrize(("id", "place"), named("plan"))
def test_every_place_in_a_plan_is_there(id: str, place: str) -> None:
    assert resolved(place) not in (None, "", [], {}), f"{id}: {place}"


@pytest.mark.parametrize(
    "place",
    [
        "plans/road.toml#duty[nobody]",
        "plans/road.toml#duty[flash-phone].whithin",
        "plans/road.toml#route[addressees=某人]",
        "plans/road.toml#chain[99]",
        "road#duty",
    ],
)
def test_a_place_that_is_not_there_would_be_seen(place: str) -> None:
    with pytest.raises(LookupError):
        resolved(place)


# Screens and commands


def routes(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from routes(found, f"{space}{found.namespace}:" if found.namespace else space)
        elif isinstance(found, URLPattern) and found.name:
            yield f"{space}{found.name}"


def test_every_screen_is_a_route_of_the_desk() -> None:
    known = set(routes(get_resolver()))
    assert [(id, name) for id, name in named("screens") if name not in known] == []


def commands(one: argparse.ArgumentParser, name: str) -> Iterator[str]:
    for action in one._actions:
        for word, sub in action.choices.items() if isinstance(action, argparse._SubParsersAction) else ():
            yield f"{name} {word}"
            yield from commands(sub, f"{name} {word}")


def test_every_command_is_one_that_huiying_knows() -> None:
    known = set(commands(parser(), "huiying"))
    assert [(id, name) for id, name in named("commands") if name not in known] == []


# Tests


@cache
def functions_in(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_test_that_shows_it_exists() -> None:
    gone = []
    for id, name in named("tests"):
        path, _, function = name.partition("::")
        if not function.startswith("test_") or function not in functions_in(path):
            gone.append((id, name))
    assert gone == []
