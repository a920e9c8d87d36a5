"""Writes engine/listen/common.tsv: the pieces that stand in many Chinese public messages, with the share that holds them.

Shares are the mean over four kinds of public text, so that no one kind decides: messages to a city government and their
like, microblog posts, posts that were reposted much, hot-search titles. Nothing is read from hot-issues.

And engine/listen/ordinary.txt: two characters that stand together at least twice in at least two of these kinds. What
does not is taken for a piece of a name: of an estate, a road, a firm, which one kind of text knows and the others do not.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.common import need, tsv
from huiying.engine.listen.grams import TEXT_MOST, grams_of
from huiying.engine.listen.normalise import simplify_all

OUT = Path(__file__).parents[1] / "src/huiying/engine/listen/common.tsv"
ORDINARY = OUT.with_name("ordinary.txt")
LEAST = 0.004
_TIMES, _KINDS, _LINE = 2, 2, 40
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_ENGLISH = (
    "the a an and or but if of to in on at by for with from as is are was were be been has have had do does did "
    "will would can could should may not no yes this that these those it its he she they we you i my your his her "
    "their our me him them us who what when where why how which than then there here so up out about into over after "
    "before more most some any all just also only very new one two get got go going like make made now said say says"
)


def main() -> None:
    """Count and write."""
    kinds = [list(texts()) for texts in (_messages, _posts, _reposted, _titles)]
    _write_ordinary(kinds)
    shares: Counter[str] = Counter()
    for texts in kinds:
        for piece, share in _shares(texts).items():
            shares[piece] += share / len(kinds)
    lines = [f"{piece}\t{share:.4f}" for piece, share in shares.most_common() if share >= LEAST]
    lines += [f"{word}\t0.1000" for word in _ENGLISH.split() if word not in shares]
    OUT.write_text(
        "# piece, share of messages that hold it; written by benchmarks.train_common\n"
        + "\n".join(lines)
        + "\n",
        "utf-8",
    )
    print(f"{len(lines)} pieces to {OUT}")


def _write_ordinary(kinds: list[list[str]]) -> None:
    known: Counter[str] = Counter()
    for texts in kinds:
        counts: Counter[str] = Counter(
            two for text in simplify_all([t[:TEXT_MOST] for t in texts]) for two in _twos(text)
        )
        known.update(two for two, count in counts.items() if count >= _TIMES)
    twos = sorted(two for two, count in known.items() if count >= _KINDS)
    lines = ["".join(twos[start : start + _LINE]) for start in range(0, len(twos), _LINE)]
    ORDINARY.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(twos)} ordinary pairs to {ORDINARY}")


def _twos(text: str) -> set[str]:
    return {run[i : i + 2] for run in _CHINESE.findall(text) for i in range(len(run) - 1)}


def _shares(texts: Iterable[str]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        grams = grams_of([""], [text[:TEXT_MOST]])
        counts.update(
            grams.joined[b:e] for b, e in zip(grams.begins.tolist(), grams.ends.tolist(), strict=True)
        )
        total += 1
    return {piece: count / total for piece, count in counts.items() if count / total >= LEAST / 2}


def _messages() -> Iterator[str]:
    for path in (need("replies", "replies.tsv"), need("routing", "train.tsv")):
        yield from (f"{row['title']}。{row['text']}" for row in tsv(path))


def _posts() -> Iterator[str]:
    for name in ("virus_train.txt", "virus_eval_labeled.txt"):
        yield from (row["content"] for row in json.loads(need("emotion", name).read_text("utf-8")))


def _reposted() -> Iterator[str]:
    with gzip.open(need("cascades", "ced.jsonl.gz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            post = json.loads(line)
            yield str(post.get("text") or "")


def _titles() -> Iterator[str]:
    with gzip.open(need("heat", "hot-search-hourly.tsv.gz"), "rt", encoding="utf-8") as lines:
        titles = dict.fromkeys(line.split("\t")[4] for line in islice(lines, 1, None))
    yield from titles


if __name__ == "__main__":
    main()
