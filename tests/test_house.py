"""The house guards itself: rules of the layout that would otherwise be kept only by goodwill."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "huiying"
TEMPLATES = sorted(SOURCE.glob("desk/**/templates/**/*.html"))
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


def calls(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """Every `a.b(...)` of a module, as (a, b, line)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = (
                owner.id
                if isinstance(owner, ast.Name)
                else owner.attr
                if isinstance(owner, ast.Attribute)
                else ""
            )
            yield name, node.func.attr, node.lineno


def python_files(below: str) -> list[Path]:
    return [path for path in sorted((SOURCE / below).rglob("*.py")) if "migrations" not in path.parts]


def test_imports_run_one_way() -> None:
    outcome = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_engine_reads_no_clock_and_no_file() -> None:
    guilty = []
    for path in python_files("engine"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for owner, name, line in calls(tree):
            if (owner, name) in CLOCKS or name in {"read_text", "read_bytes", "write_text", "write_bytes"}:
                guilty.append(f"{path.relative_to(ROOT)}:{line} {owner}.{name}")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno} open")
    assert guilty == []


def test_only_the_edges_of_the_desk_ask_for_the_time() -> None:
    """Verbs, reads and projections take `now`; views, the worker, commands, tags and forms may ask."""
    inner = ("actions.py", "queries.py", "models.py", "journal.py", "projection.py")
    guilty = []
    for path in python_files("desk"):
        if path.name not in inner and "actions" not in path.parent.parts:
            continue
        for owner, name, line in calls(ast.parse(path.read_text(encoding="utf-8"))):
            if (owner, name) in CLOCKS or (owner, name) == ("timezone", "now"):
                guilty.append(f"{path.relative_to(ROOT)}:{line} {owner}.{name}")
    assert guilty == []


def test_no_import_hides_inside_a_function_to_dodge_a_cycle() -> None:
    """Only commands and app configurations, which must wait for Django to be set up, import late."""
    guilty = []
    for path in python_files(""):
        if path.name.startswith("cli") or path.name in {"apps.py", "settings.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                guilty += [
                    f"{path.relative_to(ROOT)}:{inner.lineno}"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                    and any((name or "").startswith("huiying") for name in imported(inner))
                ]
    assert guilty == []


def imported(node: ast.Import | ast.ImportFrom) -> list[str | None]:
    return [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_pages_hold_no_inline_code_and_load_nothing_from_elsewhere(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text), "an inline script"
    assert not re.search(r"<style[\s>]", text), "an inline style sheet"
    assert not re.search(r"\sstyle=", text), "an inline style"
    assert not re.search(r"\son[a-z]+=[\"']", text), "an inline event handler"
    assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", text), "something from another host"


def test_every_model_change_has_its_migration() -> None:
    outcome = subprocess.run(
        [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "PATH": "/usr/bin:/bin",
        },
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_nothing_of_one_machine_stands_in_the_tree() -> None:
    """No path of a developer's machine, and no package host in a lock file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    guilty = []
    for name in filter(None, listed.decode().split("\0")):
        path = ROOT / name
        if not path.is_file() or path == Path(__file__):
            continue
        text = path.read_bytes()
        marks = [b"/" + b"work/", b"/" + b"root/"]
        if name.endswith((".lock", "package-lock.json", ".npmrc")) or "requirements" in name:
            marks += [b"http://", b'"resolved"', b"--index-url", b"--find-links"]
        guilty += [f"{name}: {mark.decode()}" for mark in marks if mark in text]
    assert guilty == []
