"""The response plans that Huiying brings along, one TOML file each."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType


@cache
def shipped() -> Mapping[str, str]:
    """The text of each shipped plan by its id."""
    return _texts(files(__name__))


@cache
def rosters() -> Mapping[str, str]:
    """The text of a sample roster for each shipped plan, by the plan's id."""
    return _texts(files(__name__) / "rosters")


def _texts(folder: Traversable) -> Mapping[str, str]:
    found = sorted(folder.iterdir(), key=lambda item: item.name)
    texts = {
        item.name.removesuffix(".toml"): item.read_text("utf-8")
        for item in found
        if item.name.endswith(".toml")
    }
    return MappingProxyType(texts)
