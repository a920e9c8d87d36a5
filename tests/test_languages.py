"""Every sentence of the desk has its English; what has none would show Chinese to an English reader."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

DESK = Path(__file__).resolve().parent.parent / "src" / "huiying" / "desk"
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
HAN = re.compile(r"[\u3400-\u9fff]")
#: Pages that say both languages themselves (the one for a broken desk) or are read by builders only.
BOTH_AT_ONCE = {"templates/500.html", "shell/templates/shell/styleguide.html"}


def english() -> dict[str, str]:
    """Chinese sentence -> English sentence, of all catalogs together."""
    found: dict[str, str] = {}
    for path in DESK.glob("**/locale/en/LC_MESSAGES/django.po"):
        with path.open("rb") as lines:
            for message in read_po(lines):
                key = message.id if isinstance(message.id, str) else message.id[0]
                text = message.string if isinstance(message.string, str) else message.string[0]
                if text and not message.fuzzy:
                    found[key] = text
    return found


def strings(node: ast.Call) -> Iterator[str]:
    """The sentences that a gettext call marks."""
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name not in CALLS:
        return
    arguments = node.args[1:2] if name.startswith("p") else node.args[:1]
    for argument in arguments:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def marked_in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield from strings(node)


def marked_in_template(path: Path) -> Iterator[str]:
    """Django turns a template into calls of gettext; each call is parsed as Python."""
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for call in re.finditer(r"""\b(?:n?p?gettext)\((u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))""", code):
        yield str(ast.literal_eval(call.group(1).lstrip("u"))).replace("%%", "%")
    for number in re.finditer(r"""\{%\s*count\s+\S+\s+["']([^"']+)["']""", path.read_text(encoding="utf-8")):
        yield number.group(1)


def sources() -> list[Path]:
    files = [*DESK.rglob("*.py"), *DESK.rglob("templates/**/*.html"), *DESK.rglob("templates/**/*.txt")]
    return sorted(path for path in files if "migrations" not in path.parts)


@pytest.fixture(scope="module")
def catalog() -> dict[str, str]:
    return {key.replace("%%", "%"): text for key, text in english().items()}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(DESK)))
def test_every_chinese_sentence_has_its_english(path: Path, catalog: dict[str, str]) -> None:
    marked = marked_in_template(path) if path.suffix in {".html", ".txt"} else marked_in_python(path)
    missing = sorted({text for text in marked if HAN.search(text) and text not in catalog})
    assert missing == []


@pytest.mark.parametrize(
    "path",
    [p for p in sources() if p.suffix == ".html" and str(p.relative_to(DESK)) not in BOTH_AT_ONCE],
    ids=lambda path: str(path.relative_to(DESK)),
)
def test_no_page_speaks_chinese_past_the_catalog(path: Path) -> None:
    """Chinese outside a translation tag would stay Chinese for everybody."""
    text = re.sub(
        r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->",
        "",
        path.read_text(encoding="utf-8"),
        flags=re.S,
    )
    text = re.sub(r"\{%\s*blocktrans(?:late)?.*?\{%\s*endblocktrans(?:late)?\s*%\}", "", text, flags=re.S)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S)
    loose = [line.strip() for line in text.splitlines() if HAN.search(line) and "中文" not in line]
    assert loose == []
