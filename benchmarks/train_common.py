"""Writes engine/listen/common.tsv: the pieces that stand in many Chinese public messages, with the share that holds them.

Shares are the mean over four kinds of public text, so that no one kind decides: messages to a city government and their
like, microblog posts, posts that were reposted much, hot-search titles. Nothing is read from hot-issues.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.common import need, tsv
from huiying.engine.listen.grams import TEXT_MOST, grams_of

OUT = Path(__file__).parents[1] / "src/huiying/engine/listen/common.tsv"
LEAST = 0.004
_ENGLISH = (
    "the a an and or but if of to in on at by for with from as is are was were be been has have had do does did "
    "will would can could should may not no yes this that these those it its he she they we you i my your his her "
    "their our me him them us who what when where why how which than then there here so up out about into over after "
    "before more most some any all just also only very new one two get got go going like make made now said say says"
)


def main() -> None:
    """Count and write."""
    kinds = [_messages(), _posts(), _reposted(), _titles()]
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
