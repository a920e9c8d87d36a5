"""The response plans that Huiying brings along, one TOML file each."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def shipped() -> Mapping[str, str]:
    """The text of each shipped plan by its id."""
    found = sorted(files(__name__).iterdir(), key=lambda item: item.name)
    texts = {
        item.name.removesuffix(".toml"): item.read_text("utf-8")
        for item in found
        if item.name.endswith(".toml")
    }
    return MappingProxyType(texts)
