"""A stream of made-up posts for measuring speed and memory: real sentences, put together anew.

Sentences come from citizens' messages and microblog posts. A post of about 100 characters takes two sentences of its
story's message and fills up with sentences of anywhere; how often a story is spoken of falls off as 1 / rank, and one
post in five repeats an earlier one of its story with a mark, a tail or a name added. Always the same for the same seed.
"""

import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import rjieba

from benchmarks.common import need, tsv
from huiying.engine.listen.mention import Mention
from huiying.engine.listen.query import Query, parse

LENGTH = 100  # characters of a post
_SENTENCE = re.compile(r"[^。！？!?；;\n]{8,60}[。！？!?；;]?")
_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_SITES = ("微博", "论坛", "留言板", "短视频", "新闻网", "公众号")
_TIERS = ("self-media", "local", "board", "self-media", "city", "unknown")


@lru_cache(maxsize=1)
def _messages() -> tuple[tuple[str, ...], ...]:
    """Messages as their sentences."""
    texts = [f"{r['title']}。{r['text']}" for r in tsv(need("hot-issues", "messages.tsv"))]
    texts += [f"{r['title']}。{r['text']}" for r in tsv(need("replies", "replies.tsv"))]
    texts += [
        row["content"] for row in json.loads(Path(need("emotion", "virus_train.txt")).read_text("utf-8"))
    ]
    cut = (tuple(_SENTENCE.findall(text)) for text in texts)
    return tuple(sentences for sentences in cut if len(sentences) >= 2)


def posts(count: int, seed: int = 7) -> Iterator[Mention]:
    """`count` posts, about ten a second of their own time."""
    chance = random.Random(seed)
    messages = list(_messages())
    chance.shuffle(messages)
    everything = [s for sentences in messages for s in sentences]
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(messages))))
    latest: dict[int, str] = {}
    for number in range(count):
        (story,) = chance.choices(range(len(messages)), cum_weights=weights)
        repeated = latest.get(story) if chance.random() < 0.2 else None
        text = _rewritten(repeated, chance) if repeated else _written(messages[story], everything, chance)
        latest[story] = text
        place = chance.randrange(len(_SITES))
        yield Mention(
            id=number + 1,
            at=_BEGIN + timedelta(milliseconds=100 * number),
            text=text,
            site=_SITES[place],
            tier=_TIERS[place],
            voice=f"v{chance.randrange(200_000)}",
            reach=int(chance.paretovariate(1.2)),
        )


def _written(sentences: tuple[str, ...], everything: list[str], chance: random.Random) -> str:
    parts = chance.sample(sentences, 2)
    while sum(map(len, parts)) < LENGTH:
        parts.append(chance.choice(everything))
    return "".join(parts)[:LENGTH]


def _rewritten(text: str, chance: random.Random) -> str:
    return chance.choice(("转：{}", "{} @某某", "【转】{}👀", "{}（转自群里）", "{}")).format(text)[
        : LENGTH + 10
    ]


def queries(count: int, seed: int = 7) -> list[tuple[str, Query]]:
    """`count` boolean queries of words that occur: one to four words, any, all, without, near, phrases."""
    made = []
    for number, text in enumerate(query_texts(count, seed)):
        query, _ = parse(text)
        assert query is not None
        made.append((f"watch {number}", query))
    return made


def query_texts(count: int, seed: int = 7) -> list[str]:
    """The same queries as they are written."""
    chance = random.Random(seed)
    words = _words()
    forms = ("{a} {b}", "{a} ({b} OR {c})", "({a} OR {b}) {c} NOT {d}", "{a} NEAR/8 {b}", "{a} {b} {c}", "({a} OR {b}) NEAR/20 ({c} OR {d})",
             "{a} NOT {b}")  # fmt: skip
    made = []
    for number in range(count):
        a, b, c, d = (f'"{w}"' for w in chance.sample(words, 4))
        made.append(forms[number % 7].format(a=a, b=b, c=c, d=d))
    return made


@lru_cache(maxsize=1)
def _words() -> list[str]:
    """Words of two to four characters that stand in 3 to 300 of the messages."""
    counts: dict[str, int] = {}
    for sentences in _messages():
        for word in {w for s in sentences for w in rjieba.cut(s, False) if 2 <= len(w) <= 4 and w.isalpha()}:
            counts[word] = counts.get(word, 0) + 1
    return sorted(word for word, count in counts.items() if 3 <= count <= 300)
