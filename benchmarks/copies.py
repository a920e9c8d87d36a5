"""Near copies and light rewrites, planted by a documented generator: `python -m benchmarks.copies`.

From messages of hot-issues and replies 1,500 are drawn of which no two share a run of sixteen characters. Of each comes
one copy, changed in one of the ways in which posts are passed on: accounts and emoji added, the tail cut, a lead-in and a
hash tag put before, Traditional script, full-width signs and digits, a few words put otherwise, several of these together.
Strangers are planted too, to be mistaken for copies: the first half of one message with the second half of another, and
new messages that share only an opening of thirty characters. A found pair counts as right when the mention was made from
the one that it is said to copy. Baseline in the same run: MinHash of 128 values over character triples with bands (rensa),
the nearest candidate above an estimated likeness of 0.5.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from opencc_pyo3 import OpenCC
from rensa import RMinHash, RMinHashLSH

from benchmarks.common import Absent, Row, need, table, tsv
from huiying.engine.listen.fold import State, hear
from huiying.engine.listen.mention import Config, Mention

SEED, DRAWN = 20261124, 1_500
SHORTEST, LONGEST, RUN, OPENING = 50, 400, 16, 30
START = datetime(2026, 11, 1, tzinfo=UTC)
_WIDE = str.maketrans(
    {**{chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}, "，": ",", "。": "．", "！": "!"}
)
_OTHERWISE = (
    ("现在", "如今"),
    ("希望", "盼望"),
    ("问题", "情况"),
    ("没有", "没"),
    ("我们", "咱们"),
    ("但是", "可是"),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """A message, and where it came from."""

    text: str
    of: int  # index of the original; -1 for an original and for a stranger
    kind: str


def originals(chance: random.Random) -> list[str]:
    """Messages of which no two share a run of sixteen characters. Raises Absent."""
    pool = [row["text"] for row in tsv(need("hot-issues", "messages.tsv"))]
    pool += [row["text"] for row in tsv(need("replies", "replies.tsv"))]
    bare = list(dict.fromkeys("".join(text.split())[:LONGEST] for text in pool))
    chance.shuffle(bare)
    taken: list[str] = []
    seen: set[str] = set()
    for text in bare:
        runs = {text[at : at + RUN] for at in range(len(text) - RUN + 1)}
        if len(text) >= SHORTEST and not runs & seen:
            taken.append(text)
            seen |= runs
    return taken[: DRAWN * 2]


def forwarded(text: str, chance: random.Random) -> str:
    """Accounts and emoji added."""
    return f"{text}{chance.choice('😡😭🙏👏')} @某某发布 @{chance.randrange(10**6)}"


def cut(text: str, chance: random.Random) -> str:
    """The tail is cut off, as sites do."""
    return f"{text[: int(len(text) * chance.uniform(0.7, 0.9))]}……全文"


def led_in(text: str, chance: random.Random) -> str:
    """A lead-in and a hash tag before it."""
    return f"#{chance.choice(['求助', '曝光', '民生'])}# 转：{text}"


def traditional(text: str, chance: random.Random) -> str:
    """In Traditional script."""
    return str(OpenCC("s2t").convert(text))


def wide(text: str, chance: random.Random) -> str:
    """Digits, Latin letters and signs in full width."""
    return text.translate(_WIDE)


def otherwise(text: str, chance: random.Random) -> str:
    """Some words put otherwise, one sentence mark in six another one, two characters lost."""
    for old, new in _OTHERWISE:
        text = text.replace(old, new)
    signs = "".join("！" if char == "。" and chance.random() < 0.17 else char for char in text)
    for _lost in range(2):
        at = chance.randrange(len(signs))
        signs = signs[:at] + signs[at + 1 :]
    return signs


def several(text: str, chance: random.Random) -> str:
    """Several ways together."""
    return forwarded(traditional(otherwise(text, chance), chance), chance)


WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    forwarded,
    cut,
    led_in,
    traditional,
    wide,
    otherwise,
    several,
)


def planted() -> list[Planted]:
    """Originals, copies and strangers in random order, each copy somewhere after its original. Raises Absent."""
    chance = random.Random(SEED)
    texts = originals(chance)
    drawn, spare = texts[:DRAWN], texts[DRAWN:]
    found = [Planted(text, -1, "original") for text in drawn]
    later = [
        Planted(WAYS[at % len(WAYS)](text, chance), at, WAYS[at % len(WAYS)].__name__)
        for at, text in enumerate(drawn)
    ]
    for at in range(0, DRAWN - 1, 5):
        a, b = drawn[at], drawn[at + 1]
        later.append(Planted(a[: len(a) // 2] + b[len(b) // 2 :], -1, "spliced"))
    for text, opening in zip(spare, drawn, strict=False):
        later.append(Planted(opening[:OPENING] + text[OPENING:], -1, "opening"))
    chance.shuffle(later)
    return found + later


def by_ear(rows: Sequence[Planted]) -> Iterator[tuple[int, int]]:
    """Pairs (copy, original) as the ear finds them."""
    mentions = [
        Mention(id=number, at=START + timedelta(minutes=number), title="", text=row.text)
        for number, row in enumerate(rows)
    ]
    _state, results = hear(State(), mentions, Config(group_unmatched=True))
    for heard in results.heard:
        if heard.copy_of is not None:
            yield int(heard.mention_id), int(heard.copy_of)


def by_minhash(rows: Sequence[Planted]) -> Iterator[tuple[int, int]]:
    """Pairs as MinHash with bands finds them."""
    index = RMinHashLSH(0.5, 128, 32)
    hashes: list[RMinHash] = []
    for number, row in enumerate(rows):
        one = RMinHash(128, 42)
        one.update([row.text[at : at + 3] for at in range(max(1, len(row.text) - 2))])
        near = [(one.jaccard(hashes[other]), -other) for other in index.query(one)]
        likeness, other = max(near, default=(0.0, 0))
        if likeness >= 0.5:
            yield number, -other
        hashes.append(one)
        index.insert(number, one)


def scored(
    pairs: Iterator[tuple[int, int]], rows: Sequence[Planted]
) -> tuple[float, float, Counter[str], float]:
    """Precision, recall, what was missed by kind, seconds of processor time."""
    began = time.process_time()
    found = dict(pairs)
    spent = time.process_time() - began
    copies = {number: row.of for number, row in enumerate(rows) if row.of >= 0}
    right = {number for number, of in found.items() if _source(of, rows) == copies.get(number, -2)}
    missed = Counter(rows[number].kind for number in copies.keys() - right)
    return len(right) / max(1, len(found)), len(right) / len(copies), missed, spent


def _source(number: int, rows: Sequence[Planted]) -> int:
    """The original behind a mention that was named as the first."""
    return rows[number].of if rows[number].of >= 0 else number


def rows() -> list[Row]:
    """Precision and recall, ours and MinHash's. Raises Absent."""
    all_rows = planted()
    precision, recall, missed, spent = scored(by_ear(all_rows), all_rows)
    base_precision, base_recall, _missed, base_spent = scored(by_minhash(all_rows), all_rows)
    most = "、".join(f"{kind} {count}" for kind, count in missed.most_common(3)) or "none"
    return [
        Row(
            part="copies",
            what=f"{DRAWN:,} planted copies of seven kinds among {len(all_rows):,} posts, a third of them strangers; missed: {most}",
            data="made from hot-issues and replies by the generator in benchmarks/copies.py",
            baseline=f"MinHash with bands (rensa): precision {base_precision:.3f}, recall {base_recall:.3f}, "
            f"{len(all_rows) / base_spent:,.0f} posts/s",
            ours=f"precision {precision:.3f}, recall {recall:.3f}, {len(all_rows) / spent:,.0f} posts/s with stories",
            reach="0.99 both",
        )
    ]


if __name__ == "__main__":
    try:
        print(table(rows()))
    except Absent as absent:
        print(f"skipped: {absent}")
