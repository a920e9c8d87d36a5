"""Finds every route and every writing function of the desk, for the tests of who may what."""

import ast
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

import huiying.desk
from tests.desk.samples import SAMPLES
from tests.desk.world import World

DESK = Path(huiying.desk.__file__).parent
NOWHERE = 987654321


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the desk and the view behind it."""

    name: str  # with its namespaces; the pattern itself where the route has no name
    parts: tuple[Any, ...]  # the patterns from the root down
    view: Callable[..., Any]

    def __str__(self) -> str:
        return self.name

    @property
    def right(self) -> str:
        return str(getattr(self.view, "right", ""))

    def path(self, world: World) -> str:
        """The address with sample arguments, or with arguments that exist nowhere."""
        given = SAMPLES[self.name](world) if self.name in SAMPLES else {}
        return "/" + "".join(_written(part, given) for part in self.parts)


def _written(pattern: Any, given: Any) -> str:
    """What stands in the address for one pattern. Raises LookupError for an expression without a sample."""
    converters = pattern.converters
    text = str(pattern).removeprefix("^").removesuffix("$")
    if not hasattr(pattern, "_route"):
        if "(" in text:
            raise LookupError(f"{text}: an expression; give the route a sample in tests/desk/samples.py")
        return text
    for name, converter in converters.items():
        kind = next(
            key for key in (f"<{_kind(converter)}:{name}>", f"<{name}>") if key in text or key == f"<{name}>"
        )
        value = given.get(name, NOWHERE if isinstance(converter, IntConverter) else _word(converter))
        text = text.replace(kind, str(converter.to_url(value)))
    return text


def _kind(converter: Any) -> str:
    return type(converter).__name__.removesuffix("Converter").lower()


def _word(converter: Any) -> str:
    return "00000000-0000-0000-0000-000000000000" if _kind(converter) == "uuid" else "nowhere"


def routes() -> Iterator[Route]:
    """Every route of the desk, in the order in which Django tries them."""
    yield from _below(get_resolver(), (), ())


def _below(resolver: URLResolver, spaces: tuple[str, ...], parts: tuple[Any, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        path = (*parts, pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _below(pattern, inner, path)
        elif isinstance(pattern, URLPattern):
            name = ":".join((*spaces, pattern.name or "".join(map(str, path))))
            yield Route(name, path, pattern.callback)


@dataclass(frozen=True, slots=True)
class Act:
    """One function of an app's actions that is done by a person."""

    module: str
    node: ast.FunctionDef

    def __str__(self) -> str:
        return f"{self.module.removeprefix('huiying.desk.')}.{self.node.name}"

    @property
    def first(self) -> ast.stmt:
        """Its first statement after the docstring."""
        body = self.node.body
        return body[1] if ast.get_docstring(self.node) is not None and len(body) > 1 else body[0]

    @property
    def call(self) -> Callable[..., Any]:
        return getattr(importlib.import_module(self.module), self.node.name)  # type: ignore[no-any-return]


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(DESK.rglob("*.py")):
        inside = path.relative_to(DESK).with_suffix("").parts
        if "actions" in inside or any(part.startswith("actions_") for part in inside):
            parts = [part for part in inside if part != "__init__"]
            yield ".".join(("huiying.desk", *parts)), path


def acts() -> Iterator[Act]:
    """Every public function with a parameter `by` in `actions.py` and `actions/` of any app."""
    for module, path in _modules():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if any(argument.arg == "by" for argument in (*node.args.args, *node.args.kwonlyargs)):
                yield Act(module, node)
