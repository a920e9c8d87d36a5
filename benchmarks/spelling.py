"""Wrong characters: `huiying proofread` on official documents that it never saw, and on learners' sentences.

    python -m benchmarks.spelling

Beside it stands the list of certain slips alone. The clean side counts as much: of 300 real answers, mostly clean, how
many are touched. Tried: the list alone; a language model of three characters with words (what stands here); the formula
over its measures was learnt on law, medicine and learners' sentences, never on official documents.
"""

from collections.abc import Callable, Sequence

from benchmarks.common import Absent, Row, need, table, tsv
from huiying.engine.reply.proofread import proofread
from huiying.engine.reply.spelling import slips

Pair = tuple[str, str]
ANSWERS = 300


def pairs(*parts: str) -> list[Pair]:
    """Written and right of each line. Raises Absent."""
    rows = (line.rstrip("\n").split("\t") for line in need("spelling", *parts).open(encoding="utf-8"))
    return [(row[-2], row[-1]) for row in rows if len(row) >= 2]


def certain(line: str) -> str:
    """The list of certain slips alone."""
    for slip in reversed(list(slips(line))):
        line = line[: slip.span.start] + slip.right + line[slip.span.end :]
    return line


def scored(mend: Callable[[str], str], rows: Sequence[Pair]) -> tuple[float, float, float]:
    """Sentence F1 of correction and of detection, and the share of clean lines that are touched, as score.py has them."""
    said = [mend(written) for written, _right in rows]
    wrong = [(w, r, s) for (w, r), s in zip(rows, said, strict=True) if w != r]
    clean = [(w, s) for (w, r), s in zip(rows, said, strict=True) if w == r]
    touched = sum(w != s for w, s in clean)
    changed = touched + sum(w != s for w, _r, s in wrong)
    right = sum(s == r for _w, r, s in wrong)
    found = sum(_places(w, s) == _places(w, r) for w, r, s in wrong)
    return _f1(right, changed, len(wrong)), _f1(found, changed, len(wrong)), touched / max(1, len(clean))


def _places(before: str, after: str) -> set[int]:
    if len(before) != len(after):
        return {-1}
    return {at for at, (a, b) in enumerate(zip(before, after, strict=True)) if a != b}


def _f1(right: int, said: int, wanted: int) -> float:
    return 2 * right / (said + wanted) if said + wanted else 0.0


def rows() -> list[Row]:
    """F1 on two sets and touched answers. Raises Absent."""
    odw = pairs("ecspell", "odw.test")
    base, (ours, detected, touched) = scored(certain, odw), scored(proofread, odw)
    answers = [row["reply"] for row in tsv(need("replies", "replies.tsv"))][:ANSWERS]
    alarms = sum(proofread(text) != text for text in answers) / len(answers)
    return [
        Row(
            part="spelling", what="official documents, zero-shot: correction F1 by sentence", data="ecspell/odw.test, 500",
            baseline=f"list of certain slips {base[0]:.3f}", ours=f"{ours:.3f}, detection {detected:.3f}", reach="0.50",
        ),
        Row(
            part="spelling", what="clean sentences touched", data="the same, clean ones",
            baseline=f"list {base[2]:.1%}", ours=f"{touched:.1%}", reach="2 %",
        ),
        Row(
            part="spelling", what="real answers touched, rightly or not", data=f"replies.tsv, the first {ANSWERS}",
            baseline=f"list {sum(certain(t) != t for t in answers) / len(answers):.1%}", ours=f"{alarms:.1%}", reach="",
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    try:
        print(table(rows()))
    except Absent as absent:
        print(f"skipped: {absent}")
