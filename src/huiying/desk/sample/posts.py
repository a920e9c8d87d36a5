"""The sample's posts, made from `matter.toml`: always the same ones, in the order of their time."""

import hashlib
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

LONG = 72.0  # hours that the matter lasts
#: How people change what they pass on: the same words, a mark in front, a tail cut off or added.
REWRITES = ("{text}", "转：{text}", "{text} #青禾#", "【转】{text}👀", "{text}（转自家长群）")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post of the sample."""

    id: str
    hour: float  # hours since the first midnight
    source: str
    title: str
    text: str
    author: str
    reach: int


@lru_cache(maxsize=1)
def script() -> dict[str, Any]:
    """The matter as written."""
    return tomllib.loads(files("huiying.desk.sample").joinpath("matter.toml").read_text(encoding="utf-8"))


def _spoken(
    act: Mapping[str, Any], chance: random.Random, words: Mapping[str, Sequence[str]]
) -> Iterator[Post]:
    """The posts that one act's people write themselves."""
    sources, weights = list(act["sources"]), list(act["sources"].values())
    for number in range(act["count"]):
        share = chance.random() ** (1 / act["rise"])
        said = {name: chance.choice(choices) for name, choices in words.items()}
        yield Post(
            id=f"{act['id']}-{number}",
            hour=act["from"] + share * (act["to"] - act["from"]),
            source=chance.choices(sources, weights)[0],
            title=chance.choice(act["title"]).format(**said),
            text=chance.choice(act["text"]).format(**said),
            author=f"网友{chance.randrange(400):03d}",
            reach=int(chance.paretovariate(1.1)),
        )


def _passed_on(act: Mapping[str, Any], posts: Sequence[Post], chance: random.Random) -> Iterator[Post]:
    """Copies and light rewrites of an act's posts, somewhat later, elsewhere."""
    for number in range(act["copies"]):
        post = chance.choice(posts)
        yield replace(
            post,
            id=f"{act['id']}-copy-{number}",
            hour=min(post.hour + chance.expovariate(1.0), LONG - 0.1),
            source=chance.choice(["micro", "parents", "forum"]),
            text=chance.choice(REWRITES).format(text=post.text),
            author=f"网友{400 + chance.randrange(200):03d}",
        )


@lru_cache(maxsize=1)
def posts() -> tuple[Post, ...]:
    """Every post of the three days, oldest first."""
    written = script()
    found: list[Post] = []
    for act in written["act"]:
        seed = hashlib.sha256(act["id"].encode()).digest()
        chance = random.Random(seed)
        own = list(_spoken(act, chance, written["words"]))
        found += own
        found += _passed_on(act, own, chance)
    return tuple(sorted(found, key=lambda post: (post.hour, post.id)))
