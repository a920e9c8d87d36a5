"""How many texts a second ten thousand watches can read, on one core: `python -m benchmarks.watches`.

The watches are drawn from words of the texts themselves, so that they do hit. As an institution writes them, each asks for a
name (a word that is rare in the texts) together with one of several subjects, for a name near a subject, or for a phrase, and some
refuse a word. The harder row takes common words throughout, so that a text answers to many watches at once. Baselines in the same run, on the first texts
only, for they are slow: one Python regular expression a watch, and TrendRadar's way as its page describes it (each group
of words looked for in each title with `in`).
"""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

import rjieba

from benchmarks.common import Absent, Row, need, table, tsv
from huiying.engine.listen.match import Matcher
from huiying.engine.listen.query import parse
from huiying.engine.listen.query_parts import Query
from huiying.engine.listen.texts import lay

WATCHES, TEXTS, LENGTH, SEED = 10_000, 40_000, 100, 20261124
#: Texts that the slow baselines are given.
FEW = 60
_BATCH = 2_000
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")


class Watch(NamedTuple):
    """A watch as a query, and as bare words for the baselines."""

    query: str
    either: tuple[str, ...]
    both: tuple[str, ...]
    none: tuple[str, ...] = ()


def texts() -> list[str]:
    """Real messages cut into posts of a hundred characters. Raises Absent."""
    found: list[str] = []
    for row in tsv(need("hot-issues", "messages.tsv")):
        whole = f"{row['title']}。{row['text']}"
        found += [
            whole[at : at + LENGTH] for at in range(0, len(whole), LENGTH) if len(whole) - at >= LENGTH // 2
        ]
    for row in tsv(need("replies", "replies.tsv")):
        whole = f"{row['title']}。{row['text']}"
        found += [
            whole[at : at + LENGTH] for at in range(0, len(whole), LENGTH) if len(whole) - at >= LENGTH // 2
        ]
    chance = random.Random(SEED)
    return [chance.choice(found) for _ in range(TEXTS)] if len(found) < TEXTS else found[:TEXTS]


def vocabulary(all_texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Words of two to four characters: the rare ones, which name something, and the common ones."""
    seen: Counter[str] = Counter()
    for text in all_texts:
        seen.update({word for word in rjieba.cut(text) if _HAN.fullmatch(word)})
    rare = sorted(word for word, count in seen.items() if 2 <= count <= 15 and len(word) > 2)
    return rare, sorted(word for word, count in seen.items() if 15 < count <= 400)


def by_name(names: Sequence[str], subjects: Sequence[str]) -> list[Watch]:
    """Watches as an institution writes them."""
    chance = random.Random(SEED)
    found: list[Watch] = []
    for number in range(WATCHES):
        name, (a, b, c) = chance.choice(names), chance.sample(subjects, 3)
        match number % 4:
            case 0:
                found.append(Watch(f"{name} AND ({a} OR {b} OR {c})", (a, b, c), (name,)))
            case 1:
                found.append(Watch(f"{name} NEAR/10 {a}", (), (name, a)))
            case 2:
                found.append(Watch(f'"{name}" OR "{a}{b}"', (name, a + b), ()))
            case _:
                found.append(Watch(f"{name} NOT {a}", (), (name,), (a,)))
    return found


def by_subject(subjects: Sequence[str]) -> list[Watch]:
    """Watches of common words only."""
    chance = random.Random(SEED)
    found: list[Watch] = []
    for number in range(WATCHES):
        a, b, c = chance.sample(subjects, 3)
        match number % 3:
            case 0:
                found.append(Watch(f"{a} AND ({b} OR {c})", (b, c), (a,)))
            case 1:
                found.append(Watch(f"{a} NEAR/10 {b}", (), (a, b)))
            case _:
                found.append(Watch(f"{a} AND {b} NOT {c}", (), (a, b), (c,)))
    return found


def asked(source: str) -> Query:
    """The query. Raises ValueError with what is wrong with it."""
    query, found = parse(source)
    if query is None:
        raise ValueError(f"{source}: {found}")
    return query


def ours(watches: Sequence[Watch], all_texts: Sequence[str]) -> tuple[float, int]:
    """Texts a second and how many hits."""
    matcher = Matcher([(str(number), asked(watch.query)) for number, watch in enumerate(watches)])
    began, hits = time.process_time(), 0
    for at in range(0, len(all_texts), _BATCH):
        hits += sum(map(len, matcher.which(lay(all_texts[at : at + _BATCH]))))
    return len(all_texts) / (time.process_time() - began), hits


def by_expressions(watches: Sequence[Watch], few: Sequence[str]) -> float:
    """Texts a second with one compiled expression a watch."""
    compiled = [_expression(watch) for watch in watches]
    return _timed(few, lambda text: sum(one.search(text) is not None for one in compiled))


def _expression(watch: Watch) -> re.Pattern[str]:
    ahead = [f"(?=.*{re.escape(word)})" for word in watch.both]
    either = [f"(?=.*(?:{'|'.join(map(re.escape, watch.either))}))"] if watch.either else []
    refused = [f"(?!.*{re.escape(word)})" for word in watch.none]
    return re.compile("^" + "".join([*ahead, *either, *refused]), re.DOTALL)


def by_groups(watches: Sequence[Watch], few: Sequence[str]) -> float:
    """Texts a second with TrendRadar's loop: refused words first, then required ones, then any."""

    def hit(title: str, watch: Watch) -> bool:
        if any(word in title for word in watch.none) or not all(word in title for word in watch.both):
            return False
        return not watch.either or any(word in title for word in watch.either)

    def hits(text: str) -> int:
        title = text.lower()
        return sum(hit(title, watch) for watch in watches)

    return _timed(few, hits)


def _timed(few: Sequence[str], act: Callable[[str], int]) -> float:
    began = time.process_time()
    for text in few:
        act(text)
    return len(few) / (time.process_time() - began)


def rows() -> list[Row]:
    """Texts a second of processor time, ours and theirs. Raises Absent."""
    all_texts = texts()
    names, subjects = vocabulary(all_texts)
    few = list(islice(all_texts, FEW))
    sets = {"each with a name": by_name(names, subjects), "of common words": by_subject(subjects)}
    return [_row(kind, watches, all_texts, few) for kind, watches in sets.items()]


def _row(kind: str, watches: Sequence[Watch], all_texts: Sequence[str], few: Sequence[str]) -> Row:
    speed, hits = ours(watches, all_texts)
    expressions, groups = by_expressions(watches, few), by_groups(watches, few)
    return Row(
        part="watches",
        what=f"{WATCHES:,} watches with phrase and near, {kind} ({hits / len(all_texts):.2f} hits a text), one core",
        data=f"{len(all_texts):,} posts of {LENGTH} characters cut from hot-issues and replies",
        baseline=f"Python expressions {expressions:,.0f}, TrendRadar's loop {groups:,.0f} texts/s",
        ours=f"{speed:,.0f}",
        unit="texts/s",
        reach="50,000",
    )


if __name__ == "__main__":
    try:
        print(table(rows()))
    except Absent as absent:
        print(f"skipped: {absent}")
